package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.TeamRacesTest.Bench;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker that finds no task looks on for a while before it parks, see {@link Linger}. */
class LingerTest {
  private static final long LINGER = TimeUnit.MICROSECONDS.toNanos(20);

  private final Bench bench = new Bench(2, 2);
  private Worker worker;
  private int submitted;

  /** Makes a team of two that are idle. */
  @BeforeEach
  void makeIdle() {
    bench.makeIdle(2);
    bench.seams.linger = LINGER;
  }

  @Test
  void worker_looksOn_whenItFindsNothing() {
    linger();

    assertFalse(worker.isParked());
    assertTrue(isWaking(), "it can be relied on");
    assertEquals(1, TeamState.idle(word()));
    assertEquals(Slot.LOOKING, worker.slot().state());
  }

  @Test
  void task_isTakenByTheOneThatLooksOn_andNobodyIsWoken() {
    linger();

    submit();
    assertEquals(1, TeamState.idle(word()), "nobody was woken");
    bench.step(worker);

    assertEquals(submitted, bench.ran.get());
    assertFalse(isWaking());
  }

  @Test
  void secondTask_wakesTheOther_whenTheFirstIsTaken() {
    linger();

    submit();
    submit();
    bench.step(worker);

    assertEquals(0, TeamState.idle(word()), "the other is on its way");
    assertTrue(isWaking());
    bench.finish(submitted);
  }

  @Test
  void worker_parks_whenTheTimeIsOver() {
    linger();

    bench.step(worker);
    assertFalse(worker.isParked());
    bench.seams.pass(LINGER);
    bench.step(worker);

    assertTrue(worker.isParked());
    assertFalse(isWaking());
    assertEquals(2, TeamState.idle(word()));
  }

  @Test
  void task_isRun_whenItComesAsTheTimeIsOver() {
    linger();
    bench.seams.pass(LINGER);
    submit();

    bench.finish(submitted);
  }

  @Test
  void worker_parksAtOnce_everMoreOften_whenItLingeredInVain() {
    linger();
    endLinger();

    for (int skips = 1; skips <= 63; skips = 2 * skips + 1) {
      for (int i = 0; i < skips; i++) {
        takeOne();
        assertTrue(worker.isParked(), "the next " + skips + " park at once");
      }
      linger();
      endLinger();
    }
  }

  @Test
  void worker_lingersOftenAgain_asSoonAsATaskComesInTime() {
    linger();
    endLinger();
    takeOne();
    linger();
    submit();
    bench.step(worker);
    lookOn();
    endLinger();

    takeOne();
    assertTrue(worker.isParked(), "it was in vain again");
    linger(); // as after the first time in vain
  }

  @Test
  void worker_doesNotLinger_whenAnotherIsBeingWoken() {
    submit();
    Worker first = woken();
    submit();
    bench.step(first); // and wakes the other
    assertTrue(isWaking());

    bench.step(first); // takes the second task
    bench.step(first);

    assertTrue(first.isParked());
    bench.finish(submitted);
  }

  @Test
  void worker_doesNotLinger_whenTheTeamIsStopping() {
    submit();
    worker = woken();
    bench.team.beginStop();

    bench.step(worker);
    bench.seams.runUntilQuiet(bench.team);

    bench.finishStopped(submitted);
  }

  @Test
  void worker_leaves_whenAStopComesMeanwhile() {
    linger();

    bench.team.beginStop();

    bench.finishStopped(submitted);
  }

  @Test
  void worker_leaves_whenTheSizesAreLoweredMeanwhile() {
    linger();

    bench.resize(1, 1);
    bench.step(worker);

    assertEquals(1, bench.team.countWorkers());
    bench.finish(submitted);
  }

  @Test
  void worker_leaves_whenItIsDismissedMeanwhile() {
    bench.resize(1, 2);
    linger();

    bench.team.dismissWorker();
    bench.step(worker);

    assertEquals(1, bench.team.countWorkers());
    bench.finish(submitted);
  }

  @Test
  void worker_waitsLongerForItsFirstLook_whenEachFindsATask() {
    linger();
    int once = momentsBeforeFirstLook();
    int twice = momentsBeforeFirstLook();
    int often = 0;
    for (int i = 0; i < 10; i++) {
      often = momentsBeforeFirstLook();
    }

    assertEquals(2, once);
    assertEquals(4, twice);
    assertEquals(32, often, "some microseconds at most");
  }

  @Test
  void worker_waitsLessForItsFirstLook_whenThatFindsNone() {
    linger();
    momentsBeforeFirstLook();
    int before = momentsBeforeFirstLook();

    bench.step(worker);
    submit();
    bench.step(worker);
    int spins = bench.seams.spins();
    bench.step(worker);

    assertEquals(before / 2, bench.seams.spins() - spins);
  }

  /** Has the worker take a task at its first look and linger again; returns how many moments it lets pass. */
  private int momentsBeforeFirstLook() {
    submit();
    bench.step(worker);
    int before = bench.seams.spins();
    lookOn();
    return bench.seams.spins() - before;
  }

  /** Has a worker take a task and then find nothing: it lingers. */
  private void linger() {
    takeOneAnd();
    lookOn();
  }

  private void lookOn() {
    bench.step(worker);
    assertTrue(worker.isLingering());
  }

  private void endLinger() {
    bench.seams.pass(LINGER);
    bench.step(worker);
    assertTrue(worker.isParked());
  }

  /** Has a worker take a task and then find nothing. */
  private void takeOne() {
    takeOneAnd();
    bench.step(worker);
  }

  private void takeOneAnd() {
    submit();
    worker = woken();
    bench.step(worker);
    assertEquals(submitted, bench.ran.get());
  }

  private Worker woken() {
    for (Slot slot : bench.team.slots()) {
      Worker holder = slot.holder.get();
      if (holder != null && holder.isWoken()) {
        return holder;
      }
    }
    throw new AssertionError("nobody was woken");
  }

  private void submit() {
    bench.submit();
    submitted++;
  }

  private long word() {
    return new TeamView(bench.team).word();
  }

  private boolean isWaking() {
    return TeamState.isWaking(word());
  }
}
