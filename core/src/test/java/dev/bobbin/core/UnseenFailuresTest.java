package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.TaskTimedOutException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.api.ThreadPoolConfig.Traces;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.FailureReporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failed futures: each is reported, once, unless somebody looks at it. */
class UnseenFailuresTest {
  private static final IllegalStateException THROWN = new IllegalStateException("on purpose");

  private final RecordingReporter reporter = new RecordingReporter();

  private ThreadPool pool() {
    return Testing.pool(1, 1).failureReporter(reporter).start();
  }

  /** Work that throws, with a text. */
  private static final class Failing implements Callable<String> {
    @Override
    public String call() {
      throw THROWN;
    }

    @Override
    public String toString() {
      return "settle accounts";
    }
  }

  /** Returns a future that has failed, and that nobody has looked at. */
  private static CompletableFuture<String> failed(ThreadPool pool) throws InterruptedException {
    CompletableFuture<String> future = pool.submit(new Failing());
    assertTrue(pool.awaitIdle(Duration.ofMinutes(1)));
    return future;
  }

  private void assertReportedOnce(FailureReport report) {
    assertEquals(Kind.FUTURE, report.kind());
    assertEquals("p", report.pool());
    assertSame(THROWN, report.throwable());
    assertTrue(report.worker().startsWith("PoolThread-p-"), report.worker());
    assertEquals(Failing.class.getName(), report.subject());
  }

  @Test
  void droppedFuture_isReportedOnce_whenItIsCollected() throws Exception {
    var told = new CountDownLatch(1);
    try (ThreadPool pool = Testing.pool(1, 1)
        .failureReporter(reporter)
        .failureReporter(telling(told))
        .start()) {
      failed(pool);
      awaitCollected(told);
      assertEquals(1, reporter.reports().size());
      assertReportedOnce(reporter.reports().get(0));
      Testing.stopped(pool);
    }
    assertEquals(1, reporter.reports().size());
  }

  /** Returns a reporter that counts this down. */
  private static FailureReporter telling(CountDownLatch told) {
    return new FailureReporter() {
      @Override
      public String name() {
        return "telling";
      }

      @Override
      public void report(FailureReport report) {
        told.countDown();
      }
    };
  }

  private static void awaitCollected(CountDownLatch told) throws InterruptedException {
    long began = System.nanoTime();
    while (!told.await(10, TimeUnit.MILLISECONDS)) {
      assertTrue(
          System.nanoTime() - began < TimeUnit.SECONDS.toNanos(Held.LONG_SECONDS), "never told");
      System.gc();
    }
  }

  /** Returns a pool that has no worker any more, in which a future has failed that nobody holds. */
  private static ThreadPool poolWithoutWorkers(CountDownLatch told) throws InterruptedException {
    var config = Testing.config(0, 1).toBuilder()
        .keepAlive(Duration.ofMillis(1))
        .leaveInterval(Duration.ofMillis(1))
        .build();
    ThreadPool pool = ThreadPools.builder(config).failureReporter(telling(told)).start();
    failed(pool);
    Testing.eventually("no worker is left", () -> pool.statistics().workers() == 0);
    return pool;
  }

  @Test
  void droppedFuture_isReported_whenNoWorkerLives() throws Exception {
    var told = new CountDownLatch(1);
    try (ThreadPool pool = poolWithoutWorkers(told)) {
      awaitCollected(told);
      Testing.stopped(pool);
    }
  }

  @Test
  void droppedFuture_isReported_whenItsPoolIsCollectedWithIt() throws Exception {
    var told = new CountDownLatch(1);
    poolWithoutWorkers(told);
    awaitCollected(told);
  }

  private static void deferAndStop(CountDownLatch told, Executor deliverOn) {
    ThreadPool pool = Testing.pool(1, 1).failureReporter(telling(told)).start();
    pool.deferToThread(deliverOn, new Failing());
    Testing.stopped(pool);
  }

  @Test
  void deferredFuture_isReported_whenItFailsAfterItsPoolHasStopped() throws Exception {
    var told = new CountDownLatch(1);
    var outcomes = new LinkedBlockingQueue<Runnable>();
    deferAndStop(told, outcomes::add);
    assertEquals(1, told.getCount());
    outcomes.remove().run();
    awaitCollected(told);
  }

  @Test
  void heldFuture_isReportedOnce_whenThePoolStops() throws Exception {
    CompletableFuture<String> future;
    try (ThreadPool pool = pool()) {
      future = failed(pool);
      assertEquals(List.of(), reporter.reports());
      Testing.stopped(pool);
      assertEquals(1, reporter.reports().size());
      assertReportedOnce(reporter.reports().get(0));
      pool.stop();
    }
    assertThrows(ExecutionException.class, future::get);
    assertEquals(1, reporter.reports().size());
  }

