package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of tasks that ignore the interrupt of a stop that gave up. */
class AbandonedTest {
  private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

  private static TaskAbandonedException abandonmentOf(CompletableFuture<?> future) {
    var thrown = assertThrows(ExecutionException.class, () -> Testing.get(future));
    return assertInstanceOf(TaskAbandonedException.class, thrown.getCause());
  }

  /** Work with a type of its own, by which reports tell it once it is under way. */
  private record Stuck(Held held) implements Runnable {
    @Override
    public void run() {
      held.runThroughInterrupts();
    }
  }

  @Test
  void future_fails_whenTheStopReturns_andTheTaskCountsAsRunningUntilItEnds() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> stuck = pool.submit(new Stuck(held));
      held.awaitBegun();
      StopReport report = pool.stop(Duration.ZERO);
      assertTrue(stuck.isDone(), "somebody would wait for this for ever");
      TaskAbandonedException why = abandonmentOf(stuck);
      assertEquals(
          "Pool 'p' was stopped and no longer waits for task dev.bobbin.core.AbandonedTest$Stuck, which"
              + " did not end when it was interrupted. Let the task end then, or give the stop a longer deadline.",
          why.getMessage());
      assertEquals("p", why.pool());
      assertEquals(
          "dev.bobbin.core.AbandonedTest$Stuck", report.running().get(0).task());
      assertEquals(1, pool.statistics().running());
      assertEquals(0, pool.statistics().failed());
      assertEquals(PoolState.STOPPING, pool.state());
      held.release();
      assertEquals(
          1, Testing.stopped(pool).completed()); // as the work ended, whatever the future says
      assertSame(why, abandonmentOf(stuck));
    }
  }

  @Test
  void asynchronousStage_fails_whenItsFunctionWouldNotEnd() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<Void> stage =
          pool.submit(() -> 1).thenAcceptAsync(value -> held.runThroughInterrupts());
      held.awaitBegun();
      assertFalse(pool.stop(Duration.ZERO).stopped());
      abandonmentOf(stage);
      held.release();
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  /** Nobody interrupts the submitter's thread, which is not the pool's; but nobody waits for it either. */
  @Test
  void asynchronousStage_fails_whenItsFunctionWouldNotEndOnTheThreadThatBroughtIt()
      throws Exception {
    var config = Testing.config(1, 1).toBuilder()
        .backlogLimit(0)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var occupant = new Held();
        var held = new Held()) {
      var source = new CompletableFuture<Integer>();
      CompletableFuture<Integer> task = pool.submit(() -> 1);
      CompletableFuture<Void> stuck =
          task.thenCompose(value -> source).thenAcceptAsync(value -> held.runThroughInterrupts());
      Testing.get(task);
      pool.execute(occupant);
      occupant.awaitBegun();
      CompletableFuture<Boolean> submitter = Testing.inThread(() -> source.complete(2));
      held.awaitBegun();
      assertFalse(pool.stop(Duration.ZERO).stopped());
      abandonmentOf(stuck);
      assertFalse(submitter.isDone());
      held.release();
      assertTrue(Testing.get(submitter));
    }
  }

  @Test
  void deferredFuture_failsOnItsExecutor_whenItsTaskWouldNotEnd() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var handed = new ArrayDeque<Runnable>();
      CompletableFuture<String> deferred = pool.deferToThread(handed::add, () -> {
        held.runThroughInterrupts();
        return "late";
      });
      held.awaitBegun();
      pool.stop(Duration.ZERO);
      assertFalse(deferred.isDone());
      handed.remove().run();
      abandonmentOf(deferred);
      held.release();
      Testing.stopped(pool);
      assertTrue(handed.isEmpty(), "the late outcome is dropped");
    }
  }

  /** Whoever reacts to the interrupt has time to: the future has what the task made of it. */
  @Test
  void future_hasTheTasksOwnEnd_whenItReactsToTheInterrupt() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held()) {
      CompletableFuture<String> task = pool.submit(() -> {
        assertThrows(Held.Interrupted.class, held::run);
        return "tidied up";
      });
      held.awaitBegun();
      StopReport report = pool.stop(Duration.ZERO);
      assertEquals("tidied up", Testing.get(task));
      assertTrue(report.stopped());
      assertEquals(1, report.ran());
    }
  }

  @Test
  void shutdownNow_leavesTheFutureOfARunningTaskAlone() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> task = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      pool.shutdownNow();
      held.release();
      assertNull(Testing.get(task));
    }
  }

  @Test
  void close_abandons_whenItIsInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> stuck = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      Testing.get(Testing.inThread(() -> {
        Thread.currentThread().interrupt();
        Testing.close(pool);
        return null;
      }));
      abandonmentOf(stuck);
    }
  }

  /** The timer does it when nobody may wait; at the moment of the grace, and not before. */
  @Test
  void future_failsByTheTimer_whenATaskHadStoppedThePool() throws Exception {
    var timers = new HandTimers();
    try (ThreadPool pool = timers.pool(2, 2);
        var held = new Held();
        var own = new Held()) {
      pool.start();
      CompletableFuture<?> stuck = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      CompletableFuture<?> stopper = pool.submit(() -> {
        pool.stop(Duration.ofNanos(50));
        own.runThroughInterrupts();
      });
      own.awaitBegun();
      timers.pass(49);
      assertEquals(PoolState.STOPPING, pool.state());
      timers.pass(1); // gives up
      timers.pass(GRACE - 1);
      assertFalse(stuck.isDone());
      timers.pass(1);
      abandonmentOf(stuck);
      abandonmentOf(stopper); // it went on although it was interrupted by its own stop
    }
  }

  @Test
  void future_failsByTheTimer_whenATaskHadGivenUpAtOnce() throws Exception {
    var timers = new HandTimers();
    try (ThreadPool pool = timers.pool(1, 1);
        var own = new Held()) {
      pool.start();
      CompletableFuture<?> stopper = pool.submit(() -> {
        pool.stop(Duration.ZERO);
        own.runThroughInterrupts();
      });
      own.awaitBegun();
      timers.pass(GRACE - 1);
      assertFalse(stopper.isDone());
      timers.pass(1);
      abandonmentOf(stopper);
    }
  }

  @Test
  void timer_keepsNothingAndDoesNothing_whenThePoolHasEndedMeanwhile() throws Exception {
    var timers = new HandTimers();
    try (ThreadPool pool = timers.pool(1, 1)) {
      pool.start();
      CompletableFuture<Integer> stopper = pool.submit(() -> {
        pool.stop(Duration.ofHours(1));
        return 1;
      });
      assertEquals(1, Testing.get(stopper));
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      timers.pass(Duration.ofHours(2).toNanos());
      assertEquals(0, timers.pending());
    }
  }

  /** A dependent is the stop's guest: a stop that it calls must not wait for itself. */
  @Test
  void dependentOfAnAbandonedFuture_mayStopThePool() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> stuck = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      CompletableFuture<String> dependent = stuck.handle((value, failure) -> {
        pool.stop();
        return failure.getClass().getSimpleName();
      });
      pool.stop(Duration.ZERO);
      assertEquals("TaskAbandonedException", dependent.join());
    }
  }

  @Test
  void cancel_changesNothing_whenTheTaskIsAbandoned() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> stuck = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      pool.stop(Duration.ZERO);
      assertFalse(stuck.cancel(true));
      assertFalse(stuck.isCancelled());
      held.release();
      var numbers = Testing.stopped(pool);
      assertEquals(1, numbers.completed());
      assertEquals(0, numbers.cancelled());
    }
  }

  /** A second run of one object is another task: its age does not count from the stop's beginning. */
  @Test
  void report_tellsTheAgeOfThisRun_whenOneObjectIsSubmittedTwice() throws Exception {
    var timers = new HandTimers();
    try (ThreadPool pool = timers.pool(1, 1);
        var first = new Held();
        var second = new Held()) {
      pool.start();
      var runs = new AtomicInteger();
      Runnable twice = () -> (runs.getAndIncrement() == 0 ? first : second).runThroughInterrupts();
      pool.execute(twice);
      pool.execute(twice);
      first.awaitBegun();
      CompletableFuture<StopReport> stop =
          Testing.inThread(() -> pool.stop(Duration.ofMinutes(1), Duration.ofHours(1)));
      timers.awaitPending();
      first.release();
      second.awaitBegun();
      timers.pass(Duration.ofMinutes(1).toNanos());
      Testing.eventually("it drains", pool::isShutdown);
      Thread stopper = new Thread(() -> pool.stop(Duration.ZERO));
      stopper.start();
      stopper.join();
      StopReport report = Testing.get(Testing.inThread(() -> pool.stop(Duration.ZERO)));
      assertEquals(Duration.ZERO, report.running().get(0).age());
      assertEquals(1, report.ran());
      second.release();
      assertEquals(2, Testing.get(stop).ran());
    }
  }

  @Test
  void report_namesTheWorkerAndCountsTheTask_whenItsDependentsWouldNotEnd() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var task = new Held();
        var stage = new Held()) {
      pool.submit(task).thenRun(stage::runThroughInterrupts);
      task.awaitBegun();
      task.release();
      stage.awaitBegun();
      StopReport report = pool.stop(Duration.ZERO);
      assertEquals(0, report.ran());
      assertEquals(1, report.running().size());
      assertEquals("PoolThread-p-0", report.running().get(0).worker());
      assertEquals(
          "the stages of a future whose task is over", report.running().get(0).task());
      stage.release();
      assertEquals(1, pool.stop(Duration.ofSeconds(Held.LONG_SECONDS)).ran());
    }
  }

  @Test
  void report_countsATaskAsRun_whenItWasCancelledWhileItRan() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> task = pool.submit(held);
      held.awaitBegun();
      assertTrue(task.cancel(true));
      assertEquals(1, pool.stop(Duration.ofSeconds(Held.LONG_SECONDS)).ran());
      assertEquals(1, pool.statistics().cancelled());
    }
  }
}
