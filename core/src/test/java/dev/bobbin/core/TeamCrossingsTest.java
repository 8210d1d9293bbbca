package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.core.HandFactory.Mode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of the sizes that cross threads in the making which come to nothing. */
class TeamCrossingsTest {
  private static final ExtraWorkers RENEWS = new ExtraWorkers(0, ExtraWorkers.NEVER, 1);

  /** Who makes the thread on which the resize counts. */
  enum Maker {
    START_A_WORKER(stepped -> stepped.startWorker()),
    PRESTART(stepped -> stepped.prestart(1)),
    TASK(stepped -> {
      try {
        stepped.submit("task");
      } catch (RuntimeException refused) {
        // no worker lives, and no thread is to be had for it
      }
    }),
    ANOTHER_RESIZE(stepped -> stepped.resize(1, 3));

    private final Consumer<SteppedTeam> call;

    Maker(Consumer<SteppedTeam> call) {
      this.call = call;
    }
  }

  /** Lets the next call of the factory fail, and resizes the team while that is under way. */
  private static void resizeDuringAFailure(SteppedTeam stepped, int min) {
    stepped.factory().during(() -> {
      stepped.resize(min, 4);
      stepped.factory().mode(Mode.THROWS);
    });
    stepped.factory().during(() -> stepped.factory().mode(Mode.WORKS));
  }

  @ParameterizedTest
  @EnumSource(Maker.class)
  void g15_minimumIsFilled_whenTheThreadOnWhichTheResizeCountedIsNotMade(Maker maker) {
    SteppedTeam stepped = SteppedTeam.started(0, 3);
    resizeDuringAFailure(stepped, 1);

    maker.call.accept(stepped);
    stepped.runAll();

    assertTrue(stepped.alive().size() >= 1, "the minimum was lacking and nobody tried to fill it");
    assertTrue(stepped.view().sizes().inForce.isDone());
  }

  @Test
  void race14_waitingTaskIsDiscarded_whenTheMaximumGoesToZeroDuringTheLastAttemptOfADrain() {
    SteppedTeam stepped = SteppedTeam.made(2, 2);
    HandTask task = stepped.submit("task");
    stepped.factory().mode(Mode.THROWS);
    stepped.factory().during(stepped::beginStop);
    stepped.factory().during(() -> stepped.resize(0, 0));

    assertThrows(ThreadCreationException.class, stepped::start);

    assertEquals(1, task.discards());
    assertTrue(stepped.team().hasEnded());
  }

  @Test
  void g15_minimumIsFilled_whenTheResizeCountedOnAThreadForTheBacklog() {
    SteppedTeam stepped = SteppedTeam.withIdle(1, 3);
    stepped.whileBusy(1, () -> {
      resizeDuringAFailure(stepped, 2);
      stepped.submit("task");
      assertEquals(2, stepped.statistics().workers());
    });
  }

  @Test
  void g15_minimumIsFilled_whenTheResizeCountedOnAComerThatIsNotMade() {
    SteppedTeam stepped = SteppedTeam.started(1, 3, RENEWS);
    stepped.submit("task");
    stepped.runAll();
    assertTrue(stepped.hasErrands());
    resizeDuringAFailure(stepped, 2);

    stepped.runErrands();
    stepped.runAll();

    assertEquals(2, stepped.alive().size());
    assertTrue(stepped.view().sizes().inForce.isDone());
    assertFalse(stepped.hasErrands());
  }
}
