package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.core.HandFactory.Mode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers that are replaced by new ones, the new one first and one at a time. */
class RenewalsTest {
  private static SteppedTeam startedByTasks(int min, int max, long tasks) {
    return SteppedTeam.started(min, max, new ExtraWorkers(0, ExtraWorkers.NEVER, tasks));
  }

  private static SteppedTeam startedByAge(int min, int max, long nanos) {
    return SteppedTeam.started(min, max, new ExtraWorkers(0, nanos, ExtraWorkers.NEVER));
  }

  private static void runTasks(SteppedTeam stepped, int tasks) {
    for (int i = 0; i < tasks; i++) {
      stepped.submit("task");
      stepped.runAll();
    }
  }

  @Test
  void worker_isReplaced_whenItHasRunSoManyTasks() {
    SteppedTeam stepped = startedByTasks(1, 1, 3);
    Worker old = stepped.alive().get(0);
    runTasks(stepped, 2);
    assertFalse(stepped.hasErrands());

    runTasks(stepped, 1);
    assertEquals(1, stepped.statistics().renewing());
    assertEquals(List.of(old), stepped.alive(), "it stays until the other is there");
    stepped.runErrands();
    assertEquals(2, stepped.statistics().workers());
    stepped.runAll();

    assertEquals(List.of(old), stepped.left());
    assertEquals(1, stepped.alive().size());
    assertEquals(0, stepped.statistics().renewing());
  }

  @Test
  void worker_isReplaced_whenATaskEndsAfterItsAge() {
    SteppedTeam stepped = startedByAge(1, 1, 100);
    Worker old = stepped.alive().get(0);
    stepped.pass(99);
    runTasks(stepped, 1);
    stepped.pass(1);
    assertFalse(stepped.hasErrands(), "an idle worker is not renewed");

    runTasks(stepped, 1);
    stepped.runErrands();
    stepped.runAll();

    assertEquals(List.of(old), stepped.left());
    runTasks(stepped, 1);
    assertFalse(stepped.hasErrands(), "the new one is young");
  }

  @Test
  void goer_leavesBetweenTasks_whenItIsBusyAsTheOtherComes() {
    SteppedTeam stepped = startedByTasks(1, 1, 1);
    runTasks(stepped, 1);
    Worker old = stepped.alive().get(0);

    stepped.whileBusy(1, () -> {
      assertSame(old, stepped.current());
      stepped.runErrands();
      stepped.beginAll();
      assertEquals(2, stepped.statistics().workers());
      stepped.submit("for the other");
      stepped.runAll();
      assertEquals(2, stepped.statistics().workers(), "nobody is made beside the two");
    });
    stepped.runAll();

    assertEquals(List.of(old), stepped.left());
  }

  @Test
  void goer_isWokenOutOfTheMiddle_whenItIsIdleBelowOthers() {
    SteppedTeam stepped = startedByTasks(0, 3, 2);
    for (int i = 0; i < 3; i++) {
      stepped.startWorker();
    }
    stepped.runAll();
    runTasks(stepped, 2); // the newest runs both, asks, and parks on top
    Worker goer = stepped.alive().get(2);
    stepped.whileBusy(2, () -> {}); // the second of the two parks later, and so above it
    stepped.runAll();
    stepped.runErrands();
    stepped.beginAll();

    assertEquals(
        List.of(goer), stepped.ready().stream().filter(Worker::isParked).toList());
    stepped.runAll();

    assertEquals(List.of(goer), stepped.left());
    assertEquals(3, stepped.alive().size());
    stepped.whileBusy(3, () -> assertEquals(0, stepped.statistics().idle()));
    assertEquals(4, stepped.made().size());
  }

  @Test
  void renewal_isOneAtATime_whenAllAreOldEnough() {
    SteppedTeam stepped = startedByTasks(3, 3, 1);
    stepped.whileBusy(3, () -> {});
    stepped.runAll();

    assertEquals(1, stepped.statistics().renewing());
    stepped.runErrands();
    assertEquals(4, stepped.statistics().workers());
    stepped.runAll();
    assertEquals(3, stepped.statistics().workers());
    assertFalse(stepped.hasErrands(), "the others ask when they have run another task");
    runTasks(stepped, 1);
    assertTrue(stepped.hasErrands());
  }

