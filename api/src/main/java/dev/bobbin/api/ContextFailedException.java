package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a callback, a future or the reporters get for a task that did not run, since one of its contexts
 * could not be captured or put into force and {@link ContextFailure} says that it is to fail then.
 */
public final class ContextFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pool;
  private final String propagator;

  /**
   * Makes the exception; called by pools and by tests that stand in for one.
   *
   * @param pool the name of the pool
   * @param propagator the name of the context propagator
   * @param cause what it threw, or null if it did not run the task
   */
  public ContextFailedException(String pool, String propagator, @Nullable Throwable cause) {
    super(
        "Pool '%s' did not run a task, since context propagator '%s' failed. Mend it, see the cause; or let tasks run without it: whenContextFails(RUN)."
            .formatted(requireNonNull(pool, "pool"), requireNonNull(propagator, "propagator")),
        cause);
    this.pool = pool;
    this.propagator = propagator;
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns the name of the context propagator. */
  public String propagator() {
    return propagator;
  }
}
