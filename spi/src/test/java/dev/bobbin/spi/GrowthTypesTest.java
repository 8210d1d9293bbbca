package dev.bobbin.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a growth policy is asked and may answer. */
class GrowthTypesTest {
  @Test
  void answers_tellHowLongToPause() {
    assertEquals(Optional.of(Duration.ZERO), GrowthAnswer.now().pause());
    assertEquals(Optional.empty(), GrowthAnswer.no().pause());
    assertEquals(
        Optional.of(Duration.ofMillis(5)),
        GrowthAnswer.notBefore(Duration.ofMillis(5)).pause());
    assertSame(GrowthAnswer.now(), GrowthAnswer.notBefore(Duration.ZERO));
  }

  @Test
  void answers_areEqual_whenTheySayTheSame() {
    GrowthAnswer later = GrowthAnswer.notBefore(Duration.ofMillis(5));
    assertEquals(later, GrowthAnswer.notBefore(Duration.ofNanos(5_000_000)));
    assertEquals(
        later.hashCode(), GrowthAnswer.notBefore(Duration.ofNanos(5_000_000)).hashCode());
    assertNotEquals(later, GrowthAnswer.notBefore(Duration.ofMillis(6)));
    assertNotEquals(GrowthAnswer.now(), GrowthAnswer.no());
    assertFalse(later.equals(null));
  }

  @Test
  void answers_haveATextOfTheirOwn() {
    assertEquals("now", GrowthAnswer.now().toString());
    assertEquals("no", GrowthAnswer.no().toString());
    assertEquals(
        "not before PT0.1S from now",
        GrowthAnswer.notBefore(Duration.ofMillis(100)).toString());
  }

  @Test
  void notBefore_refusesAMomentThatHasPassed() {
    var thrown = assertThrows(
        IllegalArgumentException.class, () -> GrowthAnswer.notBefore(Duration.ofMillis(-1)));
    assertEquals(
        "A growth policy must not answer with a moment that has passed, was PT-0.001S. Answer now() instead.",
        thrown.getMessage());
  }

  @Test
  void notBefore_refusesNull() {
    var thrown = assertThrows(NullPointerException.class, () -> GrowthAnswer.notBefore(null));
    assertEquals("fromNow", thrown.getMessage());
  }

  @Test
  void request_tellsWhatItWasMadeOf() {
    GrowthRequest request = GrowthRequest.builder("io", 42)
        .workers(3)
        .sizes(2, 8)
        .waiting(5)
        .longestWait(Duration.ofMillis(7))
        .build();
    assertEquals("io", request.pool());
    assertEquals(42, request.nanoTime());
    assertEquals(3, request.workers());
    assertEquals(2, request.minWorkers());
    assertEquals(8, request.maxWorkers());
    assertEquals(5, request.waiting());
    assertEquals(Optional.of(Duration.ofMillis(7)), request.longestWait());
    assertEquals(
        "GrowthRequest[pool 'io' has 3 of 2 to 8 workers, at least 5 tasks wait, the longest for PT0.007S]",
        request.toString());
  }

  @Test
  void request_hasDefaultsForTests() {
    GrowthRequest request = GrowthRequest.builder("io", 0).build();
    assertEquals(1, request.workers());
    assertEquals(0, request.minWorkers());
    assertEquals(Integer.MAX_VALUE, request.maxWorkers());
    assertEquals(1, request.waiting());
    assertEquals(Optional.empty(), request.longestWait());
    assertEquals(
        "GrowthRequest[pool 'io' has 1 of 0 to 2147483647 workers, at least 1 tasks wait]",
        request.toString());
  }

  @Test
  void decider_isALambda_thatDoesNotAskForWaits() {
    GrowthDecider decider = request -> GrowthAnswer.no();
    assertFalse(decider.asksForWaits());
    assertEquals(GrowthAnswer.now(), GrowthDecider.atOnce().mayGrow(null));
  }
}
