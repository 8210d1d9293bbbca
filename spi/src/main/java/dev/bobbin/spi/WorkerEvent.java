package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

/**
 * A worker that came or went. Immutable. Made by pools and read by {@link PoolListener listeners};
 * {@link #of} is there for both and for tests.
 */
public final class WorkerEvent {
  private final String pool;
  private final Thread thread;

  private WorkerEvent(String pool, Thread thread) {
    this.pool = pool;
    this.thread = thread;
  }

  /** Returns the event of a worker of the pool of this name. */
  public static WorkerEvent of(String pool, Thread thread) {
    return new WorkerEvent(requireNonNull(pool, "pool"), requireNonNull(thread, "thread"));
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns the worker's thread, which is the calling one. Its name is its factory's affair. */
  public Thread thread() {
    return thread;
  }

  /** Returns the event in one line. */
  @Override
  public String toString() {
    return "Worker of pool '%s': %s"
        .formatted(FailureReport.printable(pool), FailureReport.printable(thread.getName()));
  }
}
