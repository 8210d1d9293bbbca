package dev.bobbin.api;

/** Why a pool did not take a task on, or gave up one that it had taken on. */
public enum RejectionReason {
  /** The pool is stopping or has stopped. */
  STOPPING("it is stopping or has stopped"),
  /** The backlog holds as many tasks as it may. */
  BACKLOG_FULL("its backlog is full"),
  /** No worker lives and no thread could be made for one. */
  NO_THREAD("no thread could be made for a worker"),
  /** The task waited longer than it may. */
  EXPIRED("the task waited longer than it may"),
  /** A context of its submitter's could not be captured, and {@link ContextFailure} says to refuse it then. */
  CONTEXT("the context of its submitter could not be captured");

  private final String words;

  RejectionReason(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