  @Test
  void renewal_isGivenBackAndReported_whenNoThreadCanBeMade_andAskedForAgain() {
    SteppedTeam stepped = startedByTasks(1, 1, 2);
    Worker old = stepped.alive().get(0);
    stepped.factory().mode(Mode.THROWS);
    runTasks(stepped, 2);

    stepped.runErrands();
    assertEquals(1, stepped.threadFailures().size());
    assertEquals(0, stepped.statistics().renewing());
    assertEquals(List.of(old), stepped.alive());

    stepped.factory().mode(Mode.WORKS);
    runTasks(stepped, 1);
    assertFalse(stepped.hasErrands(), "after as many tasks again");
    runTasks(stepped, 1);
    stepped.runErrands();
    stepped.runAll();
    assertEquals(List.of(old), stepped.left());
  }

  @Test
  void renewal_isGivenBack_whenTheNewThreadDiesBeforeItBegins() {
    SteppedTeam stepped = startedByTasks(1, 1, 1);
    Worker old = stepped.alive().get(0);
    runTasks(stepped, 1);
    stepped.runErrands();
    stepped.factory().kill(stepped.factory().last());

    runTasks(stepped, 1); // the look after its take finds the dead one, and it asks again
    assertEquals(1, stepped.threadFailures().size());
    assertEquals(1, stepped.statistics().workers());
    stepped.runErrands();
    stepped.runAll();
    assertEquals(List.of(old), stepped.left());
  }

  @Test
  void renewal_isGivenBack_whenTheNewThreadDiesWhileTheGoerIsAtATask() {
    SteppedTeam stepped = startedByTasks(1, 1, 1);
    Worker old = stepped.alive().get(0);
    runTasks(stepped, 1);
    stepped.whileBusy(1, () -> {
      stepped.runErrands();
      stepped.factory().kill(stepped.factory().last());
    });

    stepped.runErrands(); // for it wanted to ask again
    assertEquals(1, stepped.threadFailures().size());
    assertEquals(1, stepped.statistics().workers());
    assertEquals(0, stepped.statistics().renewing());

    runTasks(stepped, 1);
    stepped.runErrands();
    stepped.runAll();
    assertEquals(List.of(old), stepped.left());
  }

  @Test
  void renewal_isGivenBack_whenTheTeamStopsBeforeTheOtherIsMade() {
    SteppedTeam stepped = startedByTasks(1, 1, 1);
    runTasks(stepped, 1);
    stepped.beginStop();
    stepped.runAll();

    stepped.runErrands();

    assertTrue(stepped.team().hasEnded());
    assertEquals(1, stepped.made().size());
    assertEquals(0, stepped.statistics().renewing());
  }

  @Test
  void renewal_isOver_whenTheTeamStopsWhileTheOtherIsMade() {
    SteppedTeam stepped = startedByTasks(1, 1, 1);
    runTasks(stepped, 1);
    stepped.factory().during(stepped::beginStop);
    stepped.runErrands();
    stepped.runAll();

    assertTrue(stepped.team().hasEnded());
    assertEquals(0, stepped.statistics().renewing());
  }

  @Test
  void goer_stays_whenTheMinimumWasRaisedToWhatIsThere() {
    SteppedTeam stepped = startedByTasks(1, 2, 1);
    Worker old = stepped.alive().get(0);
    runTasks(stepped, 1);
    stepped.runErrands();
    stepped.resize(2, 2);

    stepped.runAll();

    assertEquals(2, stepped.alive().size());
    assertTrue(stepped.alive().contains(old), "both are needed");
    assertEquals(0, stepped.statistics().renewing());
    runTasks(stepped, 1);
    assertTrue(stepped.hasErrands(), "one of them asks again");
  }

