package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a future or callback gets for a task that ran longer than it may. The task was interrupted;
 * it may run on, and counts as running until it ends. If it ends by throwing, which it mostly does
 * when it is interrupted, what it threw is suppressed in this: for a future from that moment on.
 */
public final class TaskTimedOutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pool;
  private final Duration limit;

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param task the text of the task
   * @param limit how long it was allowed to run
   */
  public TaskTimedOutException(String pool, String task, Duration limit) {
    super(
        "Pool '%s' interrupted task %s, which ran longer than %s. Allow a longer run, or let the task end when it is interrupted."
            .formatted(
                requireNonNull(pool, "pool"),
                requireNonNull(task, "task"),
                requireNonNull(limit, "limit")));
    this.pool = pool;
    this.limit = limit;
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns how long the task was allowed to run. */
  public Duration limit() {
    return limit;
  }
}
