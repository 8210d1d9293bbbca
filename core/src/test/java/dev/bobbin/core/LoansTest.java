package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.core.HandFactory.Mode;
import dev.bobbin.core.HookedBacklog.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Workers that are lent while others block: one more each, exactly, and one less afterwards. */
class LoansTest {
  private static SteppedTeam started(int min, int max, int maxLent) {
    return SteppedTeam.started(
        min, max, new ExtraWorkers(maxLent, ExtraWorkers.NEVER, ExtraWorkers.NEVER));
  }

  @Test
  void lend_makesOneWorkerMore_whenATaskWaits() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> {
      HandTask task = stepped.submit("waits for the one that blocks");
      assertTrue(stepped.lend());
      assertEquals(1, stepped.statistics().lent());
      stepped.runAll();
      assertEquals(1, task.runs());
      assertEquals(2, stepped.statistics().workers());
      assertEquals(1, stepped.statistics().maxWorkers(), "a loan is no change of the maximum");
      stepped.takeBack();
      stepped.runAll();
      assertEquals(1, stepped.statistics().workers(), "the one that idled was woken to go");
    });

    assertEquals(0, stepped.statistics().lent());
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void lend_makesNobody_whenNoTaskWaits() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend());
      assertEquals(1, stepped.made().size());
      HandTask task = stepped.submit("comes while the other blocks");
      stepped.runAll();
      assertEquals(1, task.runs());
      stepped.takeBack();
    });
  }

  @Test
  void lend_answersFalse_whenTheBoundIsReached() {
    SteppedTeam stepped = started(2, 2, 1);

    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend());
      stepped.whileBusy(1, () -> {
        assertFalse(stepped.lend());
        assertEquals(1, stepped.statistics().lent());
      });
      stepped.takeBack();
    });
    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend(), "there is room again");
      stepped.takeBack();
    });
  }

  @Test
  void lend_answersFalse_whenTheWorkerHasALoan() {
    SteppedTeam stepped = started(1, 1, 5);

    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend());
      assertFalse(stepped.lend());
      assertEquals(1, stepped.statistics().lent());
      stepped.takeBack();
    });
  }

  @Test
  void lend_answersFalse_whenTheTeamIsStopping() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> {
      stepped.beginStop();
      assertFalse(stepped.lend());
    });
    stepped.runAll();

    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void lend_answersFalse_whenOneWorkerMoreCouldNotBeCounted() {
    SteppedTeam stepped = started(0, PoolSizes.LIMIT, 1);

    stepped.whileBusy(1, () -> assertFalse(stepped.lend()));
  }

  @Test
  void resize_isCutToWhatCanBeCounted_whenAWorkerIsLent() {
    SteppedTeam stepped = started(0, 1, 1);

    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend());
      stepped.resize(0, PoolSizes.LIMIT);
      assertEquals(PoolSizes.LIMIT, stepped.view().sizes().max);
      stepped.takeBack();
    });

    assertEquals(PoolSizes.LIMIT, stepped.view().sizes().max);
  }

  @Test
  void takeBack_letsTheSurplusGoBetweenTasks_whenABacklogIsThere() {
    SteppedTeam stepped = started(1, 1, 1);
    var tasks = new ArrayList<HandTask>();

    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend());
      stepped.whileBusy(1, () -> {
        tasks.add(stepped.submit("waits"));
        stepped.act(() -> stepped.team().takeBack(holderOfTheLoan(stepped)));
        assertEquals(2, stepped.statistics().workers());
      });
      stepped.runAll();
      assertEquals(1, stepped.statistics().workers());
      assertEquals(0, tasks.get(0).runs(), "the one that was too many took no other task");
    });
    stepped.runAll();

    assertEquals(1, tasks.get(0).runs());
  }

  private static Worker holderOfTheLoan(SteppedTeam stepped) {
    return stepped.alive().stream().filter(worker -> worker.hasLoan).findAny().orElseThrow();
  }

  @Test
  void takeBack_isMadeUp_whenAnErrorHasKeptItFromBeingDone() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> assertTrue(stepped.lend())); // and never gives it back
    stepped.runAll();

    assertEquals(0, stepped.statistics().lent());
    assertEquals(1, stepped.alive().size());
  }

  @Test
  void lend_isNothingButReported_whenNoThreadCanBeMade() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> {
      HandTask task = stepped.submit("waits");
      stepped.factory().mode(Mode.THROWS);
      assertTrue(stepped.lend());
      assertFalse(stepped.threadFailures().isEmpty());
      assertEquals(1, stepped.statistics().workers());
      stepped.factory().mode(Mode.WORKS);
      stepped.submit("tries again");
      stepped.runAll();
      assertEquals(1, task.runs());
      stepped.takeBack();
    });
  }

  @Test
  void race06_resizeEndsAtItsTarget_whenALoanIsGivenBackInItsMiddle() {
    SteppedTeam stepped = started(3, 3, 1);

    stepped.whileBusy(3, () -> {
      assertTrue(stepped.lend());
      CompletionStage<PoolSizes> inForce = stepped.resize(1, 1);
      assertFalse(isDone(inForce));
      stepped.submit("waits");
      assertEquals(3, stepped.statistics().workers(), "nobody comes: there are too many already");
      stepped.takeBack();
      assertFalse(isDone(inForce));
      handles.add(inForce);
    });
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
    assertTrue(isDone(handles.get(0)));
  }

  /** Asks the handle itself: a copy of it would make it complete on another thread. */
  private static boolean isDone(CompletionStage<PoolSizes> handle) {
    return ((Sizes.Handle) handle).isDone();
  }

  private final List<CompletionStage<PoolSizes>> handles = new ArrayList<>();

  @Test
  void race06_handleIsNotDone_whenALoanComesBetweenAndTheSurplusHasNotLeft() {
    SteppedTeam stepped = started(3, 3, 2);

    stepped.whileBusy(3, () -> {
      CompletionStage<PoolSizes> inForce = stepped.resize(1, 1);
      assertTrue(stepped.lend());
      assertFalse(isDone(inForce), "3 are more than 1 and a loan");
      CompletionStage<PoolSizes> next = stepped.resize(1, 2);
      assertTrue(isDone(inForce), "a later change has taken its place");
      assertTrue(isDone(next), "3 are 2 and a loan");
      stepped.takeBack();
    });
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
  }

  @Test
  void race06_loanIsExact_whenItComesBetweenTheLookAndTheReservation() {
    for (Point point : List.of(Point.BEFORE_LOOKING, Point.AFTER_LOOKING)) {
      for (int time = 1; time <= 4; time++) {
        SteppedTeam stepped = started(1, 1, 1);
        int at = time;
        stepped.whileBusy(1, () -> {
          Worker blocks = stepped.current();
          stepped.act(() -> stepped.team().lend(blocks));
          stepped.at(at, point, () -> {
            if (blocks.hasLoan) {
              stepped.team().takeBack(blocks);
            }
          });
          stepped.submit("first");
          stepped.submit("second");
        });
        stepped.runAll();

        assertEquals(3, stepped.statistics().completed());
        assertEquals(1, stepped.alive().size());
        assertEquals(0, stepped.statistics().lent());
      }
    }
  }

  @Test
  void race20_sizesStayExact_whenTheEpochWraps() {
    SteppedTeam stepped = started(1, 2, 1);

    stepped.whileBusy(1, () -> {
      Worker worker = stepped.current();
      for (int i = 0; i < 20_000; i++) { // two epochs each
        assertTrue(stepped.team().lend(worker));
        stepped.team().takeBack(worker);
      }
      stepped.checkAll();
      stepped.resize(1, 1);
    });
    stepped.runAll();

    assertEquals(1, stepped.alive().size());
    assertTrue(stepped.view().sizes().isSettled());
  }

  @Test
  void lentWorkersGo_whenTheTeamIsStoppedMeanwhile() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> {
      assertTrue(stepped.lend());
      stepped.submit("waits");
      stepped.beginStop();
      stepped.takeBack();
    });
    stepped.runAll();

    assertTrue(stepped.team().hasEnded());
    assertEquals(2, stepped.statistics().completed());
  }

  @Test
  void lowering_isInForce_whenTheOneTooManyIsTheOneThatALoanAllows() {
    SteppedTeam stepped = started(2, 2, 1);

    stepped.whileBusy(2, () -> {
      CompletionStage<PoolSizes> inForce = stepped.resize(1, 1);
      assertFalse(isDone(inForce));
      assertTrue(stepped.lend());
      assertTrue(isDone(inForce));
      stepped.takeBack();
    });
  }

  @Test
  void race19_nothingHasHappened_whenTheStackHasNoRoomForALoan() {
    SteppedTeam stepped = started(1, 1, 1);

    stepped.whileBusy(1, () -> {
      stepped.deep(true);
      assertThrows(StackOverflowError.class, stepped::lend);
      stepped.deep(false);
      assertEquals(0, stepped.statistics().lent());
      assertFalse(stepped.current().hasLoan);
    });
  }
}
