package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

/**
 * Thrown at a worker that is about to wait for a task of its own pool while no other worker is free to
 * run it, in a pool that is configured to {@link Starvation#FAIL}. The task waited for is untouched. The
 * message shows the stack of the worker and the stacks of those that keep the task from being run.
 */
public final class PoolStarvedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String pool;

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param message what waits for what
   */
  public PoolStarvedException(String pool, String message) {
    super(requireNonNull(message, "message"));
    this.pool = requireNonNull(pool, "pool");
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }
}
