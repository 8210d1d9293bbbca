package dev.bobbin.core;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sees to it that no task of a team waits longer than it may. */
final class Expiry {
  /*
   * OVERVIEW
   *
   * The moment at which a task expires stands in its ticket, written before the append. A worker that
   * takes a task which has expired by then gives it up. For tasks that nobody takes there are alarms,
   * set once the task is in, never before: an alarm that finds its task not there yet is lost.
   *
   * Tasks under the limit of the pool stand in their lane in the order in which they expire, so one
   * alarm does for all: the sweep, for the one that expires first. `armed` holds it, from before the
   * timer has it until it was found that nothing is left to wait for:
   *
   *   null -> sweep    by a submitter that has appended and finds none
   *   sweep -> sweep'  by that sweep, for what then expires first
   *   sweep -> null    by that sweep when it has found nothing; it then looks once more, and if there
   *                    is something now, does as a submitter does
   *
   * A submitter appends, then reads `armed`; the sweep writes null, then looks at the lanes. Both are
   * full fences, so one of the two sees the other and no task is left without an alarm. While a sweep
   * is set, whatever is appended expires later than what the sweep is set for. (Of two that are
   * appended at the same time the one behind may expire first; it then goes with the other, that moment
   * late.) The timer's thread only looks; the giving up is an errand.
   *
   * A task with a limit of its own is not in that order, and neither is one that was held back by its
   * key and comes into its lane late. Such a task has an alarm of its own, which is cancelled when the
   * task is taken, cancelled or given up, see Ticket. The sweep passes over the former.
   *
   * Whoever wins the claim to discard does the books, rule 12 of the team.
   */
  private final Team team;
  private final Backlog backlog;
  private final TaskClock clock;
  private final Errands errands;

  /** The sweep that is set, or being done; null if there is none. */
  private final AtomicReference<@Nullable Sweep> armed = new AtomicReference<>();

  Expiry(Team team, Backlog backlog, TaskClock clock, Errands errands) {
    this.team = team;
    this.backlog = backlog;
    this.clock = clock;
    this.errands = errands;
  }

  /** Notes, before the append, when the task expires. */
  void begin(Ticket ticket) {
    ticket.expireAt(clock.now() + ticket.terms.maxWait());
  }

  /** Sees to it, after the append, that the task expires in time. Never throws. */
  void arm(PoolTask task, Ticket ticket) {
    try {
      if (ticket.needsOwnAlarm()) {
        ticket.setAlarm(errands.later(left(ticket), new Single(errands, task)));
      } else if (armed.get() == null) {
        arm(ticket);
      }
    } catch (Throwable noTimer) {
      errands.noteWithoutTimer(noTimer);
    }
  }

  private void arm(Ticket first) {
    var sweep = new Sweep(errands);
    if (armed.compareAndSet(null, sweep)) {
      set(sweep, first);
    }
  }

  private void set(Sweep sweep, Ticket first) {
    boolean done = false;
    try {
      sweep.setAlarm(errands.later(left(first), sweep));
      done = true;
    } finally {
      if (!done) {
        armed.compareAndSet(sweep, null); // the next one that is appended tries again
      }
    }
    if (team.hasEnded()) { // the end writes its phase, then reads `armed`; here it is the other way
      // round
      disarm();
    }
  }

  /** Lets go of the timer; the team has ended. */
  void disarm() {
    Sweep sweep = armed.getAndSet(null);
    if (sweep != null) {
      sweep.cancel();
    }
  }

  private long left(Ticket ticket) {
    return ticket.expiresAt() - clock.now();
  }

  /** Returns whether the task has waited longer than it may; reads the clock only if it has a limit. */
  boolean isExpired(@Nullable Ticket ticket) {
    return ticket != null && ticket.expires() && left(ticket) <= 0;
  }

  /** Does what is due; called on the timer's thread, and calls nothing foreign. */
  private void look(Sweep sweep) {
    if (armed.get() == sweep) {
      Ticket first = backlog.firstToExpire();
      if (isExpired(first)) {
        errands.add(sweep);
      } else {
        goOn(sweep, first);
      }
    }
  }

  private void sweep(Sweep sweep) {
    try {
      backlog.takeExpired(clock.now(), team::giveUpExpired);
    } finally {
      goOn(sweep, backlog.firstToExpire());
    }
  }

  /** Has the next sweep set, if there is something to wait for. Never throws. */
  private void goOn(Sweep sweep, @Nullable Ticket first) {
    try {
      if (first != null) {
        var next = new Sweep(errands);
        if (armed.compareAndSet(sweep, next)) {
          set(next, first);
        }
      } else if (armed.compareAndSet(sweep, null)) {
        Ticket meanwhile = backlog.firstToExpire();
        if (meanwhile != null) {
          arm(meanwhile);
        }
      }
    } catch (Throwable noTimer) {
      armed.compareAndSet(sweep, null);
      errands.noteWithoutTimer(noTimer);
    }
  }

  /** The alarm for all tasks under the limit of the pool. */
  private static final class Sweep extends AlarmErrand {
    Sweep(Errands errands) {
      super(errands);
    }

    @Override
    void due(Team team) {
      team.expiry().look(this);
    }

    @Override
    void act(Team team) {
      team.expiry().sweep(this);
    }
  }

  /** The alarm of one task. */
  private static final class Single extends Errands.Errand {
    private final WeakReference<PoolTask> task;

    Single(Errands errands, PoolTask task) {
      super(errands);
      this.task = new WeakReference<>(task);
    }

    @Override
    void act(Team team) {
      PoolTask waiting = task.get();
      if (waiting != null) {
        team.expire(waiting);
      }
    }
  }
}
