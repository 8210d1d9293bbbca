package dev.bobbin.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of measurements, each appended as soon as it is there, so that an interrupted run can go on.
 * It begins with the facts that all of them share: measurements of another machine, or of other
 * libraries, do not get in. Not for use by several threads.
 */
final class Results {
  private static final String FACT = "# ";

  private final Path file;
  private final Map<String, String> facts;
  private final List<Measurement> measurements = new ArrayList<>();
  private final Set<Measurement.Key> keys = new HashSet<>();

  private Results(Path file, Map<String, String> facts) {
    this.file = file;
    this.facts = facts;
  }

  /**
   * Opens a file to add measurements made under these facts; makes it if it is not there.
   *
   * @throws IllegalStateException if the file is there and its facts are others
   */
  static Results open(Path file, Map<String, String> facts) throws IOException {
    if (Files.exists(file)) {
      Results found = read(file);
      if (!found.facts.equals(facts)) {
        throw new IllegalStateException(
            "The measurements in '%s' were made under other conditions: %s, now %s. Take another folder, or delete them."
                .formatted(file, found.facts, facts));
      }
      return found;
    }
    var text = new StringBuilder();
    facts.forEach((name, value) ->
        text.append(FACT).append(name).append('\t').append(value).append('\n'));
    text.append(Measurement.HEADING).append('\n');
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    return new Results(file, new LinkedHashMap<>(facts));
  }

  /** Reads what was measured. A last line that was cut off by an interruption is taken out of the file. */
  static Results read(Path file) throws IOException {
    String text = Files.readString(file);
    int end = text.lastIndexOf('\n') + 1;
    if (end < text.length()) {
      text = text.substring(0, end);
      Files.writeString(file, text);
    }
    Map<String, String> facts = new LinkedHashMap<>();
    var results = new Results(file, facts);
    text.lines().forEach(line -> {
      if (line.startsWith(FACT)) {
        String[] fact = line.substring(FACT.length()).split("\t", 2);
        facts.put(fact[0], fact.length == 2 ? fact[1] : "");
      } else if (!line.equals(Measurement.HEADING)) {
        results.remember(Measurement.ofLine(line));
      }
    });
    return results;
  }

  private void remember(Measurement measurement) {
    if (keys.add(measurement.key())) {
      measurements.add(measurement);
    }
  }

  boolean has(Measurement.Key key) {
    return keys.contains(key);
  }

  /** Adds a measurement, and returns when it is in the file. */
  void add(Measurement measurement) throws IOException {
    if (has(measurement.key())) {
      throw new IllegalStateException("Measured twice: " + measurement.key());
    }
    Files.write(file, (measurement.toLine() + "\n").getBytes(UTF_8), StandardOpenOption.APPEND);
    remember(measurement);
  }

  /** Returns all in the order in which they were made. */
  List<Measurement> all() {
    return List.copyOf(measurements);
  }

  /** Returns what all measurements share, the machine and the libraries, in order. */
  Map<String, String> facts() {
    return Collections.unmodifiableMap(facts);
  }
}
