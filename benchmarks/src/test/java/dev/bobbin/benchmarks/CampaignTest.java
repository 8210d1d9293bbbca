package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.benchmarks.Campaign.Choice;
import dev.bobbin.benchmarks.Measurement.Key;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured, in which order, and what is not measured again. */
class CampaignTest {
  private static final Jdk OLD = new Jdk(Path.of("java"), "17.0.1, Somebody", 17);
  private static final Jdk NEW = new Jdk(Path.of("java"), "25.0.1, Somebody", 25);
  private static final Sizes SIZES = new Sizes(5, 20);

  private final List<Key> measured = new ArrayList<>();
  private final StringWriter said = new StringWriter();
  private Path file = Path.of("");

  @BeforeEach
  void chooseFile(@TempDir Path folder) {
    file = folder.resolve("results.tsv");
  }

  private Measurement measure(Jdk jdk, Key key) {
    assertEquals(jdk.name(), key.jdk());
    measured.add(key);
    return new Measurement(key, Map.of(Figure.TIME, 1.0));
  }

  private List<Key> run(Choice choice, Campaign.Measurer measurer) throws Exception {
    var campaign = new Campaign(choice, measurer, new PrintWriter(said));
    return campaign.run(Results.open(file, Map.of()));
  }

  private static Choice choice(List<Load> loads, List<Subject> subjects, int rounds) {
    return new Choice(List.of(OLD), List.of(SIZES), loads, subjects, rounds, true);
  }

  @Test
  void run_changesWhoIsFirst_roundByRound() throws Exception {
    run(
        choice(
            List.of(Load.FLOOD1), List.of(Subject.BOBBIN, Subject.TPE_FIXED, Subject.FORK_JOIN), 4),
        this::measure);

    assertEquals(
        List.of(
            "1 bobbin",
            "1 tpe-fixed",
            "1 fork-join",
            "2 tpe-fixed",
            "2 fork-join",
            "2 bobbin",
            "3 fork-join",
            "3 bobbin",
            "3 tpe-fixed",
            "4 bobbin",
            "4 tpe-fixed",
            "4 fork-join"),
        measured.stream().map(key -> key.round() + " " + key.subject().key()).toList());
  }

  @Test
  void run_measuresWhatIsComparedOneAfterTheOther() throws Exception {
    run(
        choice(List.of(Load.FLOOD1, Load.TREE), List.of(Subject.BOBBIN, Subject.FLOOR), 2),
        this::measure);

    assertEquals(
        List.of(
            Load.FLOOD1,
            Load.FLOOD1,
            Load.TREE,
            Load.TREE,
            Load.FLOOD1,
            Load.FLOOD1,
            Load.TREE,
            Load.TREE),
        measured.stream().map(Key::load).toList());
  }

  @Test
  void run_leavesOutWhatTheSubjectOrTheJdkHasNot() throws Exception {
    var choice = new Choice(
        List.of(OLD, NEW),
        List.of(SIZES, new Sizes(2, 2)),
        List.of(Load.GROW, Load.HANDOFF),
        List.of(Subject.TPE_CORE, Subject.VIRTUAL),
        1,
        true);

    run(choice, this::measure);

    assertEquals(
        List.of(
            "17 5-20 handoff tpe-core",
            "25 5-20 handoff tpe-core",
            "25 5-20 handoff virtual",
            "25 2-2 handoff virtual"),
        measured.stream()
            .map(key -> key.jdk().substring(0, 2) + " " + key.sizes() + " "
                + key.load().key() + " " + key.subject().key())
            .toList());
  }

  @Test
  void run_measuresNothingTwice_whenItWasInterrupted() throws Exception {
    var choice =
        choice(List.of(Load.FLOOD1, Load.TREE), List.of(Subject.BOBBIN, Subject.TPE_FIXED), 3);
    assertThrows(
        InterruptedException.class,
        () -> run(choice, (jdk, key) -> {
          if (measured.size() == 5) {
            throw new InterruptedException();
          }
          return measure(jdk, key);
        }));
    assertEquals(5, measured.size());

    assertEquals(List.of(), run(choice, this::measure));
    assertEquals(12, measured.size());
    assertEquals(12, new HashSet<>(measured).size());

    run(choice, this::measure);
    assertEquals(12, measured.size());
    assertEquals(
        measured, Results.read(file).all().stream().map(Measurement::key).toList());
  }

  @Test
  void run_triesAgain_whenAMeasurementFailed() throws Exception {
    var choice = choice(List.of(Load.FLOOD1), List.of(Subject.BOBBIN, Subject.TPE_FIXED), 1);
    List<Key> failed = run(choice, (jdk, key) -> {
      if (key.subject() == Subject.BOBBIN) {
        throw new IllegalStateException("19 of 20");
      }
      return measure(jdk, key);
    });

    assertEquals(List.of(Subject.BOBBIN), failed.stream().map(Key::subject).toList());
    assertEquals(List.of(Subject.TPE_FIXED), measured.stream().map(Key::subject).toList());
    assertTrue(said.toString().contains("19 of 20"));

    assertEquals(List.of(), run(choice, this::measure));
    assertEquals(
        List.of(Subject.TPE_FIXED, Subject.BOBBIN),
        measured.stream().map(Key::subject).toList());
  }

  @Test
  void run_ends_whenAMeasurementFailedThatMayHarmOthers() throws Exception {
    var choice = new Choice(
        List.of(OLD),
        List.of(SIZES),
        List.of(Load.FLOOD1),
        List.of(Subject.BOBBIN, Subject.TPE_FIXED),
        1,
        false);

    List<Key> failed = run(choice, (jdk, key) -> {
      throw new IllegalStateException("19 of 20");
    });

    assertEquals(1, failed.size());
  }
}
