package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one task has to be kept of beside its work, if something is asked for it: its {@link Terms}
 * and, for a task that has no state of its own, the claim.
 */
final class Ticket {
  /*
   * The claim, by CAS, of a task that is no future:
   *
   *   WAITING -> TAKEN   by the worker that runs it
   *   WAITING -> GONE    by whoever gives it up unrun
   */
  private static final int WAITING = 0;
  private static final int TAKEN = 1;
  private static final int GONE = 2;

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

  final Terms terms;
  private final AtomicInteger claim = new AtomicInteger(WAITING);

  private final AtomicInteger place = new AtomicInteger(NO_KEY);

  /** The line of its key. Written by the submitter before anybody else knows the task. */
  private Lines.@Nullable Line line;

  private Ticket(Terms terms) {
    this.terms = terms;
  }

  static @Nullable Ticket of(@Nullable Terms terms) {
    return terms == null ? null : new Ticket(terms);
  }

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

  boolean claim() {
    return claim.compareAndSet(WAITING, TAKEN);
  }

  boolean claimToDiscard() {
    return claim.compareAndSet(WAITING, GONE);
  }

  boolean isGone() {
    return claim.get() == GONE;
  }
}
