package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound of the backlog, and what happens to tasks for which it has no room. */
class AdmissionTest {
  private static final Duration LONG = Duration.ofSeconds(Held.LONG_SECONDS);

  private static ThreadPoolConfig.Builder config(int min, int max, int limit) {
    return ThreadPoolConfig.builder("p").minWorkers(min).maxWorkers(max).backlogLimit(limit);
  }

  private static ThreadPool started(ThreadPoolConfig.Builder config) {
    return ThreadPools.builder(config.build()).start();
  }

  private static ThreadPool started(int max, int limit, Overflow whenFull) {
    return started(config(Math.min(1, max), max, limit).whenFull(whenFull));
  }

  /** Keeps the only worker busy. */
  private static void occupy(ThreadPool pool, Held held) {
    pool.execute(held);
    held.awaitBegun();
  }

  private static TaskRejectedException assertRefused(RejectionReason reason, Runnable submission) {
    TaskRejectedException refusal = assertThrows(TaskRejectedException.class, submission::run);
    assertEquals(reason, refusal.reason());
    return refusal;
  }

  @Nested
  class Bound {
    @Test
    void execute_isRefusedWithTheReason_whenTheBacklogIsFull() {
      try (ThreadPool pool = started(1, 2, Overflow.refuse());
          var held = new Held()) {
        occupy(pool, held);
        pool.execute(() -> {});
        pool.execute(() -> {});
        TaskRejectedException refusal =
            assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        assertEquals(
            "Pool 'p' refused a task: its backlog is full. Submit more slowly, or give the pool a"
                + " larger backlog or another Overflow. [RUNNING, workers 1 (busy 1, idle 0) of 1 to 1,"
                + " backlog 2 of 2, running 1, accepted 3, completed 0, failed 0, cancelled 0,"
                + " discarded 0, refused 1]",
            refusal.getMessage());
        assertNotEquals(0, refusal.getStackTrace().length);
        assertEquals(2, assertNotNullStatistics(refusal));
        held.release();
        assertEquals(3, Testing.stopped(pool).completed());
        assertEquals(1, pool.statistics().refused());
      }
    }

    private long assertNotNullStatistics(TaskRejectedException refusal) {
      assertNotNull(refusal.statistics());
      return refusal.statistics().backlog();
    }

    @Test
    void refusal_hasNoStackTrace_whenSoConfigured() {
      try (ThreadPool pool = started(config(0, 0, 0).rejectionStackTraces(false))) {
        TaskRejectedException refusal =
            assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        assertEquals(0, refusal.getStackTrace().length);
        pool.stop();
        refusal = assertRefused(RejectionReason.STOPPING, () -> pool.execute(() -> {}));
        assertEquals(0, refusal.getStackTrace().length);
      }
    }

