package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.PoolSizes;

/**
 * Sizes that were set. Immutable. Made by pools and read by {@link PoolListener listeners}; {@link
 * #of} is there for both and for tests.
 */
public final class ResizeEvent {
  private final String pool;
  private final PoolSizes before;
  private final PoolSizes after;
  private final int backlogLimitBefore;
  private final int backlogLimitAfter;

  private ResizeEvent(
      String pool,
      PoolSizes before,
      PoolSizes after,
      int backlogLimitBefore,
      int backlogLimitAfter) {
    this.pool = requireNonNull(pool, "pool");
    this.before = requireNonNull(before, "before");
    this.after = requireNonNull(after, "after");
    this.backlogLimitBefore = backlogLimitBefore;
    this.backlogLimitAfter = backlogLimitAfter;
  }

  /** Returns the event of a change of a pool's sizes and of the bound of its backlog. */
  public static ResizeEvent of(
      String pool,
      PoolSizes before,
      PoolSizes after,
      int backlogLimitBefore,
      int backlogLimitAfter) {
    return new ResizeEvent(pool, before, after, backlogLimitBefore, backlogLimitAfter);
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns the sizes that this change has replaced. */
  public PoolSizes before() {
    return before;
  }

  /** Returns the sizes that were set. */
  public PoolSizes after() {
    return after;
  }

  /** Returns the bound of the backlog before this change, as a number of tasks. */
  public int backlogLimitBefore() {
    return backlogLimitBefore;
  }

  /** Returns the bound of the backlog since this change, as a number of tasks. */
  public int backlogLimitAfter() {
    return backlogLimitAfter;
  }

  /** Returns the event in one line. */
  @Override
  public String toString() {
    return "Sizes of pool '%s': %s to %s, backlog %d to %d"
        .formatted(
            FailureReport.printable(pool), before, after, backlogLimitBefore, backlogLimitAfter);
  }
}
