package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That the explorer of interleavings finds what hangs, and tries the same orders each time. */
@Tag("proof")
class ProofsTest {
  /** Where outcomes are kept: Lincheck puts back between executions what the test's own fields held. */
  private static final String OUTCOMES = ProofsTest.class.getName() + ".outcomes";

  private static final String TOLD = "OUTCOMES ";

  /** A hang that some orders have fails though it is explored once more, in a JVM of its own. */
  @Test
  void explore_fails_whenAnOrderHangs() {
    AssertionError failure = assertThrows(AssertionError.class, this::exploreWhatHangs);
    assertTrue(failure.getMessage().contains("once more in a JVM"), failure.getMessage());
    assertTrue(failure.getMessage().contains("Concurrent test has hung"), failure.getMessage());
  }

  /** No test, but what the JVM of its own runs. */
  void exploreWhatHangs() {
    exploreOrHang("ProofsTest#exploreWhatHangs", 1);
  }

  /** What hangs for a reason that another JVM has not is no failure. */
  @Test
  void explore_passes_whenNothingHangsInAnotherJvm() {
    exploreWhatHangsHere();
  }

  /** No test, but what the JVM of its own runs. */
  void exploreWhatHangsHere() {
    exploreOrHang("ProofsTest#exploreWhatHangsHere", ProofRunner.isRunning() ? 0 : 1);
  }

  /** Explores two threads that count to two together, and hangs where an increment is lost, so many times. */
  private static void exploreOrHang(String proof, int times) {
    Proofs.explore(proof, 100, () -> {
      var value = new AtomicInteger();
      var never = new CountDownLatch(times);
      Runnable increment = () -> value.set(value.get() + 1);
      TeamRacesTest.race(increment, increment);
      if (value.get() != 2) {
        TeamRacesTest.awaitEnd(never);
      }
    });
  }

  /** What the explorer itself throws tells nothing of the scenario: another JVM decides. */
  @Test
  void explore_triesAnotherJvm_whenTheExplorerThrows() {
    var thrown = new IndexOutOfBoundsException("of the explorer's");
    var told = new ArrayList<Throwable>();
    Proofs.explore(
        "ProofsTest#no", 1, () -> throwIt(thrown), (proof, most, failure) -> told.add(failure));
    assertEquals(List.of(thrown), told);
  }

  /** What the scenario throws comes from the explorer as an AssertionError, and is a failure at once. */
  @Test
  void explore_failsAtOnce_whenTheScenarioThrows() {
    AssertionError failure = assertThrows(
        AssertionError.class,
        () -> Proofs.explore(
            "ProofsTest#no",
            1,
            () -> Lincheck.runConcurrentTest(
                1, () -> throwIt(new IndexOutOfBoundsException("of the scenario's"))),
            (proof, most, again) -> fail("explored elsewhere")));
    assertTrue(failure.getMessage().contains("of the scenario's"), failure.getMessage());
  }

  private static void throwIt(RuntimeException thrown) {
    throw thrown;
  }

  /** What {@link Proofs#explore} counts on when it explores a second time. */
  @Test
  void explore_triesTheSameOrdersInEachJvm() throws Exception {
    List<String> first = outcomes();
    Path folder = Fork.folder("told-orders");
    Fork other = Fork.run(
        folder,
        folder,
        List.of(),
        ProofRunner.class.getName(),
        List.of("ProofsTest#tellOutcomes"),
        100);
    List<String> told =
        other.output().lines().filter(line -> line.startsWith(TOLD)).toList();
    assertEquals(List.of(TOLD + first), told, other::output);
    assertEquals(first, outcomes());
    assertTrue(new HashSet<>(first).size() > 1, () -> "always the same: " + first);
  }

  /** No test, but what the JVM of its own runs. */
  void tellOutcomes() {
    System.out.println(TOLD + outcomes());
  }

  private static List<String> outcomes() {
    System.setProperty(OUTCOMES, "");
    Lincheck.runConcurrentTest(60, () -> {
      var value = new AtomicInteger(1);
      TeamRacesTest.race(
          () -> {
            value.set(value.get() * 3);
            value.set(value.get() + 1);
          },
          () -> {
            value.set(value.get() * 5);
            value.set(value.get() + 2);
          });
      System.setProperty(OUTCOMES, System.getProperty(OUTCOMES) + " " + value.get());
    });
    String all = System.clearProperty(OUTCOMES);
    return List.of(all.strip().split(" "));
  }
}