    @Test
    void pool_growsToItsMaximum_beforeItRefuses() {
      try (ThreadPool pool = started(config(0, 3, 0));
          var held = new Held(3)) {
        for (int i = 0; i < 3; i++) {
          pool.execute(held);
        }
        held.awaitBegun();
        assertEquals(3, pool.statistics().workers());
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void waiter_canSubmitAgain_howeverSmallTheBound(int limit) throws Exception {
      try (ThreadPool pool = started(1, limit, Overflow.refuse())) {
        for (int i = 0; i < 2_000; i++) {
          int expected = i;
          assertEquals(expected, Testing.get(pool.submit(() -> expected)));
        }
        assertEquals(0, pool.statistics().refused());
      }
    }

    @Test
    void bound_isThatOfTheBacklogAlone_whenThePoolIsNew() {
      try (ThreadPool pool = ThreadPools.builder(config(1, 4, 2).build()).build()) {
        var ran = new AtomicInteger();
        pool.execute(ran::incrementAndGet);
        pool.execute(ran::incrementAndGet);
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(ran::incrementAndGet));
        pool.start();
        assertEquals(2, Testing.stopped(pool).completed());
        assertEquals(2, ran.get());
      }
    }

    /** P23: a cancelled task gives its place back at once, though no worker has passed by. */
    @Test
    void p23_cancel_freesThePlace() {
      try (ThreadPool pool = started(1, 1, Overflow.refuse());
          var held = new Held()) {
        occupy(pool, held);
        for (int i = 0; i < 1_000; i++) {
          CompletableFuture<?> waiting = pool.submit(() -> {});
          assertEquals(1, pool.statistics().backlog());
          assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
          assertTrue(waiting.cancel(false));
          assertEquals(0, pool.statistics().backlog());
        }
        held.release();
        assertEquals(1_000, Testing.stopped(pool).cancelled());
      }
    }

    @Test
    void adjustPoolSize_changesTheBoundToo_inOneStep() throws Exception {
      try (ThreadPool pool = started(1, 0, Overflow.refuse());
          var held = new Held()) {
        assertEquals(0, pool.backlogLimit());
        occupy(pool, held);
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        Testing.get(pool.adjustPoolSize(1, 1, 2).toCompletableFuture());
        assertEquals(2, pool.backlogLimit());
        assertEquals(2, pool.statistics().backlogLimit());
        pool.execute(() -> {});
        pool.execute(() -> {});
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        pool.adjustPoolSize(1, 1);
        assertEquals(2, pool.backlogLimit(), "the sizes alone leave the bound alone");
        pool.adjustPoolSize(1, 1, 1);
        assertEquals(2, pool.statistics().backlog(), "nothing that waits is given up");
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        pool.adjustPoolSize(1, 1, ThreadPoolConfig.UNBOUNDED);
        for (int i = 0; i < 100; i++) {
          pool.execute(() -> {});
        }
        pool.adjustPoolSize(1, 1, 50);
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        pool.adjustPoolSize(1, 1, 103);
        pool.execute(() -> {});
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        held.release();
        assertEquals(104, Testing.stopped(pool).completed());
      }
    }

    @Test
    void adjustPoolSize_saysWhatIsWrong_whenTheBoundIsNegative() {
      try (ThreadPool pool = started(1, 1, Overflow.refuse())) {
        var wrong =
            assertThrows(IllegalArgumentException.class, () -> pool.adjustPoolSize(1, 2, -1));
        assertEquals(
            "Pool 'p': backlogLimit must not be negative, was -1. Give 0 or more, or UNBOUNDED.",
            wrong.getMessage());
        assertEquals(1, pool.sizes().maxWorkers());
        assertEquals(1, pool.backlogLimit());
      }
    }

    /** However many submit at once, no more get in than there is room for. */
    @Test
    void bound_isExact_whenManySubmitAtOnce() throws Exception {
      try (ThreadPool pool = started(1, 10, Overflow.refuse())) {
        for (int round = 0; round < 50; round++) {
          try (var held = new Held()) {
            occupy(pool, held);
            var start = new CountDownLatch(1);
            var accepted = new AtomicInteger();
            var all = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 4; i++) {
              all.add(Testing.inThread(() -> {
                Held.await(start);
                for (int task = 0; task < 10; task++) {
                  if (Testing.isAccepted(() -> pool.execute(() -> {}))) {
                    accepted.incrementAndGet();
                  }
                }
                return null;
              }));
            }
            start.countDown();
            for (CompletableFuture<Void> one : all) {
              Testing.get(one);
            }
            assertEquals(10, accepted.get());
            assertEquals(10, pool.statistics().backlog());
          }
          Testing.eventually(
              "all have run",
              () -> pool.statistics().running() == 0 && pool.statistics().backlog() == 0);
        }
      }
    }
  }

