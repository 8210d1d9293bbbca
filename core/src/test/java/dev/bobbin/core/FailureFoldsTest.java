package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Storms of the same failure are told as few events, whose counts add up. */
class FailureFoldsTest {
  private static final int STORM = 100_000;

  private final RecordingReporter reporter = new RecordingReporter();

  private ThreadPool pool(int workers) {
    var config = Testing.config(workers, workers).toBuilder().foldFailures(true).build();
    return ThreadPools.builder(config).failureReporter(reporter).start();
  }

  private static void fail() {
    throw new IllegalStateException("the same each time");
  }

  private static void failElsewhere() {
    throw new IllegalStateException("the same each time");
  }

  private long told() {
    return reporter.reports().stream().mapToLong(FailureReport::count).sum();
  }

  @Test
  void storm_isToldInFewEvents_whoseCountsAddUpExactly() {
    try (ThreadPool pool = pool(4)) {
      for (int i = 0; i < STORM; i++) {
        pool.execute(FailureFoldsTest::fail);
      }
      Testing.stopped(pool);
      assertEquals(STORM, pool.statistics().failed());
    }
    assertEquals(STORM, told());
    assertTrue(reporter.reports().size() < 50, () -> reporter.reports().size() + " events");
    FailureReport first = reporter.reports().get(0);
    assertFalse(first.isFolded());
    assertEquals(1, first.count());
    assertTrue(reporter.reports().stream().skip(1).allMatch(FailureReport::isFolded));
  }

  @Test
  void stormOfDroppedFutures_isFoldedToo() throws Exception {
    try (ThreadPool pool = pool(2)) {
      for (int i = 0; i < 1_000; i++) {
        pool.submit(FailureFoldsTest::fail);
      }
      Testing.stopped(pool);
    }
    assertEquals(1_000, told());
    assertTrue(reporter.reports().size() < 50, () -> reporter.reports().size() + " events");
  }

  @Test
  void failures_areTheSame_onlyIfTheyWereThrownInTheSamePlace() {
    try (ThreadPool pool = pool(1)) {
      for (int i = 0; i < 3; i++) {
        pool.execute(FailureFoldsTest::fail);
        pool.execute(FailureFoldsTest::failElsewhere);
      }
      Testing.stopped(pool);
    }
    assertEquals(6, told());
    assertEquals(
        2, reporter.reports().stream().filter(report -> !report.isFolded()).count());
    assertEquals(4, reporter.reports().size());
  }

  @Test
  void count_isToldAtTheEndOfTheInterval_andTheNextOneIsTwiceAsLong() {
    var now = new AtomicLong();
    var seams = new ManualSeams();
    var told = new java.util.ArrayList<FailureReport>();
    // The alarms are the timer's affair, see ErrandsTest; here the next failure finds the interval
    // over.
    var folds = new FailureFolds(told::add, new Errands(null, "p", seams), now::get);
    var report = FailureReport.builder(
            FailureReport.Kind.TASK, "p", new IllegalStateException("same"))
        .subject("task")
        .build();
    long second = 1_000_000_000L;

    folds.tell(report); // in full
    folds.tell(report);
    now.set(second);
    folds.tell(report); // the second and this
    now.set(second + 1);
    folds.tell(report);
    now.set(3 * second - 1);
    folds.tell(report);
    assertEquals(List.of(1L, 2L), told.stream().map(FailureReport::count).toList());
    now.set(3 * second);
    folds.tell(report); // three more, after two seconds
    now.set(3 * second + 4 * second);
    folds.tell(report); // quiet for the whole interval: in full again
    folds.end();
    folds.tell(report); // nothing is folded after the end

    assertEquals(
        List.of(1L, 2L, 3L, 1L, 1L), told.stream().map(FailureReport::count).toList());
    assertEquals(
        List.of(false, true, true, false, false),
        told.stream().map(FailureReport::isFolded).toList());
    assertTrue(told.get(1).toString().contains("2 times more, as was told before"), told::toString);
  }

  @Test
  void alarm_doesNothing_whenItsCountWasToldOrThePoolHasEnded() {
    var seams = new ManualSeams();
    var told = new java.util.ArrayList<FailureReport>();
    // There is no team, so an alarm that has something to do throws.
    var folds = new FailureFolds(told::add, new Errands(null, "p", seams), seams::nanoTime);
    var report = FailureReport.builder(
            FailureReport.Kind.TASK, "p", new IllegalStateException("same"))
        .subject("task")
        .build();
    folds.tell(report);
    folds.tell(report);
    assertEquals(1, seams.entries());
    folds.end();
    seams.pass(1_000_000_000L);
    assertEquals(0, seams.entries());
    assertEquals(List.of(1L, 1L), told.stream().map(FailureReport::count).toList());
  }

  @Test
  void hostileThrowable_isToldInFull() throws Exception {
    var hostile = new IllegalStateException("hostile") {
      @Override
      public StackTraceElement[] getStackTrace() {
        throw new IllegalArgumentException("no");
      }
    };
    try (ThreadPool pool = pool(1)) {
      for (int i = 0; i < 3; i++) {
        pool.execute(() -> {
          throw hostile;
        });
      }
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      Testing.stopped(pool);
    }
    assertEquals(3, told());
    assertEquals(3, reporter.reports().size());
  }
}
