package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.EventLoop;
import dev.bobbin.api.ThreadPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Scenarios S54 to S68 and those of B1 to B14 that have a meaning here, on an event loop of the test's. */
class ReactorScenariosTest {
  @Test
  void s54_maximum_isTheOneThatWasSuggested() {
    try (ThreadPool pool = Testing.pool(0, 10).start()) {
      pool.adjustPoolSize(sizes -> sizes.withMaxWorkers(34));
      assertEquals(34, pool.sizes().maxWorkers());
      pool.adjustPoolSize(sizes -> sizes.withMaxWorkers(4));
      assertEquals(4, pool.sizes().maxWorkers());
    }
  }

  @Test
  void s55_b8_b9_worker_isNotOnTheLoop_butTheLoopIs() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var loop = new Loop()) {
      var events = EventLoop.builder(loop).onLoop(loop::isCurrent).build();
      assertFalse(Testing.get(pool.submit(events::isOnLoop)));
      var onLoop = new CompletableFuture<Boolean>();
      loop.execute(() -> onLoop.complete(events.isOnLoop()));
      assertTrue(Testing.get(onLoop));
    }
  }

  @Test
  void s55_b8_b9_loop_isKnown_onceItHasRunACall() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var loop = new Loop()) {
      var events = EventLoop.of(loop);
      assertSame(loop.thread(), Testing.get(pool.submit(() -> events.call(Thread::currentThread))));
      assertFalse(Testing.get(pool.submit(events::isOnLoop)));
      var onLoop = new CompletableFuture<Boolean>();
      loop.execute(() -> onLoop.complete(events.isOnLoop()));
      assertTrue(Testing.get(onLoop));
    }
  }

  @Test
  void s56_b3_b4_loop_runsWhatItIsGiven_byItselfAndByAWorker() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var loop = new Loop()) {
      var byItself = new CompletableFuture<Thread>();
      var byAWorker = new CompletableFuture<Thread>();
      loop.execute(() -> loop.execute(() -> byItself.complete(Thread.currentThread())));
      pool.execute(() -> loop.execute(() -> byAWorker.complete(Thread.currentThread())));
      assertSame(loop.thread(), Testing.get(byItself));
      assertSame(loop.thread(), Testing.get(byAWorker));
    }
  }

  @Test
  void s57_worker_handsAHundredThousandOutcomesToTheLoop_andNoneIsLost() throws Exception {
    var reporter = new RecordingReporter();
    var told = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(0, 1).failureReporter(reporter).start();
        var loop = new Loop()) {
      for (int i = 0; i < 100_000; i++) {
        pool.callInThreadWithCallback(outcome -> told.incrementAndGet(), () -> 1, loop);
      }
      Testing.stopped(pool);
    }
    assertEquals(100_000, told.get());
    assertEquals(List.of(), reporter.reports());
  }

  /** Has a worker await on the loop what the work returns. */
  private static String await(Callable<CompletableFuture<String>> work) throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var loop = new Loop()) {
      return Testing.get(pool.submit(() -> EventLoop.of(loop).<String>callAndAwait(work)));
    }
  }

  @Test
  void s58_blockingCall_givesTheValueOfAReadyStage() throws Exception {
    assertEquals("foo", await(() -> CompletableFuture.completedFuture("foo")));
  }

  @Test
  void s59_blockingCall_givesTheValueOfALaterStage() throws Exception {
    assertEquals("egg", await(() -> {
      var stage = new CompletableFuture<String>();
      Testing.inThread(() -> stage.complete("egg"));
      return stage;
    }));
  }

  @Test
  void s60_blockingCall_throwsTheVeryFailureOfAReadyStage() {
    var thrown = new IOException("checked");
    var failed = assertThrows(
        ExecutionException.class, () -> await(() -> CompletableFuture.failedFuture(thrown)));
    assertSame(thrown, failed.getCause());
  }

  @Test
  void s61_blockingCall_throwsTheVeryFailureOfALaterStage() {
    var thrown = new IOException("checked");
    var failed = assertThrows(
        ExecutionException.class,
        () -> await(() -> {
          var stage = new CompletableFuture<String>();
          Testing.inThread(() -> stage.completeExceptionally(thrown));
          return stage.thenApply(text -> text + "never");
        }));
    assertSame(thrown, failed.getCause());
  }

  @Test
  void s62_callMultipleInThread_runsAllInOrder_onOneThread() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 4).start();
        var loop = new Loop()) {
      var seen = new ArrayList<Integer>();
      var threads = new ArrayList<Thread>();
      var checked = new CompletableFuture<List<Integer>>();
      var works = new ArrayList<Runnable>();
      for (int i = 0; i < 10; i++) {
        int value = i;
        works.add(() -> {
          seen.add(value);
          threads.add(Thread.currentThread());
        });
      }
      works.add(() -> loop.execute(() -> checked.complete(List.copyOf(seen))));
      pool.callMultipleInThread(works);
      works.clear(); // it was copied
      assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Testing.get(checked));
      assertEquals(1, threads.stream().distinct().count());
      assertEquals(1, Testing.stopped(pool).accepted());
    }
  }

  @Test
  void s63_s66_deferToThread_givesTheValue_onTheLoop() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 8).start();
        var loop = new Loop()) {
      int x = 3;
      int y = 4;
      var completer = new CompletableFuture<Thread>();
      CompletableFuture<Integer> sum = whileHeld(loop, () -> {
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> x + y);
        future.thenRun(() -> completer.complete(Thread.currentThread()));
        return future;
      });
      assertEquals(7, Testing.get(sum));
      assertSame(loop.thread(), Testing.get(completer));
    }
  }

  @Test
  void s64_s67_deferToThread_failsWithTheVeryObject_onTheLoop() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 8).start();
        var loop = new Loop()) {
      var thrown = new NewError();
      var completer = new CompletableFuture<Thread>();
      CompletableFuture<Object> future = whileHeld(loop, () -> {
        CompletableFuture<Object> failing = pool.deferToThread(loop, () -> {
          throw thrown;
        });
        failing.whenComplete((value, failure) -> completer.complete(Thread.currentThread()));
        return failing;
      });
      var failed = assertThrows(ExecutionException.class, () -> Testing.get(future));
      assertSame(thrown, failed.getCause());
      assertSame(loop.thread(), Testing.get(completer));
    }
  }

  private static final class NewError extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Does something while the loop does nothing else, so that nothing is delivered meanwhile. */
  private static <T> T whileHeld(Loop loop, Callable<T> action) throws Exception {
    try (var held = new Held()) {
      loop.execute(held);
      held.awaitBegun();
      return action.call();
    }
  }

  @Test
  void s65_chainFails_whenASecondDeferralFailsAfterTheFirst() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 8).start();
        var loop = new Loop()) {
      CompletableFuture<Integer> chain = pool.<Integer>deferToThread(loop, () -> 0)
          .thenCompose(zero -> pool.deferToThread(loop, () -> 1 / zero));
      var failed = assertThrows(ExecutionException.class, () -> Testing.get(chain));
      assertInstanceOf(ArithmeticException.class, failed.getCause());
    }
  }

  /** What the child of S68 runs. */
  static final class NeverStarted {
    public static void main(String[] args) {
      ThreadPool pool = Testing.pool(0, 10).build();
      pool.execute(() -> System.out.println("ran"));
      pool.deferToThread(Runnable::run, () -> 1).thenAccept(System.out::println);
    }
  }

  @Test
  void s68_programEnds_whenItsPoolIsNeverStarted() throws Exception {
    assertEquals(List.of(), ForkedJvm.of(NeverStarted.class).run().lines(0));
  }

  @Test
  void b11_b12_lookup_isDelivered_andItsTimeLimitHasNoEffect() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var loop = new Loop()) {
      CompletableFuture<String> found = pool.<String>deferToThread(loop, () -> "10.0.0.1")
          .orTimeout(Held.LONG_SECONDS, TimeUnit.SECONDS);
      assertEquals("10.0.0.1", Testing.get(found));
      var unknown = new IOException("unknown host");
      CompletableFuture<String> lost = pool.<String>deferToThread(loop, () -> {
            throw unknown;
          })
          .orTimeout(Held.LONG_SECONDS, TimeUnit.SECONDS);
      var failed = assertThrows(ExecutionException.class, () -> Testing.get(lost));
      assertSame(unknown, failed.getCause());
    }
  }

  @Test
  void b13_lookupFails_whenItsTimeIsUp_andTheWorkerStaysUntilItReallyEnds() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var loop = new Loop();
        var lookup = new Held()) {
      CompletableFuture<String> late = pool.deferToThread(loop, () -> {
        lookup.run();
        return "10.0.0.1";
      });
      lookup.awaitBegun();
      late.orTimeout(1, TimeUnit.MILLISECONDS);
      var failed = assertThrows(ExecutionException.class, () -> Testing.get(late));
      assertInstanceOf(TimeoutException.class, failed.getCause());
      assertEquals(1, pool.statistics().busy());
      assertEquals(1, pool.statistics().running());
      lookup.release();
      assertEquals(1, Testing.stopped(pool).completed());
      assertTrue(late.isCompletedExceptionally()); // the late outcome was dropped
    }
  }
}
