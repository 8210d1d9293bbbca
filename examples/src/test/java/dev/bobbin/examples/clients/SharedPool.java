package dev.bobbin.examples.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ThreadPools;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The pool that the clients share, and what their tests ask of it. */
final class SharedPool {
  private SharedPool() {}

  /** Returns a running pool of up to so many workers. */
  static ThreadPool start(int maxWorkers) {
    return ThreadPools.builder(ThreadPoolConfig.builder("shared")
            .minWorkers(0)
            .maxWorkers(maxWorkers)
            .build())
        .start();
  }

  /** Returns the name of the thread that asks. */
  static String here() {
    return Thread.currentThread().getName();
  }

  static void assertWorker(String thread) {
    assertTrue(thread.startsWith("PoolThread-shared-"), thread);
  }

  /** Gets the value of a future, with a bound that only a failure reaches. */
  static <T> T get(Future<T> future) throws Exception {
    return future.get(Held.LONG_SECONDS, TimeUnit.SECONDS);
  }

  /** Asserts that the pool runs, and that no interrupt was left on the worker of its next task. */
  static void assertStillServes(ThreadPool pool) throws Exception {
    assertEquals(PoolState.RUNNING, pool.state());
    assertFalse(get(pool.submit(() -> Thread.currentThread().isInterrupted())));
  }

  /** Stops the pool; nothing may hang, and every task must be accounted for. */
  static PoolStatistics stopped(ThreadPool pool) {
    var report = pool.stop(Duration.ofSeconds(Held.LONG_SECONDS));
    assertTrue(report.stopped(), report::toString);
    PoolStatistics numbers = pool.statistics();
    assertEquals(0, numbers.backlog() + numbers.running() + numbers.workers(), numbers::toString);
    assertEquals(
        numbers.accepted(),
        numbers.completed() + numbers.failed() + numbers.cancelled() + numbers.discarded(),
        numbers::toString);
    return numbers;
  }

  /** Returns the refusal of a stopped pool that is the throwable, or among its causes. */
  static TaskRejectedException refusalIn(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof TaskRejectedException refusal) {
        assertEquals(RejectionReason.STOPPING, refusal.reason());
        assertEquals("shared", refusal.pool());
        return refusal;
      }
    }
    return fail("no refusal in it", thrown);
  }
}
