package dev.bobbin.core;

import dev.bobbin.api.TaskTimedOutException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one task has to be kept of beside its work, if something is asked for it: its {@link Terms}
 * and, for a task that has no state of its own, the claim.
 */
final class Ticket {
  /*
   * The claim, by CAS, of a task that is no future, and if its run is limited the end of that:
   *
   *   WAITING -> TAKEN   by the worker that runs it
   *   WAITING -> GONE    by whoever gives it up unrun
   *   TAKEN   -> OVER    by the worker, when the work has ended
   *   TAKEN   -> INTERRUPTING -> TIMED_OUT   by an errand, see RunLimit
   */
  private static final int WAITING = 0;
  private static final int TAKEN = 1;
  private static final int GONE = 2;
  private static final int OVER = 3;
  private static final int INTERRUPTING = 4;
  private static final int TIMED_OUT = 5;

  /*
   * Where a task with a key stands, by CAS out of HELD:
   *
   *   HELD -> AHEAD   its turn has come: from now on the next of its key waits for its end
   *   HELD -> LEFT    it was cancelled or given up before that
   */
  private static final int NO_KEY = 0;
  private static final int HELD = 1;
  private static final int AHEAD = 2;
  private static final int LEFT = 3;

  /*
   * The alarm that tells when the task has waited too long, if it has one of its own:
   *
   *   null -> alarm, alarm -> NO_ALARM   set by the submitter, after the append; cancelled by the winner
   *   null -> NO_ALARM                   the winner was first: the submitter cancels what it has set
   *
   * The winner is whoever took the task, cancelled it or gave it up.
   */
  static final Alarm NO_ALARM = () -> {};

  private static final VarHandle ALARM = alarmField();

  final Terms terms;

  /** What listeners know the task by; null if there is none. */
  final @Nullable TaskMark mark;

  /** Where the task was submitted, if that is kept. */
  final @Nullable SubmitterTrace submitter;

  /** When the task has waited too long. Written by the submitter before the append. */
  private long expiresAt;

  /** Whether the task was held back when it was accepted. The submitter's alone. */
  private boolean heldBack;

  /** Whether the worker that took the task found it expired. That worker's alone. */
  private boolean foundExpired;

  private volatile @Nullable Alarm alarm;

  /**
   * What to tell if the task times out. Written by the errand before it changes the state or, if nobody
   * is told before the work has ended, by the thread that has run it.
   */
  private @Nullable TaskTimedOutException timedOut;

  private final AtomicInteger claim = new AtomicInteger(WAITING);

  private final AtomicInteger place = new AtomicInteger(NO_KEY);

  /** The line of its key. Written by the submitter before anybody else knows the task. */
  private Lines.@Nullable Line line;

  private Ticket(Terms terms, @Nullable TaskMark mark, @Nullable SubmitterTrace submitter) {
    this.terms = terms;
    this.mark = mark;
    this.submitter = submitter;
  }

  static @Nullable Ticket of(@Nullable Terms terms) {
    return terms == null ? null : new Ticket(terms, null, null);
  }

  /** Returns the ticket of a task with a mark for listeners, or where it was submitted, or both. */
  static Ticket of(
      @Nullable Terms terms, @Nullable TaskMark mark, @Nullable SubmitterTrace submitter) {
    return new Ticket(terms == null ? Terms.NONE : terms, mark, submitter);
  }

  /** Returns where the task of this ticket was submitted, or null if that is not kept. */
  static @Nullable SubmitterTrace submitterOf(@Nullable Ticket ticket) {
    return ticket == null ? null : ticket.submitter;
  }

  private static VarHandle alarmField() {
    try {
      return MethodHandles.lookup().findVarHandle(Ticket.class, "alarm", Alarm.class);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  // ------------------------------------------------------------------ the wait

  /** Returns whether the task may not wait for ever. */
  boolean expires() {
    return terms.maxWait() != Terms.NO_LIMIT;
  }

  /** Returns whether the limit of the task's wait is that of its pool. */
  boolean expiresWithPool() {
    return expires() && !terms.ownWait();
  }

  void expireAt(long time) {
    expiresAt = time;
  }

  long expiresAt() {
    return expiresAt;
  }

  /** Says that the task that was just accepted is held back by its key. */
  void setHeldBack() {
    heldBack = true;
  }

  /** Returns whether the task does not expire in the order of its lane. Asked by the submitter. */
  boolean needsOwnAlarm() {
    return terms.ownWait() || heldBack;
  }

  void setAlarm(Alarm set) {
    if (!ALARM.compareAndSet(this, null, set)) {
      set.cancel();
    }
  }

  /** Lets the alarm be, if there is one: the wait is over. */
  void endWait() {
    if (expires() && (terms.ownWait() || terms.key() != null)) {
      Alarm set = (Alarm) ALARM.getAndSet(this, NO_ALARM);
      if (set != null) {
        set.cancel();
      }
    }
  }

  void setFoundExpired() {
    foundExpired = true;
  }

  boolean isFoundExpired() {
    return foundExpired;
  }

  // ------------------------------------------------------------------ the key

  Lines.@Nullable Line line() {
    return line;
  }

  /** Says that the task is about to be held back in this line. */
  void hold(Lines.Line line) {
    this.line = line;
    place.setPlain(HELD);
  }

  /** Says that the task is the head of this line, and was never held. */
  void beHead(Lines.Line line) {
    this.line = line;
    place.setPlain(AHEAD);
  }

  boolean isHeld() {
    return place.get() == HELD;
  }

  /** Returns whether the next task of its key waits for the end of this one. */
  boolean isAhead() {
    return place.get() == AHEAD;
  }

  /** Decides that the task's turn has come; false if it is not held any more. */
  boolean goAhead() {
    return place.compareAndSet(HELD, AHEAD);
  }

  /** Decides that the task is given up while it is held; false if it is not held, or not any more. */
  boolean leaveLine() {
    return place.compareAndSet(HELD, LEFT);
  }

  // ------------------------------------------------------------------ the claim

  boolean claim() {
    return claim.compareAndSet(WAITING, TAKEN);
  }

  boolean claimToDiscard() {
    return claim.compareAndSet(WAITING, GONE);
  }

  boolean isGone() {
    return claim.get() == GONE;
  }

  // ------------------------------------------------------------------ the run

  /** Ends the run, after the work; false if it has timed out, and then nothing interrupts any more. */
  boolean endRun() {
    if (claim.compareAndSet(TAKEN, OVER)) {
      return true;
    }
    while (claim.get() == INTERRUPTING) {
      Thread.onSpinWait();
    }
    return false;
  }

  /** Interrupts the run; false if it has ended. */
  boolean timeOut(RunLimit limit) {
    if (!claim.compareAndSet(TAKEN, INTERRUPTING)) {
      return false;
    }
    try {
      limit.thread().interrupt();
    } finally { // a thread class of the user's may throw, and the worker waits for this
      claim.set(TIMED_OUT);
    }
    return true;
  }

  void setTimedOut(TaskTimedOutException told) {
    timedOut = told;
  }

  @Nullable
  TaskTimedOutException timedOut() {
    return timedOut;
  }
}
