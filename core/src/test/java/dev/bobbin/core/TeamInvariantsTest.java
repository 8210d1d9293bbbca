package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The invariants of the reference, section 2.3, in the order of its list. The harness checks them
 * after every step of every stepped test; here each is shown once where it is at stake.
 */
class TeamInvariantsTest {
  @Test
  void inv1_nobodyIdlesBesideAWaitingTaskUnlessOneIsOnItsWay_whenTasksComeInABurst() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);

    for (int i = 0; i < 4; i++) {
      stepped.submit("task " + i);
    }

    assertEquals(4, stepped.statistics().backlog());
    assertEquals(1, stepped.ready().size()); // and it sends the next before it runs its own
    stepped.runAll();
    assertEquals(4, stepped.statistics().completed());
  }

  @Test
  void inv2_busyIsTheNumberOfTasksThatRun_whenThreeOfFiveWorkersAreAtOne() {
    SteppedTeam stepped = SteppedTeam.withIdle(5, 5);

    stepped.whileBusy(3, () -> {
      assertEquals(3, stepped.statistics().busy());
      assertEquals(3, stepped.statistics().running());
      assertEquals(2, stepped.statistics().idle());
    });
  }

  @Test
  void inv3_eachWorkerIsIdleOrBusyOrGone_andABusyOneHasOneTask() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    stepped.dismissWorker();
    stepped.runAll();

    stepped.whileBusy(1, () -> {
      assertEquals(2, stepped.alive().size());
      assertEquals(1, stepped.left().size());
      long holding = stepped.alive().stream()
          .filter(worker -> worker.slot().task() != null)
          .count();
      assertEquals(1, holding);
    });
  }

  @Test
  void inv4_noWorkerIsMadeAboveTheMaximum_whenTasksComeInABurst() {
    SteppedTeam stepped = SteppedTeam.started(0, 3);

    for (int i = 0; i < 10; i++) {
      stepped.submit("task " + i);
    }
    assertFalse(stepped.startWorker());

    assertEquals(3, stepped.made().size());
  }

  @Test
  void inv5_workersLeaveOnceAndNotDuringATask_whenAllAreDismissedAndTheTeamIsStopped() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);

    stepped.whileBusy(2, () -> {
      for (int i = 0; i < 3; i++) {
        stepped.dismissWorker();
      }
      stepped.beginStop();
      stepped.runAll();
      assertEquals(1, stepped.left().size());
    });
    stepped.runAll();

    assertEquals(3, stepped.left().size());
    assertEquals(3, Set.copyOf(stepped.left()).size());
  }

  @Test
  void inv6_teamEndsWhenTheLastWorkerLeavesAndNotBefore_whenItIsStoppedWhileBusy() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    var ended = new ArrayList<Boolean>();

    stepped.whileBusy(2, () -> {
      stepped.beginStop();
      stepped.afterEachStep(() -> ended.add(stepped.team().hasEnded()));
    });
    stepped.runAll();

    assertEquals(List.of(false, false, false, true), ended); // two tasks end, two workers leave
  }

  @Test
  void inv7_acceptedTaskIsRun_whenTheLastWorkerIsDismissedBeforeTheStop() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var tasks = new ArrayList<HandTask>();

    stepped.whileBusy(1, () -> {
      tasks.add(stepped.submit("task"));
      assertTrue(stepped.dismissWorker());
      stepped.beginStop();
    });
    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  @Test
  void inv8_l13_drainMakesNoMoreWorkers_whenOneLives() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 4);

    stepped.whileBusy(1, () -> {
      stepped.factory().mode(HandFactory.Mode.THROWS);
      for (int i = 0; i < 3; i++) {
        stepped.submit("task " + i);
      }
      stepped.factory().mode(HandFactory.Mode.WORKS);
      stepped.beginStop();
    });
    stepped.runAll();

    assertEquals(1, stepped.made().size());
    assertEquals(4, stepped.statistics().completed());
  }

  @Test
  void inv8_l13_drainMakesAnother_whenATaskWaitsAndNobodyIsLeft() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    HandTask task = stepped.submit("task");
    stepped.factory().kill(stepped.factory().last());
    stepped.beginStop();

    stepped.act(stepped.view()::lookForDeadThreads);
    stepped.runAll();

    assertEquals(2, stepped.made().size());
    assertEquals(1, task.runs());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void inv9_failureIsToldOnce_whenATaskThrows() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var thrown = new AssertionErrorLike();

    stepped.submit(() -> {
      throw thrown;
    });
    stepped.runAll();

    assertEquals(1, stepped.exceptions().size());
    assertSame(thrown, stepped.exceptions().get(0));
  }

  private static final class AssertionErrorLike extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void e1_everyFieldStaysInItsRange_whenCallsAreNestedAtEveryPoint() {
    for (Point point : Point.values()) {
      SteppedTeam stepped = SteppedTeam.withIdle(1, 3);
      stepped.at(point, () -> {
        stepped.submit("nested");
        stepped.resize(1, 2);
        stepped.startWorker();
        stepped.dismissWorker();
      });
      HandTask task = stepped.submit("task");
      stepped.runAll();
      assertEquals(1, task.runs(), () -> "at " + point);
      stepped.backlog().hook(none -> {});
      stepped.beginStop();
      stepped.runAll();
      assertTrue(stepped.team().hasEnded());
    }
  }

  @Test
  void e2_s38_nestedRequestsAllTakeEffectInTheirOrder_whenTheFactoryMakesThem() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 4);
    var order = new ArrayList<String>();

    stepped.whileBusy(1, () -> {
      stepped.factory().during(() -> {
        stepped.factory().during(() -> stepped.submit(() -> order.add("d")));
        stepped.submit(() -> order.add("b")); // one more than in the making: makes another, whose
        stepped.submit(() -> order.add("c")); // factory call submits d before c is submitted
      });
      stepped.submit(() -> order.add("a"));
    });
    stepped.runAll();

    assertEquals(Set.of("a", "b", "c", "d"), new HashSet<>(order));
    assertEquals(4, order.size());
    assertEquals("a", order.get(0));
    assertTrue(order.indexOf("b") < order.indexOf("c"), order::toString);
  }

  @Test
  void e6_whatWasRequestedInsideIsDone_whenTheFactoryThenThrows() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
    var inner = new ArrayList<HandTask>();
    stepped.factory().mode(HandFactory.Mode.THROWS);
    stepped.factory().during(() -> inner.add(stepped.submit("inner")));

    stepped.whileBusy(1, () -> stepped.submit("outer"));
    stepped.runAll();

    assertEquals(1, inner.get(0).runs());
    assertEquals(3, stepped.statistics().completed());
  }

  @Test
  void n3_numbersOfThreadsAreNeverUsedAgain_whenWorkersLeaveAndOthersCome() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    stepped.dismissWorker();
    stepped.runAll();

    stepped.startWorker();

    assertEquals(
        List.of(
            "PoolThread-stepped-0",
            "PoolThread-stepped-1",
            "PoolThread-stepped-2",
            "PoolThread-stepped-3"),
        stepped.made().stream().map(Worker::name).toList());
  }
}
