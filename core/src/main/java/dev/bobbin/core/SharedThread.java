package dev.bobbin.core;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Makes the threads that serve all pools, and may outlive the application that needed one first. */
final class SharedThread {
  private SharedThread() {}

  /**
   * Returns a daemon thread, not started, that has nothing of the calling one: no context class loader,
   * no thread-locals, and not the protection domains of those on its stack, which lead to their class
   * loaders and which JDKs before 24 hand on to each new thread unless it is made so.
   */
  @SuppressWarnings("removal") // there is no other way to make a thread without them
  static Thread of(String name, Runnable body) {
    PrivilegedAction<Thread> making = () -> {
      var thread = new Thread(null, body, name, 0, false);
      thread.setDaemon(true);
      thread.setPriority(Thread.NORM_PRIORITY);
      thread.setContextClassLoader(null);
      return thread;
    };
    return AccessController.doPrivileged(making);
  }
}
