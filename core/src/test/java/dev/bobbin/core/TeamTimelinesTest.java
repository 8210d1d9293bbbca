package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.RejectionReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked timelines of the reference, section 2.2, in the order of its table. */
class TeamTimelinesTest {
  @Test
  void t1_workerIsBusyUntilItsTaskIsOffTheBooks_whenOneTaskIsSubmitted() {
    SteppedTeam stepped = SteppedTeam.started(0, 5);
    var seen = new ArrayList<String>();
    stepped.whenTaken(() -> seen.add("taken " + idleAndBusy(stepped)));

    stepped.submit(() -> seen.add("running " + idleAndBusy(stepped)));
    stepped.runAll();
    seen.add("after " + idleAndBusy(stepped));

    assertEquals(List.of("taken 0/1", "running 0/1", "after 1/0"), seen);
  }

  @Test
  void t2_pendingAreRunInOrder_whenTheTeamIsStoppedBehindTheOnlyWorker() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    var order = new ArrayList<Integer>();

    stepped.whileBusy(1, () -> {
      for (int i = 1; i <= 3; i++) {
        int number = i;
        stepped.submit(() -> order.add(number));
      }
      assertEquals("0/1", idleAndBusy(stepped));
      assertEquals(3, stepped.statistics().backlog());
      stepped.beginStop();
      assertEquals(1, stepped.alive().size());
    });
    for (int i = 1; i <= 3; i++) {
      assertTrue(stepped.stepAny());
      assertEquals(i, order.size());
    }
    stepped.runAll();

    assertEquals(List.of(1, 2, 3), order);
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void t3_workersLeaveOneByOne_whenTheTeamIsStoppedWithThreeBusy() {
    SteppedTeam stepped = SteppedTeam.withIdle(3, 3);
    var busyAfterAStep = new ArrayList<Integer>();

    stepped.whileBusy(3, () -> {
      stepped.beginStop();
      stepped.afterEachStep(() -> busyAfterAStep.add(stepped.statistics().busy()));
    });
    assertFalse(stepped.team().hasEnded());
    stepped.runAll();

    assertEquals(List.of(2, 1, 0, 0, 0, 0), busyAfterAStep); // three tasks end, three workers leave
    assertEquals(3, stepped.left().size());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void t4_oneIdleAndOneBusyLeave_whenTwoOfFourAreDismissed() {
    SteppedTeam stepped = SteppedTeam.withIdle(4, 4);

    stepped.whileBusy(3, () -> {
      assertEquals("1/3", idleAndBusy(stepped));
      assertTrue(stepped.dismissWorker());
      assertTrue(stepped.dismissWorker());
      stepped.runAll();
      assertEquals("0/3", idleAndBusy(stepped));
    });
    stepped.runAll();

    assertEquals("2/0", idleAndBusy(stepped));
  }

  @Test
  void t5_taskIsDiscardedAtOnce_whenNobodyCanBeMadeForIt() {
    SteppedTeam stepped = SteppedTeam.started(0, 0);
    HandTask task = stepped.submit("task");
    assertEquals(1, stepped.statistics().backlog());

    stepped.beginStop();

    assertEquals(0, task.runs());
    assertEquals(RejectionReason.STOPPING, task.reason());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void t6_workersBeginAndLeave_whenTheTeamIsStoppedBeforeTheirThreadsBegan() {
    SteppedTeam stepped = SteppedTeam.started(0, 5);
    stepped.startWorker();
    stepped.startWorker();

    stepped.beginStop();
    assertFalse(stepped.team().hasEnded());
    stepped.runAll();

    assertEquals(2, stepped.left().size());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void t7_secondWorkerIsMade_whenATaskSubmitsAnother() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    var order = new ArrayList<String>();

    stepped.submit(() -> {
      order.add("outer begins");
      stepped.submit(() -> order.add("inner"));
      assertEquals(2, stepped.made().size());
      order.add("outer ends");
    });
    stepped.runAll();

    assertEquals(List.of("outer begins", "outer ends", "inner"), order);
    assertEquals(2, stepped.alive().size());
  }

  private static String idleAndBusy(SteppedTeam stepped) {
    return stepped.statistics().idle() + "/" + stepped.statistics().busy();
  }
}
