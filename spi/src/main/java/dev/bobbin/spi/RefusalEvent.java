package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.TaskRejectedException;

/**
 * A task that was refused. Immutable. Made by pools and read by {@link PoolListener listeners}; {@link
 * #of} is there for both and for tests.
 */
public final class RefusalEvent {
  private final String pool;
  private final TaskRejectedException refusal;

  private RefusalEvent(String pool, TaskRejectedException refusal) {
    this.pool = pool;
    this.refusal = refusal;
  }

  /** Returns the event of a refusal by the pool of this name. */
  public static RefusalEvent of(String pool, TaskRejectedException refusal) {
    return new RefusalEvent(requireNonNull(pool, "pool"), requireNonNull(refusal, "refusal"));
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /**
   * Returns what the submitter gets, the very object: the reason, the numbers of the pool at that
   * moment, and the cause if there is one. One that was silently dropped throws nothing at its
   * submitter, and has it all the same.
   */
  public TaskRejectedException refusal() {
    return refusal;
  }

  /** Returns the event in one line. */
  @Override
  public String toString() {
    return "Refusal by pool '%s': %s".formatted(FailureReport.printable(pool), refusal.reason());
  }
}
