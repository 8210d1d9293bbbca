package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.benchmarks.Measurement.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of figures that were made up. */
class ReportTest {
  private static final String JDK = "17.0.1, Somebody";

  private Path folder = Path.of("");

  @BeforeEach
  void chooseFolder(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Measures so many nanoseconds of time, round by round; the processor time is the tenfold. */
  private static void times(Results results, Load load, Subject subject, double... times)
      throws IOException {
    for (int round = 1; round <= times.length; round++) {
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.TIME, times[round - 1]);
      figures.put(Figure.CPU, 10 * times[round - 1]);
      figures.put(Figure.BYTES, subject == Subject.BOBBIN ? 8.2 : 24.1);
      results.add(new Measurement(new Key(JDK, new Sizes(5, 20), load, subject, round), figures));
    }
  }

  private List<String> firstPage(Results results) throws IOException {
    return Files.readAllLines(Report.write(folder, results));
  }

  private static String row(List<String> page, String begin) {
    return page.stream().filter(line -> line.startsWith(begin)).findFirst().orElse("none");
  }

  @Test
  void goals_areJudgedByTheMedianOfPairs() throws IOException {
    Results results = Results.open(folder.resolve("results.tsv"), Map.of());
    times(results, Load.FLOOD1, Subject.BOBBIN, 40, 90, 45);
    // 0.5, 0.9 and 0.45 of the one; 0.8, 1.8 and 0.9 of the other, which is the best.
    times(results, Load.FLOOD1, Subject.TPE_FIXED, 80, 100, 100);
    times(results, Load.FLOOD1, Subject.FORK_JOIN, 50, 50, 50);
    times(results, Load.FLOOD1, Subject.FLOOR, 10, 10, 10);
    times(results, Load.CONTEXT0, Subject.BOBBIN, 41, 91, 43);
    times(results, Load.CONTEXT1, Subject.BOBBIN, 66, 141, 58);

    List<String> page = firstPage(results);

    String begin = "| flood1 | ";
    assertEquals(
        begin
            + "time at most 0.90 of that of the best peer | met: 0.90 [0.85–1.35] of ForkJoinPool |",
        row(page, begin + "time at most 0.90"));
    assertEquals(
        begin
            + "time at most 0.50 of `ThreadPoolExecutor`'s | met: 0.50 [0.48–0.70] of TPE fixed |",
        row(page, begin + "time at most 0.50"));
    assertEquals(
        begin + "time at most twice the floor | **missed**: 4.50 [4.25–6.75] of floor |",
        row(page, begin + "time at most twice"));
    assertEquals(
        begin + "at most 24 bytes per `execute` | met: 8.2 [8.2–8.2] |",
        row(page, begin + "at most 24 bytes"));
    assertEquals(
        begin + "fewer bytes than `ThreadPoolExecutor.execute` | met: 8 against 24 |",
        row(page, begin + "fewer bytes"));
    // 25, 50 and 15 more.
    assertEquals(
        "| context1 | at most 30 ns more than context0 | met: 25 [20–38] ns more |",
        row(page, "| context1 | at most"));
    assertEquals(
        "| context3 | at most 70 ns more than context0 | not measured |",
        row(page, "| context3 | at most"));
  }

  @Test
  void losses_areNamed() throws IOException {
    Results results = Results.open(folder.resolve("results.tsv"), Map.of());
    times(results, Load.TREE, Subject.BOBBIN, 60, 60, 60);
    times(results, Load.TREE, Subject.FORK_JOIN, 40, 40, 50);
    times(results, Load.TREE, Subject.JETTY, 61, 61, 61);
    times(results, Load.TREE, Subject.FLOOR, 1, 1, 1);

    List<String> losses =
        firstPage(results).stream().filter(line -> line.startsWith("| JDK")).toList();

    assertEquals(
        List.of(
            "| JDK 17.0.1, Somebody, 5-20 | tree | time | ForkJoinPool 1.50 [1.35–1.50] |",
            "| JDK 17.0.1, Somebody, 5-20 | tree | cpu | ForkJoinPool 1.50 [1.35–1.50] |"),
        losses);
  }

  @Test
  void virtualThreads_areNoPeer_whereTasksBlock() throws IOException {
    Results results = Results.open(folder.resolve("results.tsv"), Map.of());
    times(results, Load.BLOCKING, Subject.BOBBIN, 100);
    times(results, Load.BLOCKING, Subject.JETTY, 110);
    times(results, Load.BLOCKING, Subject.VIRTUAL, 10);

    List<String> page = firstPage(results);

    assertTrue(row(page, "| blocking | time at most 1.00 of that").contains("of Jetty"));
    assertTrue(page.stream().anyMatch(line -> line.contains("virtual threads 10.00")));
  }

  @Test
  void page_hasAllFiguresAndCharts() throws IOException {
    Results results = Results.open(folder.resolve("results.tsv"), Map.of("JMH", "9.9"));
    times(results, Load.FLOOD1, Subject.BOBBIN, 50, 40);
    times(results, Load.FLOOD1, Subject.EQE, 1000, 1200);

    List<String> first = firstPage(results);
    List<String> page = Files.readAllLines(folder.resolve("jdk-17.0.1-5-20.md"));

    assertTrue(first.contains("| JMH | 9.9 |"));
    assertTrue(page.contains("| flood1 | 45.0 | 1,100 |"), page::toString);
    assertTrue(page.contains("| flood1 | 0.04 [0.04–0.05] |"), page::toString);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(
              "README.md",
              "jdk-17.0.1-5-20-cpu.svg",
              "jdk-17.0.1-5-20-time.svg",
              "jdk-17.0.1-5-20.md",
              "results.tsv"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
