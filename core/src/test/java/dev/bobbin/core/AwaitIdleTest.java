package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.core.FaultyFactory.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Waiting until nothing runs and nothing waits. What each state of a pool answers: {@link LifeCycleTest}. */
class AwaitIdleTest {
  private static final Duration LONG = Duration.ofSeconds(Held.LONG_SECONDS);

  /** Begins to wait on a thread of its own, and sees it wait. */
  private static CompletableFuture<Boolean> waiting(ThreadPool pool) {
    var thread = new Thread[1];
    CompletableFuture<Boolean> waiter = Testing.inThread(thread, () -> pool.awaitIdle(LONG));
    Testing.awaitBlocked(thread[0]);
    assertFalse(waiter.isDone());
    return waiter;
  }

  @Test
  void awaitIdle_seesAllThatWasSubmitted_whenItAnswersTrue() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      for (int round = 0; round < 3_000; round++) {
        var ran = new int[4];
        for (int i = 0; i < ran.length; i++) {
          int number = i;
          pool.execute(() -> ran[number]++);
        }
        assertTrue(pool.awaitIdle(LONG));
        for (int times : ran) {
          assertEquals(1, times); // not volatile: the task happens-before the return
        }
        var numbers = pool.statistics();
        assertEquals(0, numbers.busy() + numbers.running() + numbers.backlog());
      }
    }
  }

  @Test
  void awaitIdle_waitsForTheCallback() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var callback = new Held()) {
      pool.callInThreadWithCallback(outcome -> callback.run(), () -> "value");
      callback.awaitBegun();
      CompletableFuture<Boolean> waiter = waiting(pool);
      callback.release();
      assertTrue(Testing.get(waiter));
    }
  }

  @Test
  void awaitIdle_waitsForTheDependents_whenTheTaskIsOffTheBooks() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var task = new Held();
        var stage = new Held()) {
      CompletableFuture<?> dependent = pool.submit(task).thenRun(stage);
      task.awaitBegun();
      task.release();
      stage.awaitBegun();
      assertEquals(0, pool.statistics().running());
      CompletableFuture<Boolean> waiter = waiting(pool);
      stage.release();
      assertTrue(Testing.get(waiter));
      assertTrue(dependent.isDone());
    }
  }

  @Test
  void awaitIdle_waitsForATaskThatItsSubmitterRuns() throws Exception {
    var config = Testing.config(0, 0).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held()) {
      CompletableFuture<?> waits = pool.submit(() -> {});
      CompletableFuture<Object> submitter = Testing.inThread(() -> {
        pool.execute(held);
        return null;
      });
      held.awaitBegun();
      assertTrue(waits.cancel(false));
      CompletableFuture<Boolean> waiter = waiting(pool);
      held.release();
      assertTrue(Testing.get(waiter));
      Testing.get(submitter);
    }
  }

  @Test
  void awaitIdle_waitsForTasksThatTheirKeyHoldsBack() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var first = new Held();
        var second = new Held()) {
      pool.inOrder("key").execute(first);
      pool.inOrder("key").execute(second);
      first.awaitBegun();
      CompletableFuture<Boolean> waiter = waiting(pool);
      first.release();
      second.awaitBegun();
      assertFalse(waiter.isDone());
      second.release();
      assertTrue(Testing.get(waiter));
      assertEquals(2, pool.statistics().completed());
    }
  }

  @Test
  void awaitIdle_isTold_whenTheLastWaitingTaskIsCancelled() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 0).start()) {
      CompletableFuture<?> task = pool.submit(() -> {});
      CompletableFuture<Boolean> waiter = waiting(pool);
      assertTrue(task.cancel(false));
      assertTrue(Testing.get(waiter));
    }
  }

  @Test
  void awaitIdle_isTold_whenTheLastWaitingTaskIsDiscarded() throws Exception {
    try (ThreadPool pool = new FaultyFactory(Fault.NULL).pool(0, 0).start()) {
      CompletableFuture<?> task = pool.submit(() -> {});
      CompletableFuture<Boolean> waiter = waiting(pool);
      pool.adjustPoolSize(0, 1); // no thread can be made: the task is given up
      assertTrue(Testing.get(waiter));
      assertTrue(task.isCompletedExceptionally());
    }
  }

  @Test
  void awaitIdle_isTold_whenTheLastBusyWorkerLeaves() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.adjustPoolSize(0, 0);
      CompletableFuture<Boolean> waiter = waiting(pool);
      held.release();
      assertTrue(Testing.get(waiter));
      assertEquals(0, pool.statistics().workers());
    }
  }

  @Test
  void awaitIdle_isTold_whenTheFactoryAtLastGivesNoThread() throws Exception {
    var making = new Held();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              making.run();
              return null;
            })
            .failureReporter(new RecordingReporter())
            .start();
        making) {
      CompletableFuture<Boolean> maker = Testing.inThread(pool::startAWorker);
      making.awaitBegun();
      CompletableFuture<Boolean> waiter = waiting(pool);
      making.release();
      assertTrue(Testing.get(waiter));
      assertFalse(Testing.get(maker));
    }
  }

  /** Nobody is told of a thread that dies without having run its body: whoever waits must look. */
  @Test
  void awaitIdle_seesToAThreadThatNeverRanItsBody() throws Exception {
    var asked = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(0, 1)
        .threadFactory(
            body -> asked.getAndIncrement() == 0 ? new Thread(() -> {}) : new Thread(body))
        .failureReporter(new RecordingReporter())
        .start()) {
      CompletableFuture<Integer> task = pool.submit(() -> 1);
      assertTrue(pool.awaitIdle(LONG));
      assertEquals(1, Testing.get(task));
      assertEquals(2, asked.get());
    }
  }

  @Test
  void awaitIdle_isOver_whenAStopHasEnded() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.shutdown();
      CompletableFuture<Boolean> waiter = waiting(pool);
      held.release();
      assertTrue(Testing.get(waiter));
      assertTrue(pool.isTerminated());
    }
  }

  @Test
  void awaitIdle_tellsEveryoneWhoWaits() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Boolean> first = waiting(pool);
      CompletableFuture<Boolean> second = waiting(pool);
      held.release();
      assertTrue(Testing.get(first));
      assertTrue(Testing.get(second));
    }
  }

  @Test
  void awaitIdle_answersFalse_whenTheTimeIsUp() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      assertFalse(pool.awaitIdle(Duration.ZERO));
      assertFalse(pool.awaitIdle(Duration.ofMillis(5)));
    }
  }

  @Test
  void awaitIdle_throwsAndClearsTheFlag_whenItIsInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var thread = new Thread[1];
      CompletableFuture<Boolean> waiter = Testing.inThread(thread, () -> {
        assertThrows(InterruptedException.class, () -> pool.awaitIdle(LONG));
        boolean before = Thread.interrupted();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> pool.awaitIdle(LONG));
        return before || Thread.interrupted();
      });
      Testing.awaitBlocked(thread[0]);
      thread[0].interrupt();
      assertFalse(Testing.get(waiter));
    }
  }

  /** Calls it and returns what it said to that. */
  private static String refusal(ThreadPool pool) {
    return assertThrows(IllegalStateException.class, () -> pool.awaitIdle(LONG)).getMessage();
  }

  @Test
  void awaitIdle_isRefused_whenATaskACallbackOrADependentCallsIt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      String text = "Pool 'p': thread 'PoolThread-p-0' is one of the pool's own and would wait for"
          + " itself. Call awaitIdle from another thread.";
      assertEquals(text, Testing.get(pool.submit(() -> refusal(pool))));
      var inCallback = new CompletableFuture<String>();
      pool.callInThreadWithCallback(outcome -> inCallback.complete(refusal(pool)), () -> "value");
      assertEquals(text, Testing.get(inCallback));
      CompletableFuture<String> inStage = pool.submit(held).thenApply(nothing -> refusal(pool));
      held.awaitBegun();
      held.release();
      assertEquals(text, Testing.get(inStage));
    }
  }

  @Test
  void awaitIdle_isRefused_whenTheFactoryOrASubmitterThatRunsItsTaskCallsIt() throws Exception {
    var pool = new CompletableFuture<ThreadPool>();
    var inFactory = new CompletableFuture<String>();
    var config = Testing.config(0, 1).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool made = ThreadPools.builder(config)
            .threadFactory(body -> {
              inFactory.complete(refusal(pool.join()));
              return new Thread(body);
            })
            .start();
        var held = new Held()) {
      pool.complete(made);
      made.execute(held);
      held.awaitBegun();
      assertTrue(Testing.get(inFactory).startsWith("Pool 'p': thread '"));
      CompletableFuture<?> waits = made.submit(() -> {});
      CompletableFuture<String> inCaller = made.submit(() -> refusal(made));
      assertTrue(Testing.get(inCaller)
          .startsWith("Pool 'p': thread '" + Thread.currentThread().getName() + "'"));
      held.release();
      Testing.get(waits);
    }
  }

  @Test
  void awaitIdle_saysWhatIsWrong_whenTheTimeIsNegative() {
    try (ThreadPool pool = Testing.pool(0, 1).start()) {
      var thrown =
          assertThrows(IllegalArgumentException.class, () -> pool.awaitIdle(Duration.ofMillis(-1)));
      assertEquals(
          "Pool 'p': the time to wait for idleness must not be negative, was PT-0.001S."
              + " Give Duration.ZERO to look only.",
          thrown.getMessage());
      assertEquals(
          "atMost",
          assertThrows(NullPointerException.class, () -> pool.awaitIdle(null)).getMessage());
    }
  }
}
