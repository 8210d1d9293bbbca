package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The harness itself: it steps what it is told to, and refuses what no thread could do. */
class SteppedTeamTest {
  @Test
  void s35_step_throws_whenTheWorkerIsParkedAndNotWoken() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    Worker parked = stepped.alive().get(0);

    var wrong = assertThrows(IllegalStateException.class, () -> stepped.step(parked));

    assertEquals(
        "worker PoolThread-stepped-0 is parked, and nobody has woken it", wrong.getMessage());
  }

  @Test
  void s35_step_throws_whenTheWorkerIsAtATask() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    Worker worker = stepped.alive().get(0);
    var thrown = new ArrayList<Throwable>();

    stepped.whileBusy(
        1, () -> thrown.add(assertThrows(IllegalStateException.class, () -> stepped.step(worker))));

    assertEquals("worker PoolThread-stepped-0 is at a task", thrown.get(0).getMessage());
  }

  @Test
  void s36_begin_throws_whenDoneTwice() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.startWorker();
    Worker worker = stepped.toBegin().get(0);
    stepped.begin(worker);

    var wrong = assertThrows(IllegalStateException.class, () -> stepped.begin(worker));

    assertEquals(
        "worker PoolThread-stepped-0 has no thread that waits to begin", wrong.getMessage());
  }

  @Test
  void s36_step_throws_whenTheWorkerHasLeftOrNotBegun() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.startWorker();
    Worker worker = stepped.toBegin().get(0);
    assertThrows(IllegalStateException.class, () -> stepped.step(worker));
    stepped.begin(worker);
    stepped.beginStop();
    assertFalse(stepped.step(worker));

    var wrong = assertThrows(IllegalStateException.class, () -> stepped.step(worker));

    assertEquals("worker PoolThread-stepped-0 has left", wrong.getMessage());
  }

  @Test
  void s42_stepAny_runsOneTaskAtATime_whenTwoWait() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    HandTask first = stepped.submit("first");
    HandTask second = stepped.submit("second");
    assertEquals(0, first.runs() + second.runs());

    assertTrue(stepped.stepAny());
    assertEquals(List.of(1, 0), List.of(first.runs(), second.runs()));

    assertTrue(stepped.stepAny());
    assertEquals(List.of(1, 1), List.of(first.runs(), second.runs()));
  }

  @Test
  void s43_stepAny_answersFalse_whenTheStoppedTeamHasRunWhatItHad() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    HandTask task = stepped.submit("task");
    stepped.beginStop();
    assertThrows(RuntimeException.class, () -> stepped.submit("late"));
    stepped.beginStop();

    assertTrue(stepped.stepAny());
    assertEquals(1, task.runs());
    assertTrue(stepped.stepAny());
    assertFalse(stepped.stepAny());
    assertEquals(1, stepped.left().size());
  }

  @Test
  void s44_stepAny_answersFalse_whenThereIsNothingToDo() {
    assertFalse(SteppedTeam.made(0, 1).stepAny());
    assertFalse(SteppedTeam.withIdle(3, 3).stepAny());
  }

  @Test
  void check_fails_whenAWaitingTaskHasNobody() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.backlog().append(() -> {}); // past the team: nobody is woken

    var wrong = assertThrows(AssertionError.class, stepped::checkAll);

    assertTrue(
        wrong.getMessage().startsWith("Not so: no worker idles while a task waits"),
        wrong.getMessage());
  }

  @Test
  void check_fails_whenTheBooksDoNotBalance() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.submit("task");
    stepped.backlog().poll(); // past the team: the task is lost

    var wrong = assertThrows(AssertionError.class, stepped::checkAll);

    assertTrue(
        wrong.getMessage().startsWith("Not so: the books' backlog is the queue's"),
        wrong.getMessage());
  }

  @Test
  void check_fails_whenAWorkerIsCountedThatIsNotThere() {
    SteppedTeam stepped = SteppedTeam.started(0, 2);
    stepped.startWorker();
    Worker worker = stepped.toBegin().get(0);
    worker.begin();
    stepped.team().begun(worker); // past the harness: nobody will ever step it

    var wrong = assertThrows(AssertionError.class, stepped::checkAll);

    assertTrue(
        wrong.getMessage().startsWith("Not so: live counts those that began"), wrong.getMessage());
  }

  @Test
  void at_stepsInBetweenTwoOperations_whenTheirPointIsPassed() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    var seen = new ArrayList<Integer>();
    stepped.at(Point.AFTER_APPEND, () -> seen.add(stepped.backlog().count()));

    stepped.submit("first");
    stepped.submit("second");

    assertEquals(List.of(1), seen);
  }

  @Test
  void clock_standsStill_whenNobodyMovesIt() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    long before = stepped.nanoTime();

    stepped.pass(5);

    assertEquals(before + 5, stepped.nanoTime());
  }
}
