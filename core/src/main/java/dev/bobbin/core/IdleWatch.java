package dev.bobbin.core;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Those who wait until a {@link Team} is idle, and how they are told. */
final class IdleWatch {
  /*
   * A waiter enters itself and the count, then asks whether the team is idle. Whoever may have made
   * the team idle has changed the word, the backlog or the insiders by an atomic step, then reads the
   * count. Each of the two writes before it reads, all of it volatile: so the waiter sees the team
   * idle, or is seen.
   *
   * Who sees that somebody waits takes down who, then asks himself whether the team is idle, and tells
   * only those: who entered later may have submitted after this look. A waiter that was told need not
   * look again; the team may be busy by then.
   *
   * Nobody is told by a thread in the making that dies without having run its body. So whoever has
   * started one wakes the waiters, and these look for dead threads now and then as long as one is in
   * the making, and only then.
   */
  private static final long STILLBORN_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Team team;

  /** How many wait: never less than are entered below and have not been told. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

  IdleWatch(Team team) {
    this.team = team;
  }

  /** Waits until the team was seen idle; false if the time was up before. */
  boolean await(long nanos) throws InterruptedException {
    checkInterrupt();
    if (team.isIdle()) {
      return true;
    }
    if (nanos <= 0) {
      return false;
    }
    long began = System.nanoTime();
    Waiter waiter = enter();
    try {
      for (; ; ) {
        if (waiter.isTold() || team.isIdle()) {
          return true;
        }
        long left = nanos - (System.nanoTime() - began);
        if (left <= 0) {
          return false;
        }
        LockSupport.parkNanos(this, team.isMaking() ? Math.min(left, STILLBORN_CHECK_NANOS) : left);
        checkInterrupt();
        team.seeToStillborn();
      }
    } finally {
      leave(waiter);
    }
  }

  /** Enters the calling thread among those to tell; it must then look, and leave. */
  Waiter enter() {
    var waiter = new Waiter(Thread.currentThread());
    waiters.add(waiter);
    waiting.incrementAndGet();
    return waiter;
  }

  private void leave(Waiter waiter) {
    waiting.decrementAndGet();
    waiters.remove(waiter);
  }

  /** Tells those who wait, if the team is idle. To be called after every step that may make it so. */
  void look() {
    if (waiting.get() == 0) {
      return;
    }
    List<Waiter> entered = List.copyOf(waiters); // before the look
    boolean idle = team.isIdle();
    if (idle || team.isMaking()) {
      for (Waiter waiter : entered) {
        if (idle) {
          waiter.told = true;
        }
        LockSupport.unpark(waiter.thread);
      }
    }
  }

  private static void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for a pool to be idle");
    }
  }

  /** One who waits. */
  static final class Waiter {
    private final Thread thread;

    /** Goes from false to true, by whoever has seen the team idle after this waiter had entered. */
    private volatile boolean told;

    private Waiter(Thread thread) {
      this.thread = thread;
    }

    boolean isTold() {
      return told;
    }
  }
}