  /** The errands' thread ends the pool here, which nobody joins. */
  @Test
  void heldFuture_isReported_beforeTheStopReturns_whoeverEndsThePool() throws Exception {
    var held = new Held();
    var told = new CountDownLatch(2);
    Thread[] stopper = new Thread[1];
    FailureReporter slow = new FailureReporter() {
      @Override
      public String name() {
        return "slow";
      }

      @Override
      public void report(FailureReport report) {
        if (told.getCount() == 2) {
          held.run();
        } else {
          Testing.awaitBlocked(stopper[0]); // and not gone
        }
        told.countDown();
      }
    };
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(slow).start();
        held) {
      failed(pool);
      CompletableFuture<String> future = failed(pool);
      Testing.eventually("one is reported", () -> {
        System.gc();
        return held.runner() != Thread.currentThread();
      });
      CompletableFuture<Long> left = Testing.inThread(stopper, () -> {
        pool.stop();
        return told.getCount();
      });
      Testing.eventually("no worker is left", () -> pool.statistics().workers() == 0);
      held.release();
      assertEquals(0, Testing.get(left));
      assertThrows(ExecutionException.class, () -> Testing.get(future));
    }
  }

  /** A way to look at a future. */
  private record Look(String name, Looking looking) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Calls a method that older JDKs have not. */
  private interface Looking {
    void at(CompletableFuture<String> future) throws Exception;
  }

  static Stream<Look> looks() {
    return Stream.of(
        new Look("get", CompletableFuture::get),
        new Look("get with a limit", future -> future.get(1, TimeUnit.MINUTES)),
        new Look("join", CompletableFuture::join),
        new Look("getNow", future -> future.getNow("")),
        new Look("isCompletedExceptionally", CompletableFuture::isCompletedExceptionally),
        new Look("resultNow", future -> ((WatchedFuture<?>) future).resultNow()),
        new Look("exceptionNow", future -> ((WatchedFuture<?>) future).exceptionNow()),
        new Look("a stage", future -> future.exceptionally(thrown -> "")),
        new Look("an asynchronous stage", future -> future.handleAsync((value, thrown) -> "")),
        new Look("a stage for both", future -> future.runAfterBoth(future, () -> {})),
        new Look("a copy", CompletableFuture::copy),
        new Look("toCompletableFuture", CompletableFuture::toCompletableFuture),
        new Look("minimalCompletionStage", CompletableFuture::minimalCompletionStage));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void failure_isNotReported_whenSomebodyHasLooked_afterwards(Look look) throws Exception {
    try (ThreadPool pool = pool()) {
      CompletableFuture<String> future = failed(pool);
      assertEquals(1, ((Pool) pool).unseenFailures());
      try {
        look.looking.at(future);
      } catch (Exception expected) {
        // it tells the failure
      }
      assertEquals(0, ((Pool) pool).unseenFailures());
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void failure_isNotReported_whenItComesWhileSomebodyAsksForIt() {
    try (ThreadPool pool = pool()) {
      for (int i = 0; i < 300; i++) {
        for (CompletableFuture<String> future : List.of(
            pool.submit(new Failing()), pool.<String>deferToThread(Runnable::run, new Failing()))) {
          while (!future.isCompletedExceptionally()) {
            Thread.onSpinWait();
          }
        }
      }
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void failure_isReported_whenSomebodyHasOnlyAskedWhetherItIsDone() throws Exception {
    try (ThreadPool pool = pool()) {
      CompletableFuture<String> future = failed(pool);
      assertTrue(future.isDone());
      assertFalse(future.isCancelled());
      assertTrue(future.toString().contains("Completed exceptionally"), future.toString());
      Testing.stopped(pool);
    }
    assertEquals(1, reporter.reports().size());
  }

  @Test
  void failure_isReported_whenAWaitWasOverBeforeIt() throws Exception {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<String> future = pool.submit(new Failing());
      assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
      assertEquals("absent", future.getNow("absent"));
      held.release();
      Testing.stopped(pool);
    }
    assertEquals(1, reporter.reports().size());
  }

  @Test
  void failure_isNotReported_whenAStageWasThereBefore() throws Exception {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.submit(new Failing()).whenComplete((value, thrown) -> {});
      CompletableFuture<String> one = pool.submit(new Failing());
      CompletableFuture<Void> all = CompletableFuture.allOf(one);
      held.release();
      Testing.stopped(pool);
      assertTrue(all.isCompletedExceptionally());
    }
    assertEquals(List.of(), reporter.reports());
  }

  /** The one case that is reported though somebody looks: what allOf does then, nobody can see. */
  @Test
  void failure_isReported_whenAllOfIsTheOnlyOneThatLooks_afterwards() throws Exception {
    try (ThreadPool pool = pool()) {
      CompletableFuture.allOf(failed(pool));
      Testing.stopped(pool);
    }
    assertEquals(1, reporter.reports().size());
  }

  @Test
  void failure_isNotReported_whenAThreadWaitsForIt() throws Exception {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      CompletableFuture<?> future = pool.submit(() -> {
        held.run();
        throw THROWN;
      });
      held.awaitBegun();
      var waiter = new Thread(() -> assertThrows(ExecutionException.class, future::get));
      waiter.start();
      Testing.awaitBlocked(waiter);
      held.release();
      waiter.join();
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void nothing_isReported_ofWhatHasNotFailed() throws Exception {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      pool.submit(() -> 1);
      pool.execute(held);
      held.awaitBegun();
      pool.submit(new Failing()).cancel(false);
      CompletableFuture<String> own = pool.submit(new Failing());
      own.completeExceptionally(THROWN);
      pool.submit(new Failing()).complete("mine");
      held.release();
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void discardedTask_isReported_unlessItIsAStopThatTellsOfIt() throws Exception {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.with(TaskOptions.builder().maxWait(Duration.ofNanos(1)).build()).submit(() -> 1);
      pool.submit(() -> 2);
      held.release();
      assertTrue(pool.awaitIdle(Duration.ofMinutes(1)));
      pool.execute(new Held());
      pool.submit(() -> 3);
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
    }
    assertEquals(
        List.of(TaskDiscardedException.class),
        reporter.throwables().stream()
            .filter(thrown -> !(thrown instanceof InterruptedException))
            .filter(thrown -> thrown instanceof TaskDiscardedException)
            .map(Object::getClass)
            .toList());
  }

  @Test
  void taskThatRanTooLong_isReported_unlessSomebodyLooks() throws Exception {
    var limit = TaskOptions.builder().maxRun(Duration.ofMillis(1)).build();
    Callable<Integer> endless = () -> {
      new CountDownLatch(1).await();
      return 1;
    };
    try (ThreadPool pool = pool()) {
      pool.with(limit).submit(endless);
      CompletableFuture<Integer> seen = pool.with(limit).submit(endless);
      assertThrows(ExecutionException.class, () -> Testing.get(seen));
      Testing.stopped(pool);
    }
    assertEquals(
        List.of(TaskTimedOutException.class),
        reporter.throwables().stream().map(Object::getClass).toList());
  }

  @Test
  void taskThatRanTooLong_isNotReported_whenSomethingDependedOnItThen() {
    var limit = TaskOptions.builder().maxRun(Duration.ofMillis(50)).build();
    try (ThreadPool pool = pool()) {
      CompletableFuture<Void> all = CompletableFuture.allOf(pool.with(limit).submit(() -> {
        new CountDownLatch(1).await();
        return 1;
      }));
      assertThrows(ExecutionException.class, () -> Testing.get(all));
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void nothing_isReported_whenAUserHasCompletedTheFutureBefore() throws Exception {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      CompletableFuture<String> future = pool.submit(() -> {
        held.run();
        throw THROWN;
      });
      held.awaitBegun();
      assertTrue(future.complete("mine"));
      held.release();
      assertEquals("mine", Testing.get(future));
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void report_tellsNameContextAndTimes() throws Exception {
    ContextPropagator propagator = new ContextPropagator() {
      @Override
      public String name() {
        return "tenant";
      }

      @Override
      public CapturedContext capture() {
        return new CapturedContext() {
          @Override
          public void run(Runnable body) {
            body.run();
          }

          @Override
          public Map<String, String> describe() {
            return Map.of("tenant", "acme");
          }
        };
      }
    };
    var config = Testing.config(1, 1).toBuilder()
        .timing(Timing.ON)
        .submitterTraces(Traces.ON)
        .build();
    try (ThreadPool pool = ThreadPools.builder(config)
        .contextPropagator(propagator)
        .failureReporter(reporter)
        .start()) {
      ThreadPool named = pool.with(TaskOptions.builder().name("settle accounts").build());
      named.submit(new Failing());
      named.deferToThread(Runnable::run, new Failing());
      Testing.stopped(pool);
    }
    reporter.reports().forEach(UnseenFailuresTest::assertTellsAll);
    assertEquals(2, reporter.reports().size());
  }

  private static void assertTellsAll(FailureReport report) {
    assertEquals("settle accounts", report.subject());
    assertEquals(Map.of("tenant", "acme"), report.context());
    assertTrue(report.submitter().isPresent(), report.toString());
    assertTrue(report.worker().startsWith("PoolThread-p-"), report.worker());
    assertTrue(report.waited().isPresent() && report.ran().isPresent(), report.toString());
    assertTrue(
        report.toString().startsWith("A task whose future nobody has looked at failed in pool 'p'"),
        report.toString());
  }

  @Test
  void deferredFuture_isReported_unlessSomebodyLooks() throws Exception {
    try (ThreadPool pool = pool()) {
      CompletableFuture<String> dropped = pool.deferToThread(Runnable::run, new Failing());
      CompletableFuture<String> seen = pool.deferToThread(Runnable::run, new Failing());
      assertThrows(ExecutionException.class, () -> Testing.get(seen));
      pool.<String>deferToThread(Runnable::run, new Failing()).exceptionally(thrown -> "");
      Testing.stopped(pool);
      assertEquals(1, reporter.reports().size());
      FailureReport report = reporter.reports().get(0);
      assertEquals(Kind.FUTURE, report.kind());
      assertSame(THROWN, report.throwable());
      assertEquals(Failing.class.getName(), report.subject());
      assertTrue(dropped.isCompletedExceptionally());
    }
    assertEquals(1, reporter.reports().size());
  }

  /** That the pool itself refuses is told to who submits; that another one does, to nobody else. */
  @Test
  void refusalThatTheWorkThrows_isReportedAsAnyFailure() throws Exception {
    ThreadPool stopped = pool();
    Testing.stopped(stopped);
    try (ThreadPool pool = pool()) {
      pool.deferToThread(Runnable::run, () -> stopped.submit(() -> 1));
      pool.submit(() -> stopped.submit(() -> 1));
      Testing.stopped(pool);
    }
    assertEquals(
        List.of(TaskRejectedException.class, TaskRejectedException.class),
        reporter.reports().stream().map(report -> report.throwable().getClass()).toList());
  }

  @Test
  void deferredFuture_isReported_whenAWaitWasOverBefore() {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<String> future = pool.deferToThread(Runnable::run, new Failing());
      assertThrows(TimeoutException.class, () -> future.get(1, TimeUnit.MILLISECONDS));
      held.release();
      Testing.stopped(pool);
    }
    assertEquals(1, reporter.reports().size());
  }

  @Test
  void deferredFuture_isNotReported_whenSomethingDependedOnItThen() {
    try (ThreadPool pool = pool();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.deferToThread(Runnable::run, new Failing()).whenComplete((value, thrown) -> {});
      CompletableFuture<Void> all =
          CompletableFuture.allOf(pool.deferToThread(Runnable::run, new Failing()));
      held.release();
      Testing.stopped(pool);
      assertTrue(all.isCompletedExceptionally());
    }
    assertEquals(List.of(), reporter.reports());
  }

  @ParameterizedTest
  @MethodSource("looks")
  void deferredFuture_isNotReported_whenSomebodyHasLooked_afterwards(Look look) throws Exception {
    try (ThreadPool pool = pool()) {
      CompletableFuture<String> future = pool.deferToThread(Runnable::run, new Failing());
      assertTrue(pool.awaitIdle(Duration.ofMinutes(1)));
      assertEquals(1, ((Pool) pool).unseenFailures());
      try {
        look.looking.at(future);
      } catch (Exception expected) {
        // it tells the failure
      }
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void deferredFuture_isReported_whenItsExecutorDoesNotTakeTheOutcome() {
    var refusal = new IllegalArgumentException("closed");
    try (ThreadPool pool = pool()) {
      pool.deferToThread(
          outcome -> {
            throw refusal;
          },
          () -> 1);
      Testing.stopped(pool);
    }
    assertEquals(List.of(refusal), reporter.throwables());
  }

  @Test
  void deferredFuture_isNotReported_ofWhatIsToldElsewhereOrToBeSilent() {
    var config = Testing.config(1, 1).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.discardSilently())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).failureReporter(reporter).start();
        var held = new Held()) {
      pool.deferToThread(Runnable::run, () -> {
        held.runThroughInterrupts();
        return 1;
      });
      held.awaitBegun();
      pool.execute(() -> {});
      assertTrue(pool.deferToThread(Runnable::run, () -> 2).isDone()); // dropped
      pool.stop(Duration.ZERO);
      held.release();
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void futuresOfInvokeAll_areReported_unlessSomebodyLooks() throws Exception {
    Thread caller = Thread.currentThread();
    Callable<String> slow = () -> {
      Testing.awaitBlocked(caller);
      throw THROWN;
    };
    try (ThreadPool pool = pool()) {
      pool.invokeAll(List.of(new Failing(), slow));
      pool.invokeAll(List.of(new Failing(), slow), 1, TimeUnit.MINUTES);
      for (Future<String> future : pool.invokeAll(List.of(new Failing(), slow))) {
        assertThrows(ExecutionException.class, () -> Testing.get(future));
      }
      Testing.stopped(pool);
    }
    assertEquals(4, reporter.reports().size());
  }

  @Test
  void failureWithACallback_isNotReportedHere() {
    try (ThreadPool pool = pool()) {
      pool.callInThreadWithCallback(outcome -> {}, new Failing());
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.reports());
  }
}
