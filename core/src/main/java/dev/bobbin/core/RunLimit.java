package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.TaskTimedOutException;
import dev.bobbin.spi.FailureReport;
import org.jspecify.annotations.Nullable;

/** The limit of one run of one task: made when its work begins, over when that has ended. */
final class RunLimit extends Errands.Errand {
  /*
   * When the time is up, an errand asks the task to time out. The task has a state, changed by CAS out
   * of "running" by one of two, which decides: by the thread that runs it, when its work has ended,
   * or by the errand, which then interrupts that thread and says so when it has:
   *
   *   running -> ended
   *   running -> interrupting -> timed out
   *
   * A thread that has ended the work and finds "interrupting" waits for the last step, which is one
   * call of interrupt off, and then clears the flag: so the interrupt can hit nothing but this work.
   * PoolFuture has this state among its others, so that a cancel and a limit cannot both win; other
   * tasks have it in their Ticket.
   *
   * The flag is what it was, afterwards: a stop that has given up has set it for all that its worker
   * still does, and a submitter who runs his own task may have brought it along.
   */
  private final PoolTask task;
  private final Ticket ticket;
  private final Thread thread = Thread.currentThread();
  private final Team team;
  private final boolean inCaller;
  private final boolean wasInterrupted;

  /** Written by the thread that runs the task. */
  private @Nullable Alarm alarm;

  private RunLimit(PoolTask task, Ticket ticket, Slot slot, Team team) {
    super(team.errands());
    this.task = task;
    this.ticket = ticket;
    this.team = team;
    this.inCaller = slot instanceof CallerSlot;
    this.wasInterrupted = inCaller && thread.isInterrupted();
  }

  /** Sets the limit of a task whose work begins now, on the calling thread; null if it has none. Never throws. */
  static @Nullable RunLimit begin(PoolTask task, Slot slot, Team team) {
    Ticket ticket = task.ticket();
    if (ticket == null || ticket.terms.maxRun() == null) {
      return null;
    }
    var limit = new RunLimit(task, ticket, slot, team);
    try {
      limit.alarm = team.errands().later(ticket.terms.maxRunNanos(), limit);
    } catch (Throwable noTimer) {
      team.errands().noteWithoutTimer(noTimer);
    }
    return limit;
  }

  /** Returns the thread that runs the task. */
  Thread thread() {
    return thread;
  }

  /** Lets go of the timer; called when the work has ended. */
  void cancel() {
    if (alarm != null) {
      alarm.cancel();
    }
  }

  /**
   * Ends the run of a task that has its state in its ticket.
   *
   * @param thrown what the work threw, or null
   * @return what to tell: that it has timed out, or else what the work threw
   */
  @Nullable
  Throwable end(@Nullable Throwable thrown) {
    cancel();
    return ticket.endRun() ? thrown : timedOut(thrown);
  }

  /**
   * Clears the interrupt of a task that has timed out, and returns what to tell of it, with what its
   * work threw, if it did, as suppressed. Called on the thread that has run it.
   */
  TaskTimedOutException timedOut(@Nullable Throwable thrown) {
    Thread.interrupted();
    if (wasInterrupted || !inCaller && team.isGivenUp()) {
      thread.interrupt();
    }
    TaskTimedOutException told = tellTimedOut();
    if (thrown != null && thrown != told) {
      told.addSuppressed(thrown);
    }
    return told;
  }

  /** Returns what to tell of the task that has timed out; the same to all. */
  TaskTimedOutException tellTimedOut() {
    TaskTimedOutException told = ticket.timedOut();
    if (told == null) {
      told = new TaskTimedOutException(
          team.name(),
          FailureReport.printable(task.description()),
          requireNonNull(ticket.terms.maxRun()));
      ticket.setTimedOut(told);
    }
    return told;
  }

  @Override
  void act(Team team) {
    task.timeOut(this);
  }
}
