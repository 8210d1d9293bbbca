package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.core.HandFactory.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Growth, shrinking and resizing, stepped: section 1.6 of the reference as decisions 1, 6 and 7 have it. */
class TeamGrowthCatalogueTest {
  @Test
  void g1_workersGrowBeforeTasksQueue_whenSevenTasksBlock() {
    SteppedTeam stepped = SteppedTeam.started(2, 4);
    var workers = new ArrayList<Integer>();
    var backlog = new ArrayList<Long>();

    submitBlocking(stepped, 4, workers, backlog, () -> {
      for (int i = 0; i < 3; i++) {
        stepped.submit("waiting " + i);
        note(stepped, workers, backlog);
      }
    });

    assertEquals(List.of(2, 2, 3, 4, 4, 4, 4), workers);
    assertEquals(List.of(0L, 0L, 0L, 0L, 1L, 2L, 3L), backlog);
  }

  /** Submits a blocking task, notes the numbers once it has begun, and so on; then does the rest. */
  private static void submitBlocking(
      SteppedTeam stepped, int tasks, List<Integer> workers, List<Long> backlog, Runnable rest) {
    if (tasks == 0) {
      rest.run();
      return;
    }
    stepped.whileBusy(1, () -> {
      note(stepped, workers, backlog);
      submitBlocking(stepped, tasks - 1, workers, backlog, rest);
    });
  }

  private static void note(SteppedTeam stepped, List<Integer> workers, List<Long> backlog) {
    workers.add(stepped.statistics().workers());
    backlog.add(stepped.statistics().backlog());
  }

  @Test
  void g1_burstMakesNoMoreThreadsThanTasksWait_whenNobodyHasBegun() {
    SteppedTeam stepped = SteppedTeam.started(0, 4);
    var made = new ArrayList<Integer>();

    for (int i = 0; i < 6; i++) {
      stepped.submit("task " + i);
      made.add(stepped.made().size());
    }

    assertEquals(List.of(1, 2, 3, 4, 4, 4), made);
  }

  @Test
  void g1_eachTakeMakesTwoThreadsAtMost_andNoneTooMany_whenABurstWaitsAndNobodyIsIdle() {
    assertEquals(List.of(2, 3, 3, 2, 1, 0), makingAfterEachTakeOfABurst(6, 8));
  }

  @Test
  void g1_burstMakesNoMoreThreadsThanTheMaximumAllows_whenTwoAreMadeAtOnce() {
    assertEquals(List.of(2, 2, 1, 0), makingAfterEachTakeOfABurst(9, 4));
    assertEquals(List.of(1, 0), makingAfterEachTakeOfABurst(9, 2));
  }

  @Test
  void g1_burstMakesOneThread_whenOneTaskIsLeftBesideThoseThatHaveAWorker() {
    assertEquals(List.of(1, 0), makingAfterEachTakeOfABurst(2, 8));
  }

  /**
   * Gives a burst of tasks to a team with one idle worker; each task lasts until those behind it, each
   * taken by a thread that begins for it, are over. Returns how many threads were in the making after each take.
   */
  private static List<Integer> makingAfterEachTakeOfABurst(int tasks, int max) {
    SteppedTeam stepped = SteppedTeam.withIdle(1, max);
    var making = new ArrayList<Integer>();
    for (int i = 0; i < tasks; i++) {
      stepped.submit(() -> {
        if (making.isEmpty() || making.get(making.size() - 1) > 0) {
          noteMakingAndBeginNext(stepped, making);
        }
      });
    }
    assertEquals(List.of(), stepped.toBegin(), "threads made while one was woken");

    stepped.step(stepped.ready().get(0));
    stepped.runAll();

    assertEquals(Math.min(tasks, max), stepped.made().size());
    assertEquals(tasks, stepped.statistics().completed());
    return making;
  }

  private static void noteMakingAndBeginNext(SteppedTeam stepped, List<Integer> making) {
    making.add(stepped.toBegin().size());
    if (!stepped.toBegin().isEmpty()) {
      Worker next = stepped.toBegin().get(0);
      stepped.begin(next);
      stepped.step(next);
    }
  }

