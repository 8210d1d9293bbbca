package dev.bobbin.api;

/**
 * Decides, task by task, what happens when the backlog has no room. Implemented by applications that
 * need more than one {@link Overflow} for all tasks; given to a pool where it is made, and then asked
 * in place of the configuration's.
 *
 * <p>Called on the submitter's thread, with no lock held, by many threads at once, and only while the
 * pool takes tasks: after a stop nobody is asked. What it throws refuses the task and is the cause
 * of the refusal; so does a null.
 */
@FunctionalInterface
public interface OverflowPolicy {
  /**
   * Returns what to do with a task.
   *
   * @param pool the pool that has no room; its numbers may have moved on already
   * @param options what the task wants
   */
  Overflow onOverflow(ThreadPool pool, TaskOptions options);
}
