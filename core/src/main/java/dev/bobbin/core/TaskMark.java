package dev.bobbin.core;

/** What tells a task from others in the events of listeners; knows nothing of the task itself. */
final class TaskMark {
  /** Whether the task was told of as submitted. Its submitter's thread's alone. */
  boolean announced;

  @Override
  public String toString() {
    return "task " + Integer.toHexString(System.identityHashCode(this));
  }
}
