package dev.bobbin.core;

import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a task can change of its worker's thread and the next one would see: name, priority, context
 * class loader and handler of uncaught exceptions. Four readings, and a writing only where one differs.
 */
final class ThreadLook {
  private final Thread thread;
  private final String name;
  private final int priority;
  private final @Nullable ClassLoader loader;
  private final @Nullable UncaughtExceptionHandler handler;

  /** What the thread answers if asked for its handler: its group, if it has none. */
  private final @Nullable UncaughtExceptionHandler answer;

  private ThreadLook(Thread thread) {
    this.thread = thread;
    this.name = thread.getName();
    this.priority = thread.getPriority();
    this.loader = thread.getContextClassLoader();
    this.answer = thread.getUncaughtExceptionHandler();
    this.handler = answer == thread.getThreadGroup() ? null : answer;
  }

  /**
   * Returns the look of the calling thread; null if a factory's own class of threads throws, or there is
   * no memory for it: the worker must begin all the same.
   */
  static @Nullable ThreadLook ofCurrentIfItTells() {
    try {
      return new ThreadLook(Thread.currentThread());
    } catch (Throwable hostile) {
      return null;
    }
  }

  /** Makes the thread look so again. To be called on it. */
  void restore() {
    if (!name.equals(thread.getName())) {
      thread.setName(name);
    }
    if (priority != thread.getPriority()) {
      thread.setPriority(priority);
    }
    if (loader != thread.getContextClassLoader()) {
      thread.setContextClassLoader(loader);
    }
    if (answer != thread.getUncaughtExceptionHandler()) {
      thread.setUncaughtExceptionHandler(handler);
    }
  }
}
