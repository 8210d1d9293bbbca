package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sees to it that idle workers above the minimum leave when they have stayed for long enough. */
final class KeepAlive {
  /*
   * OVERVIEW
   *
   * Idle workers wait without a limit of time, so that those at the minimum cost nothing. One alarm per
   * team does for all that are above it, set for when the one that is idle for longest will have stayed
   * for long enough. `armed` holds it:
   *
   *   null -> alarm     by whoever made it true that somebody may leave one day, that is, that a worker
   *                     is idle and more live than the minimum: a worker that counted itself idle, one
   *                     that began, a resize, the end of a start
   *   alarm -> alarm'   by the timer, for who is due next
   *   alarm -> null     by the timer when nobody is idle above the minimum; it then looks once more
   *
   * Who makes it true changes the word, then reads `armed`; the timer writes null, then reads the word.
   * All of these are full fences, so one of the two sees the other. With a minimum of 0 a team that has
   * no worker has no alarm either.
   *
   * When the alarm is due, the timer wakes the worker at the bottom of the idle stack, rule 7 of the
   * team. That one decides, on its own thread and holding the waking bit: it takes a task if one waits,
   * leaves if it has stayed for long enough and more live than the minimum, and else parks again. If
   * somebody else is being woken just now, the timer tries again a little later.
   *
   * `notBefore` limits the rate: nobody is woken to leave before that moment. It only moves forward: by
   * leaveInterval when one is woken to leave and when it leaves, by keepAlive when somebody asks for
   * workers beyond the minimum. That is the hysteresis. Growth for a task needs none: it comes only
   * when nobody is idle, so whoever is idle when an alarm is due has gone idle since the last growth.
   *
   * The timer's thread only reads, changes the word and unparks. It knows the team weakly.
   */

  /** After how many nanoseconds a team keeps whom, and how far apart workers leave. */
  record Rule(long keepAlive, long interval) {
    /** Idle workers stay. */
    static final Rule FOR_EVER = new Rule(-1, 0);

    /** A hundred years or so: sums of these with times do not overflow. */
    private static final long MOST = Long.MAX_VALUE / 3;

    static Rule of(ThreadPoolConfig config) {
      return config
          .keepAlive()
          .map(time -> new Rule(
              Math.min(MOST, Terms.saturatedNanos(time)),
              Math.min(MOST, Terms.saturatedNanos(config.leaveInterval()))))
          .orElse(FOR_EVER);
    }
  }

  /** There is nobody to wait for. */
  private static final long NEVER = Long.MAX_VALUE;

  /** How soon the timer tries again if somebody is being woken, and how close it wakes one by one. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Team team;
  private final Seams seams;
  private final Errands errands;
  private final boolean on;
  private final long keepAlive;
  private final long interval;

  /** The alarm that is set, or being done; null if there is none. */
  private final AtomicReference<@Nullable Due> armed = new AtomicReference<>();

  /** The moment before which nobody is woken to leave. */
  private final AtomicLong notBefore;

  KeepAlive(Team team, Rule rule, Seams seams, Errands errands) {
    this.team = team;
    this.seams = seams;
    this.errands = errands;
    this.on = rule != Rule.FOR_EVER;
    this.keepAlive = rule.keepAlive;
    this.interval = rule.interval;
    this.notBefore = new AtomicLong(on ? seams.nanoTime() : 0);
  }

  // ------------------------------------------------------------------ for workers

  /** Notes since when the worker of this slot is idle. Called before the slot is published as idle. */
  void noteIdle(Slot slot) {
    if (on) {
      slot.idleSince(seams.nanoTime());
    }
  }

  /** Returns whether the worker of this slot, which was woken to leave, has been idle for long enough. */
  boolean isDue(Slot slot) {
    return seams.nanoTime() - slot.idleSince() >= keepAlive;
  }

  /** Notes that one leaves now since it had nothing to do. */
  void noteLeaving() {
    keepUntil(interval);
  }

