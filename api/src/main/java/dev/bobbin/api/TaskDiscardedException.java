package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a future or callback gets for a task that the pool had accepted and then gave up without
 * running it. The work was not run and never will be.
 */
public final class TaskDiscardedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pool;
  private final RejectionReason reason;

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param reason why the pool gave the task up
   * @param cause what stood in the way, such as the throwable of a thread factory, or null
   */
  public TaskDiscardedException(String pool, RejectionReason reason, @Nullable Throwable cause) {
    super(
        "Pool '%s' gave up a waiting task without running it: %s."
            .formatted(
                requireNonNull(pool, "pool"), requireNonNull(reason, "reason").words()),
        cause);
    this.pool = pool;
    this.reason = reason;
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns why the task was given up. */
  public RejectionReason reason() {
    return reason;
  }
}
