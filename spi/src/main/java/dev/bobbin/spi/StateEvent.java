package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.PoolState;

/**
 * A step in the life of a pool. Immutable. Made by pools and read by {@link PoolListener listeners};
 * {@link #of} is there for both and for tests.
 */
public final class StateEvent {
  private final String pool;
  private final PoolState before;
  private final PoolState after;

  private StateEvent(String pool, PoolState before, PoolState after) {
    this.pool = requireNonNull(pool, "pool");
    this.before = requireNonNull(before, "before");
    this.after = requireNonNull(after, "after");
  }

  /** Returns the event of a pool's step from one state to another. */
  public static StateEvent of(String pool, PoolState before, PoolState after) {
    return new StateEvent(pool, before, after);
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns the state that the pool has left. */
  public PoolState before() {
    return before;
  }

  /** Returns the state that the pool has come to; it may have gone on since. */
  public PoolState after() {
    return after;
  }

  /** Returns the event in one line. */
  @Override
  public String toString() {
    return "State of pool '%s': %s to %s".formatted(FailureReport.printable(pool), before, after);
  }
}