  /** Notes that somebody asks for workers: nobody leaves for one keep-alive. */
  void noteAsked() {
    if (on) {
      keepUntil(keepAlive);
    }
  }

  private void keepUntil(long nanos) {
    long until = seams.nanoTime() + nanos;
    for (long before = notBefore.get(); until - before > 0; before = notBefore.get()) {
      if (notBefore.compareAndSet(before, until)) {
        return;
      }
    }
  }

  /**
   * Sets the alarm if there is none and somebody may leave one day. To be called behind every step that
   * may have made that true. Never throws.
   */
  void look() {
    if (on && armed.get() == null) {
      arm();
    }
  }

  private void arm() {
    try {
      long left = left();
      if (left != NEVER) {
        var alarm = new Due(this);
        if (armed.compareAndSet(null, alarm)) {
          set(alarm, left);
        }
      }
    } catch (Throwable noTimer) {
      errands.noteWithoutTimer(noTimer);
    }
  }

  private void set(Due alarm, long nanos) {
    boolean done = false;
    try {
      alarm.setAlarm(seams.schedule(nanos, alarm));
      done = true;
    } finally {
      if (!done) {
        armed.compareAndSet(alarm, null); // the next one that goes idle tries again
      }
    }
    if (team.hasEnded()) { // the end writes its phase, then reads `armed`; here the other way round
      disarm();
    }
  }

  /** Lets go of the timer; the team has ended. */
  void disarm() {
    Due alarm = armed.getAndSet(null);
    if (alarm != null) {
      alarm.cancel();
    }
  }

  /** Returns how long nobody may be woken to leave; {@link #NEVER} if nobody is idle above the minimum. */
  private long left() {
    if (!team.hasIdleSurplus()) {
      return NEVER;
    }
    long now = seams.nanoTime();
    long longest = 0; // those that are counted and not seen idle are about to say so
    for (Slot slot : team.slots()) {
      if (slot.state() == Slot.IDLE) {
        longest = Math.max(longest, now - slot.idleSince());
      }
    }
    return Math.max(0, Math.max(keepAlive - longest, notBefore.get() - now));
  }

  // ------------------------------------------------------------------ for the timer

  private void due(Due alarm) {
    if (armed.get() != alarm) {
      return;
    }
    long next = RETRY_NANOS;
    try {
      long left = left();
      if (left == 0) {
        if (team.wakeToLeave()) {
          keepUntil(interval);
        }
        left = Math.max(left(), RETRY_NANOS);
      }
      next = left;
    } finally {
      goOn(alarm, next);
    }
  }

  /** Sets the next alarm, if there is somebody to wait for. Never throws. */
  private void goOn(Due alarm, long left) {
    try {
      if (left != NEVER) {
        var next = new Due(this);
        if (armed.compareAndSet(alarm, next)) {
          set(next, left);
        }
      } else if (armed.compareAndSet(alarm, null)) {
        look();
      }
    } catch (Throwable noTimer) {
      armed.compareAndSet(alarm, null);
      errands.noteWithoutTimer(noTimer);
    }
  }

  /** The alarm. */
  private static final class Due implements Runnable {
    private final WeakReference<KeepAlive> keepAlive;

    /** What was set with the timer, or {@link Ticket#NO_ALARM} once that is of no more use. */
    private final AtomicReference<@Nullable Alarm> alarm = new AtomicReference<>();

    Due(KeepAlive keepAlive) {
      this.keepAlive = new WeakReference<>(keepAlive);
    }

    void setAlarm(Alarm set) {
      if (!alarm.compareAndSet(null, set)) {
        set.cancel();
      }
    }

    void cancel() {
      Alarm set = alarm.getAndSet(Ticket.NO_ALARM);
      if (set != null) {
        set.cancel();
      }
    }

    @Override
    public void run() {
      KeepAlive of = keepAlive.get();
      if (of != null) {
        of.due(this);
      }
    }
  }
}
