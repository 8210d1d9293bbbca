package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Scenarios of the whole pool whose number of workers is a matter of order: stepped. */
class PoolSteppedScenariosTest {
  @Test
  void s18_fiveWorkersAreMade_whenFiveTasksWaitForTheStart() {
    SteppedPool stepped = SteppedPool.made(0, 10);
    submit(stepped, 5);
    assertEquals(List.of(), stepped.made());

    stepped.act(stepped.pool()::start);
    stepped.runAll();

    assertEquals(5, stepped.made().size());
    assertEquals(5, stepped.pool().statistics().completed());
  }

  @Test
  void s19_noMoreThanTheMaximumAreMade_whenFiftyTasksWaitForTheStart() {
    SteppedPool stepped = SteppedPool.made(0, 10);
    submit(stepped, 50);

    stepped.act(stepped.pool()::start);
    stepped.runAll();

    assertEquals(10, stepped.made().size());
    assertEquals(50, stepped.pool().statistics().completed());
  }

  @Test
  void l4_minimumEatsTheBacklogFirst_whenMoreTasksWaitThanTheMinimum() {
    SteppedPool stepped = SteppedPool.made(2, 4);
    submit(stepped, 3);

    stepped.act(stepped.pool()::start);

    assertEquals(3, stepped.made().size());
  }

  @Test
  void l4_minimumIsMade_whenFewerTasksWait() {
    SteppedPool stepped = SteppedPool.made(3, 4);
    submit(stepped, 1);

    stepped.act(stepped.pool()::start);

    assertEquals(3, stepped.made().size());
  }

  @Test
  void s27_failureIsReportedOnce_whenATaskThrows() {
    SteppedPool stepped = SteppedPool.started(1, 1);
    var thrown = new ArithmeticException("/ by zero");

    stepped.act(() -> stepped.pool().execute(() -> {
      throw thrown;
    }));
    stepped.runAll();

    assertEquals(List.of(thrown), stepped.reporter().throwables());
  }

  @Test
  void h1_oneWorkerIsMade_whenEachTaskIsSubmittedAfterTheFutureOfTheLast() {
    SteppedPool stepped = SteppedPool.started(0, 10);

    for (int i = 0; i < 10; i++) {
      CompletableFuture<?> future = stepped.act(() -> stepped.pool().submit(() -> {}));
      stepped.runAll();
      assertTrue(future.isDone());
    }

    assertEquals(1, stepped.made().size());
  }

  @Test
  void h1_atMostTwoWorkersAreMade_whenEachCallbackSubmitsTheNextTask() {
    SteppedPool stepped = SteppedPool.started(0, 10);
    var outcomes = new ArrayList<Outcome<Integer>>();

    chain(stepped, 10, outcomes);
    stepped.runAll();

    assertEquals(10, outcomes.size());
    assertEquals(2, stepped.made().size());
  }

  /** Submits a task whose callback submits the next: its worker is busy until the callback returns. */
  private static void chain(SteppedPool stepped, int tasks, List<Outcome<Integer>> outcomes) {
    stepped.act(() -> stepped
        .pool()
        .callInThreadWithCallback(
            (Outcome<Integer> outcome) -> {
              outcomes.add(outcome);
              assertEquals(1, stepped.pool().statistics().busy());
              if (tasks > 1) {
                chain(stepped, tasks - 1, outcomes);
              }
            },
            () -> tasks));
  }

  @Test
  void r8_workerIsBusyDuringItsCallback_whenAnotherTaskIsSubmittedThere() {
    SteppedPool stepped = SteppedPool.started(0, 1);
    var backlog = new ArrayList<Long>();

    stepped.act(() -> stepped
        .pool()
        .callInThreadWithCallback(
            outcome -> {
              stepped.act(() -> stepped.pool().execute(() -> {}));
              backlog.add(stepped.pool().statistics().backlog());
            },
            () -> "done"));
    stepped.runAll();

    assertEquals(List.of(1L), backlog);
    assertEquals(1, stepped.made().size());
    assertEquals(2, stepped.pool().statistics().completed());
  }

