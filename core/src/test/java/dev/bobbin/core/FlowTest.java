package dev.bobbin.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.core.TeamRacesTest.Bench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A woken worker that finds tasks taken faster than it could help with holds back, see {@link Flow}. */
class FlowTest {
  private static final int MANY = 32;
  private static final int ROUND = Slot.ROUND;
  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(200);

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
  void wokenWorker_takes_whenItHasHeldBackForLong() {
    int perPause = 1_000;
    long pace = PAUSE / perPause;
    long pauses = TimeUnit.MILLISECONDS.toNanos(20) / PAUSE - 1;
    for (int i = 0; i < pauses; i++) {
      take(perPause);
      bench.seams.pass(perPause * pace);
      bench.step(woken);
      assertSame(woken, bench.seams.pausing());
    }

    take(perPause);
    bench.seams.pass(perPause * pace);
    submit(1);
    bench.step(woken);

    assertEquals(submitted, bench.ran.get(), "it has taken one");
  }

  // ------------------------------------------------------------------ stepping back

  @Test
  void worker_stepsBack_whenItSharesTasksThatTakeNothing() {
    Worker back = shareUntilOneStepsBack(0);

    assertEquals(Slot.LOOKING, back.slot().state(), "it is on its way");
    assertTrue(TeamState.isWaking(new TeamView(bench.team).word()));
    assertEquals(2 * ROUND, back.slot().taken(), "after two rounds, one to compare with");
    bench.finish(submitted);
  }

  @Test
  void workers_shareTasks_whenTheseTakeLong() {
    share(8 * ROUND, TimeUnit.MICROSECONDS.toNanos(1));

    assertNull(bench.seams.pausing());
    assertEquals(1 + 8 * ROUND, bench.ran.get());
  }

  @Test
  void worker_staysAway_whenTheOtherDoesAsWellAlone() {
    Worker back = shareUntilOneStepsBack(100);
    Worker other = back == active ? woken : active;

    for (int pauses = 1; pauses <= 3; pauses++) {
      takeBy(other, 10 * MANY, 100);
      bench.step(back);
      assertSame(back, bench.seams.pausing());
    }
    bench.finish(submitted);
  }

  @Test
  void worker_goesOn_whenTheOtherIsMuchSlowerAlone() {
    Worker back = shareUntilOneStepsBack(100);
    Worker other = back == active ? woken : active;
    takeBy(other, 10 * MANY, 200);
    long taken = back.slot().taken();

    bench.step(back);

    assertEquals(taken + 1, back.slot().taken());
  }

  @Test
  void nobodyTriesAgain_untilTheTimeForThatHasCome() {
    worker_goesOn_whenTheOtherIsMuchSlowerAlone();
    bench.seams.unpark(requireNonNull(bench.seams.pausing()));

    share(4 * ROUND, 100);
    assertNull(bench.seams.pausing(), "a trial was in vain just now");
    bench.seams.pass(TimeUnit.MILLISECONDS.toNanos(2));
    share(4 * ROUND, 100);
    assertNotNull(bench.seams.pausing());
  }

  @Test
  void worker_goesOn_whenTheOtherIsAtALongTask() {
    bench.step(woken);
    submit(1 + 4 * ROUND);
    bench.step(active);
    for (int i = 0; i < 4 * ROUND; i++) {
      bench.step(woken);
    }

    assertNull(bench.seams.pausing(), "the other has taken none meanwhile");
    assertEquals(submitted, bench.ran.get());
  }

  @Test
  void worker_looksAnew_whenItHasParked() {
    bench.step(woken);
    share(2 * ROUND - 2, 0);
    bench.step(active);
    bench.step(woken);
    assertTrue(active.isParked() && woken.isParked());

    assertEquals(Worker.UNKNOWN, active.takenByOthers);
    assertEquals(Worker.UNKNOWN, woken.takenByOthers);
  }

  @Test
  void thirdWorker_goesIdle_whenAnotherHoldsBack() {
    var three = new Bench(3, 3);
    three.makeIdle(3);
    List<Worker> workers = Arrays.stream(three.team.slots())
        .map(slot -> requireNonNull(slot.holder.get()))
        .toList();
    for (int i = 0; i < 12 * ROUND; i++) {
      three.submit();
    }
    List<Worker> wentIdle = new ArrayList<>();
    three.seams.duringPause = () -> {
      List<Worker> others = new ArrayList<>(workers);
      others.remove(three.seams.pausing());
      for (int i = 0; i < 3 * ROUND && wentIdle.isEmpty(); i++) {
        others.forEach(three::step);
        others.stream().filter(Worker::isParked).forEach(wentIdle::add);
      }
    };
    while (wentIdle.isEmpty()) {
      workers.forEach(three::step);
      assertTrue(three.ran.get() < 10 * ROUND, "nobody has gone idle");
    }

    assertEquals(1, wentIdle.size(), "one holds back, one is idle, one is at work");
    three.finish(12 * ROUND);
  }

  private Worker shareUntilOneStepsBack(long pace) {
    bench.step(woken);
    while (bench.seams.pausing() == null) {
      share(2, pace);
      assertTrue(bench.ran.get() <= 4 * ROUND, "nobody has stepped back");
    }
    return requireNonNull(bench.seams.pausing());
  }

  /** Has the two take that many tasks in turn, one in so many nanoseconds, until one pauses. */
  private void share(int tasks, long pace) {
    submit(tasks);
    for (int i = 0; i < tasks && bench.seams.pausing() == null; i++) {
      bench.step(i % 2 == 0 ? active : woken);
      bench.seams.pass(pace);
    }
  }

  private void takeBy(Worker worker, int tasks, long pace) {
    submit(tasks);
    for (int i = 0; i < tasks; i++) {
      bench.step(worker);
    }
    bench.seams.pass(tasks * pace);
  }

  // ------------------------------------------------------------------ the end of a pause

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
