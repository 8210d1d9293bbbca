package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.FailureReporter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decision 8: who is told of a failure, how often, and what is done when nobody listens. */
class FailureReportsTest {
  private static void failing() {
    throw new IllegalStateException("on purpose");
  }

  @Test
  void everyReporter_getsEveryFailureOnce_inTheOrderOfTheirNames() {
    var first = new RecordingReporter("a-first");
    var second = new RecordingReporter("b-second");
    try (ThreadPool pool =
        Testing.pool(1, 1).failureReporter(second).failureReporter(first).start()) {
      for (int i = 0; i < 5; i++) {
        pool.execute(FailureReportsTest::failing);
      }
      Testing.stopped(pool);
    }
    assertEquals(5, first.reports().size());
    for (int i = 0; i < 5; i++) {
      assertSame(first.reports().get(i), second.reports().get(i));
    }
  }

  @Test
  void report_tellsKindPoolWorkerAndSubject() {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.execute(new Runnable() {
        @Override
        public void run() {
          failing();
        }

        @Override
        public String toString() {
          return "copy a.txt";
        }
      });
      Testing.stopped(pool);
    }
    FailureReport report = reporter.reports().get(0);
    assertEquals(Kind.TASK, report.kind());
    assertEquals("p", report.pool());
    assertEquals("PoolThread-p-0", report.worker());
    assertEquals("copy a.txt", report.subject());
    assertEquals(Optional.empty(), report.waited());
    assertEquals(Optional.empty(), report.ran());
    assertEquals("A task failed in pool 'p' on PoolThread-p-0: copy a.txt", report.toString());
  }

  @Test
  void report_namesTheClass_whenTheTasksOwnTextThrows() {
    var reporter = new RecordingReporter();
    class Hostile implements Runnable {
      @Override
      public void run() {
        failing();
      }

      @Override
      public String toString() {
        throw new StackOverflowError("no text");
      }

      @Override
      public int hashCode() {
        throw new IllegalStateException("no hash");
      }

      @Override
      public boolean equals(Object other) {
        throw new IllegalStateException("no equals");
      }
    }
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.execute(new Hostile());
      Testing.stopped(pool);
    }
    assertEquals(List.of(Hostile.class.getName()), reporter.subjects());
  }

  @Test
  void report_tellsHowLongTheTaskWaitedAndRan_whenTasksAreTimed() {
    var reporter = new RecordingReporter();
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .timing(Timing.ON)
        .build();
    long before = System.nanoTime();
    try (ThreadPool pool = ThreadPools.builder(config).failureReporter(reporter).start()) {
      pool.execute(FailureReportsTest::failing);
      pool.callInThreadWithCallback(outcome -> failing(), () -> "value");
      Testing.stopped(pool);
    }
    long all = System.nanoTime() - before;
    assertEquals(2, reporter.reports().size());
    for (FailureReport report : reporter.reports()) {
      long told =
          report.waited().orElseThrow().toNanos() + report.ran().orElseThrow().toNanos();
      assertTrue(report.waited().get().toNanos() >= 0, report::toString);
      assertTrue(report.ran().get().toNanos() >= 0, report::toString);
      assertTrue(told <= all, report::toString);
    }
  }

  @Test
  void report_tellsHowLongTheTaskRan_whenItsSubmitterRunsIt() throws Exception {
    var reporter = new RecordingReporter();
    var timers = new HandTimers();
    var config = Testing.config(1, 1).toBuilder()
        .backlogLimit(0)
        .whenFull(Overflow.runInCaller())
        .timing(Timing.ON)
        .build();
    try (ThreadPool pool = timers.start(config, reporter);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> {
        timers.timer().pass(5);
        failing();
      });
      FailureReport report = reporter.reports().get(0);
      assertEquals(Optional.of(Duration.ZERO), report.waited());
      assertEquals(Optional.of(Duration.ofNanos(5)), report.ran());
    }
  }

  @Test
  void report_tellsTimesOfSomeTasksOnly_whenTasksAreSampled() {
    var reporter = new RecordingReporter();
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .timing(Timing.SAMPLED)
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).failureReporter(reporter).start()) {
      for (int i = 0; i < 5_000; i++) {
        pool.execute(FailureReportsTest::failing);
      }
      Testing.stopped(pool);
    }
    long timed =
        reporter.reports().stream().filter(report -> report.ran().isPresent()).count();
    // One in 64; none, or one in ten, of 5,000 is for all purposes impossible.
    assertTrue(timed > 0 && timed < 500, () -> timed + " of 5,000 were timed");
  }

  @Test
  void reporterThatThrows_isReportedToTheOthers_whoGetTheFailureAllTheSame() {
    var reporter = new RecordingReporter("z-last");
    try (ThreadPool pool = Testing.pool(1, 1)
        .failureReporter(new ThrowingReporter())
        .failureReporter(reporter)
        .start()) {
      pool.execute(FailureReportsTest::failing);
      Testing.stopped(pool);
    }
    assertEquals(2, reporter.reports().size());
    assertEquals("on purpose", reporter.throwables().get(0).getMessage());
    FailureReport aboutIt = reporter.reports().get(1);
    assertEquals(Kind.PLUGIN, aboutIt.kind());
    assertEquals("plugin 'throwing' threw while it reported a failure", aboutIt.subject());
    assertEquals("the reporter's own", aboutIt.throwable().getMessage());
  }

  @Test
  void failure_goesToStandardError_whenThereIsNoReporter() {
    String written;
    try (var err = new CapturedErr();
        ThreadPool pool = Testing.pool(1, 1).start()) {
      pool.execute(new Runnable() {
        @Override
        public void run() {
          failing();
        }

        @Override
        public String toString() {
          return "a\r\nforged line";
        }
      });
      Testing.stopped(pool);
      written = err.text();
    }
    List<String> lines = written.lines().toList();
    assertEquals("A task failed in pool 'p' on PoolThread-p-0: a??forged line", lines.get(0));
    assertEquals("java.lang.IllegalStateException: on purpose", lines.get(1));
    assertTrue(lines.get(2).contains("FailureReportsTest.failing"), written);
  }

  @Test
  void failure_goesToStandardError_whenAllReportersThrow() {
    String written;
    try (var err = new CapturedErr();
        ThreadPool pool =
            Testing.pool(1, 1).failureReporter(new ThrowingReporter()).start()) {
      pool.execute(FailureReportsTest::failing);
      Testing.stopped(pool);
      written = err.text();
    }
    assertTrue(written.contains("java.lang.IllegalStateException: on purpose"), written);
    assertTrue(written.contains("plugin 'throwing' threw while it reported a failure"), written);
    assertTrue(written.contains("java.lang.IllegalStateException: the reporter's own"), written);
  }

  @ParameterizedTest
  @MethodSource("dev.bobbin.core.CallbackTest#throwables")
  void worker_outlivesWhateverATaskThrows(Throwable thrown) throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      pool.execute(() -> {
        throw Testing.<RuntimeException>sneaky(thrown);
      });
      assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      assertSame(thrown, reporter.throwables().get(0));
      assertEquals(1, reporter.reports().size());
    }
  }

  @Test
  void worker_outlivesARealStackOverflow() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      for (int i = 0; i < 20; i++) {
        pool.execute(FailureReportsTest::deeper);
        assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      }
      assertEquals(20, reporter.reports().size());
      assertTrue(reporter.throwables().stream().allMatch(StackOverflowError.class::isInstance));
      assertEquals(20, Testing.stopped(pool).failed());
    }
  }

  private static void deeper() {
    deeper();
  }

  @Test
  void thousandFailures_costNoExtraThread() throws Exception {
    var reporter = new RecordingReporter();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    var made = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(2, 2)
        .failureReporter(reporter)
        .threadFactory(body -> {
          made.incrementAndGet();
          return new Thread(body);
        })
        .start()) {
      for (int i = 0; i < 1_000; i++) {
        pool.execute(() -> {
          threads.add(Thread.currentThread());
          throw new AssertionError("on purpose");
        });
      }
      assertEquals(1_000, Testing.stopped(pool).failed());
    }
    assertEquals(1_000, reporter.reports().size());
    assertEquals(2, made.get());
    assertTrue(threads.size() <= 2);
  }

  /** Fault 15: a reporter that itself gives failing work to the pool ends nowhere near endless. */
  @Test
  void reporterThatSubmitsFailingWork_isServed() {
    var pool = new CompletableFuture<ThreadPool>();
    var seen = new AtomicInteger();
    var subjects = new HashSet<String>();
    FailureReporter reporter = new FailureReporter() {
      @Override
      public String name() {
        return "resubmitting";
      }

      @Override
      public void report(FailureReport report) {
        subjects.add(report.kind().name());
        if (seen.incrementAndGet() < 100) {
          pool.join().execute(FailureReportsTest::failing);
        }
      }
    };
    try (ThreadPool made = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.complete(made);
      made.execute(FailureReportsTest::failing);
      Testing.eventually("all failed", () -> made.statistics().failed() == 100);
      Testing.stopped(made);
    }
    assertEquals(100, seen.get());
    assertEquals(Set.of("TASK"), subjects);
  }

  /** Fault 18, 6: a reporter that stops the pool from the worker does not wait for itself. */
  @Test
  void reporterThatStopsThePool_isServed() {
    var pool = new CompletableFuture<ThreadPool>();
    FailureReporter reporter = new FailureReporter() {
      @Override
      public String name() {
        return "stopping";
      }

      @Override
      public void report(FailureReport report) {
        pool.join().stop();
      }
    };
    try (ThreadPool made = Testing.pool(1, 1).failureReporter(reporter).start()) {
      pool.complete(made);
      made.execute(FailureReportsTest::failing);
      assertEquals(1, Testing.stopped(made).failed());
    }
  }

  @Test
  void failureOfAFuture_isNotReported_whenSomebodyLooks_theFutureHasIt() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      CompletableFuture<?> future = pool.submit(FailureReportsTest::failing);
      assertThrows(ExecutionException.class, () -> Testing.get(future));
      Testing.stopped(pool);
      assertEquals(List.of(), reporter.reports());
    }
  }
}
