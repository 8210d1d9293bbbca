package dev.bobbin.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock and a timer that stand still until they are told to go on. Safe for many threads. */
final class ManualTimer {
  private final List<Entry> entries = new ArrayList<>();

  /** Guarded by this. */
  private long now;

  /** The thread that is inside {@link #pass} and does what is due. */
  private volatile Thread ticking;

  private RuntimeException refusal;

  /** What is to be done at the next look at the clock. */
  private volatile Runnable whenRead;

  /** Starts the clock at so many nanoseconds. */
  ManualTimer(long now) {
    this.now = now;
  }

  long nanoTime() {
    Runnable action = whenRead;
    if (action != null) {
      whenRead = null;
      action.run();
    }
    synchronized (this) {
      return now;
    }
  }

  /** Does this as soon as somebody reads the clock, and before he knows the time. */
  void whenRead(Runnable action) {
    whenRead = action;
  }

  synchronized Alarm schedule(long nanos, Runnable action) {
    if (refusal != null) {
      throw refusal;
    }
    var entry = new Entry(now + Math.max(0, nanos), action);
    entries.add(entry);
    return () -> cancel(entry);
  }

  /** Throws this at whoever wants something done, from now on; null for nothing. */
  synchronized void refuse(RuntimeException thrown) {
    refusal = thrown;
  }

  private synchronized void cancel(Entry entry) {
    entries.remove(entry);
  }

  /** Returns how many entries wait for their time. */
  synchronized int pending() {
    return entries.size();
  }

  /** Returns whether the calling thread stands for the timer's just now. */
  boolean isTicking() {
    return ticking == Thread.currentThread();
  }

  /** Moves the clock on, and does what comes due meanwhile, each at its time, on the calling thread. */
  void pass(long nanos) {
    long until = nanoTime() + nanos;
    for (Optional<Entry> due = takeDue(until); due.isPresent(); due = takeDue(until)) {
      Thread before = ticking;
      ticking = Thread.currentThread();
      try {
        due.get().action.run();
      } finally {
        ticking = before;
      }
    }
    moveTo(until);
  }

  private synchronized void moveTo(long time) {
    now = Math.max(now, time);
  }

  private synchronized Optional<Entry> takeDue(long until) {
    Optional<Entry> first = entries.stream()
        .filter(entry -> entry.time - until <= 0)
        .min(Comparator.comparingLong(entry -> entry.time - until));
    first.ifPresent(entry -> {
      entries.remove(entry);
      moveTo(entry.time);
    });
    return first;
  }

  private static final class Entry {
    final long time;
    final Runnable action;

    Entry(long time, Runnable action) {
      this.time = time;
      this.action = action;
    }
  }
}
