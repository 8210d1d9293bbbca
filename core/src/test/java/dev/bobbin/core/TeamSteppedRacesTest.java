package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.core.HandFactory.Mode;
import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The races of the team that one actor can show by stepping in between two operations of another,
 * each told by the rule of the team's overview that decides it.
 */
class TeamSteppedRacesTest {
  @Test
  void race01_taskIsTaken_whenItIsAppendedBetweenAnEmptyPollAndTheParking() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.startWorker();
    stepped.beginAll();
    Worker worker = stepped.alive().get(0);
    var tasks = new ArrayList<HandTask>();
    stepped.at(Point.AFTER_POLL_OF_NOTHING, () -> tasks.add(stepped.submit("late")));

    stepped.step(worker);
    assertTrue(worker.isParked(), "there is no private way back");
    assertTrue(worker.isWoken());
    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  @Test
  void race01_workerThatIsAboutToTake_isNotBusyYet() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    var busy = new ArrayList<Integer>();
    stepped.at(Point.AFTER_POLL_OF_A_TASK, () -> busy.add(stepped.statistics().busy()));

    stepped.submit(() -> busy.add(stepped.statistics().busy()));
    stepped.runAll();

    assertEquals(List.of(0, 1), busy);
  }

  @Test
  void race01_bothTasksAreServed_whenTwoAreAppendedBetweenAnEmptyPollAndTheParking() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    stepped.startWorker();
    stepped.beginAll();
    Worker looking = stepped.alive().get(1);
    stepped.at(Point.AFTER_POLL_OF_NOTHING, () -> {
      stepped.submit(() -> {
        stepped.runAll(); // the other must have been told of the second task
        assertEquals(1, stepped.statistics().completed());
      });
      stepped.submit("second");
    });

    stepped.step(looking);
    stepped.runAll();

    assertEquals(2, stepped.statistics().completed());
  }

  @Test
  void race02_secondTaskIsServed_whenItComesWhileTheWokenWorkerTakesTheFirst() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    stepped.submit(() -> {
      stepped.runAll();
      assertEquals(1, stepped.statistics().completed(), "the other worker runs the second task");
    });
    stepped.at(Point.AFTER_POLL_OF_A_TASK, () -> stepped.submit("second"));

    stepped.step(stepped.ready().get(0));
    stepped.runAll();

    assertEquals(2, stepped.statistics().completed());
  }

  @Test
  void race02_nobodyIsForgotten_whenTheWokenWorkerFindsNothing() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    HandTask task = stepped.submit("task");
    stepped.cancel(task);
    stepped.at(Point.AFTER_POLL_OF_NOTHING, () -> stepped.submit("late"));

    stepped.runAll();

    assertEquals(1, stepped.statistics().completed());
  }

  @Test
  void race03_eachTakerSendsTheNext_whenTasksComeInABurst() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    for (int i = 0; i < 3; i++) {
      stepped.submit(() -> {
        while (stepped.stepAny()) {}
      });
    }
    assertEquals(1, stepped.ready().size(), "one is woken, not three");
    var mostBusy = new int[1];
    stepped.whenTaken(
        () -> mostBusy[0] = Math.max(mostBusy[0], stepped.statistics().busy()));

    stepped.runAll();

    assertEquals(3, mostBusy[0]);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void race04_placeIsGivenBack_whenTheFactoryFails(Mode mode) {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    stepped.factory().mode(mode);

    stepped.whileBusy(1, () -> {
      HandTask task = stepped.submit("task");
      assertEquals(mode == Mode.WORKS ? 2 : 1, stepped.statistics().workers());
      assertEquals(mode == Mode.WORKS ? 0 : 1, stepped.threadFailures().size());
      assertEquals(0, task.runs());
    });
    stepped.runAll();

    assertEquals(2, stepped.statistics().completed());
  }

  @Test
  void race04_idleWorkerIsWoken_whenItParksWhileAnotherIsBeingMade() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    var tasks = new ArrayList<HandTask>();

    stepped.submit(() -> {});
    stepped.factory().during(() -> {
      stepped.runAll(); // takes its task, parks
      tasks.add(stepped.submit("while a thread is made"));
      stepped.runAll();
      assertEquals(1, tasks.get(0).runs(), "a thread in the making keeps nobody from being woken");
    });
    stepped.startWorker();
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void race04_poolGoesOn_whenTheFactorySubmitsResizesAndStops() {
    SteppedTeam stepped = SteppedTeam.started(0, 3);
    var order = new ArrayList<String>();
    stepped.factory().during(() -> {
      stepped.submit(() -> order.add("from the factory"));
      stepped.resize(1, 2);
      stepped.beginStop();
    });

    // The place was reserved before the task went in, and the stop came first: so it is refused.
    assertThrows(
        TaskRejectedException.class, () -> stepped.submit(() -> order.add("for the factory")));
    assertFalse(stepped.team().hasEnded());
    stepped.runAll();

    assertEquals(List.of("from the factory"), order);
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void race05_placeIsGivenBack_whenAThreadDiesBeforeItBegins() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    HandTask first = stepped.submit("first");
    stepped.factory().kill(stepped.factory().last());

    HandTask second = stepped.submit("second");
    stepped.runAll();

    assertEquals(List.of(1, 1), List.of(first.runs(), second.runs()));
    assertEquals(1, stepped.threadFailures().size());
    assertEquals(
        "the factory made a thread that ended without running its body",
        stepped.threadFailures().get(0).getMessage());
  }

  @Test
  void race05_minimumIsMade_whenAResizeFindsADeadThread() throws Exception {
    SteppedTeam stepped = SteppedTeam.started(0, 3);
    stepped.startWorker();
    stepped.factory().kill(stepped.factory().last());

    var inForce = stepped.resize(2, 3).toCompletableFuture();
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
    assertEquals(new PoolSizes(2, 3), inForce.get(Held.LONG_SECONDS, TimeUnit.SECONDS));
  }

  /** The one that leaves has looked for tasks already, and finds the dead thread when it looks after the minimum. */
  @Test
  void race05_taskIsServed_whenItsThreadDiesWhileTheLastWorkerLeaves() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var late = new ArrayList<HandTask>();
    assertTrue(stepped.dismissWorker());
    stepped.at(2, Point.AFTER_LOOKING, () -> {
      late.add(stepped.submit("late"));
      assertEquals(2, stepped.factory().calls());
      stepped.factory().kill(stepped.factory().last());
    });

    stepped.runAll();

    assertEquals(1, late.get(0).runs());
  }

  @Test
  void race05_stopEnds_whenTheOnlyThreadDiedBeforeItBegan() throws Exception {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    HandTask task = stepped.submit("task");
    stepped.factory().kill(stepped.factory().last());
    stepped.beginStop();

    stepped.act(stepped.view()::lookForDeadThreads);
    stepped.runAll();

    assertEquals(1, task.runs());
    assertTrue(stepped.team().awaitEnd(1));
  }

  @Test
  void race05_bodyDoesNothing_whenItIsRunOnAnotherThreadOrTwice() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.startWorker();

    stepped.factory().last().body().run(); // on this thread, which is not the worker's
    assertEquals(1, stepped.toBegin().size());
    Worker worker = stepped.toBegin().get(0);
    stepped.begin(worker);

    assertFalse(worker.begin());
    assertFalse(worker.abandon());
  }

  @Test
  void race06_minimumIsKept_whenItIsRaisedWhileADismissedWorkerLeaves() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    assertTrue(stepped.dismissWorker());
    // The worker has found no task and decided to go; the last look before it does.
    stepped.at(Point.AFTER_POLL_OF_NOTHING, () -> stepped.resize(2, 2));

    stepped.runAll();

    assertEquals(2, stepped.alive().size());
    assertEquals(List.of(), stepped.left());
  }

  @Test
  void race06_minimumIsKept_whenItIsRaisedAfterTheLeavingWorkerReadTheSizes() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    assertTrue(stepped.dismissWorker());
    stepped.at(
        Point.AFTER_POLL_OF_NOTHING,
        () -> stepped.at(Point.AFTER_LOOKING, () -> stepped.resize(2, 2)));

    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void race06_lastSizesAreInForce_whenTwoResizesCross() throws Exception {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    stepped.factory().during(() -> stepped.resize(0, 2));

    var first = stepped.resize(3, 3).toCompletableFuture();
    stepped.runAll();

    assertEquals(new PoolSizes(0, 2), stepped.team().sizes());
    assertEquals(2, stepped.alive().size());
    assertEquals(new PoolSizes(3, 3), first.get(Held.LONG_SECONDS, TimeUnit.SECONDS));
  }

  /** The second resize finds a place that the first has reserved for a task, and gives back after. */
  @Test
  void race06_minimumIsKept_whenItCountedOnAPlaceThatNoTaskNeedsAnyMore() {
    SteppedTeam stepped = SteppedTeam.started(0, 0);
    HandTask gone = stepped.submit("gone");
    stepped.submit("task");
    stepped.at(2, Point.BEFORE_LOOKING, () -> {
      stepped.resize(2, 2);
      stepped.cancelUnsettled(gone);
    });

    stepped.resize(1, 2);
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void race08_waitingTaskIsServed_whenTheWokenWorkerMustLeave() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    HandTask task = stepped.submit("task"); // wakes the newest
    Worker woken = stepped.ready().get(0);

    stepped.resize(0, 2);
    assertFalse(stepped.step(woken));
    assertEquals(1, stepped.ready().size(), "the wake-up does not die with it");
    stepped.runAll();

    assertEquals(1, task.runs());
    assertEquals(2, stepped.alive().size());
  }

  @Test
  void race09_taskIsRefused_whenTheStopComesBeforeItsAppend() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var task = new HandTask("late", () -> {});
    stepped.at(Point.BEFORE_APPEND, () -> {
      stepped.beginStop();
      stepped.runAll();
      assertTrue(stepped.team().hasEnded());
    });

    var refusal = assertThrows(TaskRejectedException.class, () -> stepped.submit(task));

    assertEquals(RejectionReason.STOPPING, refusal.reason());
    assertEquals(0, task.runs() + task.discards());
  }

  @Test
  void race09_taskIsRun_whenTheStopComesAfterItsAppend() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.at(Point.AFTER_APPEND, stepped::beginStop);

    HandTask task = stepped.submit("just in time");
    stepped.runAll();

    assertEquals(1, task.runs());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void race09_taskIsAccepted_whenItsTeamEndsBeforeItsSubmitterLooks() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.at(Point.AFTER_APPEND, () -> {
      stepped.beginStop();
      stepped.runAll();
      assertTrue(stepped.team().hasEnded());
    });

    HandTask task = stepped.submit("just in time");

    assertEquals(1, task.runs());
    assertEquals(1, stepped.statistics().accepted());
  }

  @Test
  void race10_takenTaskRunsInterrupted_whenTheStopGivesUpBetweenItsTakeAndItsRun() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    HandTask taken = stepped.submit("taken");
    HandTask waiting = stepped.submit("waiting");
    stepped.at(Point.AFTER_POLL_OF_A_TASK, () -> assertEquals(List.of(waiting), stepped.giveUp()));

    stepped.runAll();

    assertEquals(List.of(1, 0), List.of(taken.runs(), taken.discards()));
    assertEquals(List.of(0, 1), List.of(waiting.runs(), waiting.discards()));
    assertEquals(
        2,
        stepped.factory().last().interrupts(),
        "by the stop, and by itself since it cleared that");
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void race10_runningTaskIsInterruptedAndNoneIsTaken_whenTheStopGivesUp() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var waiting = new ArrayList<HandTask>();

    stepped.whileBusy(1, () -> {
      waiting.add(stepped.submit("waiting"));
      stepped.giveUp();
      assertEquals(1, stepped.factory().last().interrupts());
    });
    stepped.runAll();

    assertEquals(0, waiting.get(0).runs());
    assertEquals(RejectionReason.STOPPING, waiting.get(0).reason());
  }

  @Test
  void race11_teamEndsOnce_whenTheStopComesWhileItStarts() {
    SteppedTeam stepped = SteppedTeam.made(2, 2);
    HandTask task = stepped.submit("task");
    stepped.factory().during(stepped::beginStop);

    stepped.start();
    assertEquals(PoolState.STOPPING, stepped.team().state());
    stepped.runAll();

    assertEquals(1, task.runs());
    assertEquals(1, stepped.made().size(), "no more are made for the minimum");
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void race11_teamEnds_whenTheStopComesWhileItStartsAndItsThreadFails() {
    SteppedTeam stepped = SteppedTeam.made(1, 1);
    HandTask task = stepped.submit("task");
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(stepped::beginStop);

    assertThrows(ThreadCreationException.class, stepped::start);

    assertEquals(RejectionReason.NO_THREAD, task.reason());
    assertEquals(PoolState.STOPPED, stepped.team().state());
  }

  @Test
  void race12_taskIsCancelled_whenCancelComesBeforeTheClaim() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    HandTask task = stepped.submit("task");
    task.beforeClaim(() -> stepped.unsettled(() -> assertTrue(stepped.cancel(task))));

    stepped.runAll();

    assertEquals(0, task.runs());
    assertEquals(1, stepped.statistics().cancelled());
  }

  @Test
  void race12_cancelledTaskIsNotGivenUp_whenTheStopFindsItInItsHand() {
    SteppedTeam stepped = SteppedTeam.started(0, 0);
    HandTask task = stepped.submit("task");
    task.beforeClaim(() -> stepped.unsettled(() -> assertTrue(stepped.cancel(task))));

    stepped.beginStop();

    assertEquals(0, task.discards());
    assertEquals(1, stepped.statistics().cancelled());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void race12_cancelComesTooLate_whenTheTaskRuns() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var tasks = new ArrayList<HandTask>();
    tasks.add(new HandTask("task", () -> assertFalse(stepped.cancel(tasks.get(0)))));
    stepped.submit(tasks.get(0));

    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
    assertEquals(0, stepped.statistics().cancelled());
  }

  @Test
  void race12_manyCancelledTasksLeaveTheQueue_whenOneWaitsAmongThem() {
    SteppedTeam stepped = SteppedTeam.started(0, 0);
    HandTask stays = stepped.submit("stays");
    for (int i = 0; i < 200; i++) {
      stepped.cancel(stepped.submit("goes " + i));
    }
    assertEquals(1, stepped.statistics().backlog());

    stepped.resize(0, 1);
    stepped.runAll();

    assertEquals(1, stays.runs());
    assertEquals(200, stepped.statistics().cancelled());
  }

  @Test
  void race14_submitterIsRefused_whenNobodyLivesAndNoThreadCanBeHad() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    stepped.factory().mode(Mode.THROWS);
    var task = new HandTask("task", () -> {});

    var refusal = assertThrows(TaskRejectedException.class, () -> stepped.submit(task));

    assertEquals(RejectionReason.NO_THREAD, refusal.reason());
    assertEquals(0, stepped.backlogged());
    stepped.factory().mode(Mode.WORKS);
    stepped.submit("next");
    stepped.runAll();
    assertEquals(0, task.runs());
    assertEquals(1, stepped.statistics().completed());
  }

  @Test
  void race14_othersGetASecondAttempt_whenTheyTrustedTheThreadThatFails() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    var trusting = new ArrayList<HandTask>();
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(() -> trusting.add(stepped.submit("trusting")));
    stepped.factory().during(() -> stepped.factory().mode(Mode.WORKS));

    HandTask first = stepped.submit("first");
    stepped.runAll();

    assertEquals(List.of(1, 1), List.of(first.runs(), trusting.get(0).runs()));
    assertEquals(2, stepped.factory().calls());
  }

  @Test
  void race14_othersAreDiscarded_whenTheyTrustedThatTheMinimumIsMade() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    var trusting = new ArrayList<HandTask>();
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(() -> stepped.resize(1, 2));
    stepped.factory().during(() -> trusting.add(stepped.submit("trusting")));

    assertThrows(TaskRejectedException.class, () -> stepped.submit("first"));

    assertEquals(RejectionReason.NO_THREAD, trusting.get(0).reason());
    assertEquals(0, stepped.backlogged());
  }

  @Test
  void race14_othersAreDiscarded_whenTheSecondAttemptFailsToo() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    var trusting = new ArrayList<HandTask>();
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(() -> trusting.add(stepped.submit("trusting")));

    assertThrows(TaskRejectedException.class, () -> stepped.submit("first"));

    assertEquals(RejectionReason.NO_THREAD, trusting.get(0).reason());
    assertEquals(0, stepped.backlogged());
    assertEquals(1, stepped.statistics().accepted());
    assertEquals(1, stepped.statistics().refused());
  }

  @Test
  void race18_placeIsGivenBack_whenTheTaskIsGoneAtTheLastLook() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    int before = stepped.factory().calls();

    stepped.whileBusy(1, () -> {
      var task = new HandTask("task", () -> {});
      stepped.at(1, Point.AFTER_LOOKING, () -> stepped.cancelUnsettled(task));
      stepped.submit(task);
    });
    stepped.runAll();

    assertEquals(before, stepped.factory().calls());
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void race19_taskIsOutAgain_whenAnErrorStrikesAfterItsAppend() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var task = new HandTask("task", () -> {});
    stepped.at(Point.BEFORE_LOOKING, () -> {
      throw new StackOverflowError("as deep as it goes");
    });

    assertThrows(StackOverflowError.class, () -> stepped.submit(task));

    stepped.checkAll();
    assertEquals(0, stepped.backlogged());
    stepped.submit("next");
    stepped.runAll();
    assertEquals(0, task.runs());
  }

  @Test
  void race20_olderWorkerStaysReachable_whenTheNewestIsPoppedAndPushedAgain() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    for (int i = 0; i < 10; i++) {
      stepped.submit("task " + i); // pops and pushes the same slot
      stepped.runAll();
    }

    stepped.whileBusy(3, () -> assertEquals(0, stepped.statistics().idle()));

    assertEquals(3, stepped.made().size());
  }

  @Test
  void race21_threadsAreKeptForJoining_whenTheyBeganAfterTheStop() throws Exception {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 3);
    stepped.startWorker();
    stepped.beginStop();
    stepped.runAll();

    assertTrue(stepped.team().hasEnded());
    assertEquals(2, stepped.view().leaving().size());
    stepped.team().join(Long.MAX_VALUE); // never started, so there is nothing to wait for
    assertEquals(0, stepped.view().leaving().size());
  }

  /** The resize changes the word, makes nobody busy, and so makes nobody look. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void race16_waiterForIdlenessIsTold_whenTheSizesChangeDuringTheLastLook(int time) {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    stepped.submit("task");
    IdleWatch.Waiter waiter = stepped.team().idleWatch().enter();
    stepped.at(time, Point.AFTER_LOOKING, () -> stepped.resize(1, 2));
    stepped.runAll();
    assertTrue(stepped.team().isIdle());
    assertTrue(waiter.isTold());
  }
}
