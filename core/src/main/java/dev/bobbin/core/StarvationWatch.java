package dev.bobbin.core;

import dev.bobbin.api.PoolStarvedException;
import dev.bobbin.api.Starvation;
import dev.bobbin.api.ThreadPool;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Notices workers that wait for tasks of their own pool while nobody else is free to run these. */
final class StarvationWatch {
  private static final System.Logger LOG = System.getLogger(ThreadPool.class.getName());

  /** How many places in the code are remembered; of further ones nobody is told. */
  private static final int MOST_PLACES = 100;

  private static final int MOST_WORKERS = 8;
  private static final int MOST_FRAMES = 64;

  private final String pool;
  private final Starvation mode;
  private final Team team;
  private final Set<Place> warnedOf = ConcurrentHashMap.newKeySet();

  StarvationWatch(String pool, Starvation mode, Team team) {
    this.pool = pool;
    this.mode = mode;
    this.team = team;
  }

  /** Does what {@link Pool#beforeWait} says. */
  @Nullable
  Worker beforeWait(@Nullable PoolFuture<?> task) {
    Worker worker = team.callerIfSaturated();
    if (worker == null) {
      return null;
    }
    if (mode == Starvation.COMPENSATE && team.lend(worker)) {
      return worker;
    }
    Thread runner = task == null ? null : task.runner();
    boolean isTaken =
        task != null && !task.isWaiting(); // perhaps by somebody who is about to run it
    boolean runsElsewhere = isTaken && runner != Thread.currentThread();
    if (mode == Starvation.FAIL && !runsElsewhere) {
      List<StackTraceElement> trace = traceOfCaller();
      if (task == null || !task.isDone()) {
        throw new PoolStarvedException(pool, text(worker, task, runner, trace));
      }
    } else {
      warn(worker, task, runner);
    }
    return null;
  }

  /** Warns of the wait; whatever goes wrong with that is no affair of who waits. */
  private void warn(Worker worker, @Nullable PoolFuture<?> task, @Nullable Thread runner) {
    try {
      if (warnedOf.size() >= MOST_PLACES) {
        return;
      }
      List<StackTraceElement> trace = traceOfCaller();
      if (warnedOf.add(new Place(trace, runner == null))) {
        LOG.log(Level.WARNING, text(worker, task, runner, trace));
      }
    } catch (Throwable unable) {
      // the wait itself is what counts
    }
  }

  /** Returns where the calling thread has begun to wait, without what is between there and here. */
  private static List<StackTraceElement> traceOfCaller() {
    return StackWalker.getInstance()
        .walk(frames -> frames
            .dropWhile(frame -> isOwn(frame.getClassName()))
            .limit(MOST_FRAMES)
            .map(StackWalker.StackFrame::toStackTraceElement)
            .toList());
  }

  private static boolean isOwn(String type) {
    return type.equals(StarvationWatch.class.getName()) || type.equals(Pool.class.getName());
  }

  private String text(
      Worker worker,
      @Nullable PoolFuture<?> task,
      @Nullable Thread runner,
      List<StackTraceElement> trace) {
    var text = new StringBuilder();
    text.append(
        "Pool '%s': worker '%s', which runs %s, waits for %s, %s, while no worker is free and none may be made (%s). %s Have such tasks wait in another pool, or not wait at all; or announce the wait with callBlocking, raise the maximum, or set whenStarving to COMPENSATE."
            .formatted(
                pool,
                worker.threadName(),
                Stopping.printable(worker.slot().task()),
                task == null ? "tasks of the same pool" : Stopping.printable(task),
                where(task, runner),
                team.statistics(),
                runner == null || runner == Thread.currentThread()
                    ? "The wait may never end."
                    : "The wait may never end if that one waits for the pool in turn."));
    append(text, "worker '%s' waits".formatted(worker.threadName()), trace);
    int told = 0;
    int more = 0;
    for (Slot slot : team.slots()) {
      Worker other = slot.holder.get();
      Runnable its = slot.task();
      boolean runsIt = other != null && other.thread() == runner;
      if (other == null || other == worker || its == null || !(runner == null || runsIt)) {
        continue;
      }
      if (told < MOST_WORKERS) {
        told++;
        append(
            text,
            "worker '%s', which runs %s, is".formatted(other.threadName(), Stopping.printable(its)),
            traceOf(other.thread()));
      } else {
        more++;
      }
    }
    if (more > 0) {
      text.append("\n  and %d more workers".formatted(more));
    }
    return text.toString();
  }

  private static String where(@Nullable PoolFuture<?> task, @Nullable Thread runner) {
    if (task == null) {
      return "of which none has ended";
    }
    if (runner == null) {
      return task.isWaiting() ? "which is in the backlog" : "which is about to run";
    }
    return runner == Thread.currentThread() ? "which it runs itself" : "which runs";
  }

  private static List<StackTraceElement> traceOf(@Nullable Thread thread) {
    return thread == null
        ? List.of()
        : List.of(thread.getStackTrace()).stream().limit(MOST_FRAMES).toList();
  }

  private static void append(StringBuilder text, String who, List<StackTraceElement> trace) {
    text.append("\n  ").append(who).append(trace.isEmpty() ? " at an unknown place" : " at");
    for (StackTraceElement frame : trace) {
      text.append("\n    ").append(frame);
    }
  }

  /** A place in the code that waits, and whether what it waits for was run by somebody. */
  private record Place(List<StackTraceElement> trace, boolean unrun) {
    // Written out, as for PoolSizes.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place that && unrun == that.unrun && trace.equals(that.trace);
    }

    @Override
    public int hashCode() {
      return trace.hashCode();
    }
  }
}