  @Nested
  class CallerRuns {
    @Test
    void task_runsInItsCaller_andIsOnTheBooks() {
      try (ThreadPool pool = started(1, 0, Overflow.runInCaller());
          var held = new Held()) {
        occupy(pool, held);
        var runner = new AtomicReference<Thread>();
        var running = new AtomicInteger();
        pool.execute(() -> {
          runner.set(Thread.currentThread());
          running.set((int) pool.statistics().running());
        });
        assertSame(Thread.currentThread(), runner.get());
        assertEquals(2, running.get());
        assertEquals(2, pool.statistics().accepted());
        assertEquals(1, pool.statistics().completed());
        CompletableFuture<String> future = pool.submit(() -> "here");
        assertEquals("here", future.join());
        CompletableFuture<String> failed = pool.submit(() -> {
          throw new IllegalStateException("as it should");
        });
        assertInstanceOf(
            IllegalStateException.class,
            assertThrows(CompletionException.class, failed::join).getCause());
        held.release();
        var numbers = Testing.stopped(pool);
        assertEquals(3, numbers.completed());
        assertEquals(1, numbers.failed());
        assertEquals(4, numbers.accepted());
      }
    }

    /** P17, pitfall 21: what the caller carries is there while the task runs, and there afterwards. */
    @Test
    void p17_callersContext_isIntactAfterwards() {
      var tenant = new Marker();
      try (ThreadPool pool = ThreadPools.builder(
                  config(1, 1, 0).whenFull(Overflow.runInCaller()).build())
              .contextPropagator(tenant)
              .start();
          var held = new Held()) {
        occupy(pool, held);
        tenant.set("ours");
        var seen = new AtomicReference<String>();
        pool.execute(() -> {
          seen.set(tenant.get());
          tenant.set("left by the task");
        });
        assertEquals("ours", seen.get());
        assertEquals("ours", tenant.get());
      }
    }

    @Test
    void stop_beginsAndReturns_whenCalledFromTheTask() {
      try (ThreadPool pool = started(1, 0, Overflow.runInCaller());
          var held = new Held()) {
        occupy(pool, held);
        var state = new AtomicReference<PoolState>();
        pool.execute(() -> {
          pool.stop();
          state.set(pool.state());
        });
        assertEquals(PoolState.STOPPING, state.get());
        held.release();
        pool.stop();
        assertEquals(PoolState.STOPPED, pool.state());
      }
    }

    /** The stop gives up at once, and lists the very task that has called it as running. */
    @Test
    void stopWithDeadline_beginsAndReturnsAReport_whenCalledFromTheTask() throws Exception {
      try (ThreadPool pool = started(1, 1, Overflow.runInCaller());
          var held = new Held()) {
        occupy(pool, held);
        CompletableFuture<?> waits = pool.submit(() -> {});
        var told = new AtomicReference<StopReport>();
        pool.execute(() -> told.set(pool.stop(Duration.ZERO)));
        assertFalse(told.get().stopped());
        assertTrue(
            told.get().running().stream()
                .anyMatch(task -> task.worker().equals(Thread.currentThread().getName())),
            told.get()::toString);
        assertEquals(1, told.get().discarded().size());
        assertThrows(CompletionException.class, waits::join);
        pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS);
        assertEquals(1, Testing.stopped(pool).discarded());
      }
    }

    @Test
    void stop_waitsForTheTask_whenCalledFromElsewhere() throws Exception {
      try (ThreadPool pool = started(config(0, 0, 0).whenFull(Overflow.runInCaller()));
          var held = new Held()) {
        CompletableFuture<Void> caller = Testing.inThread(() -> {
          pool.execute(held);
          return null;
        });
        held.awaitBegun();
        var stopper = new Thread[1];
        CompletableFuture<Void> stop = Testing.inThread(stopper, () -> {
          pool.stop();
          return null;
        });
        Testing.awaitBlocked(stopper[0]);
        assertFalse(pool.isTerminated());
        assertEquals(1, pool.statistics().running());
        assertRefused(RejectionReason.STOPPING, () -> pool.execute(() -> {}));
        held.release();
        Testing.get(stop);
        Testing.get(caller);
        assertEquals(1, pool.statistics().completed());
      }
    }

