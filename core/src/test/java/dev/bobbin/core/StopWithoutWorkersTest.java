package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop of a pool in which nobody is left to drain, or nobody ever was. */
class StopWithoutWorkersTest {
  @ParameterizedTest
  @CsvSource({"0, 5", "0, 0", "2, 5"})
  void stop_ends_whenNothingWasEverSubmitted(int min, int max) {
    try (ThreadPool pool = Testing.pool(min, max).start()) {
      pool.stop();
      assertEquals(PoolState.STOPPED, pool.state());
      assertTrue(pool.isTerminated());
    }
  }

  @Test
  void stop_ends_whenThePoolWasNeverStarted() {
    try (ThreadPool pool = Testing.pool(2, 5).build()) {
      pool.stop();
      assertEquals(PoolState.STOPPED, pool.state());
      assertEquals(0, pool.statistics().workers());
    }
  }

  @Test
  void l7_stopDiscardsTheBacklogAndSaysWhy_whenThePoolWasNeverStarted() {
    try (ThreadPool pool = Testing.pool(2, 5).build()) {
      var ran = new AtomicInteger();
      CompletableFuture<?> future = pool.submit((Runnable) ran::incrementAndGet);
      pool.stop();
      assertSaysStopping(future);
      assertEquals(0, ran.get());
      assertEquals(1, pool.statistics().discarded());
      Testing.assertBalanced(pool.statistics());
    }
  }

  @Test
  void l7_stopDiscardsTheBacklogAndSaysWhy_whenTheMaximumIsZero() {
    try (ThreadPool pool = Testing.pool(0, 0).start()) {
      CompletableFuture<?> future = pool.submit(() -> {});
      pool.stop();
      assertSaysStopping(future);
      Testing.assertBalanced(pool.statistics());
    }
  }

  @Test
  void l7_stopDiscardsTheBacklogAndSaysWhy_whenTheLastWorkerHasGone() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start()) {
      Testing.get(pool.adjustPoolSize(0, 0).toCompletableFuture());
      CompletableFuture<?> future = pool.submit(() -> {});
      var report = pool.stop(Duration.ofSeconds(Held.LONG_SECONDS));
      assertSaysStopping(future);
      assertTrue(report.stopped(), report::toString);
      assertEquals(1, report.discarded().size());
    }
  }

  /** A cancelled task stays in its place until a worker passes; here none ever does. */
  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 200, 1000})
  void stop_ends_whenOnlyCancelledTasksAreLeft(int tasks) {
    try (ThreadPool pool = Testing.pool(0, 0).start()) {
      for (int i = 0; i < tasks; i++) {
        assertTrue(pool.submit(() -> {}).cancel(false));
      }
      assertEquals(0, pool.statistics().backlog());
      pool.stop();
      assertEquals(tasks, pool.statistics().cancelled());
      assertEquals(0, pool.statistics().discarded());
      Testing.assertBalanced(pool.statistics());
    }
  }

  private static void assertSaysStopping(CompletableFuture<?> future) {
    var thrown = assertThrows(ExecutionException.class, () -> Testing.get(future));
    var reason = assertInstanceOf(TaskDiscardedException.class, thrown.getCause());
    assertEquals(
        "Pool 'p' gave up a waiting task without running it: it is stopping or has stopped.",
        reason.getMessage());
  }
}
