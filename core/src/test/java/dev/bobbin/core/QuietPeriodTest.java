package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stops that wait until nobody submits any more. The clock and the timers are the test's. */
class QuietPeriodTest {
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final long PERIOD = QUIET.toNanos();

  private final HandTimers timers = new HandTimers();

  /** Begins the stop on a thread of its own, and sees it wait for the first period to pass. */
  private CompletableFuture<StopReport> stopping(ThreadPool pool) {
    CompletableFuture<StopReport> stop = Testing.inThread(() -> pool.stop(QUIET, DEADLINE));
    timers.awaitPending();
    assertFalse(stop.isDone());
    return stop;
  }

  @Test
  void stop_goesOnTaking_untilNoTaskHasComeForAPeriod() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      CompletableFuture<StopReport> stop = stopping(pool);
      for (int i = 0; i < 3; i++) {
        timers.pass(PERIOD - 1);
        assertEquals(1, Testing.get(pool.submit(() -> 1)));
        timers.pass(1);
        assertEquals(PoolState.RUNNING, pool.state());
      }
      timers.pass(PERIOD);
      StopReport report = Testing.get(stop);
      assertTrue(report.stopped());
      assertEquals(3, report.ran());
      assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
    }
  }

  @Test
  void stop_countsWhatIsRefusedAsWell() throws Exception {
    var full = new FaultyFactory(FaultyFactory.Fault.NULL);
    try (var pool = new Pool(
        Testing.config(0, 1),
        new Wiring(full, List.of(), List.of(new RecordingReporter())),
        null,
        false,
        null,
        timers)) {
      pool.start();
      CompletableFuture<StopReport> stop = stopping(pool);
      assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
      timers.pass(PERIOD);
      assertEquals(PoolState.RUNNING, pool.state());
      timers.pass(PERIOD);
      assertTrue(Testing.get(stop).stopped());
    }
  }

  /** How long tasks run is not the question: nobody has submitted. */
  @Test
  void stop_drains_whenATaskStillRunsAfterTheQuiet() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1);
        var held = new Held()) {
      pool.start();
      CompletableFuture<?> running = pool.submit(held);
      held.awaitBegun();
      CompletableFuture<StopReport> stop = stopping(pool);
      timers.pass(PERIOD);
      Testing.eventually("the pool refuses", pool::isShutdown);
      assertFalse(stop.isDone());
      held.release();
      assertTrue(Testing.get(stop).stopped());
      assertNull(Testing.get(running));
    }
  }

  @Test
  void stop_givesUp_whenThereIsNoQuietBeforeTheDeadline() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1);
        var held = new Held()) {
      pool.start();
      CompletableFuture<?> running = pool.submit(held);
      held.awaitBegun();
      CompletableFuture<StopReport> stop = stopping(pool);
      for (int i = 0; i < 10; i++) {
        assertEquals(PoolState.RUNNING, pool.state());
        pool.execute(() -> {});
        timers.pass(PERIOD);
      }
      StopReport report = Testing.get(stop);
      assertEquals(10, report.discarded().size());
      assertTrue(report.stopped());
      assertThrows(ExecutionException.class, () -> Testing.get(running));
    }
  }

  /** The last look is at the deadline, though a period has not passed since the one before. */
  @Test
  void stop_givesUpAtTheDeadline_whenItIsNoMultipleOfThePeriod() throws Exception {
    try (ThreadPool pool = timers.pool(0, 0)) {
      pool.start();
      CompletableFuture<StopReport> stop =
          Testing.inThread(() -> pool.stop(QUIET, QUIET.plusSeconds(1)));
      timers.awaitPending();
      pool.execute(() -> {});
      timers.pass(PERIOD);
      assertEquals(PoolState.RUNNING, pool.state());
      pool.execute(() -> {});
      timers.pass(TimeUnit.SECONDS.toNanos(1));
      assertEquals(2, Testing.get(stop).discarded().size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shutdown", "shutdownNow", "stop", "stop in an hour", "close"})
  void waitingForQuiet_isOverAtOnce_whenAnotherStopBegins(String other) throws Exception {
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      CompletableFuture<StopReport> stop = stopping(pool);
      switch (other) {
        case "shutdown" -> pool.shutdown();
        case "shutdownNow" -> pool.shutdownNow();
        case "stop" -> pool.stop();
        case "close" -> Testing.close(pool);
        default -> pool.stop(Duration.ofHours(1));
      }
      assertTrue(Testing.get(stop).stopped()); // although the clock has not moved
      timers.pass(DEADLINE.toNanos());
      assertEquals(0, timers.pending());
    }
  }

  @Test
  void stop_isLikeTheOneWithoutQuiet_whenThePeriodIsZeroOrAStopHasBegun() {
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      assertTrue(pool.stop(Duration.ZERO, DEADLINE).stopped());
      assertTrue(pool.stop(QUIET, DEADLINE).stopped());
      assertEquals(0, timers.pending());
    }
  }

  @Test
  void stop_takesAPeriodAsLongAsItsDeadline() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      CompletableFuture<StopReport> stop = Testing.inThread(() -> pool.stop(QUIET, QUIET));
      timers.awaitPending();
      timers.pass(PERIOD);
      assertTrue(Testing.get(stop).stopped());
    }
  }

  @Test
  void stop_returnsAndTheTimerDoesTheRest_whenATaskCallsIt() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1);
        var held = new Held()) {
      pool.start();
      CompletableFuture<StopReport> early = pool.submit(() -> pool.stop(QUIET, DEADLINE));
      assertFalse(Testing.get(early).stopped());
      assertEquals(PoolState.RUNNING, pool.state());
      timers.pass(PERIOD - 1);
      CompletableFuture<?> stuck = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      timers.pass(1);
      assertEquals(PoolState.RUNNING, pool.state());
      timers.pass(PERIOD);
      assertEquals(PoolState.STOPPING, pool.state());
      assertFalse(waiting.isDone());
      timers.pass(DEADLINE.toNanos() - 2 * PERIOD);
      assertTrue(waiting.isCompletedExceptionally(), "the deadline counts from the call");
      assertFalse(stuck.isDone());
      timers.pass(TimeUnit.SECONDS.toNanos(1));
      var thrown = assertThrows(ExecutionException.class, () -> Testing.get(stuck));
      assertEquals(TaskAbandonedException.class, thrown.getCause().getClass());
    }
  }

  @Test
  void stopOfATask_keepsItsDeadline_whenAnotherStopEndsTheQuiet() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1);
        var held = new Held()) {
      pool.start();
      Testing.get(pool.submit(() -> pool.stop(QUIET, DEADLINE)));
      CompletableFuture<?> running = pool.submit(held);
      held.awaitBegun();
      pool.shutdown();
      timers.pass(DEADLINE.toNanos() - 1);
      assertFalse(running.isDone());
      timers.pass(1);
      assertThrows(ExecutionException.class, () -> Testing.get(running));
    }
  }

  /** An interrupt does not end the waiting for quiet, and stays set. */
  @Test
  void stop_keepsTheFlag_whenItIsInterrupted() throws Exception {
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      var thread = new Thread[1];
      CompletableFuture<Boolean> flag = Testing.inThread(thread, () -> {
        pool.stop(QUIET, DEADLINE);
        return Thread.currentThread().isInterrupted();
      });
      timers.awaitPending();
      Testing.awaitBlocked(thread[0]);
      thread[0].interrupt();
      Testing.awaitBlocked(thread[0]);
      assertFalse(pool.isShutdown());
      timers.pass(PERIOD);
      assertTrue(Testing.get(flag), "the interrupt was swallowed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1|5|Pool 'p': the quiet period of a stop must not be negative, was PT-1S. Give Duration.ZERO to refuse tasks at once.",
        "1|-5|Pool 'p': the deadline of a stop must not be negative, was PT-5S. Give Duration.ZERO to give up at once.",
        "6|5|Pool 'p': the quiet period of a stop must not be longer than its deadline, was PT6S with deadline PT5S. Give a longer deadline."
      })
  void stop_saysWhatIsWrongAndGoesOn_whenTheDurationsMakeNoSense(
      long quiet, long deadline, String text) throws Exception {
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      var thrown = assertThrows(
          IllegalArgumentException.class,
          () -> pool.stop(Duration.ofSeconds(quiet), Duration.ofSeconds(deadline)));
      assertEquals(text, thrown.getMessage());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  @Test
  void stop_namesTheParameter_whenItIsNull() {
    try (ThreadPool pool = timers.pool(1, 1)) {
      assertEquals(
          "quietPeriod",
          assertThrows(NullPointerException.class, () -> pool.stop(null, DEADLINE))
              .getMessage());
      assertEquals(
          "deadline",
          assertThrows(NullPointerException.class, () -> pool.stop(QUIET, null)).getMessage());
      assertEquals(PoolState.NEW, pool.state());
    }
  }
}
