package dev.bobbin.core;

import static dev.bobbin.core.HandPolicy.later;
import static dev.bobbin.core.HandPolicy.no;
import static dev.bobbin.core.HandPolicy.now;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.HookedBacklog.Point;
import dev.bobbin.spi.GrowthRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** When the team asks the growth policy, and what it makes of the answer: without threads. */
class GrowthSteppedTest {
  private static final long LATER = 1_000;

  private final HandPolicy policy = new HandPolicy();

  /** Returns a running team that asks the policy, with its minimum parked. */
  private SteppedTeam team(int min, int max) {
    return SteppedTeam.started(min, max, policy);
  }

  @Nested
  class Asked {
    @Test
    void policy_isAskedOnce_whenATaskWaitsAndNobodyIsFreeForIt() {
      SteppedTeam stepped = team(1, 3);
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        assertEquals(1, policy.asked());
        assertEquals(1, stepped.toBegin().size());
      });
      stepped.runAll();
      assertEquals(1, policy.asked());
      assertEquals(2, stepped.statistics().completed());
    }

    @Test
    void policy_isAskedOnce_andOneThreadMade_whenAWorkerThatTakesSeesMoreWaiting() {
      SteppedTeam stepped = team(1, 6);
      stepped.submit(() -> {
        assertEquals(1, policy.asked());
        assertEquals(1, stepped.toBegin().size());
      });
      stepped.submit("second");
      stepped.submit("third");
      stepped.step(stepped.ready().get(0));
      stepped.runAll();
      assertEquals(List.of(), stepped.exceptions());
      assertEquals(3, stepped.statistics().completed());
    }

    @Test
    void policy_isNotAsked_whenAWorkerIsIdleOrOnItsWay() {
      SteppedTeam stepped = team(2, 4);
      stepped.submit("for the idle");
      stepped.submit("while one is woken");
      Worker woken = stepped.ready().get(0);
      stepped.step(woken);
      stepped.submit("while that one looks for work");
      stepped.runAll();
      assertEquals(0, policy.asked());
      assertEquals(2, stepped.made().size());
    }

    @Test
    void policy_isNotAsked_whenThePoolIsAtItsMaximum() {
      SteppedTeam stepped = team(1, 1);
      stepped.whileBusy(1, () -> stepped.submit("task"));
      stepped.runAll();
      assertEquals(0, policy.asked());
    }

    @Test
    void policy_isNotAsked_forTheFirstWorkerOfAnEmptyTeam_orForTheMinimum_orForOneDemanded() {
      policy.answer(no());
      SteppedTeam empty = team(0, 3);
      empty.submit("task");
      empty.runAll();
      SteppedTeam demanded = team(2, 4);
      demanded.startWorker();
      assertEquals(0, policy.asked());
      assertEquals(1, empty.made().size());
      assertEquals(3, demanded.made().size());
    }

    @Test
    void policy_isNotAsked_whenTheMinimumIsLacking() {
      SteppedTeam stepped = SteppedTeam.started(0, 4, policy.answer(no()));
      stepped.startWorker();
      stepped.runAll();
      stepped.whileBusy(1, () -> {
        stepped.factory().mode(HandFactory.Mode.THROWS);
        stepped.resize(2, 4);
        stepped.factory().mode(HandFactory.Mode.WORKS);
        stepped.submit("task");
      });
      assertEquals(0, policy.asked());
      assertEquals(2, stepped.made().size());
    }

    @Test
    void policy_isNotAsked_forALentWorker_orWhereAllWhoLiveAreBlocked() {
      policy.answer(no());
      SteppedTeam waiting = team(1, 3);
      waiting.whileBusy(1, () -> {
        waiting.submit("before the loan");
        assertEquals(1, policy.asked());
        assertTrue(waiting.lend());
        assertEquals(1, policy.asked());
        assertEquals(1, waiting.toBegin().size());
        waiting.takeBack();
      });
      SteppedTeam later = team(0, 3);
      later.whileBusy(1, () -> {
        assertTrue(later.lend());
        later.submit("after the loan");
        assertEquals(1, policy.asked());
        assertEquals(1, later.toBegin().size());
        later.submit("and another");
        assertEquals(2, policy.asked());
        assertEquals(1, later.toBegin().size());
        later.takeBack();
      });
    }

    @Test
    void policy_isNotAsked_inADrain_whichMakesAnotherWhereNobodyIsLeft() {
      SteppedTeam stepped = team(0, 2);
      policy.answer(no());
      HandTask task = stepped.submit("task");
      stepped.factory().kill(stepped.factory().last());
      stepped.beginStop();
      stepped.act(stepped.view()::lookForDeadThreads);
      stepped.runAll();
      assertEquals(0, policy.asked());
      assertEquals(1, task.runs());
      assertTrue(stepped.team().hasEnded());
    }

    @Test
    void policy_isAskedForTheSecondThread_whileTheFirstIsInTheMaking() {
      SteppedTeam stepped = team(0, 3);
      policy.answer(no());
      stepped.submit("first");
      stepped.submit("second");
      assertEquals(1, policy.asked());
      assertEquals(1, stepped.made().size());
    }

    @Test
    void policy_isAskedOncePerLook_andItsYesHoldsOverRetries() {
      SteppedTeam stepped = team(1, 3);
      stepped.whileBusy(1, () -> {
        policy.answerOnce(now()).answerOnce(no());
        // after the yes, between the rules and the reservation; this resize is a look of its own
        stepped.at(2, Point.AFTER_LOOKING, () -> stepped.resize(1, 4));
        stepped.submit("task");
        assertEquals(2, policy.asked());
        assertEquals(1, stepped.toBegin().size());
      });
    }

    @Test
    void policy_isAskedForEachWorker_whenAResizeRaisesTheMaximum() {
      SteppedTeam stepped = team(1, 1);
      stepped.whileBusy(1, () -> {
        for (int i = 0; i < 5; i++) {
          stepped.submit("task " + i);
        }
        policy.answerOnce(now()).answerOnce(now()).answer(no());
        stepped.resize(1, 8);
        assertEquals(3, policy.asked());
        assertEquals(2, stepped.toBegin().size());
      });
    }

    @Test
    void request_tellsOfThePoolAsItIs() {
      SteppedTeam stepped = team(1, 5);
      policy.answerOnce(now()).answer(no());
      stepped.pass(77);
      stepped.whileBusy(1, () -> {
        stepped.submit("first");
        stepped.submit("second");
      });
      GrowthRequest request = policy.requests().get(1);
      assertEquals("stepped", request.pool());
      assertEquals(stepped.nanoTime(), request.nanoTime());
      assertEquals(2, request.workers());
      assertEquals(1, request.minWorkers());
      assertEquals(5, request.maxWorkers());
      assertEquals(2, request.waiting());
      assertEquals(Optional.empty(), request.longestWait());
    }

    @Test
    void teamThatGrowsAtOnce_hasNobodyToAsk() {
      assertNull(SteppedTeam.started(1, 2).team().growthControl());
    }
  }

  @Nested
  class Refused {
    @Test
    void no_holdsUntilTheNextTask_andTheTakingOfOne() {
      SteppedTeam stepped = team(1, 3);
      policy.answer(no());
      stepped.whileBusy(1, () -> {
        stepped.submit("first");
        assertEquals(1, policy.asked());
        assertEquals(0, stepped.timer().pending());
        stepped.submit("second");
        assertEquals(2, policy.asked());
      });
      assertEquals(2, policy.asked());
      stepped.stepAny(); // the worker takes the first; the second waits
      assertEquals(3, policy.asked());
      stepped.runAll();
      assertEquals(1, stepped.made().size());
      assertEquals(3, stepped.statistics().completed());
    }

    @Test
    void no_doesNotStrandATask_whenTheLastWorkerLeaves() {
      SteppedTeam stepped = team(0, 3);
      policy.answer(no());
      stepped.startWorker();
      stepped.runAll();
      var task = new ArrayList<HandTask>();
      stepped.whileBusy(1, () -> {
        task.add(stepped.submit("task"));
        stepped.resize(0, 0);
      });
      stepped.runAll();
      assertEquals(1, stepped.left().size());
      int asked = policy.asked();
      stepped.resize(0, 3);
      stepped.runAll();
      assertEquals(1, task.get(0).runs());
      assertEquals(asked, policy.asked());
    }

    @Test
    void no_doesNotKeepTheDeadThreadOfAnotherFromBeingFound() {
      SteppedTeam stepped = team(0, 3);
      policy.answer(no());
      stepped.submit("first");
      stepped.factory().kill(stepped.factory().last());
      stepped.submit("second"); // refused, but the first thread will never come
      stepped.runAll();
      assertEquals(2, stepped.statistics().completed());
    }
  }

  @Nested
  class Later {
    @Test
    void later_comesWithoutAnotherTask_atItsMomentAndNotBefore() {
      SteppedTeam stepped = team(1, 2);
      policy.answerOnce(later(LATER));
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        assertEquals(1, stepped.timer().pending());
        stepped.pass(LATER - 1);
        assertFalse(stepped.hasErrands());
        stepped.pass(1);
        assertEquals(1, policy.asked(), "the timer does not ask");
        stepped.runErrands();
        assertEquals(2, policy.asked());
        assertEquals(1, stepped.toBegin().size());
        assertEquals(0, stepped.timer().pending());
      });
    }

    @Test
    void nobodyAsks_whileAnAlarmIsSet() {
      SteppedTeam stepped = team(1, 4);
      policy.answer(later(LATER));
      stepped.whileBusy(1, () -> {
        stepped.submit("first");
        stepped.submit("second");
        stepped.resize(1, 5);
        assertEquals(1, policy.asked());
        assertEquals(1, stepped.timer().pending());
      });
      stepped.runAll(); // the worker takes what waits
      assertEquals(1, policy.asked());
      assertEquals(3, stepped.statistics().completed());
    }

    @Test
    void later_isSaidAgainAndAgain_untilThePolicyAllowsIt() {
      SteppedTeam stepped = team(1, 2);
      policy.answerOnce(later(LATER)).answerOnce(later(2 * LATER));
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        stepped.pass(LATER);
        stepped.runErrands();
        stepped.pass(2 * LATER - 1);
        assertFalse(stepped.hasErrands());
        stepped.pass(1);
        stepped.runErrands();
        assertEquals(1, stepped.toBegin().size());
      });
      assertEquals(3, policy.asked());
    }

    @Test
    void later_isForgotten_whenNothingWaitsByThen_andTheNextTaskAsks() {
      SteppedTeam stepped = team(1, 2);
      policy.answer(later(LATER));
      stepped.whileBusy(1, () -> {
        HandTask gone = stepped.submit("gone");
        stepped.cancel(gone);
        stepped.pass(LATER);
        assertFalse(stepped.hasErrands());
        assertEquals(0, stepped.timer().pending());
        stepped.submit("next");
        assertEquals(2, policy.asked());
      });
    }

    @Test
    void whatIsNotAskedFor_isMadeAllTheSame_whileAnAlarmIsSet() {
      SteppedTeam stepped = team(1, 4);
      policy.answer(later(LATER));
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        stepped.startWorker();
        stepped.resize(3, 4);
        assertEquals(2, stepped.toBegin().size());
      });
    }

    @Test
    void workerThatGoesIdle_takesTheTask_whileAnAlarmIsSet() {
      SteppedTeam stepped = team(1, 2);
      policy.answer(later(LATER));
      var task = new ArrayList<HandTask>();
      stepped.whileBusy(1, () -> task.add(stepped.submit("task")));
      stepped.runAll();
      assertEquals(1, task.get(0).runs());
      stepped.pass(LATER);
      assertFalse(stepped.hasErrands());
    }

    @Test
    void teamGrowsAtOnce_andTellsOfIt_whenThereIsNoTimer() {
      SteppedTeam stepped = team(1, 2);
      policy.answer(later(LATER));
      stepped.timer().refuse(new IllegalStateException("no timer"));
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        assertEquals(1, stepped.toBegin().size());
      });
      stepped.runErrands();
      assertEquals(1, stepped.threadFailures().size());
      assertEquals("no timer", stepped.threadFailures().get(0).getCause().getMessage());
    }

    @Test
    void nextTaskAsks_whenTheErrandGetsNoThread() {
      SteppedTeam stepped = team(1, 2);
      policy.answerOnce(later(LATER));
      stepped.errandThreadFails(true);
      stepped.whileBusy(1, () -> {
        stepped.submit("first");
        stepped.pass(LATER);
        assertEquals(1, policy.asked());
        stepped.submit("second");
        assertEquals(2, policy.asked());
        assertEquals(1, stepped.toBegin().size());
      });
    }

    @Test
    void alarm_isCalledOff_whenTheTeamEnds() {
      SteppedTeam stepped = team(1, 2);
      policy.answer(later(LATER));
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        stepped.beginStop();
        assertEquals(1, stepped.timer().pending());
      });
      stepped.runAll();
      assertTrue(stepped.team().hasEnded());
      assertEquals(2, stepped.statistics().completed());
      assertEquals(0, stepped.timer().pending());
    }

    @Test
    void alarmThatIsSetAsTheTeamEnds_isCalledOff() {
      SteppedTeam stepped = team(1, 2);
      stepped.whileBusy(1, () -> {
        policy.answer(request -> {
          stepped.unsettled(stepped::giveUp);
          return later(LATER).apply(request);
        });
        stepped.submit("task");
      });
      stepped.runAll();
      assertTrue(stepped.team().hasEnded());
      assertEquals(0, stepped.timer().pending());
    }
  }

  @Nested
  class Broken {
    @Test
    void teamGrowsAtOnce_andTellsOfItOnce_whenThePolicyThrows() {
      SteppedTeam stepped = team(1, 4);
      policy.answer(request -> {
        throw new IllegalStateException("no idea");
      });
      stepped.whileBusy(1, () -> {
        stepped.submit("first");
        stepped.submit("second");
        assertEquals(2, stepped.toBegin().size());
      });
      assertEquals(2, policy.asked());
      assertEquals(
          List.of(
              "by-hand threw when asked whether the pool may grow; the pool grows at once; this is reported once: java.lang.IllegalStateException: no idea"),
          stepped.pluginReports());
    }

    @Test
    void teamGrowsAtOnce_andTellsOfIt_whenThePolicyThrowsAnError() {
      SteppedTeam stepped = team(1, 2);
      policy.answer(request -> {
        throw new OutOfMemoryError("heap");
      });
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        assertEquals(1, stepped.toBegin().size());
      });
      assertEquals(1, stepped.pluginReports().size());
    }

    @Test
    void teamGrowsAtOnce_andTellsOfIt_whenThePolicyAnswersNull() {
      SteppedTeam stepped = team(1, 2);
      policy.answer(request -> null);
      stepped.whileBusy(1, () -> {
        stepped.submit("task");
        assertEquals(1, stepped.toBegin().size());
      });
      assertEquals(
          List.of(
              "by-hand answered null when asked whether the pool may grow; the pool grows at once; this is reported once: null"),
          stepped.pluginReports());
    }

    @Test
    void policyThatAlwaysSaysYes_cannotGetThePoolAboveItsMaximum() {
      SteppedTeam stepped = team(1, 2);
      stepped.whileBusy(1, () -> {
        for (int i = 0; i < 5; i++) {
          stepped.submit("task " + i);
        }
        assertEquals(1, stepped.toBegin().size());
      });
      assertEquals(1, policy.asked());
    }
  }

  /** The policy calls the pool from inside its answer. */
  @Nested
  class Inside {
    private void during(SteppedTeam stepped, Runnable action) {
      policy.answerOnce(request -> {
        stepped.unsettled(action);
        return now().apply(request);
      });
    }

    @Test
    void policyThatSubmits_isNotAskedForThatTaskMeanwhile() {
      SteppedTeam stepped = team(1, 4);
      var inner = new ArrayList<HandTask>();
      stepped.whileBusy(1, () -> {
        during(stepped, () -> {
          inner.add(stepped.submit("inner"));
          assertEquals(1, policy.asked());
          assertEquals(1, stepped.made().size());
        });
        stepped.submit("outer");
        assertEquals(1, policy.asked());
        assertEquals(1, stepped.toBegin().size());
      });
      stepped.runAll();
      assertEquals(1, inner.get(0).runs());
      assertEquals(3, stepped.statistics().completed());
    }

    @Test
    void policyThatSubmits_wakesTheIdleForIt() {
      SteppedTeam stepped = team(1, 4);
      stepped.whileBusy(1, () -> {
        during(stepped, () -> {
          stepped.startWorker();
          stepped.runAll(); // takes the outer task and parks
          stepped.submit("inner");
          assertEquals(1, stepped.ready().size());
        });
        stepped.submit("outer");
      });
      stepped.runAll();
      assertEquals(2, stepped.made().size());
      assertEquals(3, stepped.statistics().completed());
    }

    @Test
    void policyThatLowersTheMaximum_isObeyedBeforeItsYes() {
      SteppedTeam stepped = team(1, 4);
      stepped.whileBusy(1, () -> {
        during(stepped, () -> stepped.resize(1, 1));
        stepped.submit("task");
        assertEquals(0, stepped.toBegin().size());
      });
      stepped.runAll();
      assertEquals(2, stepped.statistics().completed());
    }

    @Test
    void policyThatRaisesTheMinimum_getsThoseAtOnce() {
      SteppedTeam stepped = team(1, 4);
      stepped.whileBusy(1, () -> {
        policy.answerOnce(request -> {
          stepped.unsettled(() -> stepped.resize(3, 4));
          return no().apply(request);
        });
        stepped.submit("task");
        assertEquals(2, stepped.toBegin().size());
        assertEquals(1, policy.asked());
      });
    }

    @Test
    void policyThatStops_getsADrain() {
      SteppedTeam stepped = team(1, 4);
      var task = new ArrayList<HandTask>();
      stepped.whileBusy(1, () -> {
        during(stepped, () -> {
          stepped.beginStop();
          assertTrue(stepped.team().isOwnThread(), "a stop from here must not wait");
        });
        task.add(stepped.submit("task"));
        assertEquals(0, stepped.toBegin().size());
      });
      stepped.runAll();
      assertEquals(1, task.get(0).runs());
      assertTrue(stepped.team().hasEnded());
      assertFalse(stepped.team().isOwnThread());
    }

    @Test
    void policyThatGivesUp_isAllThatTheEndWaitsFor() {
      SteppedTeam stepped = team(0, 4);
      stepped.submit("first");
      during(stepped, () -> {
        stepped.giveUp();
        stepped.runAll();
        assertEquals(0, stepped.statistics().workers());
        assertFalse(stepped.team().hasEnded());
      });
      stepped.submit("second");
      assertTrue(stepped.team().hasEnded());
    }

    /** Rule 19: it is not asked in vain. */
    @Test
    void policy_isNotAsked_whenTheStackHasNoRoomForWhatFollows() {
      SteppedTeam stepped = team(1, 4);
      stepped.whileBusy(1, () -> {
        stepped.at(Point.BEFORE_LOOKING, () -> stepped.deep(true));
        assertThrows(StackOverflowError.class, () -> stepped.submit("task"));
        assertEquals(0, policy.asked());
        stepped.deep(false);
        stepped.checkAll();
      });
    }

    @Test
    void policyThatAsksForTheNumbers_getsThem() {
      SteppedTeam stepped = team(1, 4);
      var backlog = new ArrayList<Long>();
      stepped.whileBusy(1, () -> {
        during(stepped, () -> backlog.add(stepped.statistics().backlog()));
        stepped.submit("task");
      });
      assertEquals(List.of(1L), backlog);
    }

    @Test
    void yes_isOfNoUse_whenTheTaskWasTakenMeanwhile() {
      SteppedTeam stepped = team(1, 4);
      stepped.whileBusy(1, () -> {
        during(stepped, () -> {
          stepped.startWorker();
          stepped.runAll();
        });
        stepped.submit("task");
        assertEquals(2, stepped.made().size());
      });
    }
  }
}
