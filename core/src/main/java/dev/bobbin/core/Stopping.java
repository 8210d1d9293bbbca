package dev.bobbin.core;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.StopReport;
import dev.bobbin.spi.FailureReport;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ways to wait for a {@link Team}'s end, and the report on it. */
final class Stopping {
  private static final long FOR_EVER = Long.MAX_VALUE;

  /** How long a stop that gave up waits for workers without a task to go. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String pool;
  private final Team team;
  private final TaskClock clock;

  Stopping(String pool, Team team, TaskClock clock) {
    this.pool = pool;
    this.team = team;
    this.clock = clock;
  }

  /** Begins a stop and waits for the end and for the threads, whatever interrupts. */
  void stop() {
    team.beginStop();
    if (!team.isOwnThread()) {
      waitFor(deadOr(FOR_EVER));
    }
  }

  /** Begins a stop, waits until the deadline at most, then gives up. */
  StopReport stop(Duration deadline) {
    long began = clock.now();
    long nanos = saturated(deadline);
    Map<Runnable, Boolean> running = runningTasks();
    team.beginWaiting(); // before the stop, which may end at once
    try {
      team.beginStop();
      if (team.isOwnThread()) {
        if (nanos == 0) {
          team.giveUp();
        } else {
          giveUpLater(nanos);
        }
      } else if (!waitFor(deadOr(nanos))) {
        giveUp();
      }
      return report(began, running);
    } finally {
      team.endWaiting();
    }
  }

  /** Begins a stop and waits; gives up when it is interrupted, and stays so. */
  void close() {
    team.beginStop();
    if (team.isOwnThread()) {
      return;
    }
    try {
      awaitDead(FOR_EVER);
    } catch (InterruptedException interrupt) {
      giveUp();
      Thread.currentThread().interrupt();
    }
  }

  boolean await(long nanos) throws InterruptedException {
    return team.awaitEnd(nanos);
  }

  /** Gives up, and waits for those workers that have nothing to end. */
  private void giveUp() {
    team.giveUp();
    waitFor(() -> team.awaitOnlyBusy(GRACE_NANOS) && awaitDead(0));
  }

  private boolean awaitDead(long nanos) throws InterruptedException {
    long began = System.nanoTime();
    if (!team.awaitEnd(nanos)) {
      return false;
    }
    team.join(nanos - (System.nanoTime() - began));
    return true;
  }

  /** Returns a wait for the end and the threads whose time, from now, runs on when it is interrupted. */
  private Wait deadOr(long nanos) {
    long began = System.nanoTime();
    return () -> awaitDead(Math.max(0, nanos - (System.nanoTime() - began)));
  }

  /** Waits through interrupts, and leaves the flag set if there was one. */
  private boolean waitFor(Wait wait) {
    boolean interrupted = Thread.interrupted();
    try {
      for (; ; ) {
        try {
          return wait.await();
        } catch (InterruptedException interrupt) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void giveUpLater(long nanos) {
    var weakly = new WeakReference<>(team); // a pool that has ended meanwhile is not kept for this
    Executor timer = CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
    timer.execute(() -> {
      Team stillThere = weakly.get();
      if (stillThere != null && !stillThere.hasEnded()) {
        stillThere.giveUp();
      }
    });
  }

  private StopReport report(long began, Map<Runnable, Boolean> runningThen) {
    StopReport.Builder report = StopReport.builder(pool).stopped(team.hasEnded());
    long now = clock.now();
    int listed = 0;
    for (Slot slot : team.slots()) {
      Worker worker = slot.holder.get();
      if (worker != null) {
        listed += list(slot, worker.threadName(), began, now, runningThen, report);
      }
    }
    for (CallerSlot slot : team.callers()) {
      listed += list(slot, slot.threadName(), began, now, runningThen, report);
    }
    // A task that was taken is listed or has run; it may have ended since it was listed, or before.
    PoolStatistics numbers = team.statistics();
    long ran = numbers.completed() + numbers.failed() + numbers.running() - listed;
    return report.ran(Math.max(0, ran)).discarded(team.givenUp()).build();
  }

  /** Adds what runs in this slot to the report; returns how many tasks that are. */
  private static int list(
      Slot slot,
      String thread,
      long began,
      long now,
      Map<Runnable, Boolean> runningThen,
      StopReport.Builder report) {
    Runnable task = slot.task();
    if (task == null) {
      return 0;
    }
    long startedAt = slot.startedAt();
    boolean exact = startedAt != TaskClock.UNTIMED;
    long least = runningThen.containsKey(task) ? now - began : 0;
    report.running(
        thread, printable(task), Duration.ofNanos(exact ? now - startedAt : least), exact);
    return 1;
  }

  private Map<Runnable, Boolean> runningTasks() {
    var tasks = new IdentityHashMap<Runnable, Boolean>();
    for (Slot slot : team.slots()) {
      note(slot.task(), tasks);
    }
    for (Slot slot : team.callers()) {
      note(slot.task(), tasks);
    }
    return tasks;
  }

  private static void note(@Nullable Runnable task, Map<Runnable, Boolean> tasks) {
    if (task != null) {
      tasks.put(task, true);
    }
  }

  static String printable(@Nullable Runnable task) {
    return task == null ? "nothing" : FailureReport.printable(Descriptions.of(task));
  }

  private static long saturated(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return FOR_EVER;
    }
  }

  /** One way to wait. */
  private interface Wait {
    boolean await() throws InterruptedException;
  }
}
