package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a worker's thread has as its uncaught exception handler is told of what nobody else has. */
class UncaughtHandlerTest {
  private static final IllegalStateException THROWN = new IllegalStateException("on purpose");

  private final RecordingReporter reporter = new RecordingReporter();
  private final List<Throwable> told = new CopyOnWriteArrayList<>();

  private static void fail() {
    throw THROWN;
  }

  private ThreadPool pool(Thread.UncaughtExceptionHandler handler) {
    ThreadFactory factory = body -> {
      var thread = new Thread(body);
      thread.setUncaughtExceptionHandler(handler);
      return thread;
    };
    return Testing.pool(1, 1).threadFactory(factory).failureReporter(reporter).start();
  }

  @Test
  void handler_isToldOfWhatExecuteThrew_onTheWorker_whichLivesOn() throws Exception {
    var on = new AtomicReference<Thread>();
    var seen = new AtomicReference<PoolStatistics>();
    var pool = new AtomicReference<ThreadPool>();
    try (ThreadPool made = pool((thread, thrown) -> {
      told.add(thrown);
      on.set(thread);
      assertSame(thread, Thread.currentThread());
      seen.set(pool.get().statistics());
    })) {
      pool.set(made);
      made.execute(UncaughtHandlerTest::fail);
      Thread next = Testing.get(made.submit(Thread::currentThread));
      assertEquals(List.of(THROWN), told);
      assertSame(next, on.get());
      assertEquals(1, seen.get().failed()); // the books were in order
      assertEquals(0, seen.get().running());
    }
    assertEquals(List.of(THROWN), reporter.throwables());
  }

  @Test
  void handler_isNotTold_ofWhatACallbackOrAFutureHas() {
    try (ThreadPool pool = pool((thread, thrown) -> told.add(thrown))) {
      pool.callInThreadWithCallback(outcome -> {}, () -> {
        throw THROWN;
      });
      pool.submit(UncaughtHandlerTest::fail).isCompletedExceptionally();
      Testing.stopped(pool);
    }
    assertEquals(List.of(), told);
  }

  @Test
  void handlerThatThrows_isReported_andTheWorkerLivesOn() throws Exception {
    var own = new IllegalArgumentException("the handler's own");
    try (ThreadPool pool = pool((thread, thrown) -> {
      throw own;
    })) {
      pool.execute(UncaughtHandlerTest::fail);
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      Testing.stopped(pool);
    }
    assertEquals(List.of(THROWN, own), reporter.throwables());
    assertEquals(Kind.THREAD, reporter.reports().get(1).kind());
  }

  /** The default handler is the program's last resort, not the thread's own. */
  @Test
  void defaultHandler_isNotTold() {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.execute(UncaughtHandlerTest::fail);
      Testing.stopped(pool);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertEquals(List.of(), told);
    assertEquals(1, reporter.reports().size());
  }
}
