package dev.bobbin.core;

import static dev.bobbin.core.HandPolicy.later;
import static dev.bobbin.core.HandPolicy.no;
import static dev.bobbin.core.HandPolicy.now;
import static dev.bobbin.core.Testing.awaitCleared;
import static dev.bobbin.core.Testing.config;
import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.inThread;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Growth policies in a whole pool: those that come with Bobbin, and one's own. */
class GrowthPolicyTest {
  private static final long PAUSE = 1_000;

  private static ThreadPoolConfig paused(String policy, int min, int max) {
    return ThreadPoolConfig.builder("p")
        .minWorkers(min)
        .maxWorkers(max)
        .growthPolicy(policy)
        .growthPause(Duration.ofNanos(PAUSE))
        .build();
  }

  /** The shipped policies, to the nanosecond, without threads. One worker is busy all the while. */
  @Nested
  class Shipped {
    private void whileBusy(SteppedPool stepped, Runnable action) {
      stepped.act(() -> stepped.pool().submit(action));
      stepped.stepAny();
    }

    private void execute(SteppedPool stepped, int tasks) {
      for (int i = 0; i < tasks; i++) {
        stepped.act(() -> stepped.pool().execute(() -> {}));
      }
    }

    @Test
    void atOnce_growsAtOnce_andIsNeverAsked() {
      SteppedPool stepped = SteppedPool.started(paused("at-once", 1, 3));
      assertNull(stepped.team().growthControl());
      var made = new ArrayList<Integer>();
      whileBusy(stepped, () -> {
        execute(stepped, 2);
        made.add(stepped.made().size());
      });
      assertEquals(List.of(3), made);
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void afterWait_growsWhenATaskHasWaitedForThePause_andNotBefore() {
      SteppedPool stepped = SteppedPool.started(paused("after-wait", 1, 3));
      var made = new ArrayList<Integer>();
      whileBusy(stepped, () -> {
        execute(stepped, 1);
        stepped.pass(PAUSE - 1);
        made.add(stepped.made().size());
        stepped.pass(1);
        stepped.runErrands();
        made.add(stepped.made().size());
      });
      assertEquals(List.of(1, 2), made);
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void afterWait_countsFromTheSubmissionOfTheTaskThatStillWaits() {
      SteppedPool stepped = SteppedPool.started(paused("after-wait", 1, 3));
      var made = new ArrayList<Integer>();
      whileBusy(stepped, () -> {
        CompletableFuture<?> first = stepped.act(() -> stepped.pool().submit(() -> {}));
        stepped.pass(PAUSE / 2);
        execute(stepped, 1);
        stepped.act(() -> first.cancel(false));
        stepped.pass(PAUSE / 2);
        stepped.runErrands(); // the second has waited for half the pause
        made.add(stepped.made().size());
        stepped.pass(PAUSE / 2 - 1);
        assertFalse(stepped.hasErrands());
        stepped.pass(1);
        stepped.runErrands();
        made.add(stepped.made().size());
      });
      assertEquals(List.of(1, 2), made);
    }

    @Test
    void afterWait_looksAtTasksOfAllPriorities() {
      SteppedPool stepped = SteppedPool.started(paused("after-wait", 1, 3));
      ThreadPool low =
          stepped.pool().with(TaskOptions.builder().priority(Priority.LOW).build());
      var made = new ArrayList<Integer>();
      whileBusy(stepped, () -> {
        stepped.act(() -> low.execute(() -> {}));
        stepped.pass(PAUSE - 1);
        execute(stepped, 1);
        stepped.pass(1);
        stepped.runErrands();
        made.add(stepped.made().size());
      });
      assertEquals(List.of(2), made);
    }

    @Test
    void afterWait_leavesAShortBurstToTheWorkersThereAre() {
      SteppedPool stepped = SteppedPool.started(paused("after-wait", 1, 3));
      whileBusy(stepped, () -> execute(stepped, 10));
      stepped.runAll();
      stepped.pass(PAUSE);
      assertFalse(stepped.hasErrands());
      assertEquals(1, stepped.made().size());
      assertEquals(11, stepped.pool().statistics().completed());
    }

    @Test
    void afterWait_makesTheFirstWorkerAtOnce() {
      SteppedPool stepped = SteppedPool.started(paused("after-wait", 0, 3));
      execute(stepped, 1);
      assertEquals(1, stepped.made().size());
    }

    /** Decision 14: somebody asked for it. */
    @Test
    void afterWait_readsTheClockForEveryTask() {
      SteppedPool stepped = SteppedPool.started(paused("after-wait", 1, 3));
      stepped.act(() -> stepped.pool().execute(() -> {
        throw new IllegalStateException("told with its times");
      }));
      stepped.pass(7);
      stepped.runAll();
      FailureReport report = stepped.reporter().reports().get(0);
      assertEquals(Optional.of(Duration.ofNanos(7)), report.waited());
    }

    @Test
    void limitedRate_growsByOneInEachPause() {
      SteppedPool stepped = SteppedPool.started(paused("limited-rate", 1, 4));
      var made = new ArrayList<Integer>();
      whileBusy(stepped, () -> {
        execute(stepped, 10);
        made.add(stepped.made().size()); // the first comes at once
        for (int i = 0; i < 2; i++) {
          stepped.pass(PAUSE - 1);
          execute(stepped, 1);
          made.add(stepped.made().size());
          stepped.pass(1);
          stepped.runErrands();
          made.add(stepped.made().size());
          execute(stepped, 1);
        }
        assertEquals(0, stepped.timer().pending(), "at the maximum there is nothing to wait for");
      });
      assertEquals(List.of(2, 2, 3, 3, 4), made);
      stepped.runAll();
      assertEquals(15, stepped.pool().statistics().completed());
    }

    @Test
    void limitedRate_isNotHurriedByAnIdleTime() {
      SteppedPool stepped = SteppedPool.started(paused("limited-rate", 1, 8));
      stepped.pass(100 * PAUSE);
      var made = new ArrayList<Integer>();
      whileBusy(stepped, () -> {
        execute(stepped, 10);
        made.add(stepped.made().size());
      });
      assertEquals(List.of(2), made);
    }

    @Test
    void pauseOfZero_growsAtOnce() {
      for (String policy : List.of("after-wait", "limited-rate")) {
        ThreadPoolConfig config =
            paused(policy, 1, 3).toBuilder().growthPause(Duration.ZERO).build();
        assertNull(SteppedPool.started(config).team().growthControl(), policy);
      }
    }
  }

  /** With real threads, and a clock that stands still until it is told to go on. */
  @Nested
  class Threaded {
    private static final int SUBMITTERS = 4;
    private static final int TASKS = 25;

    @Test
    void limitedRate_neverOvershoots_whenManySubmitAtOnce() throws Exception {
      var timers = new HandTimers();
      int max = 6;
      try (Pool pool = timers.startAsConfigured(paused("limited-rate", 1, max));
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        var submissions = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < SUBMITTERS; i++) {
          submissions.add(inThread(() -> {
            for (int j = 0; j < TASKS; j++) {
              pool.execute(held);
            }
            return null;
          }));
        }
        for (CompletableFuture<?> submission : submissions) {
          get(submission);
        }
        for (int workers = 2; workers < max; workers++) {
          int expected = workers;
          eventually(expected + " busy", () -> pool.statistics().busy() == expected);
          timers.awaitPending();
          timers.pass(PAUSE - 1);
          assertEquals(expected, pool.statistics().workers());
          timers.pass(1);
          assertEquals(expected + 1, pool.statistics().workers());
        }
        held.release();
        assertEquals(SUBMITTERS * TASKS + 1, stopped(pool).completed());
      }
    }

    @Test
    void policyThatBlocks_holdsUpItsCallerAlone() throws Exception {
      var inside = new CountDownLatch(1);
      var answer = new CountDownLatch(1);
      var policy = new HandPolicy().answerOnce(request -> {
        inside.countDown();
        Held.await(answer);
        return no().apply(request);
      });
      try (Pool pool = new HandTimers().start(config(1, 3), policy);
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        CompletableFuture<CompletableFuture<Integer>> first = inThread(() -> pool.submit(() -> 1));
        Held.await(inside);
        assertEquals(2, get(pool.submit(() -> 2)));
        assertFalse(first.isDone());
        answer.countDown();
        assertEquals(1, get(get(first)));
      }
    }

    @Test
    void policyThatStopsThePool_doesNotWaitForItself() throws Exception {
      var policy = new HandPolicy();
      try (Pool pool = new HandTimers().start(config(1, 3), policy);
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        policy.answer(request -> {
          pool.stop();
          return now().apply(request);
        });
        CompletableFuture<Integer> task = get(inThread(() -> pool.submit(() -> 1)));
        assertEquals(PoolState.STOPPING, pool.state());
        held.release();
        assertEquals(1, get(task));
        assertEquals(2, stopped(pool).completed());
      }
    }

    @Test
    void policyThatSubmitsResizesAndAsks_doesNotDeadlock() throws Exception {
      var policy = new HandPolicy();
      var inner = new CompletableFuture<CompletableFuture<Integer>>();
      try (Pool pool = new HandTimers().start(config(1, 2), policy);
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        policy.answerOnce(request -> {
          inner.complete(pool.submit(() -> pool.statistics().workers()));
          pool.adjustPoolSize(1, 3);
          return now().apply(request);
        });
        assertEquals(1, get(pool.submit(() -> 1)));
        assertTrue(get(get(inner)) >= 2);
      }
    }

    @Test
    void awaitIdle_waitsForThePolicy() throws Exception {
      var inside = new CountDownLatch(1);
      var answer = new CountDownLatch(1);
      var policy = new HandPolicy().answerOnce(request -> {
        inside.countDown();
        Held.await(answer);
        return no().apply(request);
      });
      try (Pool pool = new HandTimers().start(config(1, 3), policy);
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        CompletableFuture<CompletableFuture<Integer>> submission =
            inThread(() -> pool.submit(() -> 1));
        Held.await(inside);
        held.release();
        eventually("the task has run", () -> pool.statistics().completed() == 2);
        assertFalse(pool.awaitIdle(Duration.ZERO));
        answer.countDown();
        assertEquals(1, get(get(submission)));
        assertTrue(pool.awaitIdle(Duration.ofSeconds(Held.LONG_SECONDS)));
      }
    }

    @Test
    void policyThatThrows_isReportedOncePerPool() throws Exception {
      var policy = new HandPolicy().answer(request -> {
        throw new IllegalStateException("no idea");
      });
      for (int i = 0; i < 2; i++) {
        var reporter = new RecordingReporter();
        try (Pool pool = new HandTimers().start(config(1, 3), policy, reporter);
            var held = new Held(3)) {
          for (int j = 0; j < 3; j++) {
            pool.execute(held);
          }
          held.awaitBegun(); // all three at once: it has grown for two of them
        }
        assertEquals(1, reporter.reports().size());
        assertEquals(Kind.PLUGIN, reporter.reports().get(0).kind());
        assertEquals(
            List.of(
                "plugin 'by-hand' threw when asked whether the pool may grow; the pool grows at once; this is reported once"),
            reporter.subjects());
      }
    }

    /** A moment far away keeps no pool alive that is not used any more. */
    @Test
    void forgottenPool_isCollected_whenAnAlarmIsFarAway() throws Exception {
      var timers = new HandTimers();
      WeakReference<Pool> pool = forgotten(timers);
      assertEquals(1, timers.pending());
      awaitCleared("pool", pool);
    }

    private static WeakReference<Pool> forgotten(HandTimers timers) throws Exception {
      var policy = new HandPolicy().answer(later(Duration.ofDays(1000).toNanos()));
      Pool pool = timers.start(config(0, 2), policy);
      try (var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        CompletableFuture<Integer> task = pool.submit(() -> 1);
        held.release();
        get(task);
      }
      assertTrue(pool.stopAWorker());
      eventually("nobody lives", () -> pool.statistics().workers() == 0);
      return new WeakReference<>(pool);
    }
  }
}
