package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;

/** Stages that depend on a task's future: on which thread, and in what state of the pool. */
class DependentsTest {
  @Test
  void dependent_runsOnTheWorkerThatStaysBusy_afterTheBooks() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var work = new Held();
        var stage = new Held()) {
      CompletableFuture<?> future = pool.submit(work);
      CompletableFuture<?> dependent = future.thenRun(stage);
      work.awaitBegun();
      work.release();
      stage.awaitBegun();
      assertSame(work.runner(), stage.runner());
      var numbers = pool.statistics();
      assertEquals(1, numbers.busy());
      assertEquals(0, numbers.idle());
      assertEquals(0, numbers.running()); // no task is running then
      assertEquals(1, numbers.completed());
      assertTrue(future.isDone());
      pool.execute(() -> {});
      assertEquals(1, pool.statistics().backlog());
      stage.release();
      Testing.get(dependent);
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  @Test
  void dependent_makesRoomForAnotherWorker_whileItRuns() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var work = new Held();
        var stage = new Held()) {
      CompletableFuture<?> dependent = pool.submit(work).thenRun(stage);
      work.release();
      stage.awaitBegun();
      Thread other = Testing.get(pool.submit(Thread::currentThread));
      assertNotSame(stage.runner(), other);
      assertEquals(2, pool.statistics().workers());
      stage.release();
      Testing.get(dependent);
    }
  }

  @Test
  void stop_waitsForDependents_andTheReportSeesTheWorker() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var work = new Held();
        var stage = new Held()) {
      CompletableFuture<?> dependent = pool.submit(work).thenRun(stage::runThroughInterrupts);
      work.release();
      stage.awaitBegun();
      var report = pool.stop(Duration.ZERO);
      assertFalse(report.stopped());
      assertEquals(PoolState.STOPPING, pool.state());
      assertEquals(1, pool.statistics().busy());
      CompletableFuture<Object> stopped = Testing.inThread(() -> {
        pool.stop();
        return dependent.isDone();
      });
      stage.release();
      assertEquals(true, Testing.get(stopped));
    }
  }

  @Test
  void stageAdded_runsOnce_whileTheFutureCompletes_manyTimes() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var ran = new AtomicInteger();
      int rounds = 20_000;
      for (int i = 0; i < rounds; i++) {
        CompletableFuture<Integer> future = pool.submit(() -> 1);
        for (int spin = i % 100; spin > 0; spin--) {
          Thread.onSpinWait();
        }
        CompletableFuture<Integer> stage = future.thenApply(value -> ran.incrementAndGet());
        assertEquals(i + 1, Testing.get(stage));
      }
      assertEquals(rounds, ran.get());
      assertEquals(1, pool.statistics().workers());
    }
  }

  @Test
  void stageAdded_runsOnTheAddersThread_afterTheFutureIsDone() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      Testing.get(future);
      assertSame(
          Thread.currentThread(),
          future.thenApply(value -> Thread.currentThread()).join());
    }
  }

  @Test
  void asyncStage_runsWhereItIsTold_andThePoolIsAnExecutorForIt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      CompletableFuture<String> name =
          pool.submit(() -> 1).thenApplyAsync(value -> Thread.currentThread().getName(), pool);
      assertTrue(Testing.get(name).startsWith("PoolThread-p-"));
    }
  }

  /** What a dependent throws is its own stage's; the worker does not notice. */
  @Test
  void dependentThatThrows_costsNothing() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start();
        var work = new Held()) {
      CompletableFuture<Object> dependent = pool.submit(work).thenApply(nothing -> {
        throw new IllegalStateException("on purpose");
      });
      work.awaitBegun();
      work.release();
      Testing.eventually("it failed", dependent::isCompletedExceptionally);
      assertEquals(work.runner(), Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(0, reporter.reports().size());
    }
  }

  @Test
  void dependentThatSubmitsAndStops_isServed() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var work = new Held()) {
      var stateInStage = new CompletableFuture<PoolState>();
      var nested = new CompletableFuture<CompletableFuture<Integer>>();
      CompletableFuture<Void> dependent = pool.submit(work).thenRun(() -> {
        nested.complete(pool.submit(() -> 42));
        pool.stop(); // begins the stop and returns: a worker cannot wait for itself
        stateInStage.complete(pool.state());
      });
      work.release();
      Testing.get(dependent);
      assertEquals(PoolState.STOPPING, Testing.get(stateInStage));
      assertEquals(42, Testing.get(Testing.get(nested)));
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  @Test
  void allOf_andAnyOf_complete() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Integer> one = pool.submit(() -> 1);
        CompletableFuture<Integer> two = pool.submit(() -> 2);
        Testing.get(CompletableFuture.anyOf(one, two));
        Testing.get(CompletableFuture.allOf(one, two));
        assertEquals(3, one.join() + two.join());
      }
      assertEquals(2_000, Testing.stopped(pool).completed());
    }
  }

  /** Fault 23: chains of futures need no stack. */
  @Test
  void deepChain_completes_withoutRecursionOfThePool() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var held = new Held()) {
      CompletableFuture<Integer> chain = pool.submit(held, 0);
      for (int i = 0; i < 100_000; i++) {
        chain = chain.thenApply(value -> value + 1);
      }
      held.release();
      assertEquals(100_000, Testing.get(chain));
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  /** A waiter that was counted and not there yet used to hide one, so that the worker looked free. */
  @Test
  void dependentOfAnyOf_makesRoomForAnotherWorker_whenAWaiterIsHeldUp() throws Exception {
    var logged = new Held();
    var handler = new StreamHandler() {
      @Override
      public void publish(LogRecord entry) {
        logged.run();
      }
    };
    Logger logger = Logger.getLogger(ThreadPool.class.getName());
    try (ThreadPool pool = Testing.pool(1, 2).build();
        logged) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      CompletableFuture<Integer> dependent = CompletableFuture.anyOf(
              future, new CompletableFuture<Integer>())
          .thenApply(first -> pool.submit(() -> 2).join());
      logger.addHandler(handler);
      CompletableFuture<Integer> waiter = Testing.inThread(future::get); // is held at its warning
      logged.awaitBegun();
      logger.removeHandler(handler);
      pool.start();
      assertEquals(2, Testing.get(dependent));
      logged.release();
      assertEquals(1, Testing.get(waiter));
    }
  }

  @Test
  void dependentOfAnyOf_makesRoomForAnotherWorker_whenAWaiterHelpsTheCommonPool() throws Exception {
    int parallelism = ForkJoinPool.getCommonPoolParallelism();
    assumeTrue(parallelism > 1, "futures do not use the common pool here");
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var work = new Held();
        var others = new Held(parallelism - 1);
        var helped = new Held()) {
      for (int i = 1; i < parallelism; i++) {
        ForkJoinPool.commonPool().execute(others);
      }
      others.awaitBegun();
      CompletableFuture<?> future = pool.submit(work);
      CompletableFuture<Integer> dependent = CompletableFuture.anyOf(
              future, new CompletableFuture<Integer>())
          .thenApply(first -> pool.submit(() -> 2).join());
      ForkJoinPool.commonPool().execute(() -> {
        CompletableFuture.runAsync(helped);
        future.join();
      });
      helped.awaitBegun();
      work.release();
      assertEquals(2, Testing.get(dependent));
    }
  }
}
