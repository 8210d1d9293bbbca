package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what many threads do at once, as a {@link java.util.concurrent.atomic.LongAdder} does, but with
 * no cell that shares a cache line with anything else: not even while there is no contention.
 */
final class Count {
  /** In longs: two cache lines, since processors fetch them in pairs. */
  private static final int APART = 16;

  private static final int MOST_CELLS = 16;

  private static final int MASK =
      Math.min(MOST_CELLS, 2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()))
          - 1;

  /** Elements from APART on, one in APART; the others keep them apart, and away from what lies around. */
  private final AtomicLongArray cells = new AtomicLongArray((MASK + 2) * APART);

  /** Adds one. Never fails. */
  void increment() {
    int hash = System.identityHashCode(Thread.currentThread());
    cells.getAndIncrement(((hash ^ hash >>> 16) & MASK) * APART + APART);
  }

  /** Returns how often one was added: at least what had been when this was called. Never runs backwards. */
  long sum() {
    long sum = 0;
    for (int cell = 0; cell <= MASK; cell++) {
      sum += cells.get(cell * APART + APART);
    }
    return sum;
  }
}
