package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.benchmarks.Measurement.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Map<String, String> FACTS = Map.of("processor", "a fast one");
  private static final Measurement FIRST = measurement(1);
  private static final Measurement SECOND = measurement(2);

  private Path file = Path.of("");

  private static Measurement measurement(int round) {
    var key = new Key("17.0.1, Somebody", new Sizes(5, 20), Load.FLOOD1, Subject.TPE_FIXED, round);
    return new Measurement(key, Map.of(Figure.TIME, 52.25, Figure.IDLE_CPU, 1.5e-7));
  }

  @BeforeEach
  void chooseFile(@TempDir Path folder) {
    file = folder.resolve("new/results.tsv");
  }

  @Test
  void line_comesBackTheSame() {
    assertEquals(FIRST, Measurement.ofLine(FIRST.toLine()));
    assertEquals(
        "17.0.1, Somebody\t5-20\tflood1\ttpe-fixed\t1\ttime=52.25 idle-cpu=1.5E-7", FIRST.toLine());
  }

  @Test
  void open_findsWhatWasAdded_whenItIsOpenedAgain() throws IOException {
    Results results = Results.open(file, FACTS);
    results.add(FIRST);

    Results again = Results.open(file, FACTS);
    assertEquals(List.of(FIRST), again.all());
    assertTrue(again.has(FIRST.key()));
    assertFalse(again.has(SECOND.key()));
    again.add(SECOND);

    assertEquals(List.of(FIRST, SECOND), Results.read(file).all());
    assertEquals(FACTS, Results.read(file).facts());
  }

  @Test
  void open_leavesOutTheLastLine_whenItWasCutOff() throws IOException {
    Results results = Results.open(file, FACTS);
    results.add(FIRST);
    String part = SECOND.toLine().substring(0, SECOND.toLine().length() - 3);
    Files.writeString(file, part, StandardOpenOption.APPEND);

    Results again = Results.open(file, FACTS);
    assertEquals(List.of(FIRST), again.all());
    again.add(SECOND);

    assertEquals(List.of(FIRST, SECOND), Results.read(file).all());
  }

  @Test
  void open_refuses_whenTheFactsAreOthers() throws IOException {
    Results.open(file, FACTS);
    var others = Map.of("processor", "a slow one");

    var refused = assertThrows(IllegalStateException.class, () -> Results.open(file, others));
    assertTrue(refused.getMessage().contains("{processor=a fast one}, now {processor=a slow one}"));
  }

  @Test
  void add_refuses_whenItIsThereAlready() throws IOException {
    Results results = Results.open(file, FACTS);
    results.add(FIRST);

    assertThrows(IllegalStateException.class, () -> results.add(FIRST));
    assertEquals(List.of(FIRST), Results.read(file).all());
  }
}
