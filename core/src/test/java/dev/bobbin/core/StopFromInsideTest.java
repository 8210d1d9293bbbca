package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops with a deadline that a thread of the pool's own calls: they begin, return, and are kept. */
class StopFromInsideTest {
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private final HandTimers timers = new HandTimers();

  /** Where the stop is called. Whatever is done there is done while the pool has one task waiting. */
  enum Place {
    TASK,
    CALLBACK,
    DEPENDENT,
    ASYNC_DEPENDENT,
    SUBMITTER_THAT_RUNS_ITS_TASK;

    /** Has this done there; what it throws is not seen. */
    void have(ThreadPool pool, Held before, Runnable done) throws Exception {
      switch (this) {
        case TASK ->
          pool.execute(() -> {
            before.run();
            done.run();
          });
        case CALLBACK ->
          pool.callInThreadWithCallback(outcome -> done.run(), () -> {
            before.run();
            return "value";
          });
        case DEPENDENT -> pool.submit(before).thenRun(done);
        case ASYNC_DEPENDENT -> pool.submit(before).thenRunAsync(done, pool);
        case SUBMITTER_THAT_RUNS_ITS_TASK -> {
          pool.execute(before);
          before.awaitBegun();
          CompletableFuture<?> fills = pool.submit(() -> {});
          pool.execute(done);
          fills.cancel(false);
        }
      }
    }
  }

  private Pool pool(Overflow whenFull) {
    var config = Testing.config(1, 1).toBuilder();
    if (whenFull != null) {
      config.backlogLimit(1).whenFull(whenFull);
    }
    return timers.pool(config.build());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUBMITTER_THAT_RUNS_ITS_TASK")
  void stop_returnsAReportAndIsKeptByTheTimer_whenAWorkerCallsIt(Place place) throws Exception {
    try (Pool pool = pool(null);
        var before = new Held();
        var held = new Held()) {
      pool.start();
      CompletionStage<StopReport> termination = pool.termination();
      var inside = new CompletableFuture<StopReport>();
      place.have(pool, before, () -> {
        inside.complete(pool.stop(DEADLINE));
        held.run(); // ends when it is interrupted
      });
      before.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      before.release();
      StopReport report = Testing.get(inside);
      assertFalse(report.stopped());
      assertEquals(1, report.running().size());
      assertEquals("PoolThread-p-0", report.running().get(0).worker());
      held.awaitBegun();
      timers.pass(DEADLINE.toNanos() - 1);
      assertEquals(PoolState.STOPPING, pool.state());
      assertFalse(held.runner().isInterrupted());
      timers.pass(1);
      StopReport end = Testing.get(termination.toCompletableFuture());
      assertTrue(end.stopped());
      boolean wasServed = place == Place.ASYNC_DEPENDENT; // it came before the stage
      assertEquals(wasServed ? 0 : 1, end.discarded().size());
      if (wasServed) {
        Testing.get(waiting);
      } else {
        var thrown = assertThrows(ExecutionException.class, () -> Testing.get(waiting));
        assertEquals(TaskDiscardedException.class, thrown.getCause().getClass());
      }
      Testing.assertBalanced(pool.statistics());
    }
  }

  /** The pool waits for the submitter, since its task is accepted and running, and does not interrupt it. */
  @Test
  void stop_returnsAndThePoolWaits_whenASubmitterThatRunsItsTaskCallsIt() throws Exception {
    try (Pool pool = pool(Overflow.runInCaller());
        var before = new Held();
        var after = new Held()) {
      pool.start();
      CompletionStage<StopReport> termination = pool.termination();
      var inside = new CompletableFuture<StopReport>();
      CompletableFuture<Boolean> submitter = Testing.inThread(() -> {
        Place.SUBMITTER_THAT_RUNS_ITS_TASK.have(pool, before, () -> {
          inside.complete(pool.stop(DEADLINE));
          after.run();
        });
        return Thread.currentThread().isInterrupted();
      });
      StopReport report = Testing.get(inside);
      assertFalse(report.stopped());
      assertEquals(2, report.running().size());
      assertTrue(report.toString().contains("beside the test runs "), report::toString);
      timers.pass(DEADLINE.toNanos()); // interrupts the worker
      assertFalse(pool.awaitTermination(1, TimeUnit.MILLISECONDS));
      after.release();
      assertFalse(Testing.get(submitter));
      assertEquals(2, Testing.get(termination.toCompletableFuture()).ran());
      Testing.assertBalanced(pool.statistics());
    }
  }

  @Test
  void stop_returnsAndIsKeptByTheTimer_whenTheFactoryCallsIt() throws Exception {
    var pool = new CompletableFuture<ThreadPool>();
    var inside = new CompletableFuture<StopReport>();
    Consumer<ThreadPool> stop = made -> inside.complete(made.stop(DEADLINE));
    try (Pool made = timers.pool(Testing.config(0, 1), body -> {
          if (!inside.isDone()) {
            stop.accept(pool.join());
          }
          return new Thread(body);
        });
        var held = new Held()) {
      pool.complete(made);
      made.start();
      boolean taken = Testing.isAccepted(() -> made.execute(held));
      assertFalse(Testing.get(inside).stopped());
      assertFalse(taken, "the first task waits for its thread, and is refused as stopping");
      assertTrue(made.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      timers.pass(DEADLINE.toNanos());
      Testing.assertBalanced(made.statistics());
    }
  }

  @Test
  void stop_returnsTwice_whenATaskCallsItTwice() throws Exception {
    try (Pool pool = pool(null)) {
      pool.start();
      CompletableFuture<StopReport> second = pool.submit(() -> {
        pool.stop(DEADLINE);
        return pool.stop(Duration.ZERO);
      });
      assertFalse(Testing.get(second).stopped());
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(1, pool.statistics().completed());
    }
  }

  /** Who gives the oldest up is inside the pool meanwhile; nothing else is left that the end waits for. */
  @Test
  void pool_ends_whenADependentOfTheOldestStopsItAsThatMakesRoom() {
    var config = Testing.config(0, 0).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.discardOldest())
        .build();
    try (ThreadPool pool = timers.pool(config)) {
      pool.start();
      pool.submit(() -> {}).whenComplete((value, failure) -> pool.shutdown());
      var refusal = assertThrows(TaskRejectedException.class, () -> pool.submit(() -> {}));
      assertEquals(RejectionReason.STOPPING, refusal.reason());
      assertEquals(PoolState.STOPPED, pool.state());
      assertEquals(1, pool.statistics().discarded());
    }
  }
}
