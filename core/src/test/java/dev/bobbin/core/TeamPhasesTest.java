package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
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

  /** Rule 19: there is room for all that follows from a call, or nothing has happened. */
  @Test
  void race19_nothingHasHappened_whenTheStackHasNoRoomForWhatFollows() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    Team team = stepped.team();
    stepped.whileBusy(1, () -> {
      HandTask waiting = stepped.submit("waits");
      stepped.deep(true);
      assertThrows(StackOverflowError.class, () -> stepped.discardOldest(Priority.NORMAL));
      assertThrows(StackOverflowError.class, () -> stepped.resize(0, 3));
      assertThrows(StackOverflowError.class, stepped::dismissWorker);
      assertThrows(StackOverflowError.class, team::checkHeadroomToEnd);
      assertThrows(StackOverflowError.class, () -> stepped.act(team::beginShutdown));
      stepped.deep(false);
      assertEquals(0, waiting.discards());
      assertEquals(2, team.sizes().maxWorkers());
      assertEquals(0, stepped.view().dismissals());
      stepped.submit("is taken still");
    });
    stepped.runAll();

    assertEquals(3, stepped.statistics().completed());
  }

  @Test
  void race19_teamIsNew_whenTheStackHasNoRoomForItsStart() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    stepped.deep(true);
    assertThrows(StackOverflowError.class, stepped::start);
    assertEquals(PoolState.NEW, stepped.team().state());

    stepped.deep(false);
    stepped.start();
    assertEquals(PoolState.RUNNING, stepped.team().state());
  }

  @Test
  void discardOldest_isRefused_whenTheTeamDrains_andWhatWaitsRuns() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    var waiting = new ArrayList<HandTask>();

    stepped.whileBusy(1, () -> {
      waiting.add(stepped.submit("waits"));
      stepped.beginStop();
      var refusal =
          assertThrows(TaskRejectedException.class, () -> stepped.discardOldest(Priority.NORMAL));
      assertEquals(RejectionReason.STOPPING, refusal.reason());
    });
    assertEquals(0, waiting.get(0).discards());
  }

  @Test
  void l5_start_servesWhatWaits_whenAThreadCouldNotBeMadeForIt() {
    SteppedTeam stepped = SteppedTeam.started(1, 2);

    stepped.whileBusy(1, () -> {
      stepped.factory().mode(Mode.THROWS);
      stepped.submit("waits");
      stepped.factory().mode(Mode.WORKS);
      assertEquals(0, stepped.toBegin().size());
      stepped.start();
      assertEquals(1, stepped.toBegin().size());
    });
  }

  @Test
  void resizeThatIsUnderWay_isOver_whenTheTeamBeginsToStop() {
    SteppedTeam stepped = SteppedTeam.started(2, 2);

    stepped.whileBusy(2, () -> {
      var inForce = (Sizes.Handle) stepped.resize(1, 1);
      assertFalse(inForce.isDone());
      stepped.beginStop();
      assertTrue(inForce.isDone());
    });
  }

  @Test
  void givenUpTasks_areForgotten_whenTheTeamHasEndedAndNobodyWaitsForThem() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    HandTask task = stepped.submit("task");

    assertEquals(List.of(task), stepped.giveUp());

    assertTrue(stepped.team().hasEnded());
    assertEquals(0, stepped.view().givenUp().size());
  }

  @Test
  void resizeThatIsUnderWay_isOver_whenTheTeamIsGivenUp() {
    SteppedTeam stepped = SteppedTeam.started(2, 2);

    stepped.whileBusy(2, () -> {
      var inForce = (Sizes.Handle) stepped.resize(1, 1);
      stepped.giveUp();
      assertTrue(inForce.isDone());
    });
  }

  @Test
  void resize_isInForce_whenTheThreadThatWasOneTooManyCouldNotBeMade() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    var inForce = new ArrayList<Sizes.Handle>();
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(() -> {
      inForce.add((Sizes.Handle) stepped.resize(0, 0));
      assertFalse(inForce.get(0).isDone());
    });

    assertFalse(stepped.startWorker());

    assertTrue(inForce.get(0).isDone());
  }

  /** Rule 5: whoever waits for the end gives the place back, and that was all that was left. */
  @Test
  void race11_teamEnds_whenTheOnlyThreadHasDiedAndNothingWaits() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.startWorker();
    stepped.factory().kill(stepped.factory().last());
    stepped.beginStop();
    assertFalse(stepped.team().hasEnded());

    stepped.act(stepped.view()::lookForDeadThreads);

    assertTrue(stepped.team().hasEnded());
    assertEquals(1, stepped.made().size());
  }

  @Test
  void race14_taskOfAStoppingTeam_isGivenUp_whenTheSecondThreadForItDiesToo() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    HandTask task = stepped.submit("task");
    for (int i = 0; i < 3; i++) { // while the team runs there is always another attempt
      stepped.factory().kill(stepped.factory().last());
      stepped.act(stepped.view()::lookForDeadThreads);
    }
    stepped.beginStop();
    assertEquals(4, stepped.made().size());

    stepped.factory().kill(stepped.factory().last());
    stepped.act(stepped.view()::lookForDeadThreads);
    assertEquals(5, stepped.made().size());
    assertEquals(0, task.discards());
    stepped.factory().kill(stepped.factory().last());
    stepped.act(stepped.view()::lookForDeadThreads);

    assertEquals(RejectionReason.NO_THREAD, task.reason());
    assertEquals(5, stepped.made().size());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void race14_stoppingTeamsTasksWait_whenASecondThreadDiesAndAWorkerLives() {
    SteppedTeam stepped = SteppedTeam.started(0, 3);
    stepped.whileBusy(1, () -> {
      stepped.startWorker();
      stepped.startWorker();
      HandTask task = stepped.submit("task");
      stepped.beginStop();
      for (Worker worker : stepped.toBegin()) {
        stepped.factory().kill((HandThread) worker.thread());
        stepped.act(stepped.view()::lookForDeadThreads);
      }
      assertEquals(1, stepped.statistics().workers());
      assertEquals(0, task.discards());
    });
  }

  @Test
  void l5_startMakesNobody_whenTheMaximumIsZero() {
    SteppedTeam stepped = SteppedTeam.made(0, 0);
    stepped.submit("waits");

    stepped.start();

    assertEquals(0, stepped.factory().calls());
    assertEquals(PoolState.RUNNING, stepped.team().state());
    assertEquals(1, stepped.statistics().backlog());
  }

  @Test
  void l8_taskRuns_whenAStopComesBetweenTheStartAndItsFirstThread() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    HandTask task = stepped.submit("task");
    stepped.at(Point.AFTER_LOOKING, stepped::beginStop);

    stepped.start();
    stepped.runAll();

    assertEquals(1, task.runs());
    assertEquals(1, stepped.made().size());
    assertTrue(stepped.team().hasEnded());
  }

  /** Rule 19, for the calls that make workers. */
  @Test
  void race19_nobodyIsMade_whenTheStackHasNoRoomForWhatFollows() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    stepped.deep(true);
    assertThrows(StackOverflowError.class, stepped::startWorker);
    assertThrows(StackOverflowError.class, () -> stepped.prestart(1));
    assertThrows(StackOverflowError.class, () -> stepped.submit("task"));
    stepped.deep(false);

    assertEquals(0, stepped.factory().calls());
  }

  /** The task trusts in a place in the making, and so its submitter makes nobody. */
  @Test
  void race04_taskRuns_whenItCameWhileAThreadThatWasAskedForCouldNotBeMade() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.factory().allow(0);
    var tasks = new ArrayList<HandTask>();
    stepped.factory().during(() -> {
      tasks.add(stepped.submit("task"));
      stepped.whenReporting(() -> stepped.factory().allow(1));
    });

    assertFalse(stepped.startWorker());
    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  /** As above, and the place was one that a worker filled as it left. */
  @Test
  void race04_taskRuns_whenItCameWhileAThreadForTheMinimumCouldNotBeMade() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var tasks = new ArrayList<HandTask>();
    stepped.dismissWorker();
    stepped.at(2, Point.BEFORE_LOOKING, () -> {
      assertEquals(0, stepped.statistics().workers(), "it has just left");
      stepped.factory().allow(0);
      stepped.resize(1, 1);
      stepped.factory().during(() -> {
        tasks.add(stepped.submit("task"));
        stepped.whenReporting(() -> stepped.factory().allow(1));
      });
    });

    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  /** A place in the team that a stop drains is left by way of those to join, rule 21. */
  @Test
  void race21_allThreadsAreToBeJoined_whenSomeAreTooManyAsTheStopComes() {
    SteppedTeam stepped = SteppedTeam.started(2, 2);
    stepped.whileBusy(2, () -> {
      stepped.resize(0, 1);
      stepped.beginStop();
    });
    stepped.runAll();

    assertEquals(2, stepped.left().size());
    assertEquals(2, stepped.view().leaving().size());
  }

  /** The word changes between its reading and the last look at the backlog. */
  @Test
  void race16_teamIsNotIdle_whenATaskComesDuringTheLook() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.at(Point.AFTER_LOOKING, () -> stepped.submit("task"));

    assertFalse(stepped.team().isIdle());

    stepped.runAll();
    assertTrue(stepped.team().isIdle());
  }

  @Test
  void runInCaller_isRefused_whenTheTeamDrains() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    var task = new HandTask("task", () -> {});

    stepped.whileBusy(1, () -> {
      stepped.beginStop();
      var refusal = assertThrows(TaskRejectedException.class, () -> stepped.runInCaller(task));
      assertEquals(RejectionReason.STOPPING, refusal.reason());
    });

    assertEquals(0, task.runs());
  }

  @Test
  void runInCaller_leavesATaskAlone_thatWasCancelledMeanwhile() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    stepped.submit("waits");
    stepped.submit("waits too");
    var task = new HandTask("task", () -> {});
    task.beforeClaim(() -> stepped.cancelUnsettled(task));

    stepped.runInCaller(task);

    assertEquals(0, task.runs());
    assertEquals(3, stepped.statistics().accepted());
    assertEquals(2, stepped.statistics().backlog());
  }

  @Test
  void race19_runInCaller_doesNothing_whenTheStackHasNoRoomForWhatFollows() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    var task = new HandTask("task", () -> {});
    stepped.deep(true);
    assertThrows(StackOverflowError.class, () -> stepped.runInCaller(task));
    stepped.deep(false);

    assertEquals(0, task.runs());
    assertEquals(0, stepped.statistics().accepted());
  }

  @Test
  void race19_noThreadIsMade_whenTheStackHasNoRoomAnyMoreAsATaskIsFoundToWait() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    stepped.whileBusy(1, () -> {
      stepped.at(Point.BEFORE_LOOKING, () -> stepped.deep(true));
      assertThrows(StackOverflowError.class, () -> stepped.submit("task"));
      stepped.deep(false);
      stepped.checkAll();
      assertEquals(1, stepped.factory().calls());
    });
  }

  /** It relies on the place that was reserved for another, which was cancelled by then. */
  @Test
  void race18_taskIsServed_whenItComesAsThePlaceForAnotherIsGivenBack() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    var late = new ArrayList<HandTask>();
    stepped.whileBusy(1, () -> {
      var first = new HandTask("first", () -> {});
      stepped.at(2, Point.BEFORE_LOOKING, () -> {
        stepped.cancelUnsettled(first);
        stepped.at(Point.AFTER_LOOKING, () -> late.add(stepped.submit("late")));
      });
      stepped.submit(first);
      stepped.runAll();
      assertEquals(1, late.get(0).runs());
      assertEquals(2, stepped.made().size());
    });
  }

  /** The late one finds a start under way and relies on it; what that starts for has been given up. */
  @Test
  void l5_startIsTriedAgain_whenATaskComesAsTheOthersHaveBeenGivenUp() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    HandTask early = stepped.submit("early");
    var late = new ArrayList<HandTask>();
    stepped.factory().mode(Mode.THROWS);
    stepped.at(Point.AFTER_POLL_OF_NOTHING, () -> {
      late.add(stepped.submit("late"));
      stepped.factory().mode(Mode.WORKS);
    });

    stepped.act(stepped.team()::startForTasks);
    stepped.runAll();

    assertEquals(RejectionReason.NO_THREAD, early.reason());
    assertEquals(3, stepped.factory().calls(), "two attempts for the early one, rule 14");
    assertEquals(1, late.get(0).runs());
    assertEquals(PoolState.RUNNING, stepped.team().state());
  }
}
