package dev.bobbin.core;

import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks the growth policy of a team, and sees to it that its "later" comes without another task. */
final class GrowthControl {
  /*
   * OVERVIEW
   *
   * `armed` holds the alarm for the moment before which the policy does not want to be asked:
   *
   *   null -> later      by who was told "later" and finds none
   *   later -> earlier   by who was told of an earlier moment; the one replaced is called off
   *   later -> null      by the timer's thread at that moment, which then looks whether a task waits,
   *                      and if so has an errand ask again; or by who cannot set it with the timer
   *
   * While it is set nobody asks. Who appends a task, or takes another step that owes a look, reads
   * `armed` after that step; the timer's thread writes null, then looks at the backlog. Both are full
   * fences, so one of the two sees the other: either the look is the step's own, or the errand's.
   * The moment it was set for has come by then, so that from here on everybody may ask; the errand
   * need not be first, and if its thread cannot be made the next look of anybody asks in its place.
   *
   * A "no" sets nothing. If there is no timer the team grows at once: a task must not wait for an
   * alarm that nobody has set.
   *
   * The policy is foreign code and may call the pool. A look inside its answer, on the thread that
   * answers, does not ask and does not grow; the look that asked goes on after the answer.
   */
  private final Team team;
  private final PoolGrowth growth;
  private final Team.Host host;
  private final Backlog backlog;
  private final TaskClock clock;
  private final Errands errands;

  /** The alarm that is set, or is being set; null if there is none. */
  private final AtomicReference<@Nullable Later> armed = new AtomicReference<>();

  /** The threads that are inside the policy. */
  private final Insiders asking = new Insiders();

  /** Whether something that the policy did wrong was reported; set once. */
  private final AtomicBoolean reported = new AtomicBoolean();

  GrowthControl(
      Team team,
      PoolGrowth growth,
      Team.Host host,
      Backlog backlog,
      TaskClock clock,
      Errands errands) {
    this.team = team;
    this.growth = growth;
    this.host = host;
    this.backlog = backlog;
    this.clock = clock;
    this.errands = errands;
  }

  /** Returns whether nobody is to ask now: the policy has said "later", or the caller is inside it. */
  boolean isPausing() {
    return armed.get() != null || asking.contains(Thread.currentThread());
  }

  /**
   * Asks whether a team of so many workers may make one more, and has it looked at again later if that
   * is the answer. Calls foreign code; the calling thread must not be inside the policy. Never throws.
   *
   * @param waiting how many tasks wait at least
   */
  boolean mayGrow(int workers, Sizes sizes, int waiting) {
    asking.enter();
    try {
      long now = clock.now();
      GrowthAnswer answer = growth
          .decider()
          .mayGrow(GrowthRequest.builder(team.name(), now)
              .workers(workers)
              .sizes(sizes.min, sizes.max)
              .waiting(waiting)
              .longestWait(growth.asksForWaits() ? longestWait(now) : null)
              .build());
      if (answer == null) {
        report("answered null when asked whether the pool may grow; the pool grows at once", null);
        return true;
      }
      Optional<Duration> pause = answer.pause();
      if (pause.isEmpty()) {
        return false;
      }
      return pause.get().isZero() || !pauseUntil(now + nanos(pause.get()));
    } catch (Throwable thrown) {
      report("threw when asked whether the pool may grow; the pool grows at once", thrown);
      return true;
    } finally {
      asking.leave();
    }
  }

  private Duration longestWait(long now) {
    long submitted = backlog.firstSubmission();
    return submitted == TaskClock.UNTIMED
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, now - submitted));
  }

  private void report(String what, @Nullable Throwable thrown) {
    if (reported.compareAndSet(false, true)) {
      host.reportPlugin(growth.policy(), what + "; this is reported once", thrown);
    }
  }

  /** Returns so many nanoseconds, at most half of what differences of times can tell. */
  private static long nanos(Duration pause) {
    return Math.min(Terms.saturatedNanos(pause), Long.MAX_VALUE / 2);
  }

  /** Has the team looked at again at that time; false if that cannot be done. */
  private boolean pauseUntil(long due) {
    var later = new Later(errands, due);
    for (; ; ) {
      Later before = armed.get();
      if (before != null && before.due - due <= 0) {
        return true;
      }
      if (armed.compareAndSet(before, later)) {
        if (before != null) {
          before.cancel();
        }
        return set(later);
      }
    }
  }

  private boolean set(Later later) {
    try {
      later.setAlarm(errands.later(later.due - clock.now(), later));
    } catch (Throwable noTimer) {
      armed.compareAndSet(later, null);
      errands.noteWithoutTimer(noTimer);
      return false;
    }
    if (team.hasEnded()) { // the end writes its phase, then reads `armed`
      disarm();
    }
    return true;
  }

  /** Lets go of the timer; the team has ended. */
  void disarm() {
    Later later = armed.getAndSet(null);
    if (later != null) {
      later.cancel();
    }
  }

  /** Ends the pause; called on the timer's thread, and calls nothing foreign. */
  private void due(Later later) {
    if (armed.compareAndSet(later, null) && backlog.hasWaiting()) {
      errands.add(later);
    }
  }

  /** The alarm that ends a pause. */
  private static final class Later extends AlarmErrand {
    /** When it is due, by the team's clock. */
    private final long due;

    Later(Errands errands, long due) {
      super(errands);
      this.due = due;
    }

    @Override
    void due(Team team) {
      GrowthControl control = team.growthControl();
      if (control != null) {
        control.due(this);
      }
    }

    @Override
    void act(Team team) {
      team.lookForGrowth();
    }
  }
}
