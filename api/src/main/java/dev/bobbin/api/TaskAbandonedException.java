package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

/**
 * What a future gets for a task that was still running when a stop had given up, interrupted it, and
 * waited in vain for it to end. The task may run on, and counts as running until it ends; what it then
 * returns or throws reaches nobody through the future.
 */
public final class TaskAbandonedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pool;

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param task the text of the task
   */
  public TaskAbandonedException(String pool, String task) {
    super(
        "Pool '%s' was stopped and no longer waits for task %s, which did not end when it was interrupted. Let the task end then, or give the stop a longer deadline."
            .formatted(requireNonNull(pool, "pool"), requireNonNull(task, "task")));
    this.pool = pool;
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }
}