  @Test
  void team_endsAtItsTarget_whenItIsLoweredWhileAWorkerIsReplaced() throws Exception {
    SteppedTeam stepped = startedByTasks(3, 3, 1);
    runTasks(stepped, 1);
    stepped.runErrands();
    var inForce = stepped.resize(1, 1).toCompletableFuture();
    assertFalse(inForce.isDone());

    stepped.runAll();

    assertEquals(1, stepped.alive().size());
    assertEquals(0, stepped.statistics().renewing());
    assertEquals(1, Testing.get(inForce).maxWorkers());
  }

  @Test
  void renewal_isOver_whenTheGoerLeavesForAnotherReason() {
    SteppedTeam stepped = startedByTasks(0, 1, 1);
    runTasks(stepped, 1); // makes the worker, which asks
    Worker old = stepped.alive().get(0);
    assertTrue(stepped.dismissWorker());
    stepped.runAll();
    assertEquals(List.of(old), stepped.left());

    assertEquals(0, stepped.statistics().renewing());
    stepped.runErrands();

    assertEquals(1, stepped.made().size(), "nobody comes in the place of one that is gone");
  }

  @Test
  void workers_keepNoDeadOnesAlive_whenManyAreReplaced() throws Exception {
    SteppedTeam stepped = startedByTasks(1, 1, 1);
    for (int i = 0; i < 3; i++) {
      runTasks(stepped, 1);
      stepped.runErrands();
      stepped.runAll();
    }

    Worker present = stepped.alive().get(0);

    assertEquals(3, stepped.left().size());
    assertEquals(null, present.comesBy());
    assertEquals(null, present.renewal);
  }

  @Test
  void renewal_isNotAskedFor_whenOneWorkerMoreCouldNotBeCounted() {
    SteppedTeam stepped = startedByTasks(0, PoolSizes.LIMIT, 1);
    runTasks(stepped, 1);

    assertFalse(stepped.hasErrands());
    assertEquals(0, stepped.statistics().renewing());
  }

  @Test
  void resize_isInForce_whenTheOneTooManyIsTheOneThatARenewalAllows() {
    SteppedTeam stepped = startedByTasks(2, 2, 1);

    stepped.whileBusy(1, () -> {
      var inForce = new ArrayList<Sizes.Handle>();
      stepped.whileBusy(1, () -> {
        inForce.add((Sizes.Handle) stepped.resize(1, 1));
        assertFalse(inForce.get(0).isDone());
      });
      assertEquals(1, stepped.statistics().renewing());
      assertTrue(inForce.get(0).isDone());
    });
  }

  @Test
  void renewal_isOver_whenTheSizesWereLoweredSoThatNobodyMayComeBeside() {
    SteppedTeam stepped = startedByTasks(2, 2, 1);

    stepped.whileBusy(2, () -> {
      stepped.resize(1, 1);
      assertEquals(0, stepped.statistics().renewing());
    });
    runTasks(stepped, 1);
    stepped.resize(2, 2);
    stepped.runAll();
    assertEquals(1, stepped.statistics().renewing());
    int made = stepped.made().size();
    stepped.whileBusy(2, () -> {
      stepped.resize(1, 1);
      stepped.runErrands();
      assertEquals(made, stepped.made().size());
      assertEquals(0, stepped.statistics().renewing());
    });
  }

  /** The task trusts in the place of the one that is to come: nobody else lives. */
  @Test
  void race04_taskRuns_whenItCameWhileTheNewThreadCouldNotBeMade() {
    SteppedTeam stepped = startedByTasks(0, 1, 1);
    runTasks(stepped, 1);
    var tasks = new ArrayList<HandTask>();
    stepped.factory().allow(0);
    stepped.factory().during(() -> {
      stepped.dismissWorker();
      stepped.runAll();
      tasks.add(stepped.submit("task"));
      stepped.factory().during(() -> stepped.factory().allow(1));
    });

    stepped.runErrands();
    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  @Test
  void race21_allThreadsAreToBeJoined_whenOneIsToGoAsTheStopComes() {
    SteppedTeam stepped = startedByTasks(0, 1, 1);
    runTasks(stepped, 1);
    stepped.whileBusy(1, () -> {
      stepped.runErrands();
      stepped.beginAll();
      stepped.beginStop();
    });
    stepped.runAll();

    assertEquals(2, stepped.left().size());
    assertEquals(2, stepped.view().leaving().size());
  }
}
