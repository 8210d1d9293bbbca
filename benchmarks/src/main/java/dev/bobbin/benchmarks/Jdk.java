package dev.bobbin.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDK that benchmarks run on.
 *
 * @param java the program
 * @param name version and vendor
 * @param feature the number that the version begins with
 */
record Jdk(Path java, String name, int feature) {
  private static final Pattern PROPERTY = Pattern.compile("\\s+(java\\.\\S+) = (.*)");
  private static final int WARNS_OF_UNSAFE = 24;

  /** Returns the one that runs this. */
  static Jdk running() {
    return of(Path.of(System.getProperty("java.home")), System.getProperties());
  }

  /** Returns the one in a folder, which is asked what it is. */
  static Jdk at(Path home) throws IOException, InterruptedException {
    Path java = home.resolve("bin/java");
    if (!Files.isExecutable(java)) {
      throw new IllegalArgumentException("There is no JDK in '%s'.".formatted(home));
    }
    Process process = new ProcessBuilder(java.toString(), "-XshowSettings:properties", "-version")
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    var properties = new Properties();
    said.lines().forEach(line -> {
      Matcher property = PROPERTY.matcher(line);
      if (property.matches()) {
        properties.setProperty(property.group(1), property.group(2));
      }
    });
    return of(home, properties);
  }

  private static Jdk of(Path home, Properties properties) {
    String version = properties.getProperty("java.version");
    if (version == null) {
      throw new IllegalArgumentException(
          "The JDK in '%s' does not say its version.".formatted(home));
    }
    String name = version + ", " + properties.getProperty("java.vendor", "unknown vendor");
    return new Jdk(
        home.resolve("bin/java"), name, Runtime.Version.parse(version).feature());
  }

  /** Returns the options for a JVM that measures: the same for all, but those that only new JVMs know. */
  List<String> options() {
    var options = new ArrayList<>(COMMON_OPTIONS);
    if (feature >= WARNS_OF_UNSAFE) {
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return options;
  }

  /**
   * The heap is fixed and of one kind, so that its growth and choice do not differ between runs; and all
   * of it has been touched before, so that who allocates does not pay the system for pages that are new.
   */
  static final List<String> COMMON_OPTIONS = List.of(
      "-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-XX:+UseTransparentHugePages");
}
