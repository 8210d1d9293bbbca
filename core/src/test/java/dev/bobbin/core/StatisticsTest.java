package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Decision 13: numbers that are exact when nothing moves, and never absurd while all does. */
class StatisticsTest {
  @Test
  void st2_numbers_areExact_whenTasksAreHeldOnLatches() {
    try (ThreadPool pool = Testing.pool(1, 3).start();
        var held = new Held(3)) {
      for (int i = 0; i < 3; i++) {
        pool.execute(held);
      }
      held.awaitBegun();
      var waiting = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < 5; i++) {
        waiting.add(pool.submit(() -> {}));
      }
      waiting.get(1).cancel(false);
      waiting.get(3).cancel(false);
      assertEquals(
          "RUNNING, workers 3 (busy 3, idle 0) of 1 to 3, backlog 3, running 3, accepted 8,"
              + " completed 0, failed 0, cancelled 2, discarded 0, refused 0",
          pool.statistics().toString());
      Testing.assertBalanced(pool.statistics());
      held.release();
      Testing.eventually("all is over", () -> pool.statistics().completed() == 6);
      Testing.eventually("all are idle", () -> pool.statistics().idle() == 3);
      assertEquals(
          "RUNNING, workers 3 (busy 0, idle 3) of 1 to 3, backlog 0, running 0, accepted 8,"
              + " completed 6, failed 0, cancelled 2, discarded 0, refused 0",
          pool.statistics().toString());
    }
  }

  @Test
  void numbers_areThoseOfAWholeLife_afterAStop() {
    try (ThreadPool pool =
            Testing.pool(1, 1).failureReporter(new RecordingReporter()).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> {
        throw new IllegalStateException("on purpose");
      });
      pool.submit(() -> {}).cancel(false);
      pool.callInThreadWithCallback(outcome -> {}, () -> "value");
      held.release();
      Testing.eventually("all ran", () -> pool.statistics().completed() == 2);
      try (var last = new Held()) {
        pool.execute(last::runThroughInterrupts);
        last.awaitBegun();
        pool.execute(() -> {});
        pool.shutdownNow();
      }
      pool.stop();
      assertEquals(false, Testing.isAccepted(() -> pool.execute(() -> {})));
      assertEquals(
          "STOPPED, workers 0 (busy 0, idle 0) of 1 to 1, backlog 0, running 0, accepted 6,"
              + " completed 3, failed 1, cancelled 1, discarded 1, refused 1",
          pool.statistics().toString());
    }
  }

  @Test
  void st1_numbers_areAllZero_whenThePoolIsNew() {
    try (ThreadPool pool = Testing.pool(1, 3).build()) {
      PoolStatistics numbers = pool.statistics();
      assertEquals(PoolState.NEW, numbers.state());
      assertEquals(0, numbers.workers());
      assertEquals(0, numbers.idle());
      assertEquals(0, numbers.busy());
      assertEquals(0, numbers.backlog());
      pool.execute(() -> {});
      assertEquals(1, pool.statistics().backlog());
      assertEquals(1, pool.statistics().accepted());
    }
  }

  /** Snapshots taken while four threads submit tasks that end in all ways. */
  @Test
  void snapshots_areNeverAbsurdAndNeverRunBackwards_underLoad() throws Exception {
    try (ThreadPool pool =
        Testing.pool(1, 3).failureReporter(new RecordingReporter()).start()) {
      var over = new AtomicBoolean();
      var submitters = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 4; i++) {
        submitters.add(Testing.inThread(() -> submitInAllWays(pool, over)));
      }
      PoolStatistics before = pool.statistics();
      for (int i = 0; i < 20_000; i++) {
        PoolStatistics now = pool.statistics();
        assertSensible(now);
        assertNotBackwards(before, now);
        before = now;
        if (i % 500 == 0) {
          pool.adjustPoolSize(i / 500 % 3, 3);
        }
      }
      over.set(true);
      long accepted = 0;
      for (CompletableFuture<Integer> submitter : submitters) {
        accepted += Testing.get(submitter);
      }
      assertEquals(accepted, Testing.stopped(pool).accepted());
    }
  }

  private static int submitInAllWays(ThreadPool pool, AtomicBoolean over) {
    int submitted = 0;
    while (!over.get()) {
      if (pool.statistics().backlog() > 1_000) {
        Thread.yield();
        continue;
      }
      switch (submitted++ % 4) {
        case 0 -> pool.execute(() -> {});
        case 1 ->
          pool.submit(() -> {
            throw new IllegalStateException("on purpose");
          });
        case 2 -> pool.submit(() -> {}).cancel(true);
        default -> pool.callInThreadWithCallback(outcome -> {}, () -> 1);
      }
    }
    return submitted;
  }

  private static void assertSensible(PoolStatistics now) {
    long ended = now.completed() + now.failed();
    assertTrue(now.running() >= 0, now::toString);
    assertTrue(now.backlog() >= 0, now::toString);
    assertTrue(now.idle() >= 0 && now.busy() >= 0, now::toString);
    assertTrue(now.workers() <= now.maxWorkers(), now::toString);
    assertTrue(ended + now.cancelled() + now.discarded() <= now.accepted(), now::toString);
    Testing.assertBalanced(now);
  }

  private static void assertNotBackwards(PoolStatistics before, PoolStatistics now) {
    List.of(
            List.of(before.accepted(), now.accepted()),
            List.of(before.completed(), now.completed()),
            List.of(before.failed(), now.failed()),
            List.of(before.cancelled(), now.cancelled()),
            List.of(before.discarded(), now.discarded()),
            List.of(before.refused(), now.refused()))
        .forEach(pair -> assertTrue(pair.get(0) <= pair.get(1), () -> before + " then " + now));
  }

  /** Some were accepted without a bound, one within a bound, and one ran on its submitter's thread. */
  @Test
  void numbers_countEveryTaskOnce_howeverItCame() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    stepped.submit("first");
    stepped.submit("second");
    stepped.submit("third");
    stepped.limit(9);
    HandTask inBounds = stepped.submit("in bounds");
    stepped.submit("in bounds too");
    stepped.runInCaller(new HandTask("by its submitter", () -> {}));
    Team team = stepped.team();

    assertEquals(6, stepped.statistics().accepted());
    assertEquals(5, stepped.statistics().backlog());
    assertEquals(6, team.submissions());
    assertEquals(5, team.waitingWhileNew().getAsLong());

    stepped.cancel(inBounds);
    stepped.discardOldest(Priority.NORMAL);
    assertEquals(3, team.waitingWhileNew().getAsLong());

    stepped.start();
    stepped.runAll();
    assertEquals(0, stepped.statistics().running());
    stepped.beginStop();
    assertThrows(TaskRejectedException.class, () -> stepped.submit("late"));
    assertEquals(7, team.submissions());
    assertEquals(4, stepped.statistics().completed());
  }
}
