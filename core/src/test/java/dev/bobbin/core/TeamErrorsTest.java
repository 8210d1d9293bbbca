package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 19: an Error in the middle of the team's own code leaks no reservation and loses no task. */
class TeamErrorsTest {
  private static final int STACK = 256 * 1024;
  private static final int STRIDE = 40;

  /** What the team is at when a task is submitted. */
  private enum Situation {
    NOBODY_LIVES(() -> SteppedTeam.started(0, 2)),
    ONE_IDLES(() -> SteppedTeam.withIdle(1, 2)),
    ONE_BEGINS(() -> {
      SteppedTeam stepped = SteppedTeam.started(0, 2);
      stepped.startWorker();
      return stepped;
    });

    private final Supplier<SteppedTeam> maker;

    Situation(Supplier<SteppedTeam> maker) {
      this.maker = maker;
    }
  }

  /** A task that was accepted and waits for the one worker there is, which is busy. */
  private HandTask waiting;

  @ParameterizedTest
  @EnumSource(Situation.class)
  void race19_nothingLeaks_whenATaskIsSubmittedAtEveryDepthOfTheStack(Situation situation)
      throws Exception {
    onASmallStack(() -> downFromTooDeep(depth -> {
      SteppedTeam stepped = situation.maker.get();
      boolean accepted = submitAt(depth, stepped);
      finish(stepped);
      return accepted;
    }));
  }

  @Test
  void race19_nothingLeaks_whenABusyWorkersTaskSubmitsAtEveryDepthOfTheStack() throws Exception {
    onASmallStack(() -> downFromTooDeep(depth -> {
      SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
      var accepted = new boolean[1];
      stepped.whileBusy(1, () -> accepted[0] = submitAt(depth, stepped));
      finish(stepped);
      return accepted[0];
    }));
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_APPEND", "BEFORE_LOOKING", "AFTER_LOOKING"})
  void race19_nothingLeaks_whenAnErrorStrikesInTheMiddleOfASubmission(Point point) {
    for (int time = 1; time < 8; time++) {
      for (Situation situation : Situation.values()) {
        SteppedTeam stepped = situation.maker.get();
        stepped.at(time, point, TeamErrorsTest::strike);
        submitAt(0, stepped);
        finish(stepped);
      }
      SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
      int strikeAt = time;
      stepped.whileBusy(1, () -> {
        stepped.at(strikeAt, point, TeamErrorsTest::strike);
        submitAt(0, stepped);
      });
      finish(stepped);
    }
  }

  /** Runs all workers, one of which is struck there; what it does not throw itself is reported. */
  private static void runAllStruckAt(int time, Point point, SteppedTeam stepped) {
    var strikes = new int[1];
    stepped.at(time, point, () -> {
      strikes[0]++;
      strike();
    });
    try {
      stepped.runAll();
    } catch (StackOverflowError struck) {
      strikes[0]--; // the worker's outermost frame reports it and goes on
      stepped.checkAll();
    }
    stepped.runAll();
    stepped.struck(false);
    assertEquals(strikes[0], stepped.defects().size());
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_LOOKING", "AFTER_LOOKING", "AFTER_POLL_OF_NOTHING"})
  void race19_workerGoesOn_whenAnErrorStrikesInTheMiddleOfItsStep(Point point) {
    for (int time = 1; time < 12; time++) {
      SteppedTeam stepped = SteppedTeam.withIdle(2, 3);
      var tasks = new ArrayList<HandTask>();
      for (int i = 0; i < 4; i++) {
        tasks.add(stepped.submit("task " + i));
      }
      runAllStruckAt(time, point, stepped);
      stepped.checkAll();

      assertEquals(List.of(1, 1, 1, 1), tasks.stream().map(HandTask::runs).toList(), "" + point);
      finish(stepped);
    }
  }

  /** A worker that threw while it left used to go on as one that nobody counts. */
  @ParameterizedTest
  @EnumSource(names = {"BEFORE_LOOKING", "AFTER_LOOKING"})
  void race19_workerIsGoneOnce_whenAnErrorStrikesAsItLeaves(Point point) {
    for (int time = 1; time < 8; time++) {
      SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
      stepped.dismissWorker();
      runAllStruckAt(time, point, stepped);

      assertEquals(List.of(), stepped.alive());
      finish(stepped);
    }
  }

  /** What a worker does last of all may fail for want of memory or stack, when it has left already. */
  @Test
  void race19_workerIsGoneOnce_whenAnErrorStrikesAsOthersAreToldThatItWent() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    stepped.whenWent(TeamErrorsTest::strike);
    stepped.dismissWorker();
    stepped.runAll();
    stepped.struck(false);

    assertEquals(1, stepped.alive().size());
    assertEquals(1, stepped.statistics().workers());
    stepped.beginStop();
    stepped.runAll();
    stepped.struck(false);
    assertEquals(List.of(), stepped.alive());
    assertTrue(stepped.team().hasEnded());
  }

  /** A worker that threw as it told that it had left used to go on as one that nobody counts. */
  @ParameterizedTest
  @EnumSource(names = {"BEFORE_LOOKING", "AFTER_LOOKING"})
  void race19_workerIsGoneOnce_whenAnErrorStrikesAsItLeavesAndSomebodyAwaitsIdleness(Point point) {
    for (int time = 1; time < 12; time++) {
      SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
      IdleWatch.Waiter waiter = stepped.team().idleWatch().enter();
      stepped.dismissWorker();
      runAllStruckAt(time, point, stepped);

      assertTrue(waiter.isTold());
      assertEquals(1, stepped.alive().size());
      finish(stepped);
    }
  }

  /** It is off the stack by then and nobody else would wake it. */
  @Test
  void race19_workerIsWoken_whenAnErrorStrikesAsThatIsBegun() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.timer().whenRead(TeamErrorsTest::strike);
    assertThrows(StackOverflowError.class, () -> stepped.submit("task"));
    assertEquals(1, stepped.unparked().size());
    assertEquals(1, stepped.ready().size());

    finish(stepped);
  }

