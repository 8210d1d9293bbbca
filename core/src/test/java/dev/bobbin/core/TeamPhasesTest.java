package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.core.HandFactory.Mode;
import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each phase is entered once: what S37, S41 and S45 to S49 protect in parts that Bobbin does not have. */
class TeamPhasesTest {
  @Test
  void s45_stateIsNew_whenNothingWasCalled() {
    assertEquals(PoolState.NEW, SteppedTeam.made(1, 1).team().state());
  }

  @Test
  void s46_stateIsStopped_whenATeamWithoutWorkersIsStopped() {
    SteppedTeam stepped = SteppedTeam.made(1, 1);

    stepped.beginStop();

    assertEquals(PoolState.STOPPED, stepped.team().state());
    assertTrue(stepped.team().isStopping());
  }

  @Test
  void s47_submissionIsTaken_whenTheTeamIsNewOrRuns() {
    SteppedTeam stepped = SteppedTeam.made(1, 1);
    stepped.submit("before the start");
    stepped.start();
    stepped.submit("after the start");
    stepped.runAll();

    assertEquals(2, stepped.statistics().completed());
  }

  @Test
  void s48_submissionIsRefused_whenTheTeamIsStopping() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);

    stepped.whileBusy(1, () -> {
      stepped.beginStop();
      assertThrows(TaskRejectedException.class, () -> stepped.submit("late"));
    });
    stepped.runAll();

    assertThrows(TaskRejectedException.class, () -> stepped.submit("later"));
    assertEquals(2, stepped.statistics().refused());
  }

  @Test
  void s49_secondStopChangesNothing_whenTheFirstIsUnderWayOrOver() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var states = new ArrayList<PoolState>();

    stepped.whileBusy(1, () -> {
      stepped.beginStop();
      stepped.beginStop();
      states.add(stepped.team().state());
    });
    stepped.runAll();
    stepped.beginStop();
    stepped.giveUp();
    states.add(stepped.team().state());

    assertEquals(List.of(PoolState.STOPPING, PoolState.STOPPED), states);
    assertEquals(0, stepped.statistics().discarded());
  }

  @Test
  void s49_teamIsStartedOnce_whenStartIsCalledInTheMiddleOfAStart() {
    SteppedTeam stepped = SteppedTeam.made(2, 2);
    stepped.factory().during(stepped::start);

    stepped.start();
    stepped.start();

    assertEquals(2, stepped.made().size());
    assertEquals(PoolState.RUNNING, stepped.team().state());
  }

  @Test
  void l8_stoppedTeamStaysStopped_whenItIsStarted() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.beginStop();

    var refusal = assertThrows(IllegalStateException.class, stepped::start);

    assertEquals(
        "Pool 'stepped' is STOPPED. A stopped pool stays stopped: make a new one.",
        refusal.getMessage());
    assertEquals(PoolState.STOPPED, stepped.team().state());
  }

  @Test
  void l17_teamIsAsBefore_whenNotOneThreadCouldBeMadeToStartIt() {
    SteppedTeam stepped = SteppedTeam.made(2, 2);
    HandTask task = stepped.submit("task");
    stepped.factory().mode(Mode.START_THROWS);
    assertThrows(IllegalStateException.class, stepped::start);
    assertEquals(PoolState.NEW, stepped.team().state());
    assertEquals(1, stepped.statistics().backlog());

    stepped.factory().mode(Mode.WORKS);
    stepped.start();
    stepped.runAll();

    assertEquals(1, task.runs());
    assertEquals(2, stepped.alive().size());
  }

  @Test
  void l17_teamRunsWithWhatItHas_whenTheSecondThreadCannotBeMade() {
    SteppedTeam stepped = SteppedTeam.made(3, 3);
    stepped.factory().allow(1);

    stepped.start();

    assertEquals(1, stepped.made().size());
    assertEquals(1, stepped.threadFailures().size());
    assertEquals(PoolState.RUNNING, stepped.team().state());
  }

  @Test
  void s37_callIsInForce_whenItReturns() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);

    assertTrue(stepped.startWorker());
    assertEquals(1, stepped.statistics().workers());
    stepped.resize(2, 2);
    assertEquals(2, stepped.statistics().workers());
    stepped.beginStop();
    assertEquals(PoolState.STOPPING, stepped.team().state());
  }

  @Test
  void s41_taskIsRefusedOrRun_whenTheStopStrikesAtAnyPointOfItsSubmission() {
    for (Point point : Point.values()) {
      for (int time = 1; time < 5; time++) {
        SteppedTeam stepped = SteppedTeam.started(0, 1);
        var task = new HandTask("task", () -> {});
        stepped.at(time, point, stepped::beginStop);
        boolean accepted = true;
        try {
          stepped.submit(task);
        } catch (TaskRejectedException refusal) {
          accepted = false;
        }
        stepped.runAll();
        assertEquals(accepted ? 1 : 0, task.runs() + task.discards());
        assertFalse(accepted && task.discards() > 0, "a drain discards nothing");
      }
    }
  }

  /** Whoever gave the place back saw a task; whoever looked afterwards saw none, and nobody ended it. */
  @Test
  void stopEnds_whenTheLastTaskIsCancelledAsItsThreadCannotBeMade() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    HandTask task = stepped.submit("task");
    stepped.factory().mode(Mode.THROWS);
    stepped
        .factory()
        .during(() -> stepped.unsettled(() -> {
          stepped.team().beginStop();
          stepped.at(Point.BEFORE_LOOKING, () -> task.cancel(stepped.team()));
        }));

    assertThrows(ThreadCreationException.class, () -> stepped.team().start());

    assertTrue(task.isCancelled());
    assertTrue(stepped.team().hasEnded());
  }
}
