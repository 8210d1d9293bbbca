package dev.bobbin.core;

import static dev.bobbin.core.Testing.config;
import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The name that was asked for a task stands wherever the task is told of. */
class TaskNamesTest {
  private static final TaskOptions PING = TaskOptions.builder().name("ping").build();

  private final RecordingReporter reporter = new RecordingReporter();

  private ThreadPool start() {
    return Testing.pool(1, 1).failureReporter(reporter).start();
  }

  private static void fail() {
    throw new IllegalStateException("out of order");
  }

  @Test
  void failureReport_hasTheName_ofATaskThatThrows() {
    try (ThreadPool pool = start()) {
      pool.with(PING).execute(TaskNamesTest::fail);
      stopped(pool);
      assertEquals("ping", reporter.reports().get(0).subject());
      assertEquals(Kind.TASK, reporter.reports().get(0).kind());
    }
  }

  @Test
  void failureReport_hasTheName_ofATaskWhoseCallbackThrows() {
    try (ThreadPool pool = start()) {
      pool.with(PING).callInThreadWithCallback(new Thrower(), () -> 1);
      stopped(pool);
      assertEquals(
          "callback dev.bobbin.core.TaskNamesTest$Thrower of ping",
          reporter.reports().get(0).subject());
      assertEquals(Kind.CALLBACK, reporter.reports().get(0).kind());
    }
  }

  private static final class Thrower implements OutcomeCallback<Object> {
    @Override
    public void onOutcome(Outcome<Object> outcome) {
      fail();
    }
  }

  @Test
  void failureReport_hasTheName_ofATaskThatExpires() {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(0, 0), reporter)) {
      var options = PING.toBuilder().maxWait(Duration.ofNanos(10)).build();
      pool.with(options).execute(() -> {});
      seams.pass(10);
      eventually("it is reported", () -> !reporter.reports().isEmpty());
      assertEquals("ping", reporter.reports().get(0).subject());
    }
  }

  @Test
  void timeOut_namesTheTask() throws Exception {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(1, 1), reporter);
        var held = new Held()) {
      var options = TaskOptions.builder()
          .name("ping\nINFO forged")
          .maxRun(Duration.ofNanos(10))
          .build();
      CompletableFuture<?> future = pool.with(options).submit(held);
      held.awaitBegun();
      seams.pass(10);
      var failure = assertThrows(ExecutionException.class, () -> get(future));
      assertTrue(
          failure.getCause().getMessage().contains(" task ping?INFO forged, "), failure::toString);
      stopped(pool);
    }
  }

  @Test
  void stopReportAndDump_haveTheName_ofATaskThatRuns_safeForALine() {
    var hostile = TaskOptions.builder().name("ping\r\nINFO forged").build();
    try (var logs = new CapturedLogs();
        ThreadPool pool = start();
        var held = new Held()) {
      pool.with(hostile).submit(held::runThroughInterrupts);
      held.awaitBegun();
      pool.dumpStats();
      assertEquals(
          "INFO Pool 'p': PoolThread-p-0 runs ping??INFO forged", logs.lines().get(1));
      var report = pool.stop(Duration.ZERO);
      assertEquals("ping??INFO forged", report.running().get(0).task());
      held.release();
    }
  }

  @Test
  void report_inOneLine_isSafe() {
    try (ThreadPool pool = start()) {
      pool.with(TaskOptions.builder().name("ping\nforged").build()).execute(TaskNamesTest::fail);
      stopped(pool);
      assertEquals("ping\nforged", reporter.reports().get(0).subject());
      assertTrue(reporter.reports().get(0).toString().contains(": ping?forged"));
    }
  }
}