  /** It used to be counted among the idle without a place on their stack. */
  @Test
  void race19_workerIsFound_whenAnErrorStrikesAsItGoesIdle() {
    SteppedTeam stepped = SteppedTeam.started(0, 1, new KeepAlive.Rule(1, 1));
    stepped.submit("task");
    stepped.beginAll();
    Worker worker = stepped.alive().get(0);
    stepped.step(worker);
    stepped.timer().whenRead(TeamErrorsTest::strike);
    assertThrows(StackOverflowError.class, () -> stepped.step(worker));
    stepped.checkAll();

    finish(stepped);
  }

  @Test
  void race19_nobodyIsLent_whenAnErrorStrikesBeforeTheTaskIsServed() {
    SteppedTeam stepped =
        SteppedTeam.started(1, 1, new ExtraWorkers(1, ExtraWorkers.NEVER, ExtraWorkers.NEVER));
    stepped.whileBusy(1, () -> {
      stepped.at(Point.BEFORE_LOOKING, TeamErrorsTest::strike);
      assertThrows(StackOverflowError.class, stepped::lend);
      assertEquals(0, stepped.statistics().lent());
      assertFalse(stepped.current().hasLoan);
    });
    finish(stepped);
  }

  /** The thread runs all the same: that its maker was told otherwise does not make it a failure. */
  @Test
  void race19_workerCounts_whenAnErrorStrikesAsItsThreadHasBegun() {
    SteppedTeam stepped = SteppedTeam.started(0, 1);
    stepped.factory().duringStart(() -> {
      stepped.beginAll();
      strike();
    });

    assertTrue(stepped.startWorker());

    assertEquals(1, stepped.alive().size());
    assertEquals(List.of(), stepped.threadFailures());
    finish(stepped);
  }

