package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R1 to R12: what a callback is told, how often, where and when. */
class CallbackTest {
  /** Runs the work in a pool of one worker and returns every outcome its callback was told. */
  private static List<Outcome<Object>> outcomesOf(Callable<?> work, RecordingReporter reporter) {
    var told = new ArrayList<Outcome<Object>>();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.<Object>callInThreadWithCallback(told::add, work);
      Testing.stopped(pool);
    }
    return told;
  }

  @Test
  void r1_callback_isToldTheValueOnce_whenTheWorkReturns() {
    var reporter = new RecordingReporter();
    assertEquals(List.of(Outcome.success("value")), outcomesOf(() -> "value", reporter));
    assertEquals(List.of(Outcome.success(null)), outcomesOf(() -> null, reporter));
    assertEquals(List.of(), reporter.reports());
  }

  static Stream<Throwable> throwables() {
    return Stream.of(
        new IllegalStateException("runtime"),
        new IOException("checked"),
        new InterruptedException("interrupted"),
        new AssertionError("error"),
        new StackOverflowError("by hand"),
        new OutOfMemoryError("by hand"),
        new LinkageError("by hand"),
        new Error("as the end of a thread"),
        new Throwable("bare"));
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void r2_r5_callback_isToldTheVeryThrowableOnce_andNothingIsReported(Throwable thrown) {
    var reporter = new RecordingReporter();
    List<Outcome<Object>> told = outcomesOf(
        () -> {
          throw Testing.sneaky(thrown);
        },
        reporter);
    assertEquals(1, told.size());
    var failure = assertInstanceOf(Outcome.Failure.class, told.get(0));
    assertSame(thrown, failure.cause());
    assertEquals(List.of(), reporter.reports());
  }

  @Test
  void r7_callback_runsOnTheThreadOfTheWork_rightAfterIt() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start()) {
      for (int i = 0; i < 200; i++) {
        var thread = new CompletableFuture<List<Thread>>();
        pool.callInThreadWithCallback(
            outcome -> outcome.fold(
                worker -> thread.complete(List.of(worker, Thread.currentThread())),
                failure -> thread.completeExceptionally(failure.cause())),
            Thread::currentThread);
        List<Thread> both = Testing.get(thread);
        assertSame(both.get(0), both.get(1));
        assertNotSame(Thread.currentThread(), both.get(0));
      }
    }
  }

  @Test
  void r8_workerIsBusyAndTheTaskRunning_duringTheCallback() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var callback = new Held()) {
      pool.callInThreadWithCallback(outcome -> callback.run(), () -> "value");
      callback.awaitBegun();
      var numbers = pool.statistics();
      assertEquals(1, numbers.busy());
      assertEquals(1, numbers.running());
      assertEquals(0, numbers.completed());
      CompletableFuture<Integer> next = pool.submit(() -> 1);
      assertEquals(1, pool.statistics().backlog());
      callback.release();
      assertEquals(1, Testing.get(next));
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  @Test
  void r8_anotherWorkerComes_duringTheCallback_whenThereIsRoom() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var callback = new Held()) {
      pool.callInThreadWithCallback(outcome -> callback.run(), () -> "value");
      callback.awaitBegun();
      assertNotSame(callback.runner(), Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(2, pool.statistics().workers());
      callback.release();
    }
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void r6_callbackThatThrows_isReportedOnce_andNotCalledAgain(Throwable thrown) throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      var calls = new AtomicInteger();
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      pool.callInThreadWithCallback(
          outcome -> {
            calls.incrementAndGet();
            throw Testing.<RuntimeException>sneaky(thrown);
          },
          () -> "value");
      assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(1, calls.get());
      assertEquals(1, reporter.reports().size());
      var report = reporter.reports().get(0);
      assertEquals(Kind.CALLBACK, report.kind());
      assertSame(thrown, report.throwable());
      assertEquals(worker.getName(), report.worker());
      assertTrue(report.subject().startsWith(CallbackTest.class.getName()), report::subject);
      var numbers = Testing.stopped(pool);
      assertEquals(3, numbers.completed()); // what the callback throws afterwards does not move it
      assertEquals(0, numbers.failed());
    }
  }

  @Test
  void r6_countsAsFailed_whenTheWorkThrewAndTheCallbackToo() {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.callInThreadWithCallback(
          outcome -> {
            throw new IllegalStateException("callback");
          },
          () -> {
            throw new IllegalStateException("work");
          });
      assertEquals(1, Testing.stopped(pool).failed());
      assertEquals("callback", reporter.throwables().get(0).getMessage());
      assertEquals(1, reporter.reports().size());
    }
  }

  @Test
  void r10_r11_workersGoOn_whenTasksCallbacksAndReportersAllThrow() throws Exception {
    var reporter = new ThrowingReporter();
    var out = new CapturedErr();
    try (out;
        ThreadPool pool = Testing.pool(2, 2).failureReporter(reporter).start()) {
      for (int i = 0; i < 100; i++) {
        pool.execute(() -> {
          throw new IllegalStateException("task");
        });
        pool.callInThreadWithCallback(
            outcome -> {
              throw new IllegalStateException("callback");
            },
            () -> {
              throw new IllegalStateException("work");
            });
      }
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(2, pool.statistics().workers());
      assertEquals(200, Testing.stopped(pool).failed());
    }
  }

  @Test
  void e4_callback_maySubmitResizeAskAndStop() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var nested = new CompletableFuture<CompletableFuture<Integer>>();
      var state = new CompletableFuture<PoolState>();
      pool.callInThreadWithCallback(
          outcome -> {
            held.run();
            nested.complete(pool.submit(() -> 42));
            pool.adjustPoolSize(1, 2);
            assertTrue(pool.statistics().running() > 0);
            pool.stop(); // begins it and returns
            state.complete(pool.state());
          },
          () -> "value");
      held.release();
      assertEquals(PoolState.STOPPING, Testing.get(state));
      assertEquals(42, Testing.get(Testing.get(nested)));
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  @Test
  void callback_isCalledExactlyOnce_forEachOfManyTasks() {
    int tasks = 10_000;
    var calls = new AtomicInteger[tasks];
    try (ThreadPool pool = Testing.pool(2, 4).start()) {
      for (int i = 0; i < tasks; i++) {
        var counter = new AtomicInteger();
        calls[i] = counter;
        pool.callInThreadWithCallback(outcome -> counter.incrementAndGet(), () -> "value");
      }
      assertEquals(tasks, Testing.stopped(pool).completed());
    }
    for (AtomicInteger counter : calls) {
      assertEquals(1, counter.get());
    }
  }

  /** A callback for a supertype of what the work gives. */
  @Test
  void callback_takesOutcomesOfASubtype() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var told = new CompletableFuture<Object>();
      Callable<String> work = () -> "text";
      pool.<CharSequence>callInThreadWithCallback(
          outcome -> told.complete(outcome.fold(CharSequence::length, failure -> -1)), work);
      assertEquals(4, Testing.get(told));
    }
  }

  @Test
  void callback_ofARefusedTask_isNotCalled() {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      pool.stop();
      var calls = new AtomicInteger();
      assertFalse(Testing.isAccepted(
          () -> pool.callInThreadWithCallback(outcome -> calls.incrementAndGet(), () -> "v")));
      assertEquals(0, calls.get());
    }
  }

  @Test
  void r3_failureWithoutACallback_isReportedOnce() {
    var reporter = new RecordingReporter();
    var thrown = new IllegalStateException("on purpose");
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.callInThread(() -> {
        throw thrown;
      });
      Testing.stopped(pool);
    }
    assertEquals(List.of(thrown), reporter.throwables());
    assertEquals(Kind.TASK, reporter.reports().get(0).kind());
    assertEquals("PoolThread-p-0", reporter.reports().get(0).worker());
  }

  @Test
  void r4_successWithoutACallback_isSilent() {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      var ran = new CountDownLatch(1);
      pool.callInThread(ran::countDown);
      Held.await(ran);
    }
    assertEquals(List.of(), reporter.reports());
  }
}
