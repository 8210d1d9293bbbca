package dev.bobbin.api;

/**
 * What becomes of a task whose context cannot be captured, or cannot be put into force on the worker, since a
 * propagator throws or does not run it. Each such failure is reported once, by the propagator's name, in
 * any case. What goes wrong as a context is taken out of force, when the task has run, changes nothing
 * for the task.
 */
public enum ContextFailure {
  /** The task runs, without that one context: losing work is worse than losing a field of a log. */
  RUN,
  /** The task does not run, and fails with a {@link ContextFailedException}. */
  FAIL,
  /**
   * As {@link #FAIL}; but a task whose context cannot be captured is refused, with {@link
   * RejectionReason#CONTEXT}.
   */
  REFUSE
}
