package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a pool wants of a worker's thread. Immutable. Made by pools and read by {@link
 * WorkerThreadFactory thread factories}; the {@link #builder builder} is there for both and for
 * tests.
 */
public final class WorkerThreadSettings {
  private final String pool;
  private final String threadName;
  private final boolean daemon;
  private final int priority;
  private final @Nullable ClassLoader contextClassLoader;

  private WorkerThreadSettings(Builder builder) {
    this.pool = builder.pool;
    this.threadName = builder.threadName;
    this.daemon = builder.daemon;
    this.priority = builder.priority;
    this.contextClassLoader = builder.contextClassLoader;
  }

  /** Returns a builder for a thread of this name in a pool of this name. */
  public static Builder builder(String pool, String threadName) {
    return new Builder(requireNonNull(pool, "pool"), requireNonNull(threadName, "threadName"));
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns the name of the thread, {@code PoolThread-<pool>-<k>} with a k never used before. */
  public String threadName() {
    return threadName;
  }

  /** Returns whether the thread is to be a daemon. */
  public boolean daemon() {
    return daemon;
  }

  /** Returns the priority the thread is to have. */
  public int priority() {
    return priority;
  }

  /** Returns the context class loader the thread is to have; null stands for the bootstrap loader. */
  public @Nullable ClassLoader contextClassLoader() {
    return contextClassLoader;
  }

  /** Collects the settings of one thread. Not for use by several threads. */
  public static final class Builder {
    private final String pool;
    private final String threadName;
    private boolean daemon;
    private int priority = Thread.NORM_PRIORITY;
    private @Nullable ClassLoader contextClassLoader = ClassLoader.getSystemClassLoader();

    private Builder(String pool, String threadName) {
      this.pool = pool;
      this.threadName = threadName;
    }

    /** Sets whether the thread is a daemon. Defaults to false. */
    public Builder daemon(boolean daemon) {
      this.daemon = daemon;
      return this;
    }

    /** Sets the priority. Defaults to {@link Thread#NORM_PRIORITY}. */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /** Sets the context class loader. Defaults to the system class loader. */
    public Builder contextClassLoader(@Nullable ClassLoader contextClassLoader) {
      this.contextClassLoader = contextClassLoader;
      return this;
    }

    /** Returns the settings. */
    public WorkerThreadSettings build() {
      return new WorkerThreadSettings(this);
    }
  }
}
