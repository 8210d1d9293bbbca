package dev.bobbin.api;

/** What a pool does with one kind of context, that of one context propagator, around each task. */
public enum ContextMode {
  /** The task runs in the context that its submitter had. */
  PROPAGATE,
  /** The task runs with no such context, whatever submitter and worker have. */
  CLEAR,
  /** Nothing is done, and it costs nothing: the task sees what the worker has. */
  UNCHANGED,
  /**
   * The task runs in a copy of the values of its submitter's context, which stays as it is when what the
   * submitter was about has ended: its request, its span.
   */
  DETACH
}
