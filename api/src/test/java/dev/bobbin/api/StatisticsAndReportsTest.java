package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers of a pool and the texts in which they reach people. */
class StatisticsAndReportsTest {
  private static final PoolStatistics NUMBERS = PoolStatistics.builder()
      .state(PoolState.STOPPING)
      .workers(5)
      .busy(3)
      .sizes(new PoolSizes(2, 8))
      .backlog(7)
      .running(3)
      .accepted(100)
      .completed(60)
      .failed(15)
      .cancelled(10)
      .discarded(5)
      .refused(4)
      .build();
  private static final String NUMBERS_TEXT =
      "STOPPING, workers 5 (busy 3, idle 2) of 2 to 8, backlog 7, running 3, accepted 100,"
          + " completed 60, failed 15, cancelled 10, discarded 5, refused 4";

  @Test
  void st1_statistics_areAllZero_whenNothingIsSet() {
    PoolStatistics numbers = PoolStatistics.builder().build();
    assertEquals(
        "NEW, workers 0 (busy 0, idle 0) of 0 to 0, backlog 0, running 0, accepted 0,"
            + " completed 0, failed 0, cancelled 0, discarded 0, refused 0",
        numbers.toString());
  }

  @Test
  void statistics_answerWhatWasSet() {
    assertEquals(PoolState.STOPPING, NUMBERS.state());
    assertEquals(5, NUMBERS.workers());
    assertEquals(3, NUMBERS.busy());
    assertEquals(2, NUMBERS.idle());
    assertEquals(2, NUMBERS.minWorkers());
    assertEquals(8, NUMBERS.maxWorkers());
    assertEquals(7, NUMBERS.backlog());
    assertEquals(3, NUMBERS.running());
    assertEquals(100, NUMBERS.accepted());
    assertEquals(60, NUMBERS.completed());
    assertEquals(15, NUMBERS.failed());
    assertEquals(10, NUMBERS.cancelled());
    assertEquals(5, NUMBERS.discarded());
    assertEquals(4, NUMBERS.refused());
    assertEquals(NUMBERS_TEXT, NUMBERS.toString());
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            RejectionReason.STOPPING,
            "it is stopping or has stopped. Submit before the pool is stopped, or to another pool."),
        Arguments.of(
            RejectionReason.BACKLOG_FULL,
            "its backlog is full. Submit more slowly, or give the pool a larger backlog"
                + " or another Overflow."),
        Arguments.of(
            RejectionReason.NO_THREAD,
            "no thread could be made for a worker. Mend the thread factory, see the cause;"
                + " the next task tries it again."),
        Arguments.of(
            RejectionReason.EXPIRED, "the task waited longer than it may. Allow a longer wait."));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void w3_rejection_namesPoolReasonWayOutAndNumbers(RejectionReason reason, String words) {
    var cause = new IllegalStateException("cause");
    var thrown = new TaskRejectedException("io", reason, NUMBERS, cause);
    assertEquals(
        "Pool 'io' refused a task: " + words + " [" + NUMBERS_TEXT + "]", thrown.getMessage());
    assertEquals("io", thrown.pool());
    assertEquals(reason, thrown.reason());
    assertSame(NUMBERS, thrown.statistics());
    assertSame(cause, thrown.getCause());
  }

  @Test
  void rejection_keepsAllButTheNumbers_whenItGoesThroughAStream() throws Exception {
    var thrown = new TaskRejectedException("io", RejectionReason.STOPPING, NUMBERS, null);
    var copy = (TaskRejectedException)
        ConfigSerializationTest.read(ConfigSerializationTest.written(thrown));
    assertEquals(thrown.getMessage(), copy.getMessage());
    assertEquals("io", copy.pool());
    assertEquals(RejectionReason.STOPPING, copy.reason());
    assertNull(copy.statistics());
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void discarded_namesPoolAndReason_alsoAfterAStream(RejectionReason reason, String words)
      throws Exception {
    var thrown = new TaskDiscardedException("io", reason, null);
    assertEquals(
        "Pool 'io' gave up a waiting task without running it: "
            + words.substring(0, words.indexOf('.') + 1),
        thrown.getMessage());
    var copy = (TaskDiscardedException)
        ConfigSerializationTest.read(ConfigSerializationTest.written(thrown));
    assertEquals("io", copy.pool());
    assertEquals(reason, copy.reason());
    assertEquals(thrown.getMessage(), copy.getMessage());
  }

  @Test
  void abandoned_namesPoolTaskAndWayOut_alsoAfterAStream() throws Exception {
    var thrown = new TaskAbandonedException("io", "the stuck one");
    assertEquals(
        "Pool 'io' was stopped and no longer waits for task the stuck one, which did not end when it"
            + " was interrupted. Let the task end then, or give the stop a longer deadline.",
        thrown.getMessage());
    var copy = (TaskAbandonedException)
        ConfigSerializationTest.read(ConfigSerializationTest.written(thrown));
    assertEquals("io", copy.pool());
    assertEquals(thrown.getMessage(), copy.getMessage());
  }

  @Test
  void exceptions_nameTheParameter_whenItIsNull() {
    assertEquals(
        "pool",
        nullIn(() -> new TaskRejectedException(null, RejectionReason.STOPPING, NUMBERS, null)));
    assertEquals("reason", nullIn(() -> new TaskRejectedException("io", null, NUMBERS, null)));
    assertEquals(
        "statistics",
        nullIn(() -> new TaskRejectedException("io", RejectionReason.STOPPING, null, null)));
    assertEquals(
        "pool", nullIn(() -> new TaskDiscardedException(null, RejectionReason.STOPPING, null)));
    assertEquals("reason", nullIn(() -> new TaskDiscardedException("io", null, null)));
    assertEquals("pool", nullIn(() -> new TaskAbandonedException(null, "t")));
    assertEquals("task", nullIn(() -> new TaskAbandonedException("io", null)));
    assertEquals("state", nullIn(() -> PoolStatistics.builder().state(null)));
    assertEquals("sizes", nullIn(() -> PoolStatistics.builder().sizes(null)));
    assertEquals("pool", nullIn(() -> StopReport.builder(null)));
    assertEquals(
        "worker", nullIn(() -> StopReport.builder("io").running(null, "t", Duration.ZERO, true)));
    assertEquals(
        "task", nullIn(() -> StopReport.builder("io").running("w", null, Duration.ZERO, true)));
    assertEquals("age", nullIn(() -> StopReport.builder("io").running("w", "t", null, true)));
  }

  private static String nullIn(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(NullPointerException.class, call).getMessage();
  }

  @Test
  void stopReport_readsAsASentence_whenThePoolHasStopped() {
    StopReport report = StopReport.builder("io").stopped(true).ran(12).build();
    assertEquals("Pool 'io' has stopped: 12 ran, 0 discarded, 0 still running", report.toString());
    assertEquals("io", report.pool());
    assertEquals(12, report.ran());
  }

  @Test
  void stopReport_namesWhatWouldNotEnd_withExactAndLeastAges() {
    Runnable unrun = () -> {};
    var given = new ArrayList<>(List.of(unrun, unrun));
    StopReport report = StopReport.builder("io")
        .ran(3)
        .discarded(given)
        .running("PoolThread-io-0", "copy a", Duration.ofMillis(1500), true)
        .running("PoolThread-io-1", "copy b", Duration.ofSeconds(2), false)
        .build();
    given.clear();
    assertEquals(
        "Pool 'io' has not stopped yet: 3 ran, 2 discarded, 2 still running;"
            + " PoolThread-io-0 runs copy a for 1500 ms;"
            + " PoolThread-io-1 runs copy b for at least 2000 ms",
        report.toString());
    assertEquals(List.of(unrun, unrun), report.discarded());
    assertThrows(UnsupportedOperationException.class, () -> report.discarded().clear());
    assertThrows(UnsupportedOperationException.class, () -> report.running().clear());
    assertEquals("PoolThread-io-0", report.running().get(0).worker());
    assertEquals("copy a", report.running().get(0).task());
    assertEquals(Duration.ofMillis(1500), report.running().get(0).age());
    assertEquals(true, report.running().get(0).ageExact());
    assertEquals(false, report.running().get(1).ageExact());
  }
}
