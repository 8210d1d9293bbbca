package dev.bobbin.core;

import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.inThread;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskTimedOutException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a task may run, told by a clock that the tests move. */
class RunLimitTest {
  private static final long LIMIT = 1_000;
  private static final Duration LIMIT_TIME = Duration.ofNanos(LIMIT);

  private final HandTimers seams = HandTimers.notWaiting();
  private final RecordingReporter reporter = new RecordingReporter();

  private static ThreadPoolConfig.Builder limited(int min, int max) {
    return ThreadPoolConfig.builder("p").minWorkers(min).maxWorkers(max).maxRun(LIMIT_TIME);
  }

  private Pool start() {
    return seams.start(limited(1, 1).build(), reporter);
  }

  private static TaskTimedOutException timeOutOf(CompletableFuture<?> future) {
    var failure = assertThrows(ExecutionException.class, () -> get(future));
    var timedOut = assertInstanceOf(TaskTimedOutException.class, failure.getCause());
    assertEquals(LIMIT_TIME, timedOut.limit());
    assertEquals("p", timedOut.pool());
    return timedOut;
  }

  /** Returns what the future tells, which must be done, for the work to throw. */
  private static RuntimeException failureOf(CompletableFuture<?> future) {
    try {
      throw new AssertionError("it returned " + future.get());
    } catch (ExecutionException failed) {
      return (RuntimeException) failed.getCause();
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }

  /** Spins until it is interrupted; returns whether it still is. */
  private static boolean spinUntilInterrupted() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    return Thread.currentThread().isInterrupted();
  }

  @Test
  void future_failsAtOnce_andTheTaskIsInterrupted_butRunsUntilItEnds() throws Exception {
    try (Pool pool = start();
        var held = new Held();
        var late = new Held()) {
      CompletableFuture<?> future = pool.submit(() -> {
        try {
          held.run();
        } catch (Held.Interrupted interrupted) {
          late.run();
        }
      });
      CompletableFuture<Thread> dependent =
          future.handle((value, failure) -> Thread.currentThread());
      held.awaitBegun();
      seams.pass(LIMIT - 1);
      assertEquals(0, seams.errandThreads());
      assertFalse(future.isDone());
      seams.pass(1);
      eventually("it is told", dependent::isDone); // who waits with get may run what depends on it
      assertEquals("PoolThread-p-errands", get(dependent).getName());
      timeOutOf(future);
      late.awaitBegun(); // it was interrupted, and runs on
      assertFalse(future.cancel(true));
      PoolStatistics numbers = pool.statistics();
      assertEquals(1, numbers.running());
      assertEquals(0, numbers.failed() + numbers.completed());
      late.release();
      numbers = stopped(pool);
      assertEquals(1, numbers.completed(), "it is counted by how the work ended");
      assertEquals(0, numbers.failed() + numbers.cancelled());
    }
  }

