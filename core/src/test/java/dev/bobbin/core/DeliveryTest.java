package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.EventLoop;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes that are delivered on an executor of the caller's choice, and lists of works (reference section 5.1). */
class DeliveryTest {
  private static final RejectedExecutionException CLOSED =
      new RejectedExecutionException("the loop is closed");

  private static final Executor REFUSING = task -> {
    throw CLOSED;
  };

  private final RecordingReporter reporter = new RecordingReporter();

  private ThreadPool pool() {
    return Testing.pool(1, 1).failureReporter(reporter).start();
  }

  private static Throwable causeOf(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> Testing.get(future)).getCause();
  }

  @Nested
  class Futures {
    @Test
    void future_pends_untilThePoolIsStarted() throws Exception {
      try (var logs = new CapturedLogs();
          ThreadPool pool = Testing.pool(1, 1).build();
          var loop = new Loop()) {
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
        assertEquals(
            List.of("WARNING Pool 'p' was never started, and thread '"
                + Thread.currentThread().getName()
                + "' waits for one of its tasks. Call start()."),
            logs.lines());
        pool.start();
        assertEquals(1, Testing.get(future));
      }
    }

    @Test
    void deferToThread_isRefused_whenThePoolHasStopped() {
      try (ThreadPool pool = pool()) {
        pool.stop();
        var loop = new Loop.ByHand();
        assertThrows(TaskRejectedException.class, () -> pool.deferToThread(loop, () -> 1));
        assertEquals(0, loop.waiting());
      }
    }

    @Test
    void future_completesWhereItIsTold_andNotBefore() throws Exception {
      try (ThreadPool pool = pool()) {
        var loop = new Loop.ByHand();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        CompletableFuture<Thread> dependent = future.thenApply(value -> Thread.currentThread());
        loop.awaitOne();
        Testing.eventually("the worker is idle", () -> pool.statistics().idle() == 1);
        assertFalse(future.isDone());
        assertEquals(1, pool.statistics().completed());
        loop.runAll();
        assertEquals(1, future.getNow(0));
        assertSame(Thread.currentThread(), dependent.getNow(null));
      }
    }

    @Test
    void asyncDependents_runThereToo_whereverTheyStand() throws Exception {
      try (ThreadPool pool = pool();
          var loop = new Loop()) {
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        assertSame(loop, future.defaultExecutor());
        assertSame(
            loop.thread(),
            Testing.get(
                future.thenApply(value -> value).thenApplyAsync(v -> Thread.currentThread())));
      }
    }

    /** A thread that waits in the JDK's get runs dependents, as soon as it sees the value. */
    @Test
    void dependents_neverRunOnAThreadThatWaits() throws Exception {
      try (ThreadPool pool = pool();
          var loop = new Loop()) {
        for (int i = 0; i < 500; i++) {
          CompletableFuture<Integer> future;
          CompletableFuture<Integer> stage;
          var threads = new ConcurrentLinkedQueue<Thread>();
          try (var held = new Held()) {
            loop.execute(held);
            held.awaitBegun();
            future = pool.deferToThread(loop, () -> 1);
            for (int j = 0; j < 20; j++) {
              future.thenRun(() -> threads.add(Thread.currentThread()));
            }
            stage = future.thenApply(value -> value + 1);
            for (int j = 0; j < 20; j++) {
              stage.thenRun(() -> threads.add(Thread.currentThread()));
            }
          }
          assertEquals(2, i % 2 == 0 ? Testing.get(stage) : stage.join());
          assertEquals(1, i % 2 == 0 ? Testing.get(future) : future.get());
          Testing.eventually("all ran", () -> threads.size() == 40);
          assertEquals(Set.of(loop.thread()), Set.copyOf(threads));
        }
      }
    }

    @Test
    void waiting_endsAsWithAnyFuture() throws Exception {
      try (ThreadPool pool = pool()) {
        var loop = new Loop.ByHand();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, future::get);
        var waiter = new Thread[1];
        CompletableFuture<Throwable> joined =
            Testing.inThread(waiter, () -> assertThrows(CompletionException.class, future::join));
        Testing.awaitBlocked(waiter[0]);
        assertTrue(future.completeExceptionally(new IllegalStateException("on purpose")));
        assertInstanceOf(IllegalStateException.class, Testing.get(joined).getCause());
        assertInstanceOf(IllegalStateException.class, causeOf(future));
      }
    }

    /** Pitfall 20: the task is off the books, and the context off the worker, at the hand-over. */
    @Test
    void outcome_isHandedOver_afterTheContextAndTheBooks() throws Exception {
      var marker = new Marker();
      try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(marker).start()) {
        var seen = new CompletableFuture<String>();
        marker.set("mine");
        CompletableFuture<String> work = pool.deferToThread(
            delivery -> {
              var numbers = pool.statistics();
              seen.complete(marker.get() + " " + numbers.completed() + " " + numbers.busy());
              delivery.run();
            },
            marker::get);
        assertEquals("mine", Testing.get(work));
        assertEquals("null 1 1", Testing.get(seen));
      }
    }

    @Test
    void futureThatTheWorkReturns_isAValue() throws Exception {
      try (ThreadPool pool = pool();
          var loop = new Loop()) {
        var value = new CompletableFuture<String>();
        assertSame(value, Testing.get(pool.deferToThread(loop, () -> value)));
        assertFalse(value.isDone());
      }
    }

    @Test
    void view_givesItsOptions() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        pool.with(TaskOptions.builder().name("held by its name").build())
            .deferToThread(Runnable::run, () -> {
              held.run();
              return 1;
            });
        held.awaitBegun();
        Runnable running = ((Pool) pool).team().slots()[0].task();
        assertEquals(
            "held by its name",
            assertInstanceOf(PoolTask.class, running).ticket().terms.name());
      }
    }

    @Test
    void cancel_failsAtOnce_andTakesTheTaskOutOfTheBacklog() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        var loop = new Loop.ByHand();
        var ran = new AtomicInteger();
        CompletableFuture<Integer> future = pool.deferToThread(loop, ran::incrementAndGet);
        assertEquals(1, pool.statistics().backlog());
        assertTrue(future.cancel(true));
        assertThrows(CancellationException.class, () -> Testing.get(future));
        assertEquals(0, pool.statistics().backlog());
        assertTrue(future.cancel(true));
        held.release();
        var numbers = Testing.stopped(pool);
        assertEquals(0, ran.get());
        assertEquals(1, numbers.cancelled());
        assertEquals(0, loop.waiting()); // the executor was not bothered
      }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancel_interruptsTheWorkIfItMay_andDropsItsLateOutcome(boolean mayInterrupt)
        throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        var loop = new Loop.ByHand();
        var interrupted = new CompletableFuture<Boolean>();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> {
          try {
            held.run();
            interrupted.complete(false);
          } catch (Held.Interrupted interrupt) {
            interrupted.complete(true);
          }
          return 1;
        });
        held.awaitBegun();
        assertTrue(future.cancel(mayInterrupt));
        assertTrue(future.isCancelled());
        held.release();
        assertEquals(mayInterrupt, Testing.get(interrupted));
        assertEquals(1, Testing.stopped(pool).cancelled());
        assertEquals(0, loop.waiting());
        assertEquals(List.of(), reporter.reports());
      }
    }

    @Test
    void cancel_wins_whileTheOutcomeWaitsOnTheLoop() throws Exception {
      try (ThreadPool pool = pool()) {
        var loop = new Loop.ByHand();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        loop.awaitOne();
        assertTrue(future.cancel(true));
        loop.runAll();
        assertTrue(future.isCancelled());
        assertEquals(1, Testing.stopped(pool).completed()); // the work had
      }
    }

    @Test
    void cancel_isTooLate_whenItWasDelivered() throws Exception {
      try (ThreadPool pool = pool()) {
        CompletableFuture<Integer> future = pool.deferToThread(Runnable::run, () -> 1);
        assertEquals(1, Testing.get(future));
        assertFalse(future.cancel(true));
        assertEquals(1, future.join());
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "completeExceptionally", "completeOnTimeout", "orTimeout"})
    void completingIt_takesTheTaskOut_whileItWaits(String way) throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        pool.execute(held);
        held.awaitBegun();
        var ran = new AtomicInteger();
        CompletableFuture<Integer> future = pool.deferToThread(Runnable::run, ran::incrementAndGet);
        switch (way) {
          case "complete" -> assertTrue(future.complete(7));
          case "completeExceptionally" ->
            assertTrue(future.completeExceptionally(new IllegalStateException("on purpose")));
          case "completeOnTimeout" -> future.completeOnTimeout(7, 1, TimeUnit.MILLISECONDS);
          default -> future.orTimeout(1, TimeUnit.MILLISECONDS);
        }
        Testing.eventually("it is done", future::isDone);
        Testing.eventually("it is out", () -> pool.statistics().backlog() == 0);
        held.release();
        assertEquals(1, Testing.stopped(pool).cancelled());
        assertEquals(0, ran.get());
      }
    }

    @Test
    void completingIt_winsOverTheLateOutcome_whileTheWorkRuns() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        var loop = new Loop.ByHand();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> {
          held.run();
          return 1;
        });
        held.awaitBegun();
        assertTrue(future.complete(7));
        held.release();
        assertEquals(1, Testing.stopped(pool).completed());
        assertEquals(0, loop.waiting());
        assertEquals(7, future.join());
      }
    }

    /** Every outcome has one end, whoever comes first. */
    @Test
    void cancel_andDelivery_agree_manyTimes() throws Exception {
      try (ThreadPool pool = pool();
          var loop = new Loop()) {
        int cancelled = 0;
        int rounds = 5_000;
        for (int i = 0; i < rounds; i++) {
          CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
          for (int spin = i % 200; spin > 0; spin--) {
            Thread.onSpinWait();
          }
          boolean won = future.cancel(true);
          assertTrue(future.isDone());
          assertEquals(won, future.isCancelled());
          cancelled += won ? 1 : 0;
        }
        var numbers = Testing.stopped(pool);
        assertEquals(rounds, numbers.accepted());
        assertTrue(numbers.cancelled() <= cancelled, numbers::toString);
      }
    }

    @Test
    void discardedTask_failsItsFuture_onTheExecutor() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        pool.execute(held::runThroughInterrupts);
        held.awaitBegun();
        var loop = new Loop.ByHand();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        assertEquals(1, pool.shutdownNow().size());
        assertFalse(future.isDone());
        loop.runAll();
        var reason = assertInstanceOf(TaskDiscardedException.class, causeOf(future));
        assertEquals(RejectionReason.STOPPING, reason.reason());
      }
    }

    @Test
    void discardedTask_failsItsFuture_atOnce_whenTheExecutorRefuses() throws Exception {
      ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).build();
      try (pool) {
        CompletableFuture<Integer> future = pool.deferToThread(REFUSING, () -> 1);
        pool.stop();
        assertInstanceOf(TaskDiscardedException.class, causeOf(future));
        assertEquals(List.of(), reporter.reports());
      }
    }

    @Test
    void droppedTask_failsItsFuture_onTheExecutor_orAtOnce() throws Exception {
      var config =
          Testing.config(1, 1).toBuilder().whenFull(Overflow.discardSilently()).build();
      try (ThreadPool pool =
          ThreadPools.builder(config).failureReporter(reporter).start()) {
        pool.stop();
        var loop = new Loop.ByHand();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> 1);
        assertFalse(future.isDone());
        loop.runAll();
        assertInstanceOf(TaskRejectedException.class, causeOf(future));
        assertInstanceOf(
            TaskRejectedException.class, causeOf(pool.deferToThread(REFUSING, () -> 1)));
        assertEquals(List.of(), reporter.reports());
      }
    }

    @Test
    void future_failsWithWhatTheExecutorThrew_andTheLostFailureIsReported() throws Exception {
      try (ThreadPool pool = pool()) {
        assertSame(CLOSED, causeOf(pool.deferToThread(REFUSING, () -> 1)));
        assertEquals(List.of(), reporter.reports());
        var thrown = new IllegalStateException("of the work");
        assertSame(CLOSED, causeOf(pool.deferToThread(REFUSING, () -> {
          throw thrown;
        })));
        Testing.stopped(pool);
      }
      assertEquals(List.of(thrown(reporter)), reporter.throwables());
      assertEquals("of the work", reporter.throwables().get(0).getMessage());
      assertEquals(Kind.TASK, reporter.reports().get(0).kind());
    }

    private static Throwable thrown(RecordingReporter reporter) {
      return reporter.throwables().get(0);
    }

    /** "Reactor stops meanwhile": a loop that closes while the work runs leaves nobody waiting. */
    @Test
    void future_fails_whenTheLoopHasClosedMeanwhile() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        var loop = new Loop();
        CompletableFuture<Integer> future = pool.deferToThread(loop, () -> {
          held.run();
          return 1;
        });
        held.awaitBegun();
        loop.close();
        held.release();
        assertInstanceOf(RejectedExecutionException.class, causeOf(future));
      }
    }

    @Test
    void future_completes_whenThePoolItselfIsTheExecutor() throws Exception {
      try (ThreadPool pool = pool()) {
        assertEquals(1, Testing.get(pool.deferToThread(pool, () -> 1)));
        assertEquals(2, Testing.stopped(pool).completed());
      }
    }

    @Test
    void f1_f2_work_isGoneAtTheHandOver_andTheResultWithItsFuture() throws Exception {
      try (ThreadPool pool = pool()) {
        var loop = new Loop.ByHand();
        var references = new ArrayList<WeakReference<Object>>();
        CompletableFuture<Object> future = deferRemembered(pool, loop, references);
        loop.awaitOne();
        Testing.awaitCleared("the work's argument", references.get(0));
        loop.runAll();
        references.add(new WeakReference<>(Testing.get(future)));
        future = null;
        Testing.awaitCleared("the result", references.get(1));
      }
    }

    private static CompletableFuture<Object> deferRemembered(
        ThreadPool pool, Executor loop, List<WeakReference<Object>> references) {
      var argument = new Object();
      references.add(new WeakReference<>(argument));
      return pool.deferToThread(loop, () -> new Object[] {argument.hashCode()});
    }

    @Test
    void f2_cancelledFuture_keepsNeitherWorkNorLateValue() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        var loop = new Loop.ByHand();
        var value = new CompletableFuture<WeakReference<Object>>();
        CompletableFuture<Object> future = pool.deferToThread(loop, () -> {
          held.run();
          var made = new Object();
          value.complete(new WeakReference<>(made));
          return made;
        });
        held.awaitBegun();
        future.cancel(false);
        held.release();
        Testing.awaitCleared("the late value", Testing.get(value));
        assertTrue(future.isCancelled());
      }
    }
  }

  @Nested
  class Callbacks {
    @Test
    void callback_isCalledOnTheExecutor_outsideTheContextOfTheWork() throws Exception {
      var marker = new Marker();
      try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(marker).start();
          var loop = new Loop()) {
        var told = new CompletableFuture<String>();
        marker.set("mine");
        pool.callInThreadWithCallback(
            outcome -> told.complete(
                outcome.fold(v -> v, f -> "failed") + " " + marker.get() + " " + loop.isCurrent()),
            marker::get,
            loop);
        assertEquals("mine null true", Testing.get(told));
      }
    }

    @Test
    void callback_isToldTheVeryThrowable_andNothingIsReported() throws Exception {
      try (ThreadPool pool = pool();
          var loop = new Loop()) {
        var thrown = new AssertionError("on purpose");
        var told = new CompletableFuture<Outcome<Object>>();
        pool.callInThreadWithCallback(
            told::complete,
            () -> {
              throw thrown;
            },
            loop);
        assertEquals(Outcome.failure(thrown), Testing.get(told));
        assertEquals(1, Testing.stopped(pool).failed());
        assertEquals(List.of(), reporter.reports());
      }
    }

    @Test
    void task_isOver_whenItsOutcomeHasBeenHandedOver() throws Exception {
      try (ThreadPool pool = pool()) {
        var loop = new Loop.ByHand();
        var told = new AtomicInteger();
        pool.callInThreadWithCallback(outcome -> told.incrementAndGet(), () -> 1, loop);
        assertEquals(1, Testing.stopped(pool).completed());
        assertEquals(0, told.get());
        loop.runAll();
        assertEquals(1, told.get());
      }
    }

    @Test
    void callbackThatThrows_isReportedOnce_andHarmsTheLoopNot() throws Exception {
      try (ThreadPool pool = pool();
          var loop = new Loop()) {
        var thrown = new IllegalStateException("on purpose");
        pool.callInThreadWithCallback(
            outcome -> {
              throw thrown;
            },
            () -> 1,
            loop);
        var next = new CompletableFuture<Outcome<Integer>>();
        pool.callInThreadWithCallback(next::complete, () -> 2, loop);
        assertEquals(Outcome.success(2), Testing.get(next));
      }
      assertEquals(1, reporter.reports().size());
      assertEquals(Kind.CALLBACK, reporter.reports().get(0).kind());
      assertEquals("loop", reporter.reports().get(0).worker());
    }

    @Test
    void executorThatRefuses_isReported_andSoIsTheFailureThatNobodyIsToldOf() {
      var told = new AtomicInteger();
      var thrown = new IllegalStateException("of the work");
      try (ThreadPool pool = pool()) {
        pool.callInThreadWithCallback(outcome -> told.incrementAndGet(), () -> 1, REFUSING);
        pool.callInThreadWithCallback(
            outcome -> told.incrementAndGet(),
            () -> {
              throw thrown;
            },
            REFUSING);
        var numbers = Testing.stopped(pool);
        assertEquals(1, numbers.completed());
        assertEquals(1, numbers.failed());
      }
      assertEquals(0, told.get());
      assertEquals(List.of(CLOSED, CLOSED, thrown), reporter.throwables());
      assertEquals(
          List.of(Kind.CALLBACK, Kind.CALLBACK, Kind.TASK),
          reporter.reports().stream().map(report -> report.kind()).toList());
    }

    /** An executor that throws and calls all the same comes too late; one that did so before does not. */
    @Test
    void callback_isCalledAtMostOnce_whateverTheExecutorDoes() {
      var told = new AtomicInteger();
      var kept = new ArrayList<Runnable>();
      try (ThreadPool pool = pool()) {
        pool.callInThreadWithCallback(outcome -> told.addAndGet(100), () -> 1, task -> {
          kept.add(task);
          throw CLOSED;
        });
        pool.callInThreadWithCallback(outcome -> told.incrementAndGet(), () -> 1, task -> {
          task.run();
          task.run();
          throw CLOSED;
        });
        Testing.stopped(pool);
      }
      kept.forEach(Runnable::run);
      assertEquals(1, told.get());
      assertEquals(List.of(CLOSED, CLOSED), reporter.throwables());
    }

    @Test
    void discardedTask_tellsItsCallback_onTheExecutor() {
      var told = new ArrayList<Outcome<Integer>>();
      var loop = new Loop.ByHand();
      try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).build()) {
        pool.callInThreadWithCallback(told::add, () -> 1, loop);
        pool.callInThreadWithCallback(told::add, () -> 1, REFUSING);
        pool.stop();
        assertEquals(List.of(), told);
        loop.runAll();
      }
      assertEquals(1, told.size());
      var failure = assertInstanceOf(Outcome.Failure.class, told.get(0));
      assertInstanceOf(TaskDiscardedException.class, failure.cause());
      assertEquals(List.of(CLOSED), reporter.throwables());
    }

    @Test
    void f1_f3_work_isGoneAtTheHandOver_andTheCallbackAfterItWasCalled() throws Exception {
      try (ThreadPool pool = pool()) {
        var loop = new Loop.ByHand();
        var references = new ArrayList<WeakReference<Object>>();
        Runnable delivery = callRemembered(pool, loop, references);
        Testing.awaitCleared("the work's argument", references.get(0));
        delivery.run();
        Testing.awaitCleared("what the callback holds", references.get(1));
        Testing.awaitCleared("the result", references.get(2));
        delivery.run(); // it is an empty shell
      }
    }

    /** Returns what the executor was handed, which it goes on holding. */
    private static Runnable callRemembered(
        ThreadPool pool, Loop.ByHand loop, List<WeakReference<Object>> references) {
      var argument = new Object();
      var held = new Object();
      var handed = new CompletableFuture<Runnable>();
      references.add(new WeakReference<>(argument));
      references.add(new WeakReference<>(held));
      pool.callInThreadWithCallback(
          outcome -> held.hashCode(),
          () -> {
            var made = new Object[] {argument.hashCode()};
            references.add(new WeakReference<>(made));
            return made;
          },
          handed::complete);
      return handed.orTimeout(Held.LONG_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  @Nested
  class Lists {
    @Test
    void firstThatThrows_isReportedOnceByItsPlace_andTheRestIsLeftOut() {
      var ran = new ArrayList<Integer>();
      var thrown = new IllegalStateException("on purpose");
      Runnable failing = new Runnable() {
        @Override
        public void run() {
          throw thrown;
        }

        @Override
        public String toString() {
          return "the failing one";
        }
      };
      try (ThreadPool pool = pool()) {
        pool.callMultipleInThread(List.of(() -> ran.add(1), failing, () -> ran.add(3)));
        assertEquals(1, Testing.stopped(pool).failed());
      }
      assertEquals(List.of(1), ran);
      assertEquals(List.of(thrown), reporter.throwables());
      assertEquals(List.of("work 2 of 3: the failing one"), reporter.subjects());
    }

    @Test
    void noWorks_areATaskThatDoesNothing() {
      try (ThreadPool pool = pool()) {
        pool.callMultipleInThread(List.of());
        assertEquals(1, Testing.stopped(pool).completed());
        assertThrows(TaskRejectedException.class, () -> pool.callMultipleInThread(List.of()));
      }
    }

    @Test
    void missingWork_isFoundBeforeAnythingIsSubmitted() {
      try (ThreadPool pool = pool()) {
        var missing = assertThrows(
            NullPointerException.class,
            () -> pool.callMultipleInThread(Arrays.asList(() -> {}, null)));
        assertEquals("work", missing.getMessage());
        assertEquals(0, pool.statistics().accepted());
      }
    }

    @Test
    void shutdownNow_givesBackTheWholeList_toBeRunAfterAll() {
      var ran = new ArrayList<Integer>();
      try (ThreadPool pool = Testing.pool(1, 1).build()) {
        pool.callMultipleInThread(List.of(() -> ran.add(1), () -> ran.add(2)));
        List<Runnable> unrun = pool.shutdownNow();
        assertEquals("[2 works as one task]", unrun.toString());
        unrun.forEach(Runnable::run);
      }
      assertEquals(List.of(1, 2), ran);
    }

    @Test
    void eachWork_isLetGoOf_whenItHasReturned() throws Exception {
      try (ThreadPool pool = pool();
          var held = new Held()) {
        var argument = callWithArgument(pool, held);
        held.awaitBegun();
        Testing.awaitCleared("what the first work held", argument);
      }
    }

    private static WeakReference<Object> callWithArgument(ThreadPool pool, Held held) {
      var argument = new Object();
      pool.callMultipleInThread(List.<Runnable>of(argument::hashCode, held));
      return new WeakReference<>(argument);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"callback", "work", "deliverOn", "defer deliverOn", "defer work", "works"})
  void w2_everyMethod_namesTheParameter_whenItIsNull(String what) {
    try (ThreadPool pool = pool()) {
      var thrown = assertThrows(NullPointerException.class, () -> {
        switch (what) {
          case "callback" -> pool.callInThreadWithCallback(null, () -> 1, Runnable::run);
          case "work" -> pool.callInThreadWithCallback(outcome -> {}, null, Runnable::run);
          case "deliverOn" -> pool.callInThreadWithCallback(outcome -> {}, () -> 1, null);
          case "defer deliverOn" -> pool.deferToThread(null, () -> 1);
          case "defer work" -> pool.deferToThread(Runnable::run, null);
          default -> pool.callMultipleInThread(null);
        }
      });
      assertEquals(what.replace("defer ", ""), thrown.getMessage());
      assertEquals(0, pool.statistics().accepted());
    }
  }

  /** A pool's workers are nobody's event loop, even where one of them ran the last call. */
  @Test
  void poolAsALoop_isNotTakenForTheThreadThatRanItsLastCall() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start()) {
      var events = EventLoop.of(pool);
      Thread ran = events.call(Thread::currentThread);
      for (int i = 0; i < 10; i++) {
        assertEquals(1, Testing.get(pool.submit(() -> events.call(() -> 1))));
      }
      assertNotSame(Thread.currentThread(), ran);
      var thrown =
          assertThrows(IllegalStateException.class, () -> events.call(() -> events.call(() -> 1)));
      assertTrue(thrown.getMessage().contains("would wait for itself"), thrown::getMessage);
    }
  }

  /** Twisted 10124: a worker that waits for the loop does not hold up the end of its pool for ever. */
  @Test
  void workerInACall_isFreed_whenItsPoolGivesUp() throws Exception {
    try (ThreadPool pool = pool();
        var loop = new Loop();
        var held = new Held()) {
      loop.execute(held);
      held.awaitBegun();
      var ran = new AtomicInteger();
      var inside = new CompletableFuture<Thread>();
      CompletableFuture<Integer> call = pool.submit(() -> {
        inside.complete(Thread.currentThread());
        return EventLoop.of(loop).call(ran::incrementAndGet);
      });
      Testing.awaitBlocked(Testing.get(inside));
      pool.stop(Duration.ZERO);
      assertInstanceOf(InterruptedException.class, causeOf(call));
      Testing.stopped(pool);
      held.release();
      Testing.get(EventLoop.of(loop).call(() -> CompletableFuture.completedFuture(1)));
      assertEquals(0, ran.get());
    }
  }
}
