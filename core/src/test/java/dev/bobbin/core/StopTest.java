package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decision 3: stop drains, then joins, and everyone who calls it waits; the executor's words for the same. */
class StopTest {
  @Test
  void l6_stop_runsEveryAcceptedTask_thenReturns() {
    try (ThreadPool pool = Testing.pool(2, 3).start()) {
      var ran = new AtomicInteger();
      for (int i = 0; i < 1_000; i++) {
        pool.execute(ran::incrementAndGet);
      }
      pool.stop();
      assertEquals(1_000, ran.get());
      assertEquals(PoolState.STOPPED, pool.state());
      assertEquals(1_000, pool.statistics().completed());
    }
  }

  @Test
  void l10_stop_waitsForTheSameEnd_whoeverCallsItMeanwhile() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var ended = new CompletableFuture<Boolean>();
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> ended.complete(true));
      var stoppers = new ArrayList<CompletableFuture<Boolean>>();
      for (int i = 0; i < 4; i++) {
        var thread = new Thread[1];
        stoppers.add(Testing.inThread(thread, () -> {
          pool.stop();
          return ended.isDone() && pool.isTerminated();
        }));
        Testing.awaitBlocked(thread[0]);
      }
      assertEquals(PoolState.STOPPING, pool.state());
      stoppers.forEach(stopper -> assertFalse(stopper.isDone()));
      held.release();
      for (CompletableFuture<Boolean> stopper : stoppers) {
        assertTrue(Testing.get(stopper));
      }
    }
  }

  @Test
  void stop_doesNotEndAndKeepsTheFlag_whenItIsInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> task = pool.submit(held);
      held.awaitBegun();
      var thread = new Thread[1];
      CompletableFuture<Boolean> stopper = Testing.inThread(thread, () -> {
        pool.stop();
        return Thread.currentThread().isInterrupted();
      });
      Testing.awaitBlocked(thread[0]);
      thread[0].interrupt();
      Testing.awaitBlocked(thread[0]);
      assertFalse(stopper.isDone());
      held.release();
      assertTrue(Testing.get(stopper), "the interrupt was swallowed");
      assertEquals(null, Testing.get(task)); // it was not interrupted
    }
  }

  @Test
  void close_givesUpAndKeepsTheFlag_whenItIsInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> task = pool.submit(held);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      var thread = new Thread[1];
      CompletableFuture<Boolean> closer = Testing.inThread(thread, () -> {
        Testing.close(pool);
        return Thread.currentThread().isInterrupted();
      });
      Testing.awaitBlocked(thread[0]);
      thread[0].interrupt();
      assertTrue(Testing.get(closer), "the interrupt was swallowed");
      assertThrows(ExecutionException.class, () -> Testing.get(task));
      assertThrows(ExecutionException.class, () -> Testing.get(waiting));
      assertEquals(1, Testing.stopped(pool).discarded());
    }
  }

  @Test
  void close_drains_whenNothingInterrupts() {
    var ran = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      for (int i = 0; i < 100; i++) {
        pool.execute(ran::incrementAndGet);
      }
    }
    assertEquals(100, ran.get());
  }

  @Test
  void close_returns_whenTheThreadWasInterruptedBefore() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      assertTrue(Testing.get(Testing.inThread(() -> {
        Thread.currentThread().interrupt();
        Testing.close(pool);
        return Thread.currentThread().isInterrupted();
      })));
    }
  }

  /** The ways in which a pool can be stopped, as a task, a callback or a factory may use them. */
  static Stream<Arguments> stops() {
    return Stream.of(
        Arguments.of("stop", (BadInputTest.Call) ThreadPool::stop),
        Arguments.of("close", (BadInputTest.Call) Testing::close),
        Arguments.of("shutdown", (BadInputTest.Call) ThreadPool::shutdown),
        Arguments.of(
            "stop in an hour", (BadInputTest.Call) pool -> pool.stop(Duration.ofHours(1))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stops")
  void l11_stop_beginsAndReturns_whenATaskCallsIt(String name, BadInputTest.Call stop)
      throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<PoolState> inside = pool.submit(() -> {
        stop.on(pool);
        stop.on(pool);
        return pool.state();
      });
      assertEquals(PoolState.STOPPING, Testing.get(inside));
      held.release();
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stops")
  void l11_stop_beginsAndReturns_whenACallbackCallsIt(String name, BadInputTest.Call stop)
      throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var inside = new CompletableFuture<PoolState>();
      pool.callInThreadWithCallback(
          outcome -> {
            try {
              stop.on(pool);
              inside.complete(pool.state());
            } catch (Exception unexpected) {
              inside.completeExceptionally(unexpected);
            }
          },
          () -> "value");
      assertEquals(PoolState.STOPPING, Testing.get(inside));
      assertEquals(1, Testing.stopped(pool).completed());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stops")
  void stop_beginsAndReturns_whenTheFactoryCallsIt(String name, BadInputTest.Call stop)
      throws Exception {
    var pool = new CompletableFuture<ThreadPool>();
    var inside = new CompletableFuture<PoolState>();
    try (ThreadPool made = Testing.pool(0, 1)
        .threadFactory(body -> {
          try {
            stop.on(pool.join());
            inside.complete(pool.join().state());
          } catch (Exception unexpected) {
            inside.completeExceptionally(unexpected);
          }
          return new Thread(body);
        })
        .start()) {
      pool.complete(made);
      var ran = new AtomicInteger();
      boolean taken = Testing.isAccepted(() -> made.execute(ran::incrementAndGet));
      assertEquals(PoolState.STOPPING, Testing.get(inside));
      Testing.stopped(made);
      assertEquals(taken ? 1 : 0, ran.get());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stops")
  void stop_returns_whenADiscardedCallbackCallsIt(String name, BadInputTest.Call stop)
      throws Exception {
    try (ThreadPool pool = Testing.pool(0, 0).start()) {
      var inside = new CompletableFuture<PoolState>();
      pool.callInThreadWithCallback(
          outcome -> {
            try {
              stop.on(pool);
              inside.complete(pool.state());
            } catch (Exception unexpected) {
              inside.completeExceptionally(unexpected);
            }
          },
          () -> "value");
      CompletableFuture<?> after = pool.submit(() -> {});
      pool.stop();
      assertEquals(PoolState.STOPPING, Testing.get(inside)); // not yet stopped: it is part of it
      assertTrue(after.isCompletedExceptionally());
      assertEquals(PoolState.STOPPED, pool.state());
      assertEquals(2, pool.statistics().discarded());
    }
  }

  @Test
  void stopWithDeadline_givesUpByTheTimer_whenATaskCalledIt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var early = new CompletableFuture<StopReport>();
      var go = new Held();
      CompletableFuture<?> stuck = pool.submit(() -> {
        go.run();
        early.complete(pool.stop(Duration.ofMillis(20)));
        held.run(); // ends when the timer has it interrupted
      });
      CompletableFuture<?> waiting = pool.submit(() -> {});
      go.release();
      StopReport report = Testing.get(early);
      assertFalse(report.stopped());
      assertEquals(1, report.running().size());
      var thrown = assertThrows(ExecutionException.class, () -> Testing.get(stuck));
      assertSame(Held.Interrupted.class, thrown.getCause().getClass());
      assertThrows(ExecutionException.class, () -> Testing.get(waiting));
      var numbers = Testing.stopped(pool);
      assertEquals(1, numbers.discarded());
      assertEquals(1, numbers.failed());
    }
  }

  @Test
  void stopZero_discardsAndReturns_whenATaskCallsIt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<StopReport> inside = pool.submit(() -> {
        held.run();
        return pool.stop(Duration.ZERO);
      });
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      held.release();
      StopReport report = Testing.get(inside);
      assertEquals(1, report.discarded().size());
      assertEquals(1, report.running().size());
      assertTrue(waiting.isCompletedExceptionally());
      assertEquals(1, Testing.stopped(pool).completed());
    }
  }

  @Nested
  class ExecutorsWords {
    @Test
    void shutdown_runsTheBacklogFirst_whenThePoolWasNeverStarted() throws Exception {
      try (ThreadPool pool = Testing.pool(0, 2).build()) {
        var ran = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
          pool.execute(ran::incrementAndGet);
        }
        pool.shutdown();
        assertTrue(pool.isShutdown());
        assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
        assertTrue(pool.isTerminated());
        assertEquals(10, ran.get());
        assertEquals(0, pool.statistics().discarded());
      }
    }

    @Test
    void shutdown_endsAtOnce_whenThePoolWasNeverStartedAndHasNoBacklog() {
      try (ThreadPool pool = Testing.pool(2, 2).build()) {
        pool.shutdown();
        assertTrue(pool.isTerminated());
        assertEquals(0, pool.statistics().workers());
      }
    }

    @Test
    void shutdown_discardsWithTheReason_whenNoThreadCanBeMadeForTheBacklog() throws Exception {
      try (ThreadPool pool =
          new FaultyFactory(FaultyFactory.Fault.NULL).pool(0, 2).build()) {
        CompletableFuture<?> future = pool.submit(() -> {});
        pool.shutdown();
        var thrown = assertThrows(ExecutionException.class, () -> Testing.get(future));
        assertEquals(
            "Pool 'p' gave up a waiting task without running it:"
                + " no thread could be made for a worker.",
            thrown.getCause().getMessage());
        assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, pool.statistics().discarded());
      }
    }

    @Test
    void shutdown_doesNotWait() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        CompletableFuture<Integer> waiting = pool.submit(() -> 1);
        pool.shutdown();
        assertTrue(pool.isShutdown());
        assertFalse(pool.isTerminated());
        assertFalse(pool.awaitTermination(1, TimeUnit.MILLISECONDS));
        held.release();
        assertEquals(1, Testing.get(waiting));
        assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      }
    }

    @Test
    void shutdownNow_givesTheVeryObjects_interruptsAndDoesNotWait() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        CompletableFuture<?> running = pool.submit(held);
        held.awaitBegun();
        Runnable first = () -> {};
        Runnable second = new Thread(() -> {}); // a Runnable like any other
        pool.execute(first);
        pool.callInThread(second);
        List<Runnable> unrun = pool.shutdownNow();
        assertEquals(2, unrun.size());
        assertSame(first, unrun.get(0));
        assertSame(second, unrun.get(1));
        assertThrows(ExecutionException.class, () -> Testing.get(running));
        assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      }
    }

    @Test
    void awaitTermination_throws_whenItIsInterrupted() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start()) {
        var thread = new Thread[1];
        CompletableFuture<InterruptedException> waiter = Testing.inThread(
            thread,
            () -> assertThrows(
                InterruptedException.class,
                () -> pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS)));
        Testing.awaitBlocked(thread[0]);
        thread[0].interrupt();
        Testing.get(waiter);
        assertEquals(PoolState.RUNNING, pool.state());
      }
    }

    @Test
    void awaitTermination_answersFalse_whenATaskWaitsForItsOwnPool() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start()) {
        assertEquals(false, Testing.get(pool.submit(() -> {
          pool.shutdown();
          return pool.awaitTermination(1, TimeUnit.MILLISECONDS);
        })));
      }
    }
  }

  /** Fault 21: the JDK's own pool strands the second task, and never ends. */
  @Test
  void fault21_shutdown_runsWhatWasAccepted_whileTheVeryFirstWorkerIsBeingMade() throws Exception {
    var making = new Held();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              making.run();
              return new Thread(body);
            })
            .start();
        making) {
      var ran = new AtomicInteger();
      CompletableFuture<Boolean> first =
          Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(ran::incrementAndGet)));
      making.awaitBegun();
      CompletableFuture<Integer> second = pool.submit(ran::incrementAndGet);
      pool.shutdown();
      making.release();
      Testing.get(second);
      boolean firstTaken = Testing.get(first);
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(firstTaken ? 2 : 1, ran.get());
      assertEquals(firstTaken ? 2 : 1, Testing.stopped(pool).completed());
      assertEquals(firstTaken ? 0 : 1, pool.statistics().refused());
    }
  }

  @Test
  void fault21_shutdown_endsAndDiscards_whenTheVeryFirstWorkerThenCannotBeMade() throws Exception {
    var making = new Held();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              making.run();
              return null;
            })
            .start();
        making) {
      var ran = new AtomicInteger();
      CompletableFuture<Boolean> first =
          Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(ran::incrementAndGet)));
      making.awaitBegun();
      CompletableFuture<Integer> second = pool.submit(ran::incrementAndGet);
      pool.shutdown();
      making.release();
      assertThrows(ExecutionException.class, () -> Testing.get(second));
      assertFalse(Testing.get(first));
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(0, ran.get());
      Testing.assertBalanced(pool.statistics());
    }
  }

  @Test
  void stop_waitsForTheFactory_whenItIsInTheMiddleOfMakingAThread() throws Exception {
    var making = new Held();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              making.run();
              return new Thread(body);
            })
            .start();
        making) {
      CompletableFuture<Boolean> submitter =
          Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(() -> {})));
      making.awaitBegun();
      StopReport report = pool.stop(Duration.ofMillis(5));
      assertFalse(report.stopped()); // the thread in the making is not there yet
      making.release();
      Testing.get(submitter);
      Testing.stopped(pool);
    }
  }

  @Test
  void start_races_stop_andEitherHoldsForGood() throws Exception {
    for (int round = 0; round < 300; round++) {
      try (ThreadPool pool = Testing.pool(2, 4).build()) {
        CompletableFuture<?> task = pool.submit(() -> {});
        CompletableFuture<Boolean> starter = Testing.inThread(() -> {
          try {
            pool.start();
            return true;
          } catch (IllegalStateException stopped) {
            return false;
          }
        });
        pool.stop();
        Testing.get(starter);
        assertEquals(PoolState.STOPPED, pool.state());
        assertEquals(0, pool.statistics().workers());
        assertTrue(task.isDone());
        Testing.assertBalanced(pool.statistics());
      }
    }
  }
}
