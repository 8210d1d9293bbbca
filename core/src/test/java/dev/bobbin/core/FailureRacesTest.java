package dev.bobbin.core;

import static dev.bobbin.core.TeamRacesTest.explore;
import static dev.bobbin.core.TeamRacesTest.race;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.FailureReport;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of failures with those who look at them, fold them or end their pool, explored as in {@link
 * TeamRacesTest}: each failure is told once, unless somebody has looked at it.
 */
@Tag("proof")
class FailureRacesTest {
  private static final IllegalStateException THROWN = new IllegalStateException("on purpose");

  /** How many interleavings the short form explores. */
  private static final int INVOCATIONS = 30;

  /** A pool whose worker is about to run a task that throws. */
  private static final class Failing {
    final ManualSeams seams = new ManualSeams();
    final Pool pool = TeamRacesTest.pool(seams);
    final Worker worker;
    final CompletableFuture<?> future;

    Failing() {
      pool.start();
      worker = seams.begin(pool.team());
      future = pool.submit((Runnable) () -> {
        throw THROWN;
      });
    }

    void fail() {
      seams.step(pool.team(), worker);
    }
  }

  /** Forbids: somebody was told of the failure and it is reported, or it is not and nobody was. */
  @Test
  void lookAgainstFailure_isNoted_orTheFailureIs() {
    explore(INVOCATIONS, () -> {
      var failing = new Failing();
      var told = new AtomicBoolean();
      race(failing::fail, () -> told.set(failing.future.isCompletedExceptionally()));
      assertTrue(failing.future.isDone());
      assertEquals(told.get() ? 0 : 1, failing.pool.unseenFailures());
    });
  }

  /** Forbids: a value for the absent one was given, and yet the failure counts as looked at. */
  @Test
  void getNowAgainstFailure_isNoted_orTheFailureIs() {
    explore(INVOCATIONS, () -> {
      var failing = new Failing();
      var told = new AtomicBoolean();
      race(failing::fail, () -> {
        try {
          failing.future.getNow(null);
        } catch (RuntimeException failed) {
          told.set(true);
        }
      });
      assertEquals(told.get() ? 0 : 1, failing.pool.unseenFailures());
    });
  }

  /** Forbids: a failure is reported on which a stage depends. */
  @Test
  void stageAgainstFailure_isAlwaysALook() {
    explore(INVOCATIONS, () -> {
      var failing = new Failing();
      var told = new AtomicBoolean();
      race(failing::fail, () -> failing.future.whenComplete((value, thrown) -> told.set(true)));
      assertTrue(told.get());
      assertEquals(0, failing.pool.unseenFailures());
    });
  }

  /** Forbids: of a look and the end of the pool both take a failure, or none does. */
  @Test
  void lookAgainstEnd_takesTheFailureOnce() {
    explore(INVOCATIONS, () -> {
      var failing = new Failing();
      var reporter = new RecordingReporter();
      var unseen =
          new UnseenFailures(new FailureReports("p", List.of(reporter)), failing.pool.team());
      UnseenFailures.Failure failure = unseen.note(
          failing.future,
          FailureReport.builder(FailureReport.Kind.FUTURE, "p", THROWN).build());
      var seen = new AtomicBoolean();
      race(() -> seen.set(failure.seen()), unseen::tellAll);
      assertEquals(0, unseen.size());
      assertEquals(seen.get() ? 0 : 1, reporter.reports().size());
    });
  }

  /** Forbids: a failure that is counted while the pool ends is never told, or twice. */
  @Test
  void foldAgainstEnd_tellsOfEach() {
    explore(INVOCATIONS, () -> {
      Queue<FailureReport> told = new ConcurrentLinkedQueue<>();
      var folds = new FailureFolds(told::add, new Errands(null, "p", new ManualSeams()), () -> 0);
      var report = FailureReport.builder(FailureReport.Kind.TASK, "p", THROWN).build();
      folds.tell(report);
      race(() -> folds.tell(report), folds::end);
      folds.end();
      assertEquals(2, told.stream().mapToLong(FailureReport::count).sum());
    });
  }

  /** Forbids: of two failures at once one is lost, or both are told in full. */
  @Test
  void failureAgainstFailure_foldsOne() {
    explore(INVOCATIONS, () -> {
      Queue<FailureReport> told = new ConcurrentLinkedQueue<>();
      var folds = new FailureFolds(told::add, new Errands(null, "p", new ManualSeams()), () -> 0);
      var report = FailureReport.builder(FailureReport.Kind.TASK, "p", THROWN).build();
      race(() -> folds.tell(report), () -> folds.tell(report));
      folds.end();
      assertEquals(2, told.stream().mapToLong(FailureReport::count).sum());
      assertEquals(1, told.stream().filter(one -> !one.isFolded()).count());
    });
  }
}