    @Test
    void report_namesTheTask_whenItWouldNotEnd() throws Exception {
      try (ThreadPool pool = started(config(0, 0, 0).whenFull(Overflow.runInCaller()));
          var held = new Held()) {
        CompletableFuture<Void> caller = Testing.inThread(() -> {
          pool.execute(held);
          return null;
        });
        held.awaitBegun();
        var report = pool.stop(Duration.ZERO);
        assertFalse(report.stopped());
        assertEquals(1, report.running().size(), report::toString);
        assertEquals("beside the test", report.running().get(0).worker());
        assertEquals("held work", report.running().get(0).task());
        held.release();
        Testing.get(caller);
      }
    }
  }

  @Nested
  class Blocking {
    @Test
    void submitter_waitsForRoom() throws Exception {
      try (ThreadPool pool = started(1, 1, Overflow.block(LONG));
          var held = new Held()) {
        occupy(pool, held);
        pool.execute(() -> {});
        var thread = new Thread[1];
        CompletableFuture<String> late =
            Testing.inThread(thread, () -> pool.submit(() -> "late")).thenCompose(future -> future);
        Testing.awaitBlocked(thread[0]);
        assertEquals(1, pool.statistics().backlog());
        held.release();
        assertEquals("late", Testing.get(late));
        assertEquals(0, pool.statistics().refused());
      }
    }

    @Test
    void submitters_allGetInInTheEnd_whenManyWait() throws Exception {
      try (ThreadPool pool = started(2, 1, Overflow.block(LONG))) {
        var ran = new AtomicInteger();
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 8; i++) {
          all.add(Testing.inThread(() -> {
            for (int task = 0; task < 500; task++) {
              pool.execute(ran::incrementAndGet);
            }
            return null;
          }));
        }
        for (CompletableFuture<Void> one : all) {
          Testing.get(one);
        }
        assertEquals(4_000, Testing.stopped(pool).completed());
        assertEquals(4_000, ran.get());
        assertEquals(0, pool.statistics().refused());
      }
    }

    @Test
    void submitter_isRefused_whenTheTimeIsUp() {
      try (ThreadPool pool = started(1, 0, Overflow.block(Duration.ofNanos(1)));
          var held = new Held()) {
        occupy(pool, held);
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
      }
    }

    @Test
    void submitter_isRefusedAndStaysInterrupted_whenInterrupted() throws Exception {
      try (ThreadPool pool = started(1, 0, Overflow.block(LONG));
          var held = new Held()) {
        occupy(pool, held);
        var thread = new Thread[1];
        CompletableFuture<Boolean> interrupted = Testing.inThread(thread, () -> {
          TaskRejectedException refusal =
              assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
          assertInstanceOf(InterruptedException.class, refusal.getCause());
          return Thread.currentThread().isInterrupted();
        });
        Testing.awaitBlocked(thread[0]);
        thread[0].interrupt();
        assertTrue(Testing.get(interrupted));
      }
    }

    @Test
    void worker_isRefusedAtOnce_sinceItMightWaitForItself() throws Exception {
      try (ThreadPool pool = started(1, 0, Overflow.block(LONG))) {
        CompletableFuture<TaskRejectedException> refusal = pool.submit(
            () -> assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {})));
        assertNotNull(Testing.get(refusal));
      }
    }

    @Test
    void submitter_isRefusedAsStopping_whenThePoolStopsMeanwhile() throws Exception {
      try (ThreadPool pool = started(1, 0, Overflow.block(LONG));
          var held = new Held()) {
        occupy(pool, held);
        var thread = new Thread[1];
        CompletableFuture<TaskRejectedException> refusal = Testing.inThread(
            thread, () -> assertRefused(RejectionReason.STOPPING, () -> pool.execute(() -> {})));
        Testing.awaitBlocked(thread[0]);
        pool.shutdown();
        assertNotNull(Testing.get(refusal));
      }
    }

    /** The submitter used to be woken before there was a stop to see, and then never again. */
    @Test
    void submitter_isRefusedAsStopping_whenThePoolStopsMeanwhile_manyTimes() throws Exception {
      for (int i = 0; i < 500; i++) {
        submitter_isRefusedAsStopping_whenThePoolStopsMeanwhile();
      }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void submitters_getIn_whenTheBoundOrTheMaximumIsRaised(boolean bound) throws Exception {
      try (ThreadPool pool = started(1, 0, Overflow.block(Duration.ofDays(1)));
          var held = new Held()) {
        occupy(pool, held);
        var first = new Thread[1];
        var second = new Thread[1];
        CompletableFuture<Void> one = Testing.inThread(first, () -> {
          pool.execute(() -> {});
          return null;
        });
        CompletableFuture<Void> two = Testing.inThread(second, () -> {
          pool.execute(() -> {});
          return null;
        });
        Testing.awaitBlocked(first[0]);
        Testing.awaitBlocked(second[0]);
        if (bound) {
          pool.adjustPoolSize(1, 1, 2);
        } else {
          pool.adjustPoolSize(1, 3);
        }
        Testing.get(one);
        Testing.get(two);
      }
    }
  }

  @Nested
  class DiscardingTheOldest {
    @Test
    void oldest_givesItsPlaceUp_andItsFutureSaysWhy() throws Exception {
      try (ThreadPool pool = started(1, 2, Overflow.discardOldest());
          var held = new Held()) {
        occupy(pool, held);
        CompletableFuture<String> oldest = pool.submit(() -> "oldest");
        CompletableFuture<String> older = pool.submit(() -> "older");
        CompletableFuture<String> newest = pool.submit(() -> "newest");
        var discarded = assertInstanceOf(
            TaskDiscardedException.class,
            assertThrows(ExecutionException.class, () -> Testing.get(oldest)).getCause());
        assertEquals(RejectionReason.BACKLOG_FULL, discarded.reason());
        held.release();
        assertEquals("older", Testing.get(older));
        assertEquals("newest", Testing.get(newest));
        assertEquals(1, Testing.stopped(pool).discarded());
        assertEquals(0, pool.statistics().refused());
      }
    }

    @Test
    void lowestLevel_givesWay_andNeverAHigherOneToALower() {
      try (ThreadPool pool = started(1, 2, Overflow.discardOldest());
          var held = new Held()) {
        occupy(pool, held);
        ThreadPool low = pool.with(TaskOptions.builder().priority(Priority.LOW).build());
        ThreadPool high =
            pool.with(TaskOptions.builder().priority(Priority.HIGH).build());
        CompletableFuture<?> normal = pool.submit(() -> {});
        CompletableFuture<?> lowly = low.submit(() -> {});
        CompletableFuture<?> firstHigh = high.submit(() -> {});
        assertTrue(lowly.isCompletedExceptionally());
        assertFalse(normal.isDone());
        CompletableFuture<?> secondHigh = high.submit(() -> {});
        assertTrue(normal.isCompletedExceptionally());
        assertRefused(RejectionReason.BACKLOG_FULL, () -> low.submit(() -> {}));
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.submit(() -> {}));
        held.release();
        firstHigh.join();
        secondHigh.join();
      }
    }

    @Test
    void newTask_isRefused_whenNobodyWaits() {
      try (ThreadPool pool = started(1, 0, Overflow.discardOldest());
          var held = new Held()) {
        occupy(pool, held);
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
      }
    }
  }

  @Nested
  class DroppingSilently {
    @Test
    void p12_task_isDroppedWithoutAWord_butItsFutureIsTold() {
      try (ThreadPool pool = started(1, 0, Overflow.discardSilently());
          var held = new Held()) {
        occupy(pool, held);
        var ran = new AtomicInteger();
        pool.execute(ran::incrementAndGet);
        pool.callInThreadWithCallback(outcome -> ran.incrementAndGet(), () -> 1);
        CompletableFuture<Integer> future = pool.submit(ran::incrementAndGet);
        var refusal = assertInstanceOf(
            TaskRejectedException.class,
            assertThrows(CompletionException.class, future::join).getCause());
        assertEquals(RejectionReason.BACKLOG_FULL, refusal.reason());
        assertEquals(3, pool.statistics().refused());
        held.release();
        assertEquals(1, Testing.stopped(pool).accepted());
        assertEquals(0, ran.get());
      }
    }

    /** W3, P26: the original's way after a stop, for those who choose it. */
    @Test
    void w3_p26_task_isDropped_whenThePoolHasStopped() {
      ThreadPool pool = started(1, 5, Overflow.discardSilently());
      pool.stop();
      pool.execute(() -> {});
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      var refusal = assertInstanceOf(
          TaskRejectedException.class,
          assertThrows(CompletionException.class, future::join).getCause());
      assertEquals(RejectionReason.STOPPING, refusal.reason());
      assertEquals(2, pool.statistics().refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUN_IN_CALLER", "BLOCK", "DISCARD_OLDEST", "REFUSE"})
    void p26_everyOtherWay_refuses_whenThePoolHasStopped(String kind) {
      Overflow way = List.of(
              Overflow.refuse(),
              Overflow.runInCaller(),
              Overflow.block(LONG),
              Overflow.discardOldest())
          .stream()
          .filter(one -> one.kind().name().equals(kind))
          .findAny()
          .orElseThrow();
      ThreadPool pool = started(1, 0, way);
      pool.stop();
      var ran = new AtomicInteger();
      assertRefused(RejectionReason.STOPPING, () -> pool.execute(ran::incrementAndGet));
      assertRefused(RejectionReason.STOPPING, () -> pool.submit(ran::incrementAndGet));
      assertEquals(0, ran.get());
    }
  }

  @Nested
  class OwnPolicy {
    @Test
    void policy_decidesTaskByTask_andSeesTheOptions() {
      var asked = Collections.synchronizedList(new ArrayList<String>());
      try (ThreadPool pool = ThreadPools.builder(config(1, 1, 0).build())
              .overflowPolicy((from, options) -> {
                asked.add(from.name() + options.name().orElse("-"));
                return options.name().isPresent() ? Overflow.runInCaller() : Overflow.refuse();
              })
              .start();
          var held = new Held()) {
        occupy(pool, held);
        assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        var runner = new AtomicReference<Thread>();
        pool.with(TaskOptions.builder().name("dear").build())
            .execute(() -> runner.set(Thread.currentThread()));
        assertSame(Thread.currentThread(), runner.get());
        assertEquals(List.of("p-", "pdear"), asked);
        pool.shutdown();
        assertRefused(RejectionReason.STOPPING, () -> pool.execute(() -> {}));
        assertEquals(2, asked.size(), "after a stop nobody is asked");
      }
    }

    @Test
    void task_isRefusedWithTheCause_whenThePolicyThrowsOrReturnsNull() {
      var thrown = new IllegalStateException("no idea");
      var answer = new AtomicReference<RuntimeException>(thrown);
      try (ThreadPool pool = ThreadPools.builder(config(0, 0, 0).build())
          .overflowPolicy((from, options) -> {
            if (answer.get() != null) {
              throw answer.get();
            }
            return null;
          })
          .start()) {
        TaskRejectedException refusal =
            assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        assertSame(thrown, refusal.getCause());
        answer.set(null);
        refusal = assertRefused(RejectionReason.BACKLOG_FULL, () -> pool.execute(() -> {}));
        assertInstanceOf(NullPointerException.class, refusal.getCause());
        assertEquals(2, pool.statistics().refused());
      }
    }
  }
}
