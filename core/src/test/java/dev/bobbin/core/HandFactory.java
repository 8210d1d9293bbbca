package dev.bobbin.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands out threads that never start, or fails in the way a test has chosen. */
final class HandFactory {
  /** How the factory behaves from now on. */
  enum Mode {
    WORKS,
    THROWS,
    THROWS_ERROR,
    RETURNS_NULL,
    RETURNS_STARTED,
    START_THROWS
  }

  private final List<HandThread> threads = new ArrayList<>();
  private final Deque<Runnable> during = new ArrayDeque<>();
  private final Deque<Runnable> duringStart = new ArrayDeque<>();
  private Mode mode = Mode.WORKS;
  private int allowed = Integer.MAX_VALUE;
  private int calls;
  private int inside;
  private int failures;
  private boolean lastFailed;

  void mode(Mode mode) {
    this.mode = mode;
  }

  Mode mode() {
    return mode;
  }

  /** Lets that many more threads be made, and then none. */
  void allow(int more) {
    allowed = more;
  }

  /** Does this in the middle of the next call that has nothing else to do. */
  void during(Runnable action) {
    during.add(action);
  }

  /** Does this as soon as the next thread was started, before its maker knows. */
  void duringStart(Runnable action) {
    duringStart.add(action);
  }

  /** Forgets what was to be done in the middle of calls to come. */
  void forgetInterruptions() {
    during.clear();
    duringStart.clear();
  }

  int calls() {
    return calls;
  }

  /** Returns how many threads are being made or started just now. */
  int inside() {
    return inside;
  }

  /** Returns whether the last attempt to make and start a thread came to nothing. */
  boolean lastFailed() {
    return lastFailed;
  }

  /** Returns how many threads could not be made or started, or have died before they began. */
  int failures() {
    return failures;
  }

  /** Lets a thread die before it has begun its body. */
  void kill(HandThread thread) {
    failures++;
    thread.die();
  }

  /** Returns all threads handed out, in that order. */
  List<HandThread> threads() {
    return threads;
  }

  HandThread last() {
    return threads.get(threads.size() - 1);
  }

  @Nullable
  Thread newThread(Runnable body, String name) {
    calls++;
    inside++;
    try {
      Runnable action = during.poll();
      if (action != null) {
        action.run();
      }
      lastFailed = true;
      failures++;
      boolean refuses = allowed == 0;
      if (mode == Mode.THROWS || refuses) {
        throw new IllegalArgumentException("no thread today");
      }
      if (mode == Mode.THROWS_ERROR) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      if (mode == Mode.RETURNS_NULL) {
        return null;
      }
      allowed--;
      var thread = new HandThread(body, name);
      if (mode == Mode.RETURNS_STARTED) {
        thread.pretendStarted();
      } else {
        threads.add(thread);
      }
      return thread;
    } finally {
      inside--;
    }
  }

  /** Stands for {@link Thread#start}. */
  void start(Runnable registration) {
    if (mode == Mode.START_THROWS) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    lastFailed = false;
    failures--;
    registration.run();
    Runnable action = duringStart.poll();
    if (action != null) {
      inside++;
      try {
        action.run();
      } finally {
        inside--;
      }
    }
  }
}
