package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.ObjectOutputStream;
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

  /** Set last: the superclass asks for a stack trace before anything of this class is there. */
  private final boolean stackTrace;

  /** The message, once somebody has asked for it: who refuses many tasks must not pay for their texts. */
  private @Nullable String message;

  /**
   * Makes the exception with a stack trace; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param reason why it did not take the task
   * @param statistics what the pool looked like at that moment
   * @param cause what stood in the way, such as the throwable of a thread factory, or null
   */
  public TaskRejectedException(
      String pool, RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
    this(pool, reason, statistics, cause, true);
  }

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param reason why it did not take the task
   * @param statistics what the pool looked like at that moment
   * @param cause what stood in the way, such as the throwable of a thread factory, or null
   * @param stackTrace whether to fill in the stack trace, which costs more than all else
   */
  public TaskRejectedException(
      String pool,
      RejectionReason reason,
      PoolStatistics statistics,
      @Nullable Throwable cause,
      boolean stackTrace) {
    super(null, cause);
    this.pool = requireNonNull(pool, "pool");
    this.reason = requireNonNull(reason, "reason");
    this.statistics = requireNonNull(statistics, "statistics");
    this.stackTrace = stackTrace;
    fillInStackTrace();
  }

  /** Fills in the stack trace, if this exception was made with one. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // does nothing but call it
  public Throwable fillInStackTrace() {
    return stackTrace ? super.fillInStackTrace() : this;
  }

  /** Returns which pool refused the task, why, the way out, and the pool's numbers. */
  @Override
  public String getMessage() {
    String told = message;
    if (told == null) {
      told = "Pool '%s' refused a task: %s. %s [%s]"
          .formatted(pool, reason.words(), wayOut(reason), statistics);
      message = told;
    }
    return told;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    message = getMessage(); // the numbers do not travel, their text does
    out.defaultWriteObject();
  }

  private static String wayOut(RejectionReason reason) {
    return switch (reason) {
      case STOPPING -> "Submit before the pool is stopped, or to another pool.";
      case BACKLOG_FULL ->
        "Submit more slowly, or give the pool a larger backlog or another Overflow.";
      case NO_THREAD -> "Mend the thread factory, see the cause; the next task tries it again.";
      case EXPIRED -> "Allow a longer wait.";
      case CONTEXT ->
        "Mend the context propagator, see the cause; or let tasks run without it: whenContextFails(RUN).";
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
