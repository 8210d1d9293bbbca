package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pool tells a {@link GrowthDecider} when it asks for one more worker. Immutable. Made by pools
 * and read by deciders; the {@link #builder builder} is there for both and for tests.
 *
 * <p>The numbers are those of the moment in which the pool found that it needs a worker; by the time
 * they are read they may have changed.
 */
public final class GrowthRequest {
  private final String pool;
  private final long nanoTime;
  private final int workers;
  private final int minWorkers;
  private final int maxWorkers;
  private final int waiting;
  private final @Nullable Duration longestWait;

  private GrowthRequest(Builder builder) {
    this.pool = builder.pool;
    this.nanoTime = builder.nanoTime;
    this.workers = builder.workers;
    this.minWorkers = builder.minWorkers;
    this.maxWorkers = builder.maxWorkers;
    this.waiting = builder.waiting;
    this.longestWait = builder.longestWait;
  }

  /** Returns a builder for the request of a pool of this name at this time. */
  public static Builder builder(String pool, long nanoTime) {
    return new Builder(requireNonNull(pool, "pool"), nanoTime);
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /**
   * Returns the time of the request in nanoseconds, from an arbitrary origin, never running backwards
   * for one thread. Like {@link System#nanoTime} it means something only as a difference.
   */
  public long nanoTime() {
    return nanoTime;
  }

  /** Returns how many workers there are, those among them whose thread is in the making. */
  public int workers() {
    return workers;
  }

  /** Returns the minimum in force. */
  public int minWorkers() {
    return minWorkers;
  }

  /** Returns the maximum in force. */
  public int maxWorkers() {
    return maxWorkers;
  }

  /**
   * Returns how many tasks wait at least. The pool counts no further than it must to know that one more
   * worker is needed: one task more than there are threads in the making.
   */
  public int waiting() {
    return waiting;
  }

  /**
   * Returns how long the task that has waited longest has waited since it was submitted; empty unless
   * the decider {@linkplain GrowthDecider#asksForWaits asks for it}. Zero if it was taken just now.
   */
  public Optional<Duration> longestWait() {
    return Optional.ofNullable(longestWait);
  }

  @Override
  public String toString() {
    return "GrowthRequest[pool '%s' has %d of %d to %d workers, at least %d tasks wait%s]"
        .formatted(
            pool,
            workers,
            minWorkers,
            maxWorkers,
            waiting,
            longestWait == null ? "" : ", the longest for " + longestWait);
  }

  /** Collects what one request tells. Not for use by several threads. */
  public static final class Builder {
    private final String pool;
    private final long nanoTime;
    private int workers = 1;
    private int minWorkers;
    private int maxWorkers = Integer.MAX_VALUE;
    private int waiting = 1;
    private @Nullable Duration longestWait;

    private Builder(String pool, long nanoTime) {
      this.pool = pool;
      this.nanoTime = nanoTime;
    }

    /** Sets how many workers there are. Defaults to 1. */
    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    /** Sets the sizes in force. Defaults to 0 and {@link Integer#MAX_VALUE}. */
    public Builder sizes(int minWorkers, int maxWorkers) {
      this.minWorkers = minWorkers;
      this.maxWorkers = maxWorkers;
      return this;
    }

    /** Sets how many tasks wait at least. Defaults to 1. */
    public Builder waiting(int waiting) {
      this.waiting = waiting;
      return this;
    }

    /** Sets how long a task has waited. Defaults to not telling. */
    public Builder longestWait(@Nullable Duration longestWait) {
      this.longestWait = longestWait;
      return this;
    }

    /** Returns the request. */
    public GrowthRequest build() {
      return new GrowthRequest(this);
    }
  }
}
