package dev.bobbin.core;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.RefusalEvent;
import dev.bobbin.spi.ResizeEvent;
import dev.bobbin.spi.StateEvent;
import dev.bobbin.spi.TaskEvent;
import dev.bobbin.spi.TaskEvent.Ending;
import dev.bobbin.spi.WorkerEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of one pool what happens, each of them guarded. A pool without listeners has
 * none of these, and then its tasks have no {@link TaskMark}. No method throws, and none is called
 * with a lock held or, but for a worker that comes, anything reserved.
 */
final class Listeners {
  /*
   * States are told by one thread at a time, which reads the state and tells the step from the one
   * told last:
   *
   *   telling: false -> true   by whoever has changed the state and finds nobody at it
   *   telling: true -> false   by that thread, when it has told the state that it reads; then it looks
   *                            once more
   *
   * Who finds somebody at it has changed the state before, so that one sees the change on its last
   * look. So the steps follow one another, whoever makes them, and a listener that blocks in one holds
   * up nobody but those that are told after.
   */
  private final String pool;
  private final FailureReports reports;
  private final TaskClock clock;
  private final Guarded[] all;

  private final AtomicBoolean telling = new AtomicBoolean();

  /** The state told last. Written under {@link #telling}; read without it. */
  private volatile PoolState told = PoolState.NEW;

  private Listeners(
      String pool, List<PoolListener> listeners, FailureReports reports, TaskClock clock) {
    this.pool = pool;
    this.reports = reports;
    this.clock = clock;
    this.all = listeners.stream().map(Guarded::new).toArray(Guarded[]::new);
  }

  /** Returns what tells these listeners, or null if there is none. */
  static @Nullable Listeners of(
      String pool, List<PoolListener> listeners, FailureReports reports, TaskClock clock) {
    return listeners.isEmpty() ? null : new Listeners(pool, listeners, reports, clock);
  }

  // ------------------------------------------------------------------ tasks

  /** A task was accepted. Called on its submitter's thread. */
  void submitted(PoolTask task) {
    TaskMark mark = markOf(task);
    if (mark != null && !mark.announced) {
      mark.announced = true;
      tell(Call.SUBMITTED, () -> event(task, mark).build(), PoolListener::submitted);
    }
  }

  /** A task that was taken is about to run. */
  void taken(PoolTask task, Slot slot) {
    TaskMark mark = markOf(task);
    if (mark != null) {
      if (slot instanceof CallerSlot) {
        submitted(task); // it was accepted when it was taken, and by this very thread
      }
      tell(
          Call.TAKEN,
          () -> waited(event(task, mark), task, slot.startedAt()).build(),
          PoolListener::taken);
    }
  }

  /** A task that was run is off the books. */
  void ended(PoolTask task, Slot slot) {
    TaskMark mark = markOf(task);
    if (mark != null) {
      PoolTask.Ending how = task.ending();
      Throwable failure = how == PoolTask.Ending.FAILED ? task.failure() : null;
      tell(
          Call.ENDED,
          () -> waited(event(task, mark), task, slot.startedAt())
              .ranNanos(clock.now() - slot.startedAt())
              .ending(
                  switch (how) {
                    case COMPLETED -> Ending.COMPLETED;
                    case FAILED -> Ending.FAILED;
                    case CANCELLED -> Ending.CANCELLED;
                  })
              .cause(failure)
              .build(),
          PoolListener::ended);
    }
  }

  /** A task that never ran is off the books. */
  void endedUnrun(PoolTask task, Ending how, @Nullable Throwable cause) {
    TaskMark mark = markOf(task);
    if (mark != null) {
      tell(
          Call.ENDED,
          () -> waited(event(task, mark), task, clock.now())
              .ending(how)
              .cause(cause)
              .build(),
          PoolListener::ended);
    }
  }

  private static @Nullable TaskMark markOf(PoolTask task) {
    Ticket ticket = task.ticket();
    return ticket == null ? null : ticket.mark;
  }

