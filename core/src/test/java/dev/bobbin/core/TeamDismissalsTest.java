package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.HandFactory.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code stopAWorker}, stepped: one worker fewer as soon as one is idle, and no debt that outlives it. */
class TeamDismissalsTest {
  @Test
  void g7_idleWorkerLeaves_whenOneIsDismissed() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);

    assertTrue(stepped.dismissWorker());
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g7_nextToGoIdleLeaves_whenOneIsDismissedWhileAllAreBusy() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);

    stepped.whileBusy(2, () -> {
      assertTrue(stepped.dismissWorker());
      assertFalse(stepped.stepAny());
      assertEquals(2, stepped.alive().size());
    });
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g7_idleWorkerLeaves_whenOneIsDismissedWhileAnotherIsBeingWoken() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    stepped.submit(() -> {
      stepped.runAll(); // the other one, which nobody else would wake until this task has ended
      assertEquals(1, stepped.alive().size());
    });
    assertTrue(stepped.dismissWorker()); // finds one worker woken, and leaves the look to it

    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g9_backlogIsRunFirst_whenTheOnlyWorkerIsDismissed() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);

    stepped.whileBusy(1, () -> {
      for (int i = 0; i < 3; i++) {
        stepped.submit("task " + i);
      }
      assertTrue(stepped.dismissWorker());
    });
    stepped.runAll();

    assertEquals(4, stepped.statistics().completed());
    assertEquals(List.of(), stepped.alive());
  }

  @Test
  void g10_stopAWorker_changesNothing_whenThereIsNoWorker() {
    SteppedTeam stepped = SteppedTeam.started(0, 3);

    assertFalse(stepped.dismissWorker());

    stepped.submit("task");
    stepped.runAll();
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g10_stopAWorker_changesNothing_whenAllAreDismissedAlready() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);

    stepped.whileBusy(2, () -> {
      assertTrue(stepped.dismissWorker());
      assertTrue(stepped.dismissWorker());
      assertFalse(stepped.dismissWorker());
    });
    stepped.runAll();

    assertEquals(List.of(), stepped.alive());
  }

  @Test
  void g10_minimumIsMadeAndStays_whenAResizeFollowsDismissals() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 4);
    stepped.whileBusy(2, () -> {
      stepped.dismissWorker();
      stepped.dismissWorker();
      stepped.resize(3, 4);
    });
    stepped.runAll();

    assertEquals(3, stepped.alive().size());
  }

  @Test
  void g10_startAWorker_takesADismissalBack_whenOneIsDue() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);

    stepped.whileBusy(2, () -> {
      assertTrue(stepped.dismissWorker());
      assertTrue(stepped.startWorker());
    });
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void g10_dismissalIsForgotten_whenItsWorkerLeavesForAnotherReason() {
    SteppedTeam stepped = SteppedTeam.withIdle(4, 4);
    stepped.whileBusy(4, () -> {
      stepped.resize(0, 1);
      for (int i = 0; i < 4; i++) {
        assertTrue(stepped.dismissWorker());
      }
      assertFalse(stepped.dismissWorker());
    });
    stepped.runAll(); // three leave as surplus, one as dismissed
    assertEquals(List.of(), stepped.alive());

    assertTrue(stepped.startWorker());
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g10_onlyWhoMayGoIsDismissed_whenAnotherLeavesForAnotherReasonAndThereIsAMinimum() {
    SteppedTeam stepped = SteppedTeam.started(1, 4);
    stepped.whileBusy(4, () -> {
      stepped.resize(1, 2);
      for (int i = 0; i < 3; i++) {
        assertTrue(stepped.dismissWorker());
      }
      assertFalse(stepped.dismissWorker());
    });
    stepped.runAll(); // two leave as surplus, one as dismissed

    assertEquals(1, stepped.alive().size());
    assertEquals(0, stepped.view().dismissals());
  }

  @Test
  void g10_dismissalIsForgotten_whenTheThreadOfItsWorkerCannotBeMade() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(() -> assertTrue(stepped.dismissWorker()));
    assertFalse(stepped.startWorker());
    stepped.factory().mode(Mode.WORKS);

    assertTrue(stepped.startWorker());
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  @Test
  void g7_nobodyIsWokenToGo_beforeTheOneHasBegunThatMakesHimOneTooMany() {
    SteppedTeam stepped = SteppedTeam.started(1, 2);
    stepped.startWorker();

    assertTrue(stepped.dismissWorker());
    assertEquals(List.of(), stepped.ready());
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  @Test
  void s30_idleWorkerLeaves_whenTheStopComesWhileAnotherIsBeingWoken() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    stepped.submit(() -> {
      stepped.runAll();
      assertEquals(1, stepped.alive().size());
    });
    stepped.beginStop();

    stepped.runAll();

    assertTrue(stepped.team().hasEnded());
  }
}
