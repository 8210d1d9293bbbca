package dev.bobbin.spi;

/**
 * Decides when one pool grows. Made by a {@link GrowthPolicy}; called by the pool on whatever thread
 * finds that a task waits for nobody: a submitter's, a worker's between two tasks or as its task
 * begins to wait for another of the pool's, the one that starts or resizes the pool, or the one that
 * does its errands. Called by several threads at once.
 *
 * <p>It is asked only when a task waits, no worker is idle or on its way, and the pool is below its
 * maximum, which it cannot raise. It is not asked for the workers of the minimum, for those that {@code
 * startAWorker} demands or that are lent to tasks that block, while a stop drains, nor for the first
 * worker of a pool that has none: with nobody there a refusal would leave the task to wait for ever. One
 * look at the state of the pool asks it once at most, and its yes is a permission: if the task has been
 * taken meanwhile no worker is made, and the decider is not told.
 *
 * <p>It is called with no lock held and holds up its caller alone, but it may be asked with each
 * submission and each task that a worker takes, so it should be quick. It may stop or resize the pool or
 * ask for its numbers. It may also submit to the pool: it is not asked again for that task while it
 * answers, on the same thread, and the pool does not grow for it before the answer.
 *
 * <p>If it throws or returns null, the pool grows at once; that is reported the first time, and not
 * again for this pool.
 */
@FunctionalInterface
public interface GrowthDecider {
  /** Returns the decider that always answers {@link GrowthAnswer#now()}; a pool does not even ask it. */
  static GrowthDecider atOnce() {
    return AtOnce.DECIDER;
  }

  /** Returns whether the pool may make one more worker, for the task that waits. */
  GrowthAnswer mayGrow(GrowthRequest request);

  /**
   * Returns whether requests are to tell how long a task has waited; the clock is then read for every
   * task of the pool, as with {@code timing} on. Asked once, when the pool is made. Defaults to false.
   */
  default boolean asksForWaits() {
    return false;
  }
}
