package dev.bobbin.api;

import org.jspecify.annotations.Nullable;

/**
 * The two bounds between which a pool keeps its number of workers.
 *
 * @param minWorkers how many workers a running pool keeps even when idle; 0 to {@code maxWorkers}
 * @param maxWorkers how many workers a pool has at most; {@code minWorkers} to {@value #LIMIT}
 */
public record PoolSizes(int minWorkers, int maxWorkers) {
  /** The largest number of workers one pool can have. */
  public static final int LIMIT = 32_767;

  /**
   * Checks the two bounds, the minimum first.
   *
   * @throws IllegalArgumentException if {@code minWorkers} is negative, greater than {@code
   *     maxWorkers}, or if {@code maxWorkers} is greater than {@value #LIMIT}
   */
  public PoolSizes {
    if (minWorkers < 0) {
      throw new IllegalArgumentException(
          "minWorkers must not be negative, was %d. Give 0 or more.".formatted(minWorkers));
    }
    if (minWorkers > maxWorkers) {
      throw new IllegalArgumentException(
          "minWorkers must not be greater than maxWorkers, was %d with maxWorkers %d. Give both bounds in one call."
              .formatted(minWorkers, maxWorkers));
    }
    if (maxWorkers > LIMIT) {
      throw new IllegalArgumentException(
          "maxWorkers must be at most %d, was %d.".formatted(LIMIT, maxWorkers));
    }
  }

  // Written out, since what a record has by itself would keep its class loader in the JDK's caches.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PoolSizes that
        && minWorkers == that.minWorkers
        && maxWorkers == that.maxWorkers;
  }

  @Override
  public int hashCode() {
    return 31 * minWorkers + maxWorkers;
  }

  /** Returns these sizes with another minimum. */
  public PoolSizes withMinWorkers(int minWorkers) {
    return new PoolSizes(minWorkers, maxWorkers);
  }

  /** Returns these sizes with another maximum. */
  public PoolSizes withMaxWorkers(int maxWorkers) {
    return new PoolSizes(minWorkers, maxWorkers);
  }
}
