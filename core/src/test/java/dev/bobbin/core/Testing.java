package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the tests of pools have in common. */
final class Testing {
  private Testing() {}

  static ThreadPoolConfig config(int min, int max) {
    return ThreadPoolConfig.builder("p")
        .minWorkers(min)
        .maxWorkers(max)
        .foldFailures(false) // so that each can be counted
        .build();
  }

  /** Returns a builder for a pool named p. */
  static ThreadPools.Builder pool(int min, int max) {
    return ThreadPools.builder(config(min, max));
  }

  /** Gets the value of a future, with a bound that only a failure reaches. */
  static <T> T get(Future<T> future) throws Exception {
    return future.get(Held.LONG_SECONDS, TimeUnit.SECONDS);
  }

  /** Runs the work on a thread of its own; the future tells how it went. */
  static <T> CompletableFuture<T> inThread(Callable<T> work) {
    return inThread(new Thread[1], work);
  }

  /** As {@link #inThread(Callable)}; puts the thread into the array before it begins. */
  static <T> CompletableFuture<T> inThread(Thread[] made, Callable<T> work) {
    var result = new CompletableFuture<T>();
    made[0] = new Thread(
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
          }
        },
        "beside the test");
    made[0].setDaemon(true);
    made[0].start();
    return result;
  }

  /** Waits until the condition holds, with a bound that only a failure reaches. */
  static void eventually(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() - began < TimeUnit.SECONDS.toNanos(Held.LONG_SECONDS),
          () -> "never came: " + what);
      Thread.yield();
    }
  }

  /** Waits until the thread waits for something. */
  static void awaitBlocked(Thread thread) {
    eventually(
        thread + " waits",
        () -> thread.getState() == Thread.State.WAITING
            || thread.getState() == Thread.State.TIMED_WAITING);
  }

  /** Waits until the collector has cleared the reference. */
  static void awaitCleared(String what, Reference<?> reference) {
    long began = System.nanoTime();
    while (!reference.refersTo(null)) {
      System.gc();
      assertTrue(
          System.nanoTime() - began < TimeUnit.SECONDS.toNanos(Held.LONG_SECONDS),
          () -> "still reachable: " + what);
    }
  }

  /** Asserts that every accepted task is told of, in exactly one place. */
  static void assertBalanced(PoolStatistics numbers) {
    assertEquals(
        numbers.accepted(),
        numbers.completed()
            + numbers.failed()
            + numbers.cancelled()
            + numbers.discarded()
            + numbers.backlog()
            + numbers.running(),
        numbers::toString);
  }

  /** Throws the throwable, whatever it is, from code that may not. */
  @SuppressWarnings("unchecked") // that is the trick
  static <X extends Throwable> X sneaky(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** Returns whether the pool takes the task that is submitted. */
  static boolean isAccepted(Runnable submission) {
    try {
      submission.run();
      return true;
    } catch (TaskRejectedException refused) {
      return false;
    }
  }

  /** Closes the pool, by a call of its own beside that of the try. */
  static void close(ThreadPool pool) {
    pool.close();
  }

  /** Stops the pool, and fails if tasks are left that would not end. */
  static PoolStatistics stopped(ThreadPool pool) {
    var report = pool.stop(Duration.ofSeconds(Held.LONG_SECONDS));
    assertTrue(report.stopped(), report::toString);
    assertFalse(pool.statistics().workers() > 0, pool::toString);
    assertBalanced(pool.statistics());
    return pool.statistics();
  }
}
