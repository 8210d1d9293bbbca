package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.benchmarks.Measurement.Key;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** That the benchmarks run: a batch or two of each load on each subject. No time is judged. */
@Tag("stress")
class ComparisonTest {
  private static final Sizes SIZES = new Sizes(5, 20);
  private static final Set<Figure> IDLE = Set.of(
      Figure.QUEUED_TASK,
      Figure.IDLE_WORKER,
      Figure.IDLE_POOL,
      Figure.IDLE_THREADS,
      Figure.IDLE_CPU);

  /** JMH guards against two runs at once, which would disturb each other; here nothing is measured. */
  @BeforeAll
  static void ignoreOtherRuns() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  private static Set<Key> expected() {
    Jdk jdk = Jdk.running();
    Set<Key> keys = new HashSet<>();
    for (Load load : Load.values()) {
      for (Subject subject : Subject.values()) {
        if (subject.takes(load, SIZES) && jdk.feature() >= subject.firstJdk()) {
          keys.add(new Key(jdk.name(), SIZES, load, subject, 1));
        }
      }
    }
    return keys;
  }

  @Test
  void smoke_measuresEveryLoadOnEverySubject(@TempDir Path folder) throws Exception {
    var said = new StringWriter();

    int exit = Comparison.commandLine()
        .setOut(new PrintWriter(said))
        .execute("smoke", "--out", folder.toString());

    assertEquals(0, exit, said::toString);
    List<Measurement> all = Results.read(folder.resolve("results.tsv")).all();
    Set<Key> measured = new HashSet<>(all.stream().map(Measurement::key).toList());
    assertEquals(expected(), measured);
    assertAll(all.stream().map(measurement -> () -> assertWhole(measurement)));
    assertReported(folder);
  }

  /** Asserts that there are all figures, and that as many tasks ran as were submitted. */
  private static void assertWhole(Measurement measurement) {
    Key key = measurement.key();
    if (key.load() == Load.IDLE) {
      // So few of each that what the JVM does meanwhile weighs more: the figures say nothing yet.
      assertEquals(IDLE, measurement.figures().keySet());
      return;
    }
    double batches = measurement.get(Figure.BATCHES).orElseThrow();
    long each = key.load().ranPerBatch(SIZES, Effort.SMOKE.tasks(key.load()));
    assertTrue(batches >= 1, measurement::toString);
    assertEquals(batches * each, measurement.get(Figure.RAN).orElseThrow(), measurement::toString);
    assertTrue(measurement.get(Figure.TIME).orElseThrow() > 0, measurement::toString);
    assertTrue(measurement.get(Figure.CPU).orElseThrow() >= 0, measurement::toString);
    assertTrue(measurement.get(Figure.BYTES).orElseThrow() >= 0, measurement::toString);
  }

  private static void assertReported(Path folder) throws Exception {
    String first = Files.readString(folder.resolve("README.md"));
    String name = "jdk-" + Jdk.running().name().split(",")[0] + "-" + SIZES;
    String page = Files.readString(folder.resolve(name + ".md"));
    for (Load load : Load.values()) {
      assertTrue(first.contains("| " + load.key() + " |"), load::key);
      assertTrue(load == Load.IDLE || page.contains("| " + load.key() + " |"), load::key);
    }
    for (Subject subject : Subject.values()) {
      assertTrue(first.contains("| " + subject.title() + " |"), subject::title);
      if (Jdk.running().feature() >= subject.firstJdk()) {
        assertTrue(page.contains(" " + subject.title() + " |"), subject::title);
      }
    }
    for (String figure : List.of("time", "cpu")) {
      Document chart = parse(folder.resolve(name + "-" + figure + ".svg"));
      assertEquals("svg", chart.getDocumentElement().getTagName());
    }
  }

  private static Document parse(Path svg) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    // The type of the document is described on the network.
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(svg.toFile());
  }

  @Test
  void smoke_measuresOnlyWhatIsAskedFor(@TempDir Path folder) throws Exception {
    int exit = Comparison.commandLine()
        .setOut(new PrintWriter(new StringWriter()))
        .execute(
            "smoke",
            "--out=" + folder,
            "--loads=handoff,grow",
            "--subjects=bobbin,tpe-core",
            "--sizes=1-3,2-2",
            "--rounds=2");

    assertEquals(0, exit);
    List<String> measured = new ArrayList<>();
    for (Measurement each : Results.read(folder.resolve("results.tsv")).all()) {
      Key key = each.key();
      measured.add(String.join(
          " ",
          String.valueOf(key.round()),
          key.sizes().toString(),
          key.load().key(),
          key.subject().key()));
    }
    assertEquals(
        List.of(
            "1 1-3 handoff bobbin",
            "1 1-3 handoff tpe-core",
            "1 1-3 grow bobbin",
            "1 2-2 handoff bobbin",
            "1 2-2 grow bobbin",
            "2 1-3 handoff tpe-core",
            "2 1-3 handoff bobbin",
            "2 1-3 grow bobbin",
            "2 2-2 handoff bobbin",
            "2 2-2 grow bobbin"),
        measured);
  }

  @Test
  void full_isRefused_whenTheResultsAreOfOthers(@TempDir Path folder) throws Exception {
    Results.open(folder.resolve("results.tsv"), Map.of("processor", "another one"));
    var said = new StringWriter();

    int exit = Comparison.commandLine()
        .setErr(new PrintWriter(said))
        .execute("full", "--out", folder.toString());

    assertEquals(2, exit);
    assertTrue(said.toString().contains("were made under other conditions"), said::toString);
  }

  @Test
  void short_isRefused_whenThereIsNoSuchJdk(@TempDir Path folder) {
    var said = new StringWriter();

    int exit = Comparison.commandLine()
        .setErr(new PrintWriter(said))
        .execute("short", "--jdks", folder.toString(), "--out", folder.toString());

    assertEquals(2, exit);
    assertTrue(said.toString().contains("There is no JDK in"), said::toString);
  }

  @Test
  void measure_hasAJvmOfItsOwn_whenItIsForked() throws Exception {
    var effort = new Effort(true, 0, 1, Duration.ofMillis(10), true);
    Jdk jdk = Jdk.at(Path.of(System.getProperty("java.home")));
    assertEquals(Jdk.running(), jdk);
    var key = new Key(jdk.name(), SIZES, Load.TRICKLE, Subject.BOBBIN, 1);

    Measurement measurement = new Measuring(effort).measure(jdk, key);

    assertEquals(key, measurement.key());
    assertWhole(measurement);
  }
}
