package dev.bobbin.core;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Counts what many threads do at once, as a {@link java.util.concurrent.atomic.LongAdder} does, but with
 * no cell that shares a cache line with anything else: not even while there is no contention.
 */
final class Count {
  private static final int MOST_CELLS = 16;

  private static final int MASK =
      Math.min(MOST_CELLS, 2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()))
          - 1;

  /** From 1 on; the first keeps the next apart from the array. */
  private final Cell[] cells = new Cell[MASK + 2];

  Count() {
    Arrays.setAll(cells, index -> new Cell());
  }

  /** Adds one. Never fails. */
  void increment() {
    int hash = System.identityHashCode(Thread.currentThread());
    cells[1 + ((hash ^ hash >>> 16) & MASK)].increment();
  }

  /** Returns how often one was added: at least what had been when this was called. Never runs backwards. */
  long sum() {
    long sum = 0;
    for (Cell cell : cells) {
      sum += cell.count;
    }
    return sum;
  }

  /** A part of the count, with enough behind it that the next is on another cache line. */
  @SuppressWarnings("unused") // nobody uses what keeps them apart
  private static final class Cell {
    private static final AtomicLongFieldUpdater<Cell> COUNT =
        AtomicLongFieldUpdater.newUpdater(Cell.class, "count");

    private volatile long count;
    private long p0;
    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;

    void increment() {
      COUNT.getAndIncrement(this);
    }
  }
}
