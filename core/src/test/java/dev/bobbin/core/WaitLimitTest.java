package dev.bobbin.core;

import static dev.bobbin.core.Testing.awaitBlocked;
import static dev.bobbin.core.Testing.awaitCleared;
import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.inThread;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How long a task may wait, told by a clock that the tests move. */
class WaitLimitTest {
  private static final long LIMIT = 1_000;

  /** More than one piece of a lane holds. */
  private static final int TASKS = 150;

  private static ThreadPoolConfig config(int min, int max) {
    return limited(min, max).build();
  }

  private static ThreadPoolConfig.Builder limited(int min, int max) {
    return ThreadPoolConfig.builder("p")
        .minWorkers(min)
        .maxWorkers(max)
        .maxWait(Duration.ofNanos(LIMIT));
  }

  private static TaskOptions maxWait(long nanos) {
    return TaskOptions.builder().maxWait(Duration.ofNanos(nanos)).build();
  }

  private static void assertExpired(CompletableFuture<?> future) {
    assertTrue(future.isDone(), "it is told");
    var failure = assertThrows(CompletionException.class, future::join);
    var discarded = assertInstanceOf(TaskDiscardedException.class, failure.getCause());
    assertEquals(RejectionReason.EXPIRED, discarded.reason());
  }

  /** Limits kept to the nanosecond, without threads. A pool of no workers lets its tasks wait. */
  @Nested
  class Stepwise {
    @Test
    void task_isGivenUp_whenItHasWaitedForItsLimit_andNotBefore() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      CompletableFuture<Integer> future = stepped.act(() -> stepped.pool().submit(() -> 1));
      stepped.pass(LIMIT - 1);
      assertFalse(stepped.hasErrands());
      stepped.pass(1);
      assertFalse(future.isDone(), "the timer does none of it");
      stepped.runErrands();
      assertExpired(future);
      PoolStatistics numbers = stepped.pool().statistics();
      assertEquals(1, numbers.discarded());
      assertEquals(0, numbers.backlog());
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void task_isGivenUpByTheWorkerThatTakesIt_andNeverRuns_whenItIsTakenTooLate() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      var runs = new AtomicInteger();
      CompletableFuture<?> late = stepped.act(() -> stepped.pool().submit(runs::incrementAndGet));
      stepped.pass(LIMIT);
      CompletableFuture<?> next = stepped.act(() -> stepped.pool().submit(() -> 1));
      stepped.step(stepped.ready().get(0));
      assertExpired(late);
      stepped.runAll();
      assertEquals(1, next.join());
      assertEquals(0, runs.get());
      stepped.runErrands(); // finds nothing to do any more
      PoolStatistics numbers = stepped.pool().statistics();
      assertEquals(1, numbers.discarded());
      assertEquals(1, numbers.completed());
    }

