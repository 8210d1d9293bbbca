package dev.bobbin.spi;

/**
 * Makes the threads of workers. Implemented by authors of plugins and chosen by name in a pool's
 * configuration; called by the pool on whatever thread needs the worker: a submitter's, another
 * worker's, or the one that starts, resizes or stops the pool.
 *
 * <p>Called with no lock held, by several threads at once. It may take its time, submit to the pool,
 * resize or stop it; other submitters and workers are not held up.
 *
 * <p>If it throws, returns null, or returns a thread that was started before, the place kept for the
 * worker is given back and the pool goes on: with the workers it has, or, if it has none, by refusing
 * the task for which the thread was needed. It is asked again for the next task.
 */
public interface WorkerThreadFactory extends Plugin {
  /**
   * Returns a new thread that was not started and that runs {@code body} once.
   *
   * @param settings the name and the other settings that the pool wants; a factory should follow
   *     them or document what it does instead
   * @param body what the thread is to run; it does nothing when run by any other thread
   */
  Thread newThread(WorkerThreadSettings settings, Runnable body);
}