  private TaskEvent.Builder event(PoolTask task, TaskMark mark) {
    TaskEvent.Builder event = TaskEvent.builder(pool, mark).description(task::description);
    Ticket ticket = task.ticket();
    return ticket == null ? event : event.options(ticket.terms.options());
  }

  private static TaskEvent.Builder waited(TaskEvent.Builder event, PoolTask task, long until) {
    long submittedAt = task.submittedAt();
    return submittedAt == TaskClock.UNTIMED || until == TaskClock.UNTIMED
        ? event
        : event.waitedNanos(until - submittedAt);
  }

  // ------------------------------------------------------------------ the pool

  /** A task was refused. Called on its submitter's thread. */
  void refused(TaskRejectedException refusal) {
    tell(Call.REFUSED, () -> RefusalEvent.of(pool, refusal), PoolListener::refused);
  }

  /** A worker came, on the calling thread. */
  void workerCame() {
    tell(
        Call.WORKER_CAME,
        () -> WorkerEvent.of(pool, Thread.currentThread()),
        PoolListener::workerCame);
  }

  /** A worker went, on the calling thread. */
  void workerWent() {
    tell(
        Call.WORKER_WENT,
        () -> WorkerEvent.of(pool, Thread.currentThread()),
        PoolListener::workerWent);
  }

  /** Sizes were set in the place of others. */
  void resized(Sizes before, Sizes after) {
    tell(
        Call.RESIZED,
        () -> ResizeEvent.of(pool, before.target, after.target, before.limit, after.limit),
        PoolListener::resized);
  }

  /** The state may have changed. */
  void stateChanged(Supplier<PoolState> state) {
    while (state.get() != told && telling.compareAndSet(false, true)) {
      try {
        for (PoolState now = state.get(); now != told; now = state.get()) {
          PoolState before = told;
          // every pool that has stopped was stopping, if only for a moment
          PoolState after =
              now == PoolState.STOPPED && before != PoolState.STOPPING ? PoolState.STOPPING : now;
          told = after;
          tell(
              Call.STATE_CHANGED,
              () -> StateEvent.of(pool, before, after),
              PoolListener::stateChanged);
        }
      } finally {
        telling.set(false);
      }
    }
  }

  /** Returns how often listeners have thrown. */
  long thrown() {
    long sum = 0;
    for (Guarded one : all) {
      sum += one.thrown.sum();
    }
    return sum;
  }

  // ------------------------------------------------------------------ the guard

  private <E> void tell(Call call, Supplier<E> maker, BiConsumer<PoolListener, E> how) {
    E event;
    try {
      event = maker.get();
    } catch (Throwable unable) { // the stack or the heap is exhausted
      for (Guarded one : all) {
        one.noteThrown(call, unable);
      }
      return;
    }
    for (Guarded one : all) {
      try {
        how.accept(one.listener, event);
      } catch (Throwable thrown) {
        one.noteThrown(call, thrown);
      }
    }
  }

  /** The methods of a listener. */
  private enum Call {
    SUBMITTED("submitted"),
    TAKEN("taken"),
    ENDED("ended"),
    REFUSED("refused"),
    WORKER_CAME("workerCame"),
    WORKER_WENT("workerWent"),
    RESIZED("resized"),
    STATE_CHANGED("stateChanged");

    private final String method;

    Call(String method) {
      this.method = method;
    }
  }

  /** A listener, and what is known of its failures. */
  private final class Guarded {
    final PoolListener listener;
    final LongAdder thrown = new LongAdder();

    /** One bit for each method whose failure was reported. */
    private final AtomicInteger reported = new AtomicInteger();

    Guarded(PoolListener listener) {
      this.listener = listener;
    }

    void noteThrown(Call call, Throwable failure) {
      try {
        thrown.increment();
        int bit = 1 << call.ordinal();
        if ((reported.getAndUpdate(bits -> bits | bit) & bit) == 0) {
          reports.plugin(listener, "threw in " + call.method, failure);
        }
      } catch (Throwable unable) {
        // the stack or the heap is exhausted, and nobody can be told
      }
    }
  }
}
