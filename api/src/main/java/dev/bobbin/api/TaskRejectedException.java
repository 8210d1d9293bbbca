package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown to a submitter whose task the pool did not take on. The task was not run and never will be.
 */
public final class TaskRejectedException extends RejectedExecutionException {
  private static final long serialVersionUID = 1L;

  private final String pool;
  private final RejectionReason reason;
  private final transient @Nullable PoolStatistics statistics;

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param reason why it did not take the task
   * @param statistics what the pool looked like at that moment
   * @param cause what stood in the way, such as the throwable of a thread factory, or null
   */
  public TaskRejectedException(
      String pool, RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
    super(
        "Pool '%s' refused a task: %s. %s [%s]"
            .formatted(
                requireNonNull(pool, "pool"),
                requireNonNull(reason, "reason").words(),
                wayOut(reason),
                requireNonNull(statistics, "statistics")),
        cause);
    this.pool = pool;
    this.reason = reason;
    this.statistics = statistics;
  }

  private static String wayOut(RejectionReason reason) {
    return switch (reason) {
      case STOPPING -> "Submit before the pool is stopped, or to another pool.";
      case BACKLOG_FULL -> "Submit more slowly, or give the pool a larger backlog.";
      case NO_THREAD -> "Mend the thread factory, see the cause; the next task tries it again.";
      case EXPIRED -> "Allow a longer wait.";
    };
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns why the task was refused. */
  public RejectionReason reason() {
    return reason;
  }

  /**
   * Returns what the pool looked like at that moment; null only in a copy of this exception that
   * went through serialization.
   */
  public @Nullable PoolStatistics statistics() {
    return statistics;
  }
}
