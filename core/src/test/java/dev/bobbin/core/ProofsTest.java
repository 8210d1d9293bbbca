package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  /** A hang that some orders have fails though it is explored twice. */
  @Test
  void exploreTwiceIfHung_fails_whenAnOrderHangs() {
    AssertionError failure = assertThrows(
        AssertionError.class,
        () -> Proofs.exploreTwiceIfHung(100, () -> {
          var value = new AtomicInteger();
          var never = new CountDownLatch(1);
          Runnable increment = () -> value.set(value.get() + 1);
          TeamRacesTest.race(increment, increment);
          if (value.get() != 2) {
            TeamRacesTest.awaitEnd(never);
          }
        }));
    assertTrue(failure.getMessage().contains("hung"), failure.getMessage());
  }

  /** What {@link Proofs#exploreTwiceIfHung} counts on when it explores a second time. */
  @Test
  void explore_triesTheSameOrdersEachTime() {
    List<String> first = outcomes();
    List<String> second = outcomes();
    assertEquals(first, second);
    assertTrue(new HashSet<>(first).size() > 1, () -> "always the same: " + first);
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