  @Test
  void e3_bothRun_whenTheFactorySubmitsWhileItMakesTheFirstWorker() {
    SteppedPool stepped = SteppedPool.started(0, 1);
    var order = new ArrayList<String>();
    stepped.factory().during(() -> stepped.pool().execute(() -> order.add("from the factory")));

    // With nobody alive the thread is made before the task goes in (decision 12): it is the second.
    stepped.act(() -> stepped.pool().execute(() -> order.add("for the factory")));
    stepped.runAll();

    assertEquals(List.of("from the factory", "for the factory"), order);
  }

  @Test
  void e3_bothRunInOrder_whenTheFactorySubmitsWhileItMakesAnotherWorker() {
    SteppedPool stepped = SteppedPool.started(1, 2);
    var order = new ArrayList<String>();

    stepped.act(() -> stepped.pool().execute(() -> {
      stepped.factory().during(() -> stepped.pool().execute(() -> order.add("from the factory")));
      stepped.act(() -> stepped.pool().execute(() -> order.add("for the factory")));
    }));
    stepped.runAll();

    assertEquals(List.of("for the factory", "from the factory"), order);
    assertEquals(2, stepped.made().size());
  }

  @Test
  void s40_whatWasSubmittedBeforeTheStopRunsAndNothingAfter_whenATaskStopsThePool() {
    SteppedPool stepped = SteppedPool.started(1, 1);
    var order = new ArrayList<String>();

    stepped.act(() -> stepped.pool().execute(() -> {
      order.add("first");
      stepped.act(() -> stepped.pool().execute(() -> order.add("second")));
      stepped.act(stepped.pool()::shutdown);
      assertThrows(
          RuntimeException.class,
          () -> stepped.act(() -> stepped.pool().execute(() -> order.add("late"))));
    }));
    stepped.runAll();

    assertEquals(List.of("first", "second"), order);
    assertEquals(List.of(), stepped.reporter().reports());
    assertTrue(stepped.pool().isTerminated());
  }

  @Test
  void l7_futureAndCallbackAreTold_whenThePoolIsStoppedWithNobodyToRunThem() {
    SteppedPool stepped = SteppedPool.started(0, 0);
    var outcomes = new ArrayList<Outcome<String>>();
    CompletableFuture<String> future = stepped.act(() -> stepped.pool().submit(() -> "never"));
    stepped.act(() -> stepped.pool().callInThreadWithCallback(outcomes::add, () -> "never"));

    stepped.act(stepped.pool()::shutdown);

    var failure = assertThrows(CompletionException.class, future::join);
    var told = (TaskDiscardedException) failure.getCause();
    assertEquals(RejectionReason.STOPPING, told.reason());
    assertEquals(1, outcomes.size());
    assertFalse(outcomes.get(0).isSuccess());
    assertTrue(stepped.pool().isTerminated());
  }

  @Test
  void e4_taskMayDoAnythingToItsPool_whenItRuns() {
    SteppedPool stepped = SteppedPool.started(1, 2);
    var seen = new ArrayList<Object>();

    stepped.act(() -> stepped.pool().execute(() -> {
      stepped.act(() -> stepped.pool().execute(() -> seen.add("inner")));
      stepped.act(() -> stepped.pool().adjustPoolSize(0, 2));
      seen.add(stepped.pool().statistics().running());
      seen.add(stepped.act(stepped.pool()::stopAWorker));
      stepped.act(stepped.pool()::shutdown);
    }));
    stepped.runAll();

    assertEquals(List.of(1L, true, "inner"), seen);
    assertTrue(stepped.pool().isTerminated());
  }

  private static void submit(SteppedPool stepped, int tasks) {
    for (int i = 0; i < tasks; i++) {
      stepped.act(() -> stepped.pool().execute(() -> {}));
    }
  }
}