  @Test
  void whatTheWorkThrew_isSuppressed_inWhatTheFutureTells() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      CompletableFuture<?> future = pool.submit(held);
      held.awaitBegun();
      seams.pass(LIMIT);
      TaskTimedOutException timedOut = timeOutOf(future);
      assertEquals(1, stopped(pool).failed());
      assertInstanceOf(Held.Interrupted.class, timedOut.getSuppressed()[0]);
      assertEquals(List.of(), reporter.reports());
    }
  }

  @Test
  void work_mayThrowWhatItsOwnFutureTells() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      var own = new CompletableFuture<CompletableFuture<?>>();
      CompletableFuture<?> future = pool.submit(() -> {
        held.runThroughInterrupts();
        throw failureOf(own.join());
      });
      own.complete(future);
      held.awaitBegun();
      seams.pass(LIMIT);
      TaskTimedOutException timedOut = timeOutOf(future);
      held.release();
      assertEquals(1, stopped(pool).failed());
      assertEquals(0, timedOut.getSuppressed().length);
    }
  }

  @Test
  void callback_isToldOnce_afterTheWorkHasEnded_withWhatItThrewAsSuppressed() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      var told = new CompletableFuture<Outcome<Integer>>();
      var times = new AtomicInteger();
      var interrupted = new CompletableFuture<Boolean>();
      pool.callInThreadWithCallback(
          outcome -> {
            times.incrementAndGet();
            interrupted.complete(Thread.currentThread().isInterrupted());
            told.complete(outcome);
          },
          () -> {
            held.run();
            return 1;
          });
      held.awaitBegun();
      seams.pass(LIMIT);
      var failure = (Outcome.Failure<Integer>) get(told);
      assertInstanceOf(TaskTimedOutException.class, failure.cause());
      assertInstanceOf(Held.Interrupted.class, failure.cause().getSuppressed()[0]);
      assertFalse(get(interrupted), "the interrupt was for the work");
      assertEquals(1, stopped(pool).failed());
      assertEquals(1, times.get());
    }
  }

  @Test
  void callback_isToldThatTheWorkTimedOut_whenItReturnedAfterAll() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      var told = new CompletableFuture<Outcome<Integer>>();
      pool.callInThreadWithCallback(told::complete, () -> {
        held.runThroughInterrupts();
        return 1;
      });
      held.awaitBegun();
      seams.pass(LIMIT);
      settle(pool);
      held.release();
      var failure = (Outcome.Failure<Integer>) get(told);
      assertInstanceOf(TaskTimedOutException.class, failure.cause());
      assertEquals(0, failure.cause().getSuppressed().length);
      assertEquals(1, stopped(pool).completed());
    }
  }

  /** Waits until all errands that are due have been done. */
  private static void settle(Pool pool) throws Exception {
    var done = new CompletableFuture<Boolean>();
    pool.team().errands().add(new Errands.Errand(pool.team().errands()) {
      @Override
      void act(Team team) {
        done.complete(true);
      }
    });
    get(done);
  }

  @Test
  void taskOfExecute_isReported_whenItHasEnded() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      seams.pass(LIMIT);
      assertEquals(1, stopped(pool).failed());
      var report = reporter.reports().get(0);
      assertEquals(Kind.TASK, report.kind());
      assertEquals("held work", report.subject());
      assertEquals("PoolThread-p-0", report.worker());
      assertInstanceOf(TaskTimedOutException.class, report.throwable());
      assertEquals(
          "Pool 'p' interrupted task held work, which ran longer than PT0.000001S. Allow a longer run, or let the task end when it is interrupted.",
          report.throwable().getMessage());
      assertInstanceOf(Held.Interrupted.class, report.throwable().getSuppressed()[0]);
      assertEquals(1, reporter.reports().size());
    }
  }

  @Test
  void taskOfExecute_isReported_whenItReturnedAfterAll() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      seams.pass(LIMIT);
      settle(pool);
      held.release();
      assertEquals(1, stopped(pool).completed());
      assertInstanceOf(TaskTimedOutException.class, reporter.throwables().get(0));
    }
  }

  @Test
  void timer_isLetGo_whenTheTaskEnds() throws Exception {
    try (Pool pool = start()) {
      var pending = new CompletableFuture<Integer>();
      get(pool.submit(() -> pending.complete(seams.timer().pending())));
      assertEquals(1, get(pending));
      pool.callInThreadWithCallback(
          outcome -> pending.obtrudeValue(seams.timer().pending()), () -> 1);
      pool.execute(() -> {
        throw new IllegalStateException("out of order");
      });
      stopped(pool);
      assertEquals(0, get(pending), "the callback is no longer limited");
      assertEquals(0, seams.timer().pending());
      seams.pass(10 * LIMIT);
      assertEquals(0, seams.errandThreads());
    }
  }

  @Test
  void limitOfTheTask_winsOverThatOfThePool() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      var longer = TaskOptions.builder().maxRun(Duration.ofNanos(2 * LIMIT)).build();
      CompletableFuture<?> future = pool.with(longer).submit(held);
      held.awaitBegun();
      seams.pass(2 * LIMIT - 1);
      settle(pool);
      assertFalse(future.isDone());
      seams.pass(1);
      assertThrows(ExecutionException.class, () -> get(future));
      stopped(pool);
    }
  }

  @Test
  void cancel_winsAlone_whenItIsFirst() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      CompletableFuture<?> future = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      assertTrue(future.cancel(false));
      seams.pass(LIMIT);
      settle(pool);
      assertFalse(held.runner().isInterrupted());
      assertThrows(CancellationException.class, () -> get(future));
      held.release();
      assertEquals(1, stopped(pool).cancelled());
    }
  }

  /** The report of a stop says what a task is that has timed out and does not end. */
  @Test
  void stop_namesTheTaskThatTimedOut_whenItDoesNotEnd() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      seams.pass(LIMIT);
      settle(pool);
      pool.shutdownNow();
      var report = pool.stop(Duration.ZERO);
      assertTrue(
          report.running().stream().anyMatch(task -> task.worker().equals("PoolThread-p-0")),
          report::toString);
      held.release();
    }
  }

  @Test
  void interruptOfAStop_isStillThere_afterATaskThatTimedOut() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      var interrupted = new CompletableFuture<Boolean>();
      pool.callInThreadWithCallback(
          outcome -> interrupted.complete(Thread.currentThread().isInterrupted()), () -> {
            held.runThroughInterrupts();
            return 1;
          });
      held.awaitBegun();
      seams.pass(LIMIT);
      settle(pool);
      pool.shutdownNow();
      held.release();
      assertTrue(get(interrupted), "the stop interrupts the callback too");
    }
  }

  @Test
  void taskThatItsSubmitterRuns_isInterruptedLikewise_andNothingAfterIt() throws Exception {
    try (Pool pool = seams.start(
        limited(0, 0).backlogLimit(0).whenFull(Overflow.runInCaller()).build(), reporter)) {
      var futures = new ArrayList<CompletableFuture<?>>();
      boolean after = get(inThread(() -> {
        futures.add(pool.submit(() -> {
          seams.pass(LIMIT);
          return spinUntilInterrupted();
        }));
        boolean interrupted = Thread.currentThread().isInterrupted();
        pool.execute(() -> {
          seams.pass(LIMIT);
          spinUntilInterrupted();
        });
        return interrupted || Thread.currentThread().isInterrupted();
      }));
      assertFalse(after);
      timeOutOf(futures.get(0));
      assertInstanceOf(TaskTimedOutException.class, reporter.throwables().get(0));
    }
  }

  @Test
  void submitterThatRunsATask_keepsTheInterruptThatItBrought() throws Exception {
    try (Pool pool = seams.start(
        limited(0, 0).backlogLimit(0).whenFull(Overflow.runInCaller()).build(), reporter)) {
      boolean after = get(inThread(() -> {
        Thread.currentThread().interrupt();
        pool.execute(() -> {
          Thread.interrupted();
          seams.pass(LIMIT);
          spinUntilInterrupted();
        });
        return Thread.currentThread().isInterrupted();
      }));
      assertTrue(after);
    }
  }

  /** The text of a task may need a lock that the task holds: no errand must ask for it. */
  @Test
  void task_isInterrupted_whenItsTextCannotBeHadWhileItRuns() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      pool.execute(new Runnable() {
        @Override
        public synchronized void run() {
          held.run();
        }

        @Override
        public synchronized String toString() {
          return "locked";
        }
      });
      held.awaitBegun();
      seams.pass(LIMIT);
      assertEquals(1, stopped(pool).failed());
      assertTrue(reporter.throwables().get(0).getMessage().contains("task locked,"));
    }
  }

  @Test
  void worker_isFreed_whenItsThreadThrowsAtTheInterrupt() throws Exception {
    try (Pool pool = seams.pool(limited(1, 1).build(), Uninterruptible::new, reporter);
        var held = new Held()) {
      pool.start();
      CompletableFuture<?> future = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      seams.pass(LIMIT);
      timeOutOf(future);
      held.release();
      assertEquals(1, get(pool.submit(() -> 1)));
      eventually("it is reported", () -> !reporter.reports().isEmpty());
      assertEquals("not me", reporter.throwables().get(0).getMessage());
      stopped(pool);
    }
  }

  /** A thread of a user's class that cannot be interrupted. */
  private static final class Uninterruptible extends Thread {
    Uninterruptible(Runnable body) {
      super(body);
    }

    @Override
    public void interrupt() {
      throw new IllegalStateException("not me");
    }
  }

  /** A stage of the pool's is a task of it, under its limits. */
  @Test
  void stage_failsAtOnce_whenItsFunctionRunsTooLong() throws Exception {
    try (Pool pool = start();
        var held = new Held()) {
      CompletableFuture<?> stage =
          pool.submit(() -> 1).thenAcceptAsync(value -> held.runThroughInterrupts());
      held.awaitBegun();
      seams.pass(LIMIT);
      timeOutOf(stage);
      held.release();
      assertEquals(2, stopped(pool).completed());
      assertEquals(0, seams.timer().pending());
    }
  }

  @Test
  void task_runsOn_whenTheTimerHasNoThread() throws Exception {
    try (Pool pool = start()) {
      seams.timer().refuse(new IllegalStateException("no timer"));
      assertEquals(1, get(pool.submit(() -> 1)));
      eventually("it is reported", () -> !reporter.reports().isEmpty());
      assertEquals(Kind.THREAD, reporter.reports().get(0).kind());
      seams.timer().refuse(null);
      stopped(pool);
    }
  }

  @Test
  void noLimit_noTimer() throws Exception {
    try (Pool pool = seams.start(Testing.config(1, 1))) {
      var pending = new CompletableFuture<Integer>();
      get(pool.submit(() -> pending.complete(seams.timer().pending())));
      assertEquals(0, get(pending));
      assertNull(pool.terms());
      stopped(pool);
    }
  }

  /** The interrupt is on its way when the work ends: the worker must wait for it, whatever comes next. */
  @ParameterizedTest
  @EnumSource(Form.class)
  void race13_workerWaitsForTheInterrupt_beforeItGoesOn(Form form) throws Exception {
    var threads = new SlowInterrupts();
    try (Pool pool = seams.pool(limited(1, 1).build(), threads::thread, reporter);
        var held = new Held()) {
      pool.start();
      var deliveredBefore = new CompletableFuture<Boolean>();
      Runnable next = () -> deliveredBefore.complete(threads.delivered);
      var ended = new CountDownLatch(1);
      form.submit(
          pool,
          () -> {
            held.runThroughInterrupts();
            ended.countDown();
          },
          next);
      held.awaitBegun();
      seams.pass(LIMIT);
      Held.await(threads.interrupting);
      held.release();
      Held.await(ended);
      for (int i = 0; i < 1_000 && !deliveredBefore.isDone(); i++) {
        Thread.yield(); // time for a worker that does not wait to go on
      }
      threads.go.countDown();
      assertTrue(get(deliveredBefore));
      stopped(pool);
    }
  }

  /** What comes after the work on the same worker. */
  private enum Form {
    CALLBACK {
      @Override
      void submit(ThreadPool pool, Runnable work, Runnable next) {
        pool.callInThreadWithCallback(outcome -> next.run(), () -> {
          work.run();
          return 1;
        });
      }
    },
    TASK_AFTER_A_FUTURE {
      @Override
      void submit(ThreadPool pool, Runnable work, Runnable next) {
        pool.submit(work);
        pool.execute(next);
      }
    },
    TASK_AFTER_A_PLAIN_ONE {
      @Override
      void submit(ThreadPool pool, Runnable work, Runnable next) {
        pool.execute(work);
        pool.execute(next);
      }
    };

    abstract void submit(ThreadPool pool, Runnable work, Runnable next);
  }

  /** Makes threads whose first interrupt takes its time. */
  private static final class SlowInterrupts {
    final CountDownLatch interrupting = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    volatile boolean delivered;

    Thread thread(Runnable body) {
      return new Thread(body) {
        @Override
        public void interrupt() {
          interrupting.countDown();
          Held.await(go);
          super.interrupt();
          delivered = true;
        }
      };
    }
  }

  /**
   * The interrupt of a limit that comes as its task ends: the task that follows on the same worker
   * never sees it, and whoever was interrupted has timed out.
   */
  @Test
  void race13_limitNeverInterruptsTheNextTask_manyTimes() throws Exception {
    try (Pool pool = seams.start(Testing.config(1, 1), reporter)) {
      ThreadPool limited = pool.with(TaskOptions.builder().maxRun(LIMIT_TIME).build());
      int rounds = 2_000;
      int timedOut = 0;
      for (int i = 0; i < rounds; i++) {
        var go = new AtomicInteger();
        int spins = i % 200;
        var begun = new CompletableFuture<Boolean>();
        CompletableFuture<?> current = limited.submit(() -> {
          begun.complete(true);
          while (go.get() == 0) {
            Thread.onSpinWait();
          }
          for (int spin = 0; spin < spins; spin++) {
            Thread.onSpinWait();
          }
        });
        var plain = new CompletableFuture<Boolean>();
        pool.execute(() -> plain.complete(Thread.currentThread().isInterrupted()));
        CompletableFuture<Boolean> next =
            pool.submit(() -> Thread.currentThread().isInterrupted());
        get(begun);
        if (i % 2 == 0) {
          go.set(1);
          seams.pass(LIMIT);
        } else {
          seams.pass(LIMIT);
          go.set(1);
        }
        assertFalse(get(plain), "the interrupt hit the next task");
        assertFalse(get(next), "the interrupt hit a later task");
        boolean told = current.handle((value, failure) -> failure != null).join();
        timedOut += told ? 1 : 0;
        settle(pool);
      }
      assertTrue(timedOut > 0, "no limit was ever reached");
      var numbers = stopped(pool);
      assertEquals(3L * rounds, numbers.accepted());
      assertEquals(3L * rounds, numbers.completed());
    }
  }

  /** The timer and clock of this machine. */
  @Test
  void task_isInterrupted_onThisMachine() throws Exception {
    ThreadPoolConfig config = limited(1, 1).maxRun(Duration.ofMillis(20)).build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held()) {
      CompletableFuture<?> future = pool.submit(held);
      var failure = assertThrows(
          ExecutionException.class, () -> future.get(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertInstanceOf(TaskTimedOutException.class, failure.getCause());
      assertEquals(1, stopped(pool).failed());
    }
  }
}
