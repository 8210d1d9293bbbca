package dev.bobbin.core;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that are inside foreign code which a team has called, and must not wait for its end. */
final class Insiders {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** Notes the calling thread; false if it was inside already, and then must not leave. */
  boolean enter() {
    return threads.add(Thread.currentThread());
  }

  void leave() {
    threads.remove(Thread.currentThread());
  }

  boolean contains(Thread thread) {
    return threads.contains(thread);
  }

  boolean isEmpty() {
    return threads.isEmpty();
  }
}
