package dev.bobbin.core;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Watches a {@link Team} until no task has come to it for a while, or the time is up. */
final class QuietWatch {
  /*
   * Submissions cost nothing for this: their number is read at the beginning of a period and at its
   * end. If it is the same, there was quiet; else the next period begins. So quiet is noticed when it
   * has lasted for one period at least and two at most.
   *
   * The looks follow one another, each set up by the one before. The watch is over, once and for all,
   * by the look that finds quiet or the time up, or by whoever stops the team meanwhile.
   */
  private final Team team;
  private final TaskClock clock;
  private final long began;
  private final long period;
  private final long deadline;
  private final boolean byTimer;
  private final CountDownLatch over = new CountDownLatch(1);

  /** The number at the last look; the looker's alone. */
  private long seen;

  /**
   * Begins to watch; the first look is due after {@link #untilNextLook}.
   *
   * @param byTimer whether nobody waits for this, so that the stop is the timer's to begin
   */
  QuietWatch(Team team, TaskClock clock, long period, long deadline, boolean byTimer) {
    this.team = team;
    this.clock = clock;
    this.began = clock.now();
    this.period = period;
    this.deadline = deadline;
    this.byTimer = byTimer;
    this.seen = team.submissions();
  }

  /** Looks, and returns whether there was quiet since the last time or the time is up. */
  boolean look() {
    long before = seen;
    seen = team.submissions();
    return seen == before || left() == 0;
  }

  /** Returns how long to wait before the next look, in nanoseconds. */
  long untilNextLook() {
    return Math.min(period, left());
  }

  /** Returns how much is left of the deadline, in nanoseconds and not less than 0. */
  long left() {
    return Math.max(0, deadline - (clock.now() - began));
  }

  boolean isByTimer() {
    return byTimer;
  }

  /** Lets go on who waits for this. */
  void end() {
    over.countDown();
  }

  /** Waits until the watch is over; false if the time was up before. */
  boolean await(long nanos) throws InterruptedException {
    return over.await(nanos, TimeUnit.NANOSECONDS);
  }
}
