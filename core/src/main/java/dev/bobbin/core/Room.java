package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The bound of a backlog: how many tasks may still come in, and who waits for that. */
final class Room {
  /*
   * `entered` counts the places given out while there was a bound, less those given back since the
   * task did not get in. It may rise to a ceiling that follows from the books: what the bound allows,
   * plus what has ended. Ends only grow, so a ceiling that was right once is never too high for the
   * sizes it was computed for; it is computed anew when it is reached, and for new sizes. So a place
   * costs one CAS, and the books are read about once for as many places as were free.
   *
   * Waiting. Who waits raises `waiting`, then, under the lock, asks whether there is room, then awaits
   * the condition. Who makes room writes it into the books, then, behind a full fence, reads `waiting`:
   * one of the two sees the other. A signal wakes one; each who leaves the wait while there is room
   * wakes the next, so that a signal that met a time-out is not lost.
   */
  private final AtomicLong entered = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private volatile Ceiling ceiling = new Ceiling(null, 0);

  /** Gives a place out; false if there is none. {@code most} computes the ceiling for these sizes. */
  boolean enter(Sizes sizes, LongSupplier most) {
    for (; ; ) {
      long now = entered.get();
      Ceiling known = ceiling;
      if (known.sizes != sizes || now >= known.most) {
        long fresh = most.getAsLong();
        if (now >= fresh) {
          return false;
        }
        ceiling = new Ceiling(sizes, fresh);
      }
      if (entered.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Takes a place back: the task did not get in. */
  void leave() {
    entered.decrementAndGet();
    freed();
  }

  long entered() {
    return entered.get();
  }

  /** Wakes one of those that wait; called behind a full fence that follows the making of the room. */
  void freed() {
    if (waiting.get() > 0) {
      signal(false);
    }
  }

  /** Wakes all that wait: what they wait for may have changed altogether. */
  void changed() {
    if (waiting.get() > 0) {
      signal(true);
    }
  }

  private void signal(boolean all) {
    lock.lock();
    try {
      if (all) {
        freed.signalAll();
      } else {
        freed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there may be room, or no hope of it.
   *
   * @param worthATry whether there is room, or no use in waiting
   * @return false if the time was up before
   */
  boolean await(long nanos, BooleanSupplier worthATry) throws InterruptedException {
    waiting.incrementAndGet();
    try {
      lock.lockInterruptibly();
      try {
        for (long left = nanos; ; left = freed.awaitNanos(left)) {
          if (worthATry.getAsBoolean()) {
            return true;
          }
          if (left <= 0) {
            return false;
          }
        }
      } finally {
        if (worthATry.getAsBoolean()) {
          freed.signal();
        }
        lock.unlock();
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  private record Ceiling(@Nullable Sizes sizes, long most) {}
}
