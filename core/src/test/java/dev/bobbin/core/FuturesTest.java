package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The futures of submit, and tasks that are futures of somebody else. */
class FuturesTest {
  @Test
  void submit_givesTheValue_inAllThreeForms() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      var ran = new AtomicInteger();
      CompletableFuture<String> callable = pool.submit(() -> "value");
      CompletableFuture<String> valued = pool.submit(ran::incrementAndGet, "given");
      CompletableFuture<?> plain = pool.submit((Runnable) ran::incrementAndGet);
      assertEquals("value", Testing.get(callable));
      assertEquals("given", Testing.get(valued));
      assertNull(Testing.get(plain));
      assertEquals("value", callable.join());
      assertEquals("value", callable.get());
      assertEquals("value", callable.getNow("absent"));
      assertEquals(2, ran.get());
      assertNull(Testing.get(pool.submit((Callable<String>) () -> null)));
      assertNull(Testing.get(pool.submit(() -> {}, null)));
      assertEquals(5, Testing.stopped(pool).completed());
    }
  }

  @Test
  void submit_givesTheVeryThrowable_inAllThreeForms() {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      var checked = new IOException("checked");
      var error = new AssertionError("error");
      var runtime = new IllegalStateException("runtime");
      CompletableFuture<String> callable = pool.submit(() -> {
        throw checked;
      });
      CompletableFuture<String> valued = pool.submit(
          (Runnable) () -> {
            throw error;
          },
          "given");
      CompletableFuture<?> plain = pool.submit((Runnable) () -> {
        throw runtime;
      });
      assertSame(checked, causeOf(callable));
      assertSame(error, causeOf(valued));
      assertSame(runtime, causeOf(plain));
      assertSame(
          checked, assertThrows(CompletionException.class, callable::join).getCause());
      assertEquals(3, Testing.stopped(pool).failed());
    }
  }

  private static Throwable causeOf(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> Testing.get(future)).getCause();
  }

  @Test
  void get_timesOut_andTheTaskGoesOn() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<String> future = pool.submit(held, "value");
      held.awaitBegun();
      assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
      assertThrows(TimeoutException.class, () -> future.get(0, TimeUnit.MILLISECONDS));
      assertFalse(future.isDone());
      held.release();
      assertEquals("value", Testing.get(future));
    }
  }

  @Test
  void get_throwsAndTheTaskGoesOn_whenTheWaiterIsInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<String> future = pool.submit(held, "value");
      held.awaitBegun();
      var waiter = new Thread[1];
      CompletableFuture<Object> waiting = Testing.inThread(
          waiter, () -> assertThrows(InterruptedException.class, () -> Testing.get(future)));
      Testing.awaitBlocked(waiter[0]);
      waiter[0].interrupt();
      assertInstanceOf(InterruptedException.class, Testing.get(waiting));
      held.release();
      assertEquals("value", Testing.get(future));
    }
  }

  /** Decision: a future completes when its task is off the books. */
  @Test
  void get_seesSettledBooks_everyTime() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 4).start()) {
      for (int i = 1; i <= 5_000; i++) {
        boolean fails = i % 7 == 0;
        CompletableFuture<Integer> future = pool.submit(() -> {
          if (fails) {
            throw new IllegalStateException("on purpose");
          }
          return 1;
        });
        try {
          Testing.get(future);
        } catch (ExecutionException expected) {
          assertTrue(fails);
        }
        var numbers = pool.statistics();
        assertEquals(i, numbers.accepted());
        assertEquals(i / 7, numbers.failed());
        assertEquals(i - i / 7, numbers.completed());
        assertEquals(0, numbers.running());
        assertEquals(0, numbers.backlog());
      }
    }
  }

  @Nested
  class WhenAUserCompletesIt {
    @Test
    void complete_winsAndTheWorkIsNotRun_whileItWaits() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        var ran = new AtomicInteger();
        pool.execute(held);
        held.awaitBegun();
        CompletableFuture<Integer> first = pool.submit(ran::incrementAndGet);
        CompletableFuture<Integer> second = pool.submit(ran::incrementAndGet);
        var own = new IOException("own");
        assertTrue(first.complete(42));
        assertTrue(second.completeExceptionally(own));
        assertEquals(0, pool.statistics().backlog());
        assertEquals(2, pool.statistics().cancelled());
        held.release();
        assertEquals(42, Testing.get(first));
        assertSame(own, causeOf(second));
        Testing.stopped(pool);
        assertEquals(0, ran.get());
      }
    }

    @Test
    void complete_wins_andTheTaskRunsToItsEnd_whileItRuns() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        CompletableFuture<String> future = pool.submit(held, "the work's");
        held.awaitBegun();
        assertTrue(future.complete("the user's"));
        assertFalse(future.complete("too late"));
        assertEquals("the user's", Testing.get(future));
        assertEquals(1, pool.statistics().running()); // until it really ends
        held.release();
        assertEquals(1, Testing.stopped(pool).completed());
        assertEquals("the user's", future.join());
      }
    }

    @Test
    void complete_isTooLate_whenTheTaskHasEnded() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start()) {
        CompletableFuture<Integer> future = pool.submit(() -> 1);
        Testing.get(future);
        assertFalse(future.complete(2));
        assertFalse(future.completeExceptionally(new IOException()));
        assertFalse(future.cancel(true));
        assertEquals(1, future.join());
        assertEquals(0, pool.statistics().cancelled());
      }
    }

    @Test
    void orTimeout_takesTheTaskOut_whileItWaits() {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        var ran = new AtomicInteger();
        pool.execute(held);
        held.awaitBegun();
        CompletableFuture<Integer> future =
            pool.submit(ran::incrementAndGet).orTimeout(1, TimeUnit.MILLISECONDS);
        assertInstanceOf(TimeoutException.class, causeOf(future));
        held.release();
        assertEquals(1, Testing.stopped(pool).cancelled());
        assertEquals(0, ran.get());
      }
    }
  }

  @Nested
  class ExecuteOfAFuture {
    @Test
    void futureTask_runsAsThePlainTaskItIs() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start()) {
        var task = new FutureTask<>(() -> "value");
        pool.execute(task);
        assertEquals("value", Testing.get(task));
        assertEquals(1, Testing.stopped(pool).completed());
      }
    }

    @Test
    void futureTask_cancelledWhileItWaits_doesNothing() {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        var ran = new AtomicInteger();
        var task = new FutureTask<>(ran::incrementAndGet);
        pool.execute(task);
        assertTrue(task.cancel(true));
        held.release();
        assertEquals(2, Testing.stopped(pool).completed());
        assertEquals(0, ran.get());
      }
    }

    /** A future that waits in one pool is that pool's to run, whoever else gets hold of it. */
    @Test
    void anotherPoolsFuture_isLeftToItsPool() throws Exception {
      try (ThreadPool mine = Testing.pool(1, 1).start();
          ThreadPool other = Testing.pool(1, 1).start();
          var held = new Held()) {
        mine.execute(held);
        held.awaitBegun();
        CompletableFuture<Thread> future = mine.submit(Thread::currentThread);
        other.execute((Runnable) future);
        Testing.stopped(other);
        assertFalse(future.isDone());
        assertEquals(1, other.statistics().completed());
        held.release();
        assertSame(held.runner(), Testing.get(future));
        assertEquals(2, Testing.stopped(mine).completed());
      }
    }

    @Test
    void anotherPoolsFuture_canBeCancelled_inBoth() throws Exception {
      try (ThreadPool mine = Testing.pool(1, 1).start();
          ThreadPool other = Testing.pool(1, 1).start();
          var held = new Held(2)) {
        mine.execute(held);
        other.execute(held);
        held.awaitBegun();
        var ran = new AtomicInteger();
        CompletableFuture<Integer> future = mine.submit(ran::incrementAndGet);
        other.execute((Runnable) future);
        assertTrue(future.cancel(true));
        held.release();
        assertEquals(1, Testing.stopped(mine).cancelled());
        assertEquals(0, Testing.stopped(other).cancelled());
        assertEquals(0, ran.get());
      }
    }

    /** It was told how it ended; given again it is a task that does nothing, and the books balance. */
    @Test
    void droppedFuture_isATaskThatDoesNothing_whenItIsGivenAgain() throws Exception {
      ThreadPoolConfig config = Testing.config(1, 1).toBuilder()
          .backlogLimit(0)
          .whenFull(Overflow.discardSilently())
          .build();
      try (ThreadPool pool = ThreadPools.builder(config).start();
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        var ran = new AtomicInteger();
        CompletableFuture<Integer> dropped = pool.submit(ran::incrementAndGet);
        assertTrue(dropped.isCompletedExceptionally());
        held.release();
        assertTrue(pool.awaitIdle(Duration.ofSeconds(Held.LONG_SECONDS)));
        pool.execute((Runnable) dropped);
        PoolStatistics numbers = Testing.stopped(pool);
        assertEquals(2, numbers.completed(), numbers::toString);
        assertEquals(0, numbers.backlog(), numbers::toString);
        assertEquals(0, ran.get());
      }
    }

    @Test
    void samePoolsFuture_runsOnce_whenItIsGivenAgain() throws Exception {
      try (ThreadPool pool = Testing.pool(2, 2).start();
          var held = new Held(2)) {
        pool.execute(held);
        pool.execute(held);
        held.awaitBegun();
        var ran = new AtomicInteger();
        CompletableFuture<Integer> future = pool.submit(ran::incrementAndGet);
        for (int i = 0; i < 10; i++) {
          pool.execute((Runnable) future);
        }
        held.release();
        assertEquals(1, Testing.get(future));
        assertEquals(13, Testing.stopped(pool).completed());
        assertEquals(1, ran.get());
      }
    }
  }

  @Nested
  class InvokeAllAndAny {
    @Test
    void invokeAll_givesAllFuturesDone_inTheOrderOfTheTasks() throws Exception {
      try (ThreadPool pool = Testing.pool(2, 4).start()) {
        List<Callable<Integer>> tasks = List.of(
            () -> 1,
            () -> {
              throw new IOException("on purpose");
            },
            () -> 3);
        var futures = pool.invokeAll(tasks);
        assertTrue(futures.stream().allMatch(future -> future.isDone()));
        assertEquals(1, Testing.get(futures.get(0)));
        assertThrows(ExecutionException.class, () -> Testing.get(futures.get(1)));
        assertEquals(3, Testing.get(futures.get(2)));
        var numbers = pool.statistics(); // settled: all three are off the books
        assertEquals(2, numbers.completed());
        assertEquals(1, numbers.failed());
        Testing.assertBalanced(numbers);
      }
    }

    @Test
    void invokeAll_cancelsWhatIsLeft_whenTheTimeIsUp() throws Exception {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        var ran = new AtomicInteger();
        List<Callable<Object>> tasks = List.of(
            () -> {
              held.runThroughInterrupts(); // so that the second has no worker when it is cancelled
              return 1;
            },
            ran::incrementAndGet,
            ran::incrementAndGet);
        var futures = pool.invokeAll(tasks, 20, TimeUnit.MILLISECONDS);
        assertEquals(3, futures.size());
        assertTrue(futures.stream().allMatch(future -> future.isCancelled()));
        held.release();
        Testing.stopped(pool);
        assertEquals(0, ran.get());
        assertEquals(0, pool.statistics().completed());
        assertEquals(pool.statistics().accepted(), pool.statistics().cancelled());
      }
    }

    @Test
    void invokeAll_countsNothing_whenThePoolRefuses() {
      try (ThreadPool pool =
          new FaultyFactory(FaultyFactory.Fault.NULL).pool(0, 1).start()) {
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2);
        assertThrows(dev.bobbin.api.TaskRejectedException.class, () -> pool.invokeAll(tasks));
        assertEquals(0, pool.statistics().accepted());
        assertEquals(0, pool.statistics().cancelled());
        assertEquals(1, pool.statistics().refused());
      }
    }

    @Test
    void invokeAny_givesOneThatSucceeds_andCancelsTheRest() throws Exception {
      try (ThreadPool pool = Testing.pool(4, 4).start();
          var held = new Held()) {
        List<Callable<String>> tasks = List.of(
            () -> {
              throw new IOException("on purpose");
            },
            () -> {
              held.run(); // until it is interrupted, as the one that is not needed
              return "slow";
            },
            () -> {
              held.awaitBegun();
              return "quick";
            });
        assertEquals("quick", pool.invokeAny(tasks));
        assertEquals("quick", pool.invokeAny(tasks, Held.LONG_SECONDS, TimeUnit.SECONDS));
        Testing.stopped(pool);
      }
    }

    @Test
    void invokeAny_throwsTheLastFailure_whenNoneSucceeds() {
      try (ThreadPool pool = Testing.pool(2, 2).start()) {
        var failure = new IOException("on purpose");
        List<Callable<String>> tasks = List.of(() -> {
          throw failure;
        });
        assertSame(
            failure,
            assertThrows(ExecutionException.class, () -> pool.invokeAny(tasks)).getCause());
      }
    }

    @Test
    void invokeAny_timesOut_andInterruptsWhatRuns() {
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        List<Callable<String>> tasks = List.of(() -> {
          held.run();
          return "never";
        });
        assertThrows(
            TimeoutException.class, () -> pool.invokeAny(tasks, 20, TimeUnit.MILLISECONDS));
        Testing.stopped(pool);
      }
    }
  }

  @Test
  void waitingForATask_warnsOnce_whenThePoolWasNeverStarted() throws Exception {
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(1, 1).build()) {
      CompletableFuture<String> future = pool.submit(() -> "value");
      assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
      assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
      assertEquals(
          List.of("WARNING Pool 'p' was never started, and thread '"
              + Thread.currentThread().getName()
              + "' waits for one of its tasks. Call start()."),
          logs.lines());
      pool.start();
      assertEquals("value", Testing.get(future));
    }
  }

  @Test
  void fault26_warningOfAPoolNeverStarted_makesTheNameOfTheThreadSafe() throws Exception {
    Thread current = Thread.currentThread();
    String before = current.getName();
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(1, 1).build()) {
      current.setName("two\nlines");
      assertThrows(
          TimeoutException.class, () -> pool.submit(() -> 1).get(1, TimeUnit.MILLISECONDS));
      assertFalse(logs.lines().get(0).contains("\n"), logs.lines()::toString);
    } finally {
      current.setName(before);
    }
  }

  @Test
  void dependents_areFuturesOfTheirOwn() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      CompletableFuture<Integer> stage = future.thenApply(value -> value + 1);
      assertNotSame(future.getClass(), stage.getClass());
      assertEquals(2, Testing.get(stage));
      assertEquals(1, Testing.get(future.copy()));
      assertSame(future, future.toCompletableFuture());
      assertEquals(1, Testing.get(future.minimalCompletionStage().toCompletableFuture()));
    }
  }
}
