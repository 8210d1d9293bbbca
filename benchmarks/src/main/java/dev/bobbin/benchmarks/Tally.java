package dev.bobbin.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the tasks that have run, exactly, and hardly slows them down: threads that count at the same
 * time do it in different places. Who waits for the count looks at it now and then, so that no task has
 * to find out whether it is the last.
 */
final class Tally {
  private static final int CELLS = 64;
  /** In longs; two cache lines, since processors fetch them in pairs. */
  private static final int APART = 16;

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final AtomicLongArray cells = new AtomicLongArray(CELLS * APART);
  /** Touched by the thread that waits alone. */
  private long expected;

  /** Counts one task. Called by the task. */
  void add() {
    int cell = (int) Thread.currentThread().getId() & (CELLS - 1);
    cells.getAndIncrement(cell * APART);
  }

  /** Waits until {@code tasks} more than before have run. */
  void await(int tasks) {
    expected += tasks;
    long begin = System.nanoTime();
    while (sum() < expected) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      if (Thread.interrupted() || System.nanoTime() - begin > LIMIT_NANOS) {
        throw wrong();
      }
    }
  }

  /** Makes sure that no task ran that was not waited for: none is lost, none ran twice. */
  void check() {
    if (sum() != expected) {
      throw wrong();
    }
  }

  private IllegalStateException wrong() {
    return new IllegalStateException(
        "%d tasks were to run by now, %d have.".formatted(expected, sum()));
  }

  private long sum() {
    long sum = 0;
    for (int cell = 0; cell < CELLS; cell++) {
      sum += cells.get(cell * APART);
    }
    return sum;
  }
}
