package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The ends at which other pools were seen to fail, by the numbers of the probes that showed it. */
class StopProbesTest {
  private static final int TRIALS = 2_000;

  /** Another pool answers false after the first one. */
  @Test
  void P4_awaitTermination_goesOnWaiting_whenAStrayUnparkHitsIt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.shutdown();
      assertGoesOnWaiting(held, () -> pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void P4_awaitIdle_goesOnWaiting_whenAStrayUnparkHitsIt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      assertGoesOnWaiting(held, () -> pool.awaitIdle(Duration.ofSeconds(Held.LONG_SECONDS)));
    }
  }

  private static void assertGoesOnWaiting(Held held, Callable<Boolean> wait) throws Exception {
    var thread = new Thread[1];
    CompletableFuture<Boolean> waiter = Testing.inThread(thread, wait);
    for (int i = 0; i < 20; i++) {
      Testing.awaitBlocked(thread[0]);
      LockSupport.unpark(thread[0]);
    }
    Testing.awaitBlocked(thread[0]);
    assertFalse(waiter.isDone());
    held.release();
    assertTrue(Testing.get(waiter));
  }

  /** The worker is inside its task when the stop gives up: 23 of 200 started a queued task elsewhere. */
  @Test
  @Tag("stress")
  void P6b_P30_noQueuedTaskStarts_whenTheWorkerIsInsideItsTask() throws Exception {
    for (int trial = 0; trial < TRIALS; trial++) {
      int waiting = 1 + trial % 8;
      var ran = new AtomicIntegerArray(waiting);
      try (ThreadPool pool = Testing.pool(1, 1).start();
          var held = new Held()) {
        CompletableFuture<?> running = pool.submit(held);
        held.awaitBegun();
        submitNumbered(pool, ran);
        int givenUp = trial % 2 == 0
            ? pool.shutdownNow().size()
            : pool.stop(Duration.ZERO).discarded().size();
        assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
        assertEquals(waiting, givenUp);
        for (int i = 0; i < waiting; i++) {
          assertEquals(0, ran.get(i));
        }
        assertTrue(running.isCompletedExceptionally(), "it was interrupted");
        assertEquals(waiting, pool.statistics().discarded());
      }
    }
  }

  /** Whatever a worker has in hand at that moment has run; the rest never does, and nothing is lost. */
  @Test
  @Tag("stress")
  void P6b_ranAndDiscardedAreDisjointAndTogetherComplete_whenShortTasksFlow() throws Exception {
    int tasks = 300;
    for (int trial = 0; trial < TRIALS; trial++) {
      var ran = new AtomicIntegerArray(tasks);
      try (ThreadPool pool = Testing.pool(1, 2).start()) {
        List<Numbered> all = submitNumbered(pool, ran);
        int enough = trial * 7 % tasks;
        Testing.eventually("some have run", () -> pool.statistics().completed() >= enough);
        List<Runnable> givenUp =
            trial % 2 == 0 ? pool.shutdownNow() : pool.stop(Duration.ZERO).discarded();
        assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
        for (Runnable task : givenUp) {
          ran.addAndGet(((Numbered) task).number, 1_000);
        }
        for (Numbered task : all) {
          int ends = ran.get(task.number);
          assertTrue(ends == 1 || ends == 1_000, () -> "task " + task.number + ": " + ends);
        }
        var numbers = pool.statistics();
        assertEquals(givenUp.size(), numbers.discarded());
        assertEquals(tasks - givenUp.size(), numbers.completed());
      }
    }
  }

  private record Numbered(int number, AtomicIntegerArray ran) implements Runnable {
    @Override
    public void run() {
      ran.incrementAndGet(number);
    }
  }

  private static List<Numbered> submitNumbered(ThreadPool pool, AtomicIntegerArray ran) {
    var all = new ArrayList<Numbered>();
    for (int i = 0; i < ran.length(); i++) {
      var task = new Numbered(i, ran);
      all.add(task);
      pool.execute(task);
    }
    return all;
  }

  /**
   * A queued future of our own completes when the pool gives it up. One of {@code supplyAsync} cannot be
   * completed by any executor; it is in the list and in the report, and completes when it is run.
   */
  @Test
  void P11_P31_queuedFuturesComplete_whenThePoolGivesUp() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var termination = pool.termination();
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Integer> own = pool.submit(() -> 1);
      CompletableFuture<Integer> dependent = own.thenApply(value -> value + 1);
      CompletableFuture<Integer> foreign = CompletableFuture.supplyAsync(() -> 2, pool);
      List<Runnable> givenUp = pool.shutdownNow();
      assertEquals(
          RejectionReason.STOPPING,
          assertInstanceOf(TaskDiscardedException.class, failureOf(own)).reason());
      assertInstanceOf(TaskDiscardedException.class, failureOf(dependent));
      assertFalse(foreign.isDone());
      assertEquals(2, givenUp.size());
      StopReport report = Testing.get(termination.toCompletableFuture());
      assertSame(givenUp.get(1), report.discarded().get(1));
      report.discarded().forEach(Runnable::run);
      assertEquals(2, foreign.join());
      assertTrue(own.isCompletedExceptionally());
    }
  }

  /** A task that is dropped in silence tells its future all the same. */
  @Test
  void P12_futuresComplete_whenTheirTasksAreDropped() throws Exception {
    var config = Testing.config(0, 0).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.discardSilently())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      CompletableFuture<?> first = pool.submit(() -> {});
      CompletableFuture<?> full = pool.submit(() -> {});
      assertInstanceOf(TaskRejectedException.class, failureOf(full));
      assertFalse(first.isDone());
      pool.stop();
      CompletableFuture<?> late = pool.submit(() -> {});
      assertInstanceOf(TaskRejectedException.class, failureOf(late));
      assertInstanceOf(TaskDiscardedException.class, failureOf(first));
    }
  }

  /** Running in the caller is no way round the end: elsewhere the future of such a task hung. */
  @Test
  void P26_submissionIsRefused_whenACallerWouldRunItAfterTheStop() throws Exception {
    var config = Testing.config(1, 1).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      pool.shutdown();
      var ran = new boolean[1];
      assertThrows(TaskRejectedException.class, () -> pool.submit(() -> ran[0] = true));
      held.release();
      assertNull(Testing.get(waiting));
      Testing.stopped(pool);
      assertThrows(TaskRejectedException.class, () -> pool.submit(() -> ran[0] = true));
      assertFalse(ran[0]);
    }
  }

  @Test
  void P13_awaitTerminationIsTrueOnlyWhenTheTasksHaveEnded() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start()) {
      assertEndsAfterItsTasks(pool);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void P13_awaitTerminationIsTrueOnlyWhenTheTasksHaveEnded_onVirtualThreads() throws Exception {
    var config = Testing.config(2, 2).toBuilder().threadFactory("virtual").build();
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      assertEquals(
          "VirtualThreads",
          Testing.get(pool.submit(() -> Thread.currentThread().getThreadGroup().getName())));
      assertEndsAfterItsTasks(pool);
    }
  }

  private static void assertEndsAfterItsTasks(ThreadPool pool) throws Exception {
    try (var held = new Held(2)) {
      var ended = new int[2];
      for (int i = 0; i < 2; i++) {
        int number = i;
        pool.execute(() -> {
          held.run();
          ended[number]++;
        });
      }
      held.awaitBegun();
      pool.shutdown();
      assertFalse(pool.awaitTermination(1, TimeUnit.MILLISECONDS));
      assertFalse(pool.isTerminated());
      CompletableFuture<Boolean> waiter =
          Testing.inThread(() -> pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS)
              && ended[0] == 1
              && ended[1] == 1);
      held.release();
      assertTrue(Testing.get(waiter));
    }
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> Testing.get(future)).getCause();
  }
}