    @Test
    void task_runs_whenItIsTakenAMomentBeforeItsLimit() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      CompletableFuture<?> future = stepped.act(() -> stepped.pool().submit(() -> 1));
      stepped.pass(LIMIT - 1);
      stepped.runAll();
      assertEquals(1, future.join());
    }

    /** Else a task behind the late one waits for a callback that may take long. */
    @Test
    void worker_sendsTheNextAndIsBusy_whileItGivesATaskUp() {
      SteppedPool stepped = SteppedPool.started(config(2, 2));
      var seen = new ArrayList<PoolStatistics>();
      var behind = new ArrayList<CompletableFuture<?>>();
      stepped.act(() -> stepped
          .pool()
          .callInThreadWithCallback(
              outcome -> {
                seen.add(stepped.pool().statistics());
                stepped.runAll(); // the other worker is on its way to the task behind
                assertEquals(2, behind.get(0).join());
              },
              () -> 1));
      stepped.pass(LIMIT);
      behind.add(stepped.act(() -> stepped.pool().submit(() -> 2)));
      stepped.step(stepped.ready().get(0));
      assertEquals(1, seen.get(0).busy());
      assertEquals(0, seen.get(0).running());
      assertEquals(1, seen.get(0).discarded());
      assertEquals(1, seen.get(0).backlog());
    }

    @Test
    void everyFormOfTask_isTold() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      Pool pool = stepped.pool();
      Runnable plain = () -> {};
      var outcomes = new ArrayList<Outcome<Integer>>();
      stepped.act(() -> pool.execute(plain));
      stepped.act(() -> pool.callInThreadWithCallback(outcomes::add, () -> 1));
      CompletableFuture<?> future = stepped.act(() -> pool.submit(() -> 1));
      CompletableFuture<Integer> dependent =
          future.handle((value, failure) -> failure == null ? 0 : 1);
      stepped.pass(LIMIT);
      stepped.runErrands();
      var report = stepped.reporter().reports().get(0);
      assertEquals(Kind.TASK, report.kind());
      assertEquals(plain.toString(), report.subject());
      assertInstanceOf(TaskDiscardedException.class, report.throwable());
      var failure = (Outcome.Failure<Integer>) outcomes.get(0);
      assertEquals(RejectionReason.EXPIRED, ((TaskDiscardedException) failure.cause()).reason());
      assertExpired(future);
      assertEquals(1, dependent.join());
      assertEquals(3, pool.statistics().discarded());
      assertEquals(1, stepped.reporter().reports().size());
    }

    @Test
    void oneEntryOfTheTimer_doesForAllTasks() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      var futures = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < TASKS; i++) {
        futures.add(stepped.pool().submit(() -> 1));
        assertEquals(1, stepped.timer().pending());
        stepped.pass(1);
      }
      stepped.pass(LIMIT - TASKS);
      for (int i = 0; i < TASKS; i++) {
        stepped.runErrands();
        assertExpired(futures.get(i));
        assertEquals(TASKS - 1 - i, stepped.pool().statistics().backlog());
        assertEquals(i == TASKS - 1 ? 0 : 1, stepped.timer().pending());
        stepped.pass(1);
      }
      assertFalse(stepped.hasErrands());
    }

    @Test
    void timer_isLetGoWithoutAnErrand_whenTheTasksWereTaken() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      for (int i = 0; i < 10; i++) {
        stepped.act(() -> stepped.pool().execute(() -> {}));
        stepped.runAll();
      }
      assertEquals(1, stepped.timer().pending());
      stepped.pass(LIMIT);
      assertEquals(0, stepped.timer().pending());
      assertFalse(stepped.hasErrands());
    }

    @Test
    void timer_isSetForTheNext_whenTheFirstWasTaken() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      Pool pool = stepped.pool();
      stepped.act(() -> pool.execute(() -> {}));
      stepped.runAll();
      stepped.pass(LIMIT / 2);
      stepped.act(() -> pool.execute(() -> {
        CompletableFuture<?> waiting = pool.submit(() -> 1);
        stepped.pass(LIMIT - 1);
        assertFalse(stepped.hasErrands());
        stepped.pass(1);
        stepped.runErrands();
        assertExpired(waiting);
      }));
      stepped.runAll();
      assertEquals(2, pool.statistics().completed(), stepped.reporter().throwables()::toString);
    }

    @Test
    void limitOfTheTask_winsOverThatOfThePool_beItShorterOrLonger() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      Pool pool = stepped.pool();
      CompletableFuture<?> longer =
          stepped.act(() -> pool.with(maxWait(3 * LIMIT)).submit(() -> 1));
      CompletableFuture<?> pools = stepped.act(() -> pool.submit(() -> 1));
      CompletableFuture<?> shorter =
          stepped.act(() -> pool.with(maxWait(LIMIT / 2)).submit(() -> 1));
      stepped.pass(LIMIT / 2);
      stepped.runErrands();
      assertExpired(shorter);
      assertFalse(pools.isDone());
      stepped.pass(LIMIT / 2);
      stepped.runErrands();
      assertExpired(pools);
      stepped.pass(2 * LIMIT - 1);
      assertFalse(longer.isDone());
      stepped.pass(1);
      stepped.runErrands();
      assertExpired(longer);
      assertEquals(3, pool.statistics().discarded());
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void limitOfTheTask_isKept_whenThePoolHasNone() {
      SteppedPool stepped = SteppedPool.started(0, 0);
      Pool pool = stepped.pool();
      CompletableFuture<?> free = stepped.act(() -> pool.submit(() -> 1));
      assertEquals(0, stepped.timer().pending());
      CompletableFuture<?> future = stepped.act(() -> pool.with(maxWait(LIMIT)).submit(() -> 1));
      stepped.pass(LIMIT);
      stepped.runErrands();
      assertExpired(future);
      stepped.pass(1_000 * LIMIT);
      assertFalse(free.isDone());
      assertEquals(1, pool.statistics().backlog());
    }

    @Test
    void timer_isLetGo_whenATaskWithALimitOfItsOwnIsTakenCancelledOrGivenUp() {
      SteppedPool stepped = SteppedPool.started(1, 1);
      Pool pool = stepped.pool();
      ThreadPool own = pool.with(maxWait(LIMIT));
      stepped.act(() -> own.submit(() -> 1));
      assertEquals(1, stepped.timer().pending());
      stepped.runAll();
      assertEquals(0, stepped.timer().pending());
      CompletableFuture<?> cancelled = stepped.act(() -> own.submit(() -> 1));
      assertEquals(1, stepped.timer().pending());
      stepped.act(() -> cancelled.cancel(false));
      assertEquals(0, stepped.timer().pending());
      CompletableFuture<?> discarded = stepped.act(() -> own.submit(() -> 1));
      assertEquals(1, stepped.timer().pending());
      stepped.act(pool::shutdownNow);
      assertEquals(0, stepped.timer().pending());
      assertTrue(discarded.isCompletedExceptionally());
    }

    @Test
    void timer_isLetGo_whenThePoolEnds() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      stepped.act(() -> stepped.pool().execute(() -> {}));
      stepped.runAll();
      assertEquals(1, stepped.timer().pending());
      stepped.act(stepped.pool()::shutdown);
      stepped.runAll();
      assertEquals(PoolState.STOPPED, stepped.pool().state());
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void tasksOfEveryLevel_expire() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      Pool pool = stepped.pool();
      var futures = new ArrayList<CompletableFuture<?>>();
      for (Priority priority : Priority.values()) {
        var options = TaskOptions.builder().priority(priority).build();
        futures.add(stepped.act(() -> pool.with(options).submit(() -> 1)));
        stepped.pass(10);
      }
      assertEquals(1, stepped.timer().pending());
      stepped.pass(LIMIT - 10 * futures.size());
      for (CompletableFuture<?> future : futures) {
        assertFalse(future.isDone());
        stepped.runErrands();
        assertExpired(future);
        stepped.pass(10);
      }
    }

    @Test
    void cancelledTask_isNotCountedTwice_whenItsTimeComes() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      Pool pool = stepped.pool();
      CompletableFuture<?> first = stepped.act(() -> pool.submit(() -> 1));
      CompletableFuture<?> second = stepped.act(() -> pool.submit(() -> 1));
      stepped.act(() -> first.cancel(false));
      stepped.pass(LIMIT);
      stepped.runErrands();
      assertTrue(first.isCancelled());
      assertExpired(second);
      assertEquals(1, pool.statistics().cancelled());
      assertEquals(1, pool.statistics().discarded());
    }

    @Test
    void cancelledTask_isNotGivenUp_whenItsWorkerHasJustFoundItTooLate() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      Pool pool = stepped.pool();
      CompletableFuture<?> late = stepped.act(() -> pool.submit(() -> 1));
      stepped.pass(LIMIT);
      stepped.timer().whenRead(() -> assertTrue(late.cancel(false)));
      stepped.step(stepped.ready().get(0));
      assertTrue(late.isCancelled());
      assertEquals(1, pool.statistics().cancelled());
      assertEquals(0, pool.statistics().discarded());
    }

    /** A report of a stop tells the one from the other. */
    @Test
    void worker_isSeenToGiveATaskUp_whileItDoes() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      Pool pool = stepped.pool();
      Worker worker = stepped.alive().get(0);
      var seen = new ArrayList<Boolean>();
      stepped.act(() -> pool.submit(() -> 1)
          .whenComplete((value, failure) -> seen.add(worker.slot().isGivingUp())));
      stepped.pass(LIMIT);
      stepped.runAll();
      stepped.act(() -> pool.execute(() -> seen.add(worker.slot().isGivingUp())));
      stepped.runAll();
      assertEquals(List.of(true, false), seen);
    }

    @Test
    void place_isFreed_whenATaskExpires() {
      SteppedPool stepped = SteppedPool.started(limited(0, 0).backlogLimit(1).build());
      Pool pool = stepped.pool();
      stepped.act(() -> pool.execute(() -> {}));
      assertThrows(TaskRejectedException.class, () -> stepped.act(() -> pool.execute(() -> {})));
      stepped.pass(LIMIT);
      stepped.runErrands();
      stepped.act(() -> pool.execute(() -> {}));
      assertEquals(1, pool.statistics().backlog());
    }

    @Test
    void taskThatItsSubmitterRuns_hasNoWait() {
      SteppedPool stepped = SteppedPool.started(
          limited(0, 0).backlogLimit(0).whenFull(Overflow.runInCaller()).build());
      Pool pool = stepped.pool();
      CompletableFuture<Integer> future = pool.submit(() -> {
        stepped.timer().pass(2 * LIMIT);
        return 1;
      });
      assertEquals(1, future.join());
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void task_expires_whenThePoolWasNeverStarted() {
      SteppedPool stepped = SteppedPool.made(config(1, 1));
      CompletableFuture<?> future = stepped.act(() -> stepped.pool().submit(() -> 1));
      stepped.pass(LIMIT);
      stepped.runErrands();
      assertExpired(future);
      assertEquals(PoolState.NEW, stepped.pool().state());
    }

    @Test
    void task_expires_whileThePoolDrains() {
      SteppedPool stepped = SteppedPool.started(config(1, 1));
      Pool pool = stepped.pool();
      stepped.act(() -> pool.execute(() -> {
        CompletableFuture<?> waiting = pool.submit(() -> 1);
        pool.shutdown();
        stepped.pass(LIMIT);
        stepped.runErrands();
        assertExpired(waiting);
      }));
      stepped.runAll();
      assertEquals(PoolState.STOPPED, pool.state());
      assertEquals(1, pool.statistics().completed(), stepped.reporter().throwables()::toString);
    }

    @Test
    void limitBeyondAllClocks_isNone() {
      SteppedPool stepped = SteppedPool.started(
          limited(0, 0).maxWait(Duration.ofSeconds(Long.MAX_VALUE)).build());
      CompletableFuture<?> future = stepped.act(() -> stepped.pool().submit(() -> 1));
      assertEquals(0, stepped.timer().pending());
      assertFalse(future.isDone());
    }

    @Test
    void task_isAccepted_whenTheTimerHasNoThread_andTheNextTaskTriesAgain() {
      SteppedPool stepped = SteppedPool.started(config(0, 0));
      Pool pool = stepped.pool();
      stepped.timer().refuse(new IllegalStateException("no timer"));
      CompletableFuture<?> first = stepped.act(() -> pool.submit(() -> 1));
      stepped.runErrands();
      assertEquals(Kind.THREAD, stepped.reporter().reports().get(0).kind());
      assertEquals(
          "Pool 'p': the thread of the timer could not be made. Limits of time are kept late until it can.",
          stepped.reporter().throwables().get(0).getMessage());
      stepped.timer().refuse(null);
      CompletableFuture<?> second = stepped.act(() -> pool.submit(() -> 1));
      stepped.pass(LIMIT);
      stepped.runErrands();
      assertExpired(first);
      assertExpired(second);
    }

    /** What has expired must not be walked over again and again while no worker comes. */
    @Test
    void backlogThatExpires_leavesNothingBehind() {
      SteppedPool stepped = SteppedPool.made(config(1, 1));
      Pool pool = stepped.pool();
      for (int i = 0; i < 1_000; i++) {
        pool.execute(() -> {});
      }
      stepped.pass(LIMIT);
      stepped.runErrands();
      assertEquals(1_000, pool.statistics().discarded());
      assertFalse(stepped.view().backlog().hasWaiting());
      CompletableFuture<?> future = stepped.act(() -> pool.submit(() -> 1));
      stepped.act(pool::start);
      stepped.runAll();
      assertEquals(1, future.join());
    }
  }

  /** Tasks that wait for one another by key. */
  @Nested
  class Keyed {
    private final HandTimers seams = HandTimers.notWaiting();

    private void passAndSettle(long nanos, Pool pool, long discarded) {
      seams.pass(nanos);
      eventually("they are given up", () -> pool.statistics().discarded() == discarded);
    }

    @Test
    void heldTask_expiresFromItsAcceptanceOn_andTheKeyGoesOn() throws Exception {
      try (Pool pool = seams.start(config(2, 2));
          var held = new Held()) {
        ThreadPool inOrder = pool.inOrder("key");
        CompletableFuture<?> head = inOrder.submit(held);
        held.awaitBegun();
        CompletableFuture<?> second = inOrder.submit(() -> 2);
        CompletableFuture<?> third =
            inOrder.with(maxWait(3 * LIMIT)).submit(() -> Thread.currentThread());
        passAndSettle(LIMIT, pool, 1);
        eventually("it is told", second::isDone);
        assertExpired(second);
        assertFalse(third.isDone());
        held.release();
        get(head);
        get(third);
        assertEquals(4, get(inOrder.submit(() -> 4)));
        assertEquals(1, stopped(pool).discarded());
        assertEquals(0, seams.timer().pending());
      }
    }

    /** It comes into its lane behind a task that expires later. */
    @Test
    void heldTask_expiresInTime_whenItsTurnCameLate() throws Exception {
      try (Pool pool = seams.start(config(1, 1));
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        ThreadPool inOrder = pool.inOrder("key");
        CompletableFuture<?> head = inOrder.submit(() -> 1);
        CompletableFuture<?> second = inOrder.submit(() -> 2);
        seams.pass(LIMIT / 2);
        CompletableFuture<?> other = pool.submit(() -> 3);
        assertTrue(head.cancel(false));
        passAndSettle(LIMIT / 2, pool, 1);
        eventually("it is told", second::isDone);
        assertExpired(second);
        assertFalse(other.isDone());
        passAndSettle(LIMIT / 2, pool, 2);
        eventually("it is told", other::isDone);
        assertExpired(other);
        held.release();
        stopped(pool);
      }
    }

    @Test
    void headThatExpires_letsTheNextGo() throws Exception {
      try (Pool pool = seams.start(config(1, 1));
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        ThreadPool inOrder = pool.inOrder("key");
        CompletableFuture<?> head = inOrder.submit(() -> 1);
        CompletableFuture<?> second = inOrder.with(maxWait(2 * LIMIT)).submit(() -> 2);
        passAndSettle(LIMIT, pool, 1);
        eventually("it is told", head::isDone);
        assertExpired(head);
        held.release();
        assertEquals(2, get(second));
        stopped(pool);
      }
    }
  }

  /** What needs real threads. */
  @Nested
  class Threaded {
    private final HandTimers seams = HandTimers.notWaiting();

    @Test
    void everyWorkerStuck_expiredTasksAreToldOnTheErrandThread() throws Exception {
      var reporter = new RecordingReporter();
      try (Pool pool = seams.start(config(2, 2), reporter);
          var held = new Held(2)) {
        pool.execute(held::runThroughInterrupts);
        pool.execute(held::runThroughInterrupts);
        held.awaitBegun();
        var called = new CompletableFuture<Thread>();
        CompletableFuture<?> future = pool.submit(() -> 1);
        CompletableFuture<Thread> dependent =
            future.handle((value, failure) -> Thread.currentThread());
        pool.callInThreadWithCallback(outcome -> called.complete(Thread.currentThread()), () -> 1);
        pool.execute(() -> {});
        seams.pass(LIMIT);
        eventually("the future is told", future::isDone);
        assertExpired(future);
        assertEquals("PoolThread-p-errands", get(dependent).getName());
        assertEquals("PoolThread-p-errands", get(called).getName());
        assertNotSame(Thread.currentThread(), get(called));
        eventually("it is reported", () -> !reporter.reports().isEmpty());
        assertEquals("PoolThread-p-errands", reporter.reports().get(0).worker());
        assertEquals(2, pool.statistics().running());
        held.release();
        assertEquals(3, stopped(pool).discarded());
      }
    }

    @Test
    void stop_beginsAndReturns_whenTheCallbackOfAnExpiredTaskCallsIt() throws Exception {
      try (Pool pool = seams.start(config(0, 0))) {
        var returned = new CompletableFuture<PoolState>();
        pool.callInThreadWithCallback(
            outcome -> {
              pool.stop();
              returned.complete(pool.state());
            },
            () -> 1);
        seams.pass(LIMIT);
        assertEquals(PoolState.STOPPING, get(returned));
        stopped(pool);
      }
    }

    @Test
    void submitterThatWaitsForRoom_getsIt_whenATaskExpires() throws Exception {
      try (Pool pool = seams.start(limited(0, 0)
          .backlogLimit(1)
          .whenFull(Overflow.block(Duration.ofSeconds(Held.LONG_SECONDS)))
          .build())) {
        CompletableFuture<?> first = pool.submit(() -> 1);
        Thread[] submitter = new Thread[1];
        CompletableFuture<CompletableFuture<?>> second =
            inThread(submitter, () -> pool.submit(() -> 2));
        awaitBlocked(submitter[0]);
        seams.pass(LIMIT);
        CompletableFuture<?> waiting = get(second);
        eventually("it is told", first::isDone);
        assertExpired(first);
        seams.awaitPending();
        seams.pass(LIMIT - 1);
        assertFalse(waiting.isDone(), "its wait begins with its acceptance");
        seams.pass(1);
        eventually("it is told", waiting::isDone);
        assertExpired(waiting);
      }
    }

    @Test
    void errandsThread_isTriedAgain_whenItCannotBeMade() throws Exception {
      try (Pool pool = seams.start(config(0, 0))) {
        CompletableFuture<?> future = pool.submit(() -> 1);
        seams.threadless(true);
        seams.pass(LIMIT);
        assertFalse(future.isDone());
        seams.threadless(false);
        seams.pass(TimeUnit.SECONDS.toNanos(1));
        eventually("it is told", future::isDone);
        assertExpired(future);
      }
    }

    @Test
    void timer_keepsNeitherPoolNorTaskAlive() {
      var watched = new ArrayList<WeakReference<?>>();
      leaveWaiting(watched);
      assertEquals(2, seams.timer().pending());
      for (WeakReference<?> reference : watched) {
        awaitCleared("a pool or a task that waits for ever", reference);
      }
      seams.pass(LIMIT);
      assertEquals(0, seams.timer().pending());
      assertEquals(0, seams.errandThreads());
    }

    private void leaveWaiting(List<WeakReference<?>> watched) {
      Pool pool = seams.start(config(0, 0));
      CompletableFuture<?> own = pool.with(maxWait(LIMIT)).submit(() -> 1);
      watched.add(new WeakReference<>(own));
      watched.add(new WeakReference<>(pool.submit(() -> 1)));
      watched.add(new WeakReference<>(pool));
    }
  }

  /** The timer of the machine. */
  @Nested
  class RealTime {
    private long living(String name) {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals(name))
          .count();
    }

    private Pool start(Seams seams, ThreadPoolConfig config) {
      Pool pool = HandTimers.pool(config, Thread::new, seams);
      pool.start();
      return pool;
    }

    @Test
    void oneTimerThread_forThreePools_noneBeforeUseAndNoneAfter() throws Exception {
      String name = "timer of three pools";
      Seams seams = new Machine(new Timer(name, TimeUnit.MILLISECONDS.toNanos(1)));
      ThreadPoolConfig config = limited(0, 0).maxWait(Duration.ofHours(1)).build();
      try (Pool one = start(seams, config);
          Pool two = start(seams, config);
          Pool three = start(seams, config)) {
        assertEquals(0, living(name));
        for (Pool pool : List.of(one, two, three)) {
          pool.execute(() -> {});
          eventually("it has its timer", () -> living(name) == 1);
        }
        for (Pool pool : List.of(one, two, three)) {
          CompletableFuture<?> expired =
              pool.with(maxWait(TimeUnit.MILLISECONDS.toNanos(1))).submit(() -> 1);
          eventually("it is told", expired::isDone);
          assertExpired(expired);
          assertEquals(1, living(name));
        }
        for (Pool pool : List.of(one, two, three)) {
          stopped(pool);
        }
        eventually("the thread goes", () -> living(name) == 0);
      }
    }

    @Test
    void taskExpires_onThisMachine() throws Exception {
      ThreadPoolConfig config = limited(1, 1).maxWait(Duration.ofMillis(20)).build();
      try (ThreadPool pool = ThreadPools.builder(config).start();
          var held = new Held()) {
        pool.with(maxWait(TimeUnit.HOURS.toNanos(1))).execute(held);
        held.awaitBegun();
        CompletableFuture<?> future = pool.submit(() -> 1);
        var failure = assertThrows(ExecutionException.class, () -> get(future));
        var discarded = assertInstanceOf(TaskDiscardedException.class, failure.getCause());
        assertSame(RejectionReason.EXPIRED, discarded.reason());
        held.release();
        stopped(pool);
      }
    }
  }
}
