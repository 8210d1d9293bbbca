package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scenarios of a team's life, S20 to S32, stepped: nobody does anything unless it is said. */
class TeamScenariosTest {
  @Test
  void s20_taskRunsInAWorker_whenSteppedOnly() {
    SteppedTeam stepped = SteppedTeam.started(0, 5);
    HandTask task = stepped.submit("task");
    var busyWhenTaken = new ArrayList<Integer>();
    var runsWhenTaken = new ArrayList<Integer>();
    stepped.whenTaken(() -> {
      busyWhenTaken.add(stepped.statistics().busy());
      runsWhenTaken.add(task.runs());
    });
    assertEquals(0, task.runs());

    stepped.runAll();

    assertEquals(List.of(1), busyWhenTaken);
    assertEquals(List.of(0), runsWhenTaken);
    assertEquals(1, task.runs());
    assertEquals(List.of("PoolThread-stepped-0"), namesOf(stepped.made()));
    assertEquals(0, stepped.statistics().busy());
  }

  @Test
  void s21_statisticsAreZero_whenTheTeamIsNew() {
    SteppedTeam stepped = SteppedTeam.made(0, 5);

    assertEquals(0, stepped.statistics().idle());
    assertEquals(0, stepped.statistics().busy());
    assertEquals(0, stepped.statistics().backlog());
  }

  @Test
  void s22_startWorker_makesFive_whenAskedFiveTimes() {
    SteppedTeam stepped = SteppedTeam.started(0, 10);

    for (int i = 0; i < 5; i++) {
      assertTrue(stepped.startWorker());
    }

    assertEquals(5, stepped.made().size());
  }

  @Test
  void s23_startWorker_makesThree_whenTheFactoryRefusesAfterThree() {
    SteppedTeam stepped = SteppedTeam.started(0, 10);
    stepped.factory().allow(3);
    var answers = new ArrayList<Boolean>();

    for (int i = 0; i < 5; i++) {
      answers.add(stepped.startWorker());
    }
    stepped.runAll();

    assertEquals(List.of(true, true, true, false, false), answers);
    assertEquals(3, stepped.alive().size());
    assertEquals(3, stepped.statistics().idle());
    assertEquals(2, stepped.threadFailures().size());
  }

  @Test
  void s23_startWorker_makesThree_whenThatIsTheMaximum() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);

    assertFalse(stepped.startWorker());

    assertEquals(3, stepped.statistics().idle());
    assertEquals(List.of(), stepped.threadFailures());
  }

  @Test
  void s24_dismissWorker_leavesTwo_whenThreeOfFiveIdleAreDismissed() {
    SteppedTeam stepped = SteppedTeam.withIdle(5, 5);

    dismiss(stepped, 3);
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void s25_dismissWorker_leavesNobody_whenAllTenAreDismissed() {
    SteppedTeam stepped = SteppedTeam.withIdle(10, 10);

    dismiss(stepped, 10);
    assertEquals(10, stepped.alive().size());
    stepped.runAll();

    assertEquals(List.of(), stepped.alive());
  }

  @Test
  void s26_taskWaits_whenAllWorkersAreBusyAndNoMoreCanBeMade() {
    SteppedTeam stepped = SteppedTeam.started(0, 10);
    stepped.factory().allow(3);
    var fourth = new ArrayList<HandTask>();

    stepped.whileBusy(3, () -> {
      fourth.add(stepped.submit("fourth"));
      assertFalse(stepped.stepAny());
      assertEquals(0, stepped.statistics().idle());
      assertEquals(1, stepped.statistics().backlog());
    });
    stepped.runAll();

    assertEquals(0, stepped.statistics().backlog());
    assertEquals(1, fourth.get(0).runs());
    assertEquals(4, stepped.statistics().completed());
  }

  @Test
  void s27_exceptionReachesTheHostOnce_whenATaskThrows() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var thrown = new ArithmeticException("/ by zero");

    stepped.submit(() -> {
      throw thrown;
    });
    stepped.runAll();

    assertEquals(List.of(thrown), stepped.exceptions());
    assertEquals(1, stepped.statistics().failed());
    assertEquals(1, stepped.statistics().idle());
  }

  @Test
  void s28_everythingIsRefused_whenTheTeamWasStopped() {
    SteppedTeam stepped = SteppedTeam.started(0, 5);
    stepped.beginStop();

    stepped.beginStop(); // decision 3: as often as one likes

    assertRefuses(stepped);
    assertEquals(PoolState.STOPPED, stepped.team().state());
  }

  @Test
  void s29_everybodyLeaves_whenTheTeamIsStoppedAfterTenTasks() {
    SteppedTeam stepped = SteppedTeam.started(0, 10);
    for (int i = 0; i < 10; i++) {
      stepped.submit("task " + i);
    }
    stepped.runAll();

    stepped.beginStop();
    stepped.runAll();

    assertEquals(10, stepped.statistics().completed());
    assertEquals(List.of(), stepped.alive());
    assertTrue(stepped.team().hasEnded());
    stepped.beginStop();
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void s30_idleLeaveFirst_whenTheTeamIsStoppedWithFiveOfTenBusy() {
    SteppedTeam stepped = SteppedTeam.withIdle(10, 10);

    stepped.whileBusy(5, () -> {
      stepped.beginStop();
      stepped.runAll();
      assertEquals(5, stepped.alive().size());
      assertEquals(5, stepped.statistics().busy());
      assertFalse(stepped.team().hasEnded());
    });
    stepped.runAll();

    assertEquals(List.of(), stepped.alive());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void s31_stopIsClean_whenAllWorkIsDoneInTheMiddleOfIt() {
    SteppedTeam stepped = SteppedTeam.started(0, 5);
    HandTask task = stepped.submit("task");
    stepped.at(Point.AFTER_CLOSE, stepped::runAll); // no more is let in, nobody knows of the stop

    stepped.beginStop();
    stepped.runAll();

    assertEquals(1, task.runs());
    assertTrue(stepped.team().hasEnded());
    stepped.beginStop();
    assertRefuses(stepped);
  }

  @Test
  void s32_threeAreLeft_whenSevenOfTenBusyAreDismissed() {
    SteppedTeam stepped = SteppedTeam.withIdle(10, 10);

    stepped.whileBusy(10, () -> dismiss(stepped, 7));
    stepped.runAll();

    assertEquals(3, stepped.alive().size());
    assertEquals(3, stepped.statistics().idle());
  }

  private static void dismiss(SteppedTeam stepped, int workers) {
    for (int i = 0; i < workers; i++) {
      assertTrue(stepped.dismissWorker());
    }
  }

  private static void assertRefuses(SteppedTeam stepped) {
    var refusal = assertThrows(TaskRejectedException.class, () -> stepped.submit("late"));
    assertEquals(RejectionReason.STOPPING, refusal.reason());
    assertThrows(IllegalStateException.class, stepped::start);
    assertThrows(IllegalStateException.class, stepped::startWorker);
    assertThrows(IllegalStateException.class, stepped::dismissWorker);
  }

  private static List<String> namesOf(List<Worker> workers) {
    return workers.stream().map(Worker::name).toList();
  }
}