  @Test
  void g1_idleWorkerIsWoken_whenAThreadIsInTheMaking() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 3);
    stepped.startWorker(); // takes its time

    HandTask task = stepped.submit("task");
    stepped.step(stepped.ready().get(0));

    assertEquals(1, task.runs());
    assertEquals(1, stepped.toBegin().size());
  }

  @Test
  void g2_oneWorkerDoesItAll_whenTasksComeOneAfterTheOther() {
    SteppedTeam stepped = SteppedTeam.started(1, 5);

    for (int i = 0; i < 10; i++) {
      stepped.submit("task " + i);
      stepped.runAll();
    }

    assertEquals(1, stepped.made().size());
    assertEquals(10, stepped.statistics().completed());
  }

  @Test
  void g3_idleWorkersStay_whenTimePasses() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 5);

    stepped.pass(Duration.ofDays(365).toNanos());
    stepped.alive().forEach(stepped::stepAnyway);
    stepped.runAll();

    assertEquals(3, stepped.alive().size());
  }

  @Test
  void g4_stopAWorker_changesNothing_whenThePoolIsAtItsMinimum() {
    SteppedTeam stepped = SteppedTeam.started(2, 4);

    assertFalse(stepped.dismissWorker());
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void g4_minimumIsKept_whenWorkersAreDismissedDownToIt() {
    SteppedTeam stepped = SteppedTeam.started(1, 4);
    for (int i = 0; i < 3; i++) {
      assertTrue(stepped.startWorker());
    }
    stepped.runAll();
    var answers = new ArrayList<Boolean>();

    for (int i = 0; i < 4; i++) {
      answers.add(stepped.dismissWorker());
    }
    stepped.runAll();

    assertEquals(List.of(true, true, true, false), answers);
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g5_newestIdleWorkerIsWoken_whenSeveralAreIdle() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    Worker newest = stepped.alive().get(2);

    stepped.submit("task");

    assertEquals(List.of(newest), stepped.ready());
    assertSame(newest.thread(), stepped.unparked().get(0));
  }

  @Test
  void g6_startAWorker_makesOneMore_whenBelowTheMaximum() {
    SteppedTeam stepped = SteppedTeam.started(1, 2);

    assertTrue(stepped.startWorker());
    stepped.runAll();
    assertFalse(stepped.startWorker());
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void g6_newWorkerTakesTheHeadOfTheBacklog_whenTasksWait() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    var order = new ArrayList<String>();

    stepped.whileBusy(1, () -> {
      stepped.factory().mode(Mode.THROWS);
      stepped.submit(() -> order.add("head"));
      stepped.submit(() -> order.add("next"));
      stepped.factory().mode(Mode.WORKS);
      assertTrue(stepped.startWorker());
      Worker second = stepped.toBegin().get(0);
      stepped.begin(second);
      stepped.step(second);
      assertEquals(List.of("head"), order);
    });
  }

  @Test
  void g8_workersAreCountedUntilTheyHaveLeft_whenThePoolShrinks() throws Exception {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);

    var inForce = stepped.resize(0, 1).toCompletableFuture();
    assertFalse(inForce.isDone());
    assertEquals(3, stepped.statistics().workers());
    stepped.runAll();

    assertEquals(new PoolSizes(0, 1), inForce.get(Held.LONG_SECONDS, TimeUnit.SECONDS));
    assertEquals(1, stepped.statistics().workers());
  }

  @Test
  void g11_oneBoundChanges_whenTheFunctionKeepsTheOther() {
    SteppedTeam stepped = SteppedTeam.started(1, 4);

    stepped.act(() -> stepped.team().adjust(sizes -> sizes.withMaxWorkers(6)));
    stepped.act(() -> stepped.team().adjust(sizes -> sizes.withMinWorkers(2)));

    assertEquals(new PoolSizes(2, 6), stepped.team().sizes());
  }

  @Test
  void g11_nothingChanges_whenTheNewSizesMakeNoSense() {
    SteppedTeam stepped = SteppedTeam.started(1, 4);

    assertThrows(
        IllegalArgumentException.class,
        () -> stepped.act(() -> stepped.team().adjust(sizes -> sizes.withMinWorkers(5))));
    assertThrows(
        IllegalArgumentException.class,
        () -> stepped.act(() -> stepped.team().adjust(sizes -> sizes.withMaxWorkers(0))));

    assertEquals(new PoolSizes(1, 4), stepped.team().sizes());
  }

  @Test
  void g11_noChangeIsLost_whenAnotherComesWhileTheFunctionRuns() {
    SteppedTeam stepped = SteppedTeam.started(1, 4);
    var calls = new ArrayList<PoolSizes>();

    stepped.act(() -> stepped.team().adjust(sizes -> {
      calls.add(sizes);
      if (calls.size() == 1) {
        stepped.resize(1, 9);
      }
      return sizes.withMinWorkers(3);
    }));

    assertEquals(List.of(new PoolSizes(1, 4), new PoolSizes(1, 9)), calls);
    assertEquals(new PoolSizes(3, 9), stepped.team().sizes());
  }

  @Test
  void g12_sizesAreOnlyStored_whenTheTeamIsNew() throws Exception {
    SteppedTeam stepped = SteppedTeam.made(1, 2);

    var inForce = stepped.resize(3, 5).toCompletableFuture();
    assertEquals(0, stepped.made().size());
    assertEquals(new PoolSizes(3, 5), inForce.get(Held.LONG_SECONDS, TimeUnit.SECONDS));
    stepped.start();

    assertEquals(3, stepped.made().size());
  }

  @Test
  void g13_poolShrinksByTheDifference_whenTheMaximumIsLowered() {
    SteppedTeam stepped = SteppedTeam.withIdle(5, 5);

    stepped.whileBusy(2, () -> {
      stepped.resize(0, 3);
      stepped.runAll();
      assertEquals(3, stepped.alive().size());
    });
    stepped.runAll();

    assertEquals(3, stepped.alive().size());
  }

  @Test
  void g13_poolGrowsByTheDifference_whenTheMinimumIsRaised() {
    SteppedTeam stepped = SteppedTeam.started(1, 2);

    stepped.resize(4, 4);

    assertEquals(4, stepped.made().size());
  }

  @Test
  void g14_sameResizeTwiceIsTheSameAsOnce_whenAllAreBusy() {
    SteppedTeam stepped = SteppedTeam.withIdle(10, 10);

    stepped.whileBusy(10, () -> {
      stepped.resize(2, 5);
      stepped.resize(2, 5);
    });
    stepped.runAll();

    assertEquals(5, stepped.alive().size());
  }

  @Test
  void g15_workersComeForTheBacklogAtOnce_whenTheMaximumIsRaised() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);

    stepped.whileBusy(1, () -> {
      for (int i = 0; i < 3; i++) {
        stepped.submit("task " + i);
      }
      stepped.resize(0, 3);
      assertEquals(3, stepped.made().size());
      stepped.runAll();
      assertEquals(3, stepped.statistics().completed());
    });
  }

  @Test
  void g16_taskWaitsForARaise_whenTheMaximumIsZero() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var tasks = new ArrayList<HandTask>();
    stepped.whileBusy(1, () -> {
      stepped.resize(0, 0);
      tasks.add(stepped.submit("task"));
    });
    stepped.runAll();
    assertEquals(List.of(), stepped.alive()); // retired between tasks although one waits
    assertEquals(1, stepped.statistics().backlog());

    stepped.resize(0, 2);
    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  @Test
  void g16_stopDiscardsTheBacklog_whenTheMaximumIsZeroAndNobodyIsLeft() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var tasks = new ArrayList<HandTask>();
    stepped.whileBusy(1, () -> {
      stepped.resize(0, 0);
      tasks.add(stepped.submit("task"));
    });
    stepped.runAll();

    stepped.beginStop();

    assertEquals(RejectionReason.STOPPING, tasks.get(0).reason());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void g17_nobodyLeaves_whenTheSizesAreLoweredAndRaisedWhileAllAreBusy() {
    SteppedTeam stepped = SteppedTeam.started(4, 4);

    stepped.whileBusy(4, () -> {
      stepped.resize(1, 1);
      stepped.resize(4, 4);
    });
    stepped.runAll();

    assertEquals(4, stepped.alive().size());
    assertEquals(4, stepped.made().size());
  }

  @Test
  void g18_nothingHappens_whenTheSizesStayAsTheyAre() throws Exception {
    SteppedTeam stepped = SteppedTeam.started(2, 4);

    var inForce = stepped.resize(2, 4).toCompletableFuture();

    assertEquals(new PoolSizes(2, 4), inForce.get(Held.LONG_SECONDS, TimeUnit.SECONDS));
    assertEquals(2, stepped.made().size());
    assertFalse(stepped.stepAny());
  }

  @Test
  void w8_newcomerServesTheHeadOfTheBacklog_whenTheMaximumRises() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var order = new ArrayList<String>();

    stepped.whileBusy(1, () -> {
      for (int i = 0; i < 3; i++) {
        int number = i;
        stepped.submit(() -> order.add("task " + number));
      }
      stepped.resize(0, 3);
      stepped.submit(() -> order.add("late"));
      stepped.runAll();
    });

    assertEquals(List.of("task 0", "task 1", "task 2", "late"), order);
  }
}
