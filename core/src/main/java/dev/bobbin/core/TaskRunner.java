package dev.bobbin.core;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.core.PoolTask.Ending;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.TaskEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way of a task on its worker, in this order and in this one place: tell the listeners that it is
 * taken, install the context, run, let go of the work, call back or report (all that inside the
 * context), restore the worker, let go of the context, account, tell the listeners that it has ended,
 * complete.
 */
final class TaskRunner {
  private final String pool;
  private final FailureReports reports;
  private final TaskClock clock;

  private final Team team;

  /** Those to tell, or null if there is none. */
  private final @Nullable Listeners listeners;

  /** What looks for things left behind, or null if nothing does. */
  private final @Nullable ContextLeaks leaks;

  TaskRunner(
      String pool,
      FailureReports reports,
      TaskClock clock,
      Team team,
      @Nullable Listeners listeners,
      @Nullable ContextLeaks leaks) {
    this.leaks = leaks;
    this.team = team;
    this.listeners = listeners;
    this.pool = pool;
    this.reports = reports;
    this.clock = clock;
  }

  void run(Runnable task, Slot slot) {
    PoolTask own = PoolTask.of(task);
    if (own != null) {
      if (listeners != null) {
        listeners.taken(own, slot);
        settleInterrupt(slot);
      }
      try {
        runInContext(own, own.takeContext(), slot);
      } catch (Throwable thrown) { // not what the work threw: there was no memory for that
        own.breakOff(thrown);
        reports.task(Kind.TASK, own, thrown, null, null, null, submitterOf(own));
      }
      slot.end(own.ending());
      try {
        team.ended(task);
      } finally {
        if (listeners != null) {
          listeners.ended(own, slot);
          settleInterrupt(slot);
        }
        Throwable uncaught = own instanceof PlainTask ? own.failure() : null;
        complete(own, slot);
        tellHandler(uncaught, slot);
      }
    } else {
      Throwable thrown = leaks == null ? runBare(task) : runBareWatched(leaks, task);
      slot.end(thrown == null ? Ending.COMPLETED : Ending.FAILED);
      try {
        team.ended(task);
      } finally {
        tellHandler(thrown, slot);
      }
    }
  }

  /**
   * Tells the handler that the factory of a worker's thread has given it, if it has, of what nobody else is
   * told but the reporters. The books are in order, and the worker lives on.
   */
  private void tellHandler(@Nullable Throwable uncaught, Slot slot) {
    if (uncaught == null || slot instanceof CallerSlot) {
      return;
    }
    Thread worker = Thread.currentThread();
    try {
      Thread.UncaughtExceptionHandler handler = worker.getUncaughtExceptionHandler();
      if (handler != null && handler != worker.getThreadGroup()) { // that is asked if none is set
        handler.uncaughtException(worker, uncaught);
        settleInterrupt(slot);
      }
    } catch (Throwable thrown) {
      reports.about(
          Kind.THREAD, "the uncaught exception handler of a worker's thread threw", thrown);
    }
  }

  /**
   * Clears what a listener left set on a worker, but for what a stop that gave up has set, rule 13 of
   * the team. A submitter's own flag is left to him.
   */
  private void settleInterrupt(Slot slot) {
    if (!(slot instanceof CallerSlot)) {
      Thread.interrupted();
      if (team.isGivenUp()) {
        Team.interrupt(Thread.currentThread());
      }
    }
  }

  private static void complete(PoolTask task, Slot slot) {
    for (int left = Scarcity.TRIES; ; left--) {
      try {
        task.complete(slot);
        return;
      } catch (OutOfMemoryError full) {
        Scarcity.pause(left, full);
      }
    }
  }

  /** Runs the task; returns what it threw, which is reported, or null. */
  private @Nullable Throwable runBare(Runnable task) {
    try {
      task.run();
      return null;
    } catch (Throwable thrown) {
      reports.task(Kind.TASK, task, thrown, null, null, null, null);
      return thrown;
    }
  }

  private @Nullable Throwable runBareWatched(ContextLeaks watching, Runnable task) {
    var thrown = new @Nullable Throwable[1];
    watching.watchTask(task, () -> thrown[0] = runBare(task));
    return thrown[0];
  }

  private void runInContext(PoolTask task, @Nullable CapturedContexts context, Slot slot) {
    if (context == null) {
      runBody(task, null, slot);
    } else if (leaks == null) {
      context.run(task, this, slot);
    } else {
      leaks.watchContexts(task, () -> context.run(task, this, slot));
    }
  }

  /** Runs the body of a task, inside of the contexts. Never throws. */
  void runBody(PoolTask task, @Nullable CapturedContexts context, Slot slot) {
    if (leaks == null) {
      task.runBody(this, context, slot);
    } else {
      leaks.watchTask(task, () -> task.runBody(this, context, slot));
    }
  }

  /** Limits the run of a task whose work begins now, on the calling thread; null if it has no limit. */
  @Nullable
  RunLimit limit(PoolTask task, Slot slot) {
    return RunLimit.begin(task, slot, team);
  }

  /**
   * Tells that a task was given up: its future or callback, or, if it has neither, the reporters. Only
   * a stop is not reported: who stops the pool is told of all that it gives up.
   */
  void discard(Runnable task, RejectionReason reason, @Nullable Throwable cause) {
    var discarded = new TaskDiscardedException(pool, reason, cause);
    if (task instanceof PoolTask own) {
      if (listeners != null) {
        listeners.endedUnrun(own, TaskEvent.Ending.DISCARDED, discarded);
      }
      own.discard(this, discarded);
    } else {
      reportDiscarded(task, discarded, null);
    }
  }

  /** Tells whoever waits for a task that still runs that its pool no longer does. */
  void abandon(Runnable task) {
    if (task instanceof PoolTask own) {
      String text = FailureReport.printable(Descriptions.of(task));
      own.abandon(new TaskAbandonedException(pool, text));
    }
  }

  /** Reports a task that was given up and that has neither a future nor a callback. */
  void reportDiscarded(
      Object subject, TaskDiscardedException discarded, @Nullable CapturedContexts context) {
    if (discarded.reason() != RejectionReason.STOPPING) {
      reports.task(
          Kind.TASK,
          subject,
          discarded,
          context,
          null,
          null,
          subject instanceof PoolTask own ? submitterOf(own) : null);
    }
  }

  private static @Nullable SubmitterTrace submitterOf(PoolTask task) {
    return Ticket.submitterOf(task.ticket());
  }

  /** Reports what the work or the callback of a task threw. */
  void report(
      Kind kind,
      Object subject,
      Throwable thrown,
      PoolTask task,
      @Nullable CapturedContexts context,
      @Nullable Slot slot) {
    Duration waited = null;
    Duration ran = null;
    long submittedAt = task.submittedAt();
    if (slot != null && submittedAt != TaskClock.UNTIMED) {
      waited = Duration.ofNanos(slot.startedAt() - submittedAt);
      ran = Duration.ofNanos(clock.now() - slot.startedAt());
    }
    Object named = kind == Kind.CALLBACK ? Descriptions.ofCallback(subject, task) : subject;
    reports.task(kind, named, thrown, context, waited, ran, submitterOf(task));
  }
}