  @Test
  void fault_taskRunsAndItIsReported_whenTheThreadThrowsAsAStopInterruptsIt() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 1);
    stepped.factory().last().strikeAtInterrupts();
    var task = new HandTask("task", () -> {});
    task.beforeClaim(() -> stepped.unsettled(stepped::giveUp));
    stepped.submit(task);
    stepped.runAll();

    assertEquals(1, task.runs());
    assertEquals(2, stepped.defects().size(), "by the stop, and by the worker for the stop");
    assertTrue(stepped.team().hasEnded());
  }

  /** What is asked of the team, other than to take a task on. */
  private enum Demand {
    START_A_WORKER(stepped -> stepped.startWorker()),
    PRESTART(stepped -> stepped.prestart(2)),
    DISMISS(stepped -> stepped.dismissWorker()),
    RESIZE(stepped -> stepped.resize(2, 3));

    private final Consumer<SteppedTeam> call;

    Demand(Consumer<SteppedTeam> call) {
      this.call = call;
    }
  }

  @ParameterizedTest
  @EnumSource(Demand.class)
  void race19_nothingLeaks_whenWorkersAreDemandedAtEveryDepthOfTheStack(Demand demand)
      throws Exception {
    demand.call.accept(SteppedTeam.withIdle(1, 2)); // what overflows as it is linked stays broken
    onASmallStack(() -> downFromTooDeep(depth -> {
      SteppedTeam stepped = SteppedTeam.withIdle(1, 2);
      var done = new boolean[1];
      try {
        dive(depth, () -> {
          demand.call.accept(stepped);
          done[0] = true;
        });
      } catch (StackOverflowError struck) {
        // too deep for the team, or for the harness, or already for the dive
      }
      stepped.checkAll();
      finish(stepped);
      return done[0];
    }));
  }

  @Test
  void race19_earlierHandleCompletes_whenAResizeAtAnyDepthOfTheStackTakesItsPlace()
      throws Exception {
    SteppedTeam.started(0, 2).resize(0, 3); // as above
    onASmallStack(() -> downFromTooDeep(depth -> {
      SteppedTeam stepped = SteppedTeam.started(0, 2);
      stepped.factory().allow(0);
      stepped.resize(1, 2);
      Sizes.Handle earlier = stepped.view().sizes().inForce;
      assertFalse(earlier.isDone());
      try {
        dive(depth, () -> stepped.resize(0, 3));
      } catch (StackOverflowError struck) {
        // as above
      }
      boolean replaced = stepped.team().sizes().maxWorkers() == 3;
      assertEquals(replaced, earlier.isDone());
      return replaced;
    }));
  }

  private static void strike() {
    throw new StackOverflowError("as deep as it goes");
  }

  /**
   * Submits a task at this depth, and checks that whatever happened nothing is left behind.
   *
   * @return whether the team took it
   */
  private boolean submitAt(int depth, SteppedTeam stepped) {
    var task = new HandTask("task", () -> {});
    try {
      dive(depth, () -> stepped.submit(task));
    } catch (StackOverflowError struck) {
      // too deep for the team, or for the harness, or already for the dive
    } catch (TaskRejectedException refused) {
      assertInstanceOf(ThreadCreationException.class, refused.getCause());
      assertInstanceOf(StackOverflowError.class, refused.getCause().getCause()); // for the factory
    }
    boolean accepted = stepped.accepted(task);
    stepped.backlog().hook(point -> {});
    stepped.checkAll();
    stepped.runAll();
    if (accepted && task.runs() == 0 && !stepped.threadFailures().isEmpty()) {
      waiting = task; // its thread was too much for the stack: it keeps its place, decision 12
    } else {
      assertEquals(accepted ? 1 : 0, task.runs());
    }
    return accepted;
  }

  private void finish(SteppedTeam stepped) {
    stepped.runAll();
    if (waiting != null) {
      assertEquals(1, waiting.runs());
      waiting = null;
    }
    stepped.backlog().hook(point -> {});
    HandTask next = stepped.submit("next");
    stepped.runAll();
    assertEquals(1, next.runs());
    stepped.beginStop();
    stepped.runAll();
    assertTrue(stepped.team().hasEnded());
  }

  private static void dive(int depth, Runnable action) {
    if (depth <= 0) {
      action.run();
    } else {
      dive(depth - 1, action);
    }
  }

  /** Comes up in strides from where it is too deep, and then walks about the place where it is not. */
  private static void downFromTooDeep(IntPredicate attempt) {
    int depth = 1;
    while (canDive(depth)) {
      depth += depth / 8 + 1;
    }
    while (depth > 0 && !attempt.test(depth)) {
      depth -= STRIDE;
    }
    for (int at = depth + STRIDE; at > depth - STRIDE; at--) {
      attempt.test(at);
    }
  }

  private static boolean canDive(int depth) {
    try {
      dive(depth, () -> {});
      return true;
    } catch (StackOverflowError struck) {
      return false;
    }
  }

  private static void onASmallStack(Runnable action) throws Exception {
    var result = new CompletableFuture<Void>();
    new Thread(
            null,
            () -> {
              try {
                action.run();
                result.complete(null);
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              }
            },
            "small stack",
            STACK)
        .start();
    result.get(Held.LONG_SECONDS, TimeUnit.SECONDS);
  }
}
