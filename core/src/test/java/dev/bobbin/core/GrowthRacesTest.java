package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.GrowthRequest;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of a growth policy that says "later", explored by a model checker as in {@link
 * TeamRacesTest}: between its alarm, submitters, workers and a stop. One worker is at a task all the
 * while, in whose midst the race takes place, so that a task that was put off is run only by somebody
 * who was made or woken for it.
 */
@Tag("proof")
class GrowthRacesTest {
  /** How many interleavings of each race are explored in the short form. */
  private static final int INTERLEAVINGS = 40;

  private static final long LATER = 10;
  private static final ThreadPoolConfig CONFIG =
      ThreadPoolConfig.builder("race").minWorkers(1).maxWorkers(3).build();

  static {
    // The first of each call loads classes with locks of the JDK's own, which the model checker
    // must
    // not meet.
    var bench = new Bench(LATER);
    bench.whileBusy(() -> {
      bench.pool.submit(() -> {}).cancel(false);
      bench.submit();
      bench.assertAllRun(1);
    });
    bench.pool.shutdownNow();
    bench.submitOrNot();
  }

  private static void explore(Runnable scenario) {
    Proofs.explore(INTERLEAVINGS, scenario);
  }

  private static void race(Runnable first, Runnable second) {
    Thread one = new Thread(first);
    Thread two = new Thread(second);
    one.start();
    two.start();
    joinThroughInterrupts(one);
    joinThroughInterrupts(two);
  }

  /** A stop that gives up interrupts the task in whose midst the race takes place. */
  private static void joinThroughInterrupts(Thread thread) {
    for (; ; ) {
      try {
        thread.join();
        return;
      } catch (InterruptedException interrupt) {
        // it goes on
      }
    }
  }

  /** Forbids: the submitter sees the alarm set, the timer sees nothing waiting, and nobody asks again. */
  @Test
  void race03_alarmAgainstSubmission_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(LATER);
      bench.whileBusy(() -> {
        bench.pool.submit(() -> {}).cancel(false); // it leaves its alarm behind
        race(() -> bench.seams.pass(LATER), bench::submit);
        bench.assertAllRun(1);
      });
    });
  }

  /** Forbids: the errand sees nobody to grow for, the submitter waits for the errand. */
  @Test
  void race03_errandAgainstSubmission_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(LATER);
      bench.whileBusy(() -> {
        bench.submit();
        bench.seams.pass(LATER);
        race(bench.seams::runErrands, bench::submit);
        bench.assertAllRun(2);
      });
    });
  }

  /** Forbids: a worker parks while the task is put off, and the task is nobody's. */
  @Test
  void race03_laterAgainstAWorkerThatTakesOrParks_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(LATER);
      bench.whileBusy(() -> {
        bench.pool.startAWorker();
        Worker other = bench.seams.begin(bench.pool.team());
        race(
            () -> {
              bench.submit();
              bench.submit();
            },
            () -> {
              bench.step(other);
              bench.step(other);
            });
        bench.assertAllRun(2);
      });
    });
  }

  /** Forbids: of two that are told "later" at once the one with the earlier moment is forgotten. */
  @Test
  void race03_twoMomentsAtOnce_theEarlierHolds() {
    explore(() -> {
      var bench = new Bench(LATER, 9 * LATER);
      bench.whileBusy(() -> {
        race(bench::submit, bench::submit);
        assertEquals(1, bench.seams.entries());
        bench.seams.pass(LATER);
        bench.seams.runErrands();
        bench.runOthers();
        assertEquals(2, bench.ran.get());
      });
    });
  }

  /** Forbids: an alarm is set in a team that has ended, and keeps the timer. */
  @Test
  void race11_laterAgainstTheEnd_leavesNoAlarm() {
    explore(() -> {
      var bench = new Bench(LATER);
      bench.whileBusy(() -> race(bench::submitOrNot, bench.pool::shutdownNow));
      bench.seams.runUntilQuiet(bench.pool.team());
      assertEquals(PoolState.STOPPED, bench.pool.state());
      assertEquals(0, bench.seams.entries());
    });
  }

  /** Says "later" until the time has come, in turn for so long each. */
  private static final class Postponing implements GrowthPolicy, GrowthDecider {
    private final long[] pauses;
    private final AtomicInteger asked = new AtomicInteger();

    Postponing(long... pauses) {
      this.pauses = pauses;
    }

    @Override
    public String name() {
      return "postponing";
    }

    @Override
    public GrowthDecider forPool(ThreadPoolConfig config) {
      return this;
    }

    @Override
    public GrowthAnswer mayGrow(GrowthRequest request) {
      return request.nanoTime() < LATER
          ? GrowthAnswer.notBefore(
              Duration.ofNanos(pauses[asked.getAndIncrement() % pauses.length]))
          : GrowthAnswer.now();
    }
  }

  /** A running pool of one worker, which is stepped, and a policy that puts growth off. */
  private static final class Bench {
    final ManualSeams seams = new ManualSeams();
    final Pool pool;
    final Worker worker;
    final AtomicInteger ran = new AtomicInteger();

    Bench(long... pauses) {
      var threads = new WorkerThreadFactory() {
        @Override
        public String name() {
          return "unstarted";
        }

        @Override
        public Thread newThread(WorkerThreadSettings settings, Runnable body) {
          return new Thread(body);
        }
      };
      var growth = PoolGrowth.of(new Postponing(pauses), CONFIG);
      var wiring = new Wiring(threads, List.of(), List.of(), growth, List.of());
      pool = new Pool(CONFIG, wiring, null, false, null, seams);
      pool.start();
      worker = seams.begin(pool.team());
    }

    /** Does this in the midst of a task that the first worker runs. */
    void whileBusy(Runnable race) {
      CompletableFuture<?> task = pool.submit(race);
      step(worker);
      task.join();
    }

    void submit() {
      pool.execute(ran::incrementAndGet);
    }

    void submitOrNot() {
      try {
        submit();
      } catch (RejectedExecutionException stopped) {
        // the stop was first
      }
    }

    void step(Worker stepped) {
      seams.step(pool.team(), stepped);
    }

    /** Lets all workers go on but the busy one. */
    void runOthers() {
      seams.runUntilQuiet(pool.team(), worker);
    }

    /** Lets time pass and others work, and asserts that all tasks are run but the one that goes on. */
    void assertAllRun(int submitted) {
      for (int i = 0; i < 3; i++) {
        runOthers();
        seams.pass(LATER);
        seams.runErrands();
      }
      runOthers();
      PoolStatistics numbers = pool.statistics();
      assertEquals(submitted, ran.get(), numbers::toString);
      assertEquals(0, numbers.backlog(), numbers::toString);
      assertTrue(numbers.workers() <= 3, numbers::toString);
      assertEquals(0, seams.entries());
    }
  }
}
