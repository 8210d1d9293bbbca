package dev.bobbin.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.TeamRacesTest.Bench;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A woken worker that finds tasks taken faster than it could help with holds back, see {@link Flow}. */
class FlowTest {
  private static final int MANY = 32;

  private final Bench bench = new Bench(2, 2);
  private Worker active;
  private Worker woken;
  private int submitted;

  /** Makes a team of two, of whom one has taken a task and the other was woken for the next. */
  @BeforeEach
  void wakeTheSecond() {
    Worker last = bench.makeIdle(2);
    Slot[] slots = bench.team.slots();
    Worker other = requireNonNull(slots[last.slot() == slots[0] ? 1 : 0].holder.get());
    submit(2);
    active = last.isWoken() ? last : other;
    woken = active == last ? other : last;
    bench.step(active);
    assertTrue(woken.isWoken());
  }

  @Test
  void wokenWorker_holdsBack_whenTasksFlow() {
    take(MANY);
    submit(1);

    bench.step(woken);

    assertSame(woken, bench.seams.pausing());
    assertEquals(1 + MANY, bench.ran.get());
    assertEquals(Slot.LOOKING, woken.slot().state(), "it is on its way");
  }

  @Test
  void nobodyElseIsWoken_whileOneHoldsBack() {
    take(MANY);
    bench.step(woken);
    submit(1);

    assertTrue(TeamState.isWaking(new TeamView(bench.team).word()));
    bench.step(woken); // its pause is over, and too little has flowed since
    assertEquals(2 + MANY, bench.ran.get());
    bench.finish(submitted);
  }

  @Test
  void wokenWorker_takes_whenFewTasksWereTakenMeanwhile() {
    take(MANY - 1);
    submit(1);

    bench.step(woken);

    assertNull(bench.seams.pausing());
    assertEquals(1 + MANY, bench.ran.get());
  }

  @Test
  void wokenWorker_takes_whenTasksTakeLong() {
    take(MANY);
    bench.seams.pass(TimeUnit.MICROSECONDS.toNanos(MANY));
    submit(1);

    bench.step(woken);

    assertNull(bench.seams.pausing());
    assertEquals(2 + MANY, bench.ran.get());
  }

  @Test
  void wokenWorker_takes_whenNobodyElseIsActive() {
    take(MANY);
    bench.step(active);
    bench.step(active);
    submit(1);

    bench.step(woken);

    assertNull(bench.seams.pausing());
    assertEquals(2 + MANY, bench.ran.get());
  }

  @Test
  void pauseEnds_whenTheOtherGoesIdle() {
    take(MANY);
    bench.seams.duringPause = () -> {
      assertSame(woken, bench.seams.pausing());
      bench.step(active);
      assertNull(bench.seams.pausing(), "it was not unparked");
    };

    bench.step(woken);

    assertTrue(active.isParked());
  }

  @Test
  void pauseEnds_whenTheOtherLeaves() {
    take(MANY);
    bench.seams.duringPause = () -> {
      assertSame(woken, bench.seams.pausing());
      bench.resize(1, 1);
      bench.step(active);
      assertNull(bench.seams.pausing(), "it was not unparked");
    };

    bench.step(woken);

    assertEquals(1, bench.team.countWorkers());
  }

  @Test
  void wokenWorker_takes_whenItIsSubmittersThatRunTheirTasks() {
    for (int i = 0; i < MANY; i++) {
      bench.team.runInCaller(bench.ran::incrementAndGet);
    }

    bench.step(woken);

    assertNull(bench.seams.pausing(), "what they run is not taken from those that wait");
    assertEquals(2 + MANY, bench.ran.get());
  }

  @Test
  void wokenWorker_doesNotHoldBack_whenTheTeamIsStopping() {
    take(MANY);
    submit(1);
    bench.team.beginStop();

    bench.step(woken);

    assertNull(bench.seams.pausing());
    assertEquals(2 + MANY, bench.ran.get());
  }

  private void submit(int tasks) {
    for (int i = 0; i < tasks; i++) {
      bench.submit();
    }
    submitted += tasks;
  }

  /** Has the active worker take so many tasks, one more than wait now at most. */
  private void take(int tasks) {
    submit(tasks - (submitted - bench.ran.get()));
    for (int i = 0; i < tasks; i++) {
      bench.step(active);
    }
  }
}
