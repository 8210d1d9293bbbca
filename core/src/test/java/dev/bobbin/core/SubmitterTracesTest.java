package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig.Traces;
import dev.bobbin.spi.FailureReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a failed task was submitted, told with the failure. */
class SubmitterTracesTest {
  private final RecordingReporter reporter = new RecordingReporter();

  private ThreadPool pool(Traces traces) {
    var config = Testing.config(1, 1).toBuilder().submitterTraces(traces).build();
    return ThreadPools.builder(config).failureReporter(reporter).start();
  }

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }

  /** The frame to look for. */
  private static void submitterOfAll(ThreadPool pool) {
    pool.execute(SubmitterTracesTest::fail);
    pool.submit(SubmitterTracesTest::fail);
    pool.callInThreadWithCallback(outcome -> fail(), () -> 1);
  }

  private static String printed(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void report_tellsWhereTheTaskWasSubmitted_asOneStory() {
    try (ThreadPool pool = pool(Traces.ON)) {
      submitterOfAll(pool);
      Testing.stopped(pool);
    }
    assertEquals(3, reporter.reports().size());
    for (FailureReport report : reporter.reports()) {
      List<String> lines = printed(report.story()).lines().toList();
      assertEquals(report.throwable().toString(), lines.get(0));
      int failure = indexOf(lines, "fail(");
      int joint =
          indexOf(lines, "submitted by thread '" + Thread.currentThread().getName());
      int submission = indexOf(lines, "submitterOfAll(");
      assertTrue(joint < submission, () -> String.join("\n", lines));
      assertTrue(failure < joint, lines::toString);
    }
  }

  private static int indexOf(List<String> lines, String part) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(part)) {
        return i;
      }
    }
    return lines.size();
  }

  @Test
  void report_tellsTheVeryThrowable_whereTheSubmitterIsNotKept() {
    try (ThreadPool pool = pool(Traces.OFF)) {
      submitterOfAll(pool);
      Testing.stopped(pool);
    }
    for (FailureReport report : reporter.reports()) {
      assertFalse(report.submitter().isPresent());
      assertSame(report.throwable(), report.story());
    }
  }

  @Test
  void report_tellsItOfSome_whereItIsSampled() {
    int tasks = 6_400;
    try (ThreadPool pool = pool(Traces.SAMPLED)) {
      for (int i = 0; i < tasks; i++) {
        pool.execute(SubmitterTracesTest::fail);
      }
      Testing.stopped(pool);
    }
    long kept = reporter.reports().stream()
        .filter(report -> report.submitter().isPresent())
        .count();
    assertTrue(kept > 0 && kept < tasks / 4, () -> kept + " of " + tasks); // a hundred or so
  }
}
