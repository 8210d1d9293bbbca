package dev.bobbin.spi;

/**
 * Is told what happens in a pool: for metrics, traces and tests. Implemented by authors of plugins,
 * who override what they need; called by the pool on the thread on which it happens.
 *
 * <p>Every listener of a pool gets every event, in the order of the plugins. A pool that has a
 * listener reads the clock for each of its tasks; a pool that has none pays nothing.
 *
 * <p>Called by several threads at once, with no lock held and nothing reserved: a listener may submit
 * to the pool, resize it, stop it and ask for its statistics. It holds up the thread that calls it and
 * nobody else, so it had better be quick. What it throws is reported once per pool and method, under
 * its name, and counted; the other listeners are still called and the pool goes on.
 *
 * <p>For each accepted task {@link #submitted} and {@link #ended} are called once, and {@link #taken}
 * once if it was taken by a worker, or run by its submitter. So, when the pool is quiet, as many were
 * submitted as have ended, and as many as {@link dev.bobbin.api.PoolStatistics#accepted} says, save
 * what the exhausted stack or heap of a submitter has cost.
 */
public interface PoolListener extends Plugin {
  /**
   * A task was accepted. Called on the submitter's thread, once that is certain: a worker that is
   * quick may have taken the task, and even ended it, before.
   */
  default void submitted(TaskEvent event) {}

  /**
   * A task was taken and is about to run. Called on the thread that runs it, before the submitter's
   * context is installed; {@link #ended} follows on the same thread.
   */
  default void taken(TaskEvent event) {}

  /**
   * A task has ended, however it did. Called when the task is off the books and before its future
   * completes; for one that was taken, on the thread that has run it, when that has its own context
   * again; for one that never ran, on the thread that cancelled it or gave it up. A future whose task
   * was cancelled or has timed out while it ran is complete before.
   */
  default void ended(TaskEvent event) {}

  /** A task was refused, or silently dropped, and never accepted. Called on the submitter's thread. */
  default void refused(RefusalEvent event) {}

  /** A worker came. Called on its thread, before it takes a task or is counted as live. */
  default void workerCame(WorkerEvent event) {}

  /** A worker went, for whatever reason. Called on its thread, once it is counted no more. */
  default void workerWent(WorkerEvent event) {}

  /**
   * The sizes were set to others, which may not be in force yet. Called on the thread that set them.
   * If several did so at the same time, the events may come in another order than the changes; the
   * sizes before and after say how they follow.
   */
  default void resized(ResizeEvent event) {}

  /**
   * The pool is in another state. Called on the thread that brought it there, or that was telling of
   * the change before; never by two threads at once. What one event calls after, the next calls
   * before. A start that a stop overtook at once may not be told of.
   */
  default void stateChanged(StateEvent event) {}
}
