package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How idle workers leave, stepped, with a clock that is moved by hand. */
class TeamKeepAliveTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long KEEP = TimeUnit.SECONDS.toNanos(1);
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long YEAR = TimeUnit.DAYS.toNanos(365);
  private static final KeepAlive.Rule RULE = new KeepAlive.Rule(KEEP, INTERVAL);

  /** Returns a team with that many idle workers, which nobody has asked for within a keep-alive. */
  private static SteppedTeam withIdle(int workers, int min, int max) {
    SteppedTeam stepped = SteppedTeam.started(min, max, RULE);
    stepped.whileBusy(workers, () -> {});
    stepped.runAll();
    assertEquals(workers, stepped.alive().size());
    return stepped;
  }

  private static void pass(SteppedTeam stepped, long nanos) {
    stepped.pass(nanos);
    stepped.runAll();
  }

  // ------------------------------------------------------------------ who leaves, and when

  @Test
  void g3_idleWorkersStayAndNothingIsTimed_whenThereIsNoKeepAlive() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);

    stepped.pass(YEAR);

    assertEquals(3, stepped.alive().size());
    assertEquals(List.of(), stepped.ready());
    assertEquals(0, stepped.timer().pending());
  }

  @Test
  void decision7_workerLeavesAtTheEndOfTheKeepAlive_andNotBefore() {
    SteppedTeam stepped = withIdle(1, 0, 1);

    stepped.pass(KEEP - 1);
    assertEquals(List.of(), stepped.ready());
    stepped.pass(1);
    stepped.runAll();

    assertEquals(List.of(), stepped.alive());
    assertEquals(0, stepped.timer().pending());
  }

  @Test
  void decision7_workersLeaveAtTheRate_theOneThatWentIdleFirstBeforeTheOthers() {
    SteppedTeam stepped = withIdle(5, 1, 5);
    var first = new ArrayList<Worker>();
    for (Slot slot = bottom(stepped); first.size() < 5; slot = above(stepped, slot)) {
      first.add(slot.holder.get());
    }
    var times = new ArrayList<Long>();
    long began = stepped.nanoTime();
    stepped.afterEachStep(() -> {
      while (times.size() < stepped.left().size()) {
        times.add((stepped.nanoTime() - began) / MILLI);
      }
    });

    for (int i = 0; i < 3000; i++) {
      pass(stepped, MILLI);
    }

    assertEquals(List.of(1000L, 1100L, 1200L, 1300L), times);
    assertEquals(first.subList(0, 4), stepped.left());
    assertEquals(first.subList(4, 5), stepped.alive());
    assertEquals(0, stepped.timer().pending());
  }

  private static Slot bottom(SteppedTeam stepped) {
    for (Slot slot : stepped.team().slots()) {
      if (slot.state() == Slot.IDLE && slot.below == 0) {
        return slot;
      }
    }
    throw new AssertionError("nobody is idle");
  }

  private static Slot above(SteppedTeam stepped, Slot below) {
    for (Slot slot : stepped.team().slots()) {
      if (slot.state() == Slot.IDLE && slot.below == below.index + 1) {
        return slot;
      }
    }
    return below;
  }

  @Test
  void decision7_newestIsUsedAndTheOthersAge_whenTasksTrickleIn() {
    SteppedTeam stepped = withIdle(3, 0, 3);
    Worker[] ran = new Worker[1];

    for (int i = 0; i < 20; i++) {
      pass(stepped, KEEP / 10);
      stepped.submit("task");
      Worker woken = stepped.ready().get(0);
      assertTrue(ran[0] == null || ran[0] == woken, "always the same one");
      ran[0] = woken;
      stepped.runAll();
    }

    assertEquals(List.of(ran[0]), stepped.alive());
  }

  @Test
  void decision7_allButTheMinimumLeave_andThenNothingIsTimedOrWoken() {
    SteppedTeam stepped = withIdle(5, 2, 5);
    for (int i = 0; i < 40; i++) {
      pass(stepped, INTERVAL);
    }
    assertEquals(2, stepped.alive().size());
    int unparked = stepped.unparked().size();

    pass(stepped, YEAR);

    assertEquals(2, stepped.alive().size());
    assertEquals(unparked, stepped.unparked().size());
    assertEquals(0, stepped.timer().pending());
  }

  @Test
  void decision7_everyoneStaysForAKeepAlive_whenSomebodyAsksForAnother() {
    SteppedTeam stepped = withIdle(2, 0, 4);
    pass(stepped, KEEP - 1);

    assertTrue(stepped.startWorker());
    pass(stepped, KEEP - 1);
    assertEquals(3, stepped.alive().size());
    pass(stepped, 1);
    assertEquals(2, stepped.alive().size());

    assertEquals(1, stepped.prestart(3));
    pass(stepped, KEEP - 1);
    assertEquals(3, stepped.alive().size());
  }

  @Test
  void decision7_idleWorkersLeave_whenTheMinimumIsLowered() {
    SteppedTeam stepped = withIdle(3, 3, 3);
    pass(stepped, YEAR);
    assertEquals(0, stepped.timer().pending());

    stepped.resize(2, 3);
    assertEquals(1, stepped.timer().pending());
    pass(stepped, 0);

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void decision7_idleWorkerIsTimed_whenAnotherBeginsAboveTheMinimum() {
    SteppedTeam stepped = SteppedTeam.started(1, 2, RULE);
    stepped.startWorker();
    assertEquals(0, stepped.timer().pending());

    stepped.begin(stepped.toBegin().get(0));

    assertEquals(1, stepped.timer().pending());
  }

  @Test
  void decision7_idleWorkerIsTimed_whenItParkedDuringTheStart() {
    SteppedTeam stepped = SteppedTeam.made(0, 1, RULE);
    HandTask task = stepped.submit("task");
    stepped.factory().duringStart(stepped::runAll);

    stepped.start();

    assertEquals(1, task.runs());
    assertEquals(1, stepped.alive().size());
    assertEquals(1, stepped.timer().pending());
  }

  // ------------------------------------------------------------------ a minimum of 0

  @Test
  void fault20_idleTeamHasNobodyAndNothingTimed_andTheNextTaskRuns_whenTheMinimumIsZero() {
    SteppedTeam stepped = withIdle(2, 0, 2);
    pass(stepped, KEEP);
    pass(stepped, INTERVAL);
    assertEquals(List.of(), stepped.alive());
    assertEquals(0, stepped.timer().pending());
    pass(stepped, YEAR);

    HandTask task = stepped.submit("next");
    stepped.runAll();

    assertEquals(1, task.runs());
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void fault20_taskRunsOnTheOneThatIsWokenToLeave_whenItComesBeforeItHasLooked() {
    SteppedTeam stepped = withIdle(1, 0, 1);
    stepped.pass(KEEP);
    Worker told = stepped.ready().get(0);

    HandTask task = stepped.submit("task");
    stepped.step(told);
    assertEquals(1, task.runs());
    stepped.runAll();

    assertEquals(List.of(told), stepped.alive(), "whoever had a task stays for another keep-alive");
    pass(stepped, KEEP - 1);
    assertEquals(List.of(told), stepped.alive());
    pass(stepped, 1);
    assertEquals(List.of(), stepped.alive());
  }

  @Test
  void fault20_taskRunsOnTheOneThatWasToLeave_whenItComesAfterItsLook() {
    SteppedTeam stepped = withIdle(1, 0, 1);
    stepped.pass(KEEP);
    var late = new ArrayList<HandTask>();
    stepped.at(Point.AFTER_POLL_OF_NOTHING, () -> late.add(stepped.submit("late")));

    stepped.runAll();

    assertEquals(1, late.get(0).runs());
    assertEquals(1, stepped.made().size());
  }

  @Test
  void fault20_taskRunsOnANewWorker_whenItComesAfterTheLastLookOfTheLastThatLeaves() {
    SteppedTeam stepped = withIdle(1, 0, 1);
    stepped.pass(KEEP);
    var late = new ArrayList<HandTask>();
    // it has found no task and nothing waiting; what is left is the CAS
    stepped.at(
        Point.AFTER_POLL_OF_NOTHING,
        () -> stepped.at(Point.AFTER_LOOKING, () -> late.add(stepped.submit("late"))));

    stepped.runAll();

    assertEquals(1, late.get(0).runs());
    assertEquals(1, stepped.left().size());
    assertEquals(2, stepped.made().size());
  }

  @Test
  void race08_secondTaskIsServed_whenTheOneThatWasToLeaveTakesTheFirst() {
    SteppedTeam stepped = withIdle(2, 0, 2);
    stepped.pass(KEEP);
    Worker told = stepped.ready().get(0);
    HandTask first = stepped.submit("first");
    HandTask second = stepped.submit("second");

    stepped.step(told);
    assertEquals(1, stepped.ready().stream().filter(other -> other != told).count());
    stepped.runAll();

    assertEquals(List.of(1, 1), List.of(first.runs(), second.runs()));
    assertEquals(2, stepped.alive().size());
  }

  @Test
  void race08_taskIsServedByAnother_whenItComesAsTheOldestLeaves() {
    SteppedTeam stepped = withIdle(2, 0, 2);
    stepped.pass(KEEP);
    var late = new ArrayList<HandTask>();
    stepped.at(
        Point.AFTER_POLL_OF_NOTHING,
        () -> stepped.at(Point.AFTER_LOOKING, () -> late.add(stepped.submit("late"))));

    stepped.runAll();

    assertEquals(1, late.get(0).runs());
    assertEquals(2, stepped.made().size());
    assertEquals(1, stepped.alive().size());
  }

  // ------------------------------------------------------------------ against a wake-up

  @Test
  void race07_nobodyIsWokenToLeave_whileAnotherIsBeingWoken() {
    SteppedTeam stepped = withIdle(2, 0, 2);
    stepped.pass(KEEP - 1);
    HandTask task = stepped.submit("task");
    Worker woken = stepped.ready().get(0);

    stepped.pass(1);
    assertEquals(List.of(woken), stepped.ready());
    stepped.runAll();
    assertEquals(2, stepped.alive().size());
    pass(stepped, MILLI);

    assertEquals(1, task.runs());
    assertEquals(List.of(woken), stepped.alive());
  }

  @Test
  void race07_workerStays_whenItWasWokenToLeaveAndHasNotStayedForLong() {
    SteppedTeam stepped = withIdle(2, 0, 2);
    stepped.pass(KEEP - 1);

    assertTrue(
        stepped.act(stepped.team()::wakeToLeave)); // as if others had come and gone meanwhile
    assertFalse(stepped.act(stepped.team()::wakeToLeave), "one at a time");
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
    stepped.whileBusy(2, () -> assertEquals(0, stepped.statistics().idle()));
  }

  @Test
  void race20_olderAndNewerStayReachable_whenTheOldestLeaves() {
    SteppedTeam stepped = withIdle(4, 0, 4);
    pass(stepped, KEEP);
    assertEquals(3, stepped.alive().size());

    stepped.whileBusy(3, () -> assertEquals(0, stepped.statistics().idle()));

    assertEquals(4, stepped.made().size());
    pass(stepped, KEEP);
    stepped.whileBusy(4, () -> assertEquals(4, stepped.statistics().busy()));
  }

  @Test
  void slots_areUsedAgain_whenWorkersLeaveAndOthersCome() {
    SteppedTeam stepped = SteppedTeam.started(0, 4, RULE);
    for (int i = 0; i < 50; i++) {
      stepped.whileBusy(4, () -> {});
      stepped.runAll();
      for (int j = 0; j < 2; j++) {
        pass(stepped, KEEP);
      }
      assertEquals(2, stepped.alive().size());
    }
    assertEquals(102, stepped.made().size());
    assertEquals(4, stepped.team().slots().length);
  }

  // ------------------------------------------------------------------ against stop, resize,
  // dismissal

  @Test
  void race11_teamEndsAndNothingIsTimed_whenItStopsWhileOneLeaves() {
    for (boolean givesUp : new boolean[] {false, true}) {
      SteppedTeam stepped = withIdle(3, 1, 3);
      stepped.pass(KEEP);
      assertEquals(1, stepped.ready().size());
      stepped.at(
          Point.AFTER_POLL_OF_NOTHING, givesUp ? () -> stepped.giveUp() : stepped::beginStop);

      stepped.runAll();

      assertTrue(stepped.team().hasEnded());
      assertEquals(0, stepped.timer().pending());
      assertEquals(3, stepped.view().leaving().size(), "all are there to join");
    }
  }

  @Test
  void race11_nothingIsTimed_whenTheTeamEndsWhileItsWorkersAreIdle() {
    SteppedTeam stepped = withIdle(2, 0, 2);
    assertEquals(1, stepped.timer().pending());

    stepped.beginStop();
    stepped.runAll();

    assertEquals(0, stepped.timer().pending());
  }

  @Test
  void race06_minimumIsKept_whenItIsRaisedBeforeTheOneThatIsToLeaveLooks() {
    SteppedTeam stepped = withIdle(2, 1, 2);
    stepped.pass(KEEP);
    stepped.resize(2, 2);

    stepped.runAll();

    assertEquals(2, stepped.alive().size());
    assertEquals(2, stepped.made().size());
  }

  @Test
  void race06_minimumIsKept_whenItIsRaisedAfterTheOneThatIsToLeaveReadTheSizes() {
    SteppedTeam stepped = withIdle(2, 1, 2);
    stepped.pass(KEEP);
    stepped.at(
        Point.AFTER_POLL_OF_NOTHING,
        () -> stepped.at(Point.AFTER_LOOKING, () -> stepped.resize(2, 2)));

    stepped.runAll();

    assertEquals(List.of(), stepped.left());
    assertEquals(2, stepped.made().size());
  }

  @Test
  void g4_minimumIsKept_whenOneIsDismissedWhileAnotherIsToLeave() {
    SteppedTeam stepped = withIdle(2, 1, 2);
    stepped.pass(KEEP);
    assertTrue(stepped.dismissWorker()); // finds one woken, which obeys

    stepped.runAll();
    pass(stepped, YEAR);

    assertEquals(1, stepped.alive().size());
    assertEquals(0, stepped.view().dismissals());
  }

  @Test
  void g7_bothLeave_whenOneIsDismissedAsAnotherLeaves() {
    SteppedTeam stepped = withIdle(3, 1, 3);
    stepped.pass(KEEP);
    stepped.at(
        Point.AFTER_POLL_OF_NOTHING,
        () -> stepped.at(Point.AFTER_LOOKING, () -> assertTrue(stepped.dismissWorker())));

    stepped.runAll();

    assertEquals(1, stepped.alive().size());
  }

  // ------------------------------------------------------------------ the timer fails

  @Test
  void fault4_workersStayAndItIsReported_whenTheTimerHasNoThread_andLeaveOnceItHas() {
    SteppedTeam stepped = SteppedTeam.started(0, 1, RULE);
    var noThread = new IllegalStateException("no thread for the timer");
    stepped.timer().refuse(noThread);
    stepped.submit("first");
    stepped.runAll();
    assertEquals(0, stepped.timer().pending());
    stepped.runErrands();
    assertSame(noThread, stepped.threadFailures().get(0).getCause());

    stepped.timer().refuse(null);
    stepped.submit("second");
    stepped.runAll();
    pass(stepped, KEEP);

    assertEquals(List.of(), stepped.alive());
  }

  // ------------------------------------------------------------------ prestart

  @Test
  void prestart_makesWhatIsMissing_andTakesDismissalsBack() {
    SteppedTeam stepped = SteppedTeam.started(1, 4);

    assertEquals(2, stepped.prestart(3));
    assertEquals(0, stepped.prestart(3));
    stepped.runAll();
    assertEquals(3, stepped.alive().size());

    stepped.whileBusy(3, () -> {
      stepped.dismissWorker();
      assertEquals(1, stepped.prestart(4));
    });
    stepped.runAll();
    assertEquals(4, stepped.alive().size());
    assertEquals(0, stepped.prestart(9), "the maximum is kept");
  }

  @Test
  void prestart_tellsHowFarItCame_whenThreadsCannotBeMade() {
    SteppedTeam stepped = SteppedTeam.started(0, 4);
    stepped.factory().allow(2);

    assertEquals(2, stepped.prestart(4));

    assertEquals(1, stepped.threadFailures().size());
    stepped.runAll();
    stepped.beginStop();
    stepped.runAll();
    assertThrows(IllegalStateException.class, () -> stepped.prestart(1));
  }

  /** It asks for one worker, as does whoever has one made. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decision7_everyoneStaysForAKeepAlive_whenSomebodyTakesADismissalBack(boolean prestart) {
    SteppedTeam stepped = withIdle(2, 0, 2);
    pass(stepped, KEEP - 1);
    assertTrue(stepped.dismissWorker());
    if (prestart) {
      assertEquals(0, stepped.prestart(2));
    } else {
      assertTrue(stepped.startWorker());
    }
    stepped.runAll();

    pass(stepped, KEEP - 1);
    assertEquals(2, stepped.alive().size());
    pass(stepped, 1);
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void decision7_nextStaysForTheInterval_whenTheOneBeforeTookItsTimeToLeave() {
    SteppedTeam stepped = withIdle(3, 0, 3);
    stepped.pass(KEEP);
    stepped.pass(INTERVAL - 1);
    stepped.runAll();
    assertEquals(1, stepped.left().size());

    pass(stepped, INTERVAL - 1);
    assertEquals(1, stepped.left().size());
    pass(stepped, 1);
    assertEquals(2, stepped.left().size());
  }

  @Test
  void race19_workerLeavesALittleLater_whenTheTimersStackHadNoRoomToWakeIt() {
    SteppedTeam stepped = withIdle(1, 0, 1);
    stepped.deep(true);
    assertThrows(StackOverflowError.class, () -> stepped.pass(KEEP));
    stepped.deep(false);
    stepped.checkAll();
    assertEquals(List.of(), stepped.ready());

    pass(stepped, MILLI);
    assertEquals(List.of(), stepped.alive());
  }
}
