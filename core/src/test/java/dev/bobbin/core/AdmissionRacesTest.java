package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of the bound, of keys and of levels, explored by a model checker over the interleavings
 * of two threads that call a whole {@link Pool}, whose workers are stepped. What both leave is run
 * until nothing moves: every task must then have run or been refused, cancelled or given up.
 */
@Tag("proof")
class AdmissionRacesTest {
  private static final int INVOCATIONS =
      "long".equals(System.getProperty("bobbin.proof")) ? 50_000 : 200;

  static {
    // Its text needs classes that the JDK loads with locks of its own, which the model checker must
    // not meet.
    var bench = new Bench(0, Overflow.refuse());
    bench.submit(bench.pool);
    bench.pool.shutdown();
    bench.submit(bench.pool);
    assertFalse(bench.pool.toString().isEmpty());
  }

  private static void explore(Runnable scenario) {
    Lincheck.runConcurrentTest(INVOCATIONS, scenario);
  }

  private static void race(Runnable first, Runnable second) {
    Thread one = new Thread(first);
    Thread two = new Thread(second);
    one.start();
    two.start();
    try {
      one.join();
      two.join();
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }

  /** Forbids: both submitters see the one place that there is. */
  @Test
  void bound_submitAgainstSubmit_givesEachPlaceOutOnce() {
    explore(() -> {
      var bench = new Bench(0, Overflow.refuse());
      race(() -> bench.submit(bench.pool), () -> bench.submit(bench.pool));
      assertEquals(1, bench.refused.get());
      bench.finish();
    });
  }

  /** Forbids: a place is given out for a task that has not ended, or lost with one that has. */
  @Test
  void bound_submitAgainstTheEndOfATask_losesNoPlace() {
    explore(() -> {
      var bench = new Bench(0, Overflow.refuse());
      bench.submit(bench.pool);
      race(() -> bench.submit(bench.pool), () -> bench.step());
      bench.seams.runUntilQuiet(bench.pool.team());
      int before = bench.refused.get();
      bench.submit(bench.pool);
      assertEquals(before, bench.refused.get(), "the place is free");
      bench.finish();
    });
  }

  /** Forbids: a cancelled task's place is freed twice, or not at all. */
  @Test
  void bound_cancelAgainstTake_freesThePlaceOnce() {
    explore(() -> {
      var bench = new Bench(0, Overflow.refuse());
      CompletableFuture<?> future = bench.submit(bench.pool);
      race(() -> future.cancel(false), () -> bench.step());
      bench.seams.runUntilQuiet(bench.pool.team());
      bench.submit(bench.pool);
      bench.submit(bench.pool);
      assertEquals(1, bench.refused.get());
      bench.finish();
    });
  }

  /** Forbids: the end of the one before finds nobody behind it, and the new one waits behind nobody. */
  @Test
  void key_submitAgainstTheEndOfTheOneBefore_wedgesNothing() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      bench.submit(bench.pool.inOrder("k"));
      race(() -> bench.submit(bench.pool.inOrder("k")), () -> bench.step());
      bench.finish();
    });
  }

  /** Forbids: two heads of one key. */
  @Test
  void key_submitAgainstSubmit_makesOneHead() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      race(
          () -> bench.submit(bench.pool.inOrder("k")), () -> bench.submit(bench.pool.inOrder("k")));
      assertEquals(2, bench.pool.statistics().backlog());
      assertFalse(bench.pool.team().waitsFor(2), "one of them is held back");
      bench.finish();
    });
  }

  /** Forbids: a cancelled head takes its key with it. */
  @Test
  void key_cancelOfTheHeadAgainstSubmit_wedgesNothing() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      CompletableFuture<?> head = bench.submit(bench.pool.inOrder("k"));
      race(() -> head.cancel(false), () -> bench.submit(bench.pool.inOrder("k")));
      bench.finish();
    });
  }

  /** Forbids: a task is let go and cancelled at once, and the third is let go by neither or by both. */
  @Test
  void key_cancelOfAHeldTaskAgainstTheEndOfTheHead_letsTheThirdGoOnce() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      bench.submit(bench.pool.inOrder("k"));
      CompletableFuture<?> second = bench.submit(bench.pool.inOrder("k"));
      bench.submit(bench.pool.inOrder("k"));
      race(() -> second.cancel(false), () -> bench.step());
      bench.finish();
    });
  }

  /** Forbids: a held task outlives the stop, or a task gets into a line that nobody empties. */
  @Test
  void key_submitAgainstAStop_runsOrIsRefused() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      bench.submit(bench.pool.inOrder("k"));
      race(
          () -> {
            bench.submit(bench.pool.inOrder("k"));
            bench.submit(bench.pool.inOrder("other"));
          },
          () -> bench.pool.shutdown());
      bench.finish();
    });
  }

  /** Forbids: a task that is let go when the stop has discarded all that it found. */
  @Test
  void key_endOfTheHeadAgainstAStopThatGivesUp_leavesNothing() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      bench.submit(bench.pool.inOrder("k"));
      bench.submit(bench.pool.inOrder("k"));
      bench.submit(bench.pool.inOrder("k"));
      race(() -> bench.step(), () -> bench.pool.shutdownNow());
      bench.finish();
    });
  }

  /** Forbids: the lane of a level is made while the backlog closes, and stays open. */
  @Test
  void level_firstSubmitAgainstAStop_runsOrIsRefused() {
    explore(() -> {
      var bench = new Bench(9, Overflow.refuse());
      ThreadPool low =
          bench.pool.with(TaskOptions.builder().priority(Priority.LOW).build());
      race(() -> bench.submit(low), () -> bench.pool.shutdown());
      bench.finish();
    });
  }

  /** Forbids: the team ends while a submitter runs its task, or begins one after the end. */
  @Test
  void callerRun_againstAStop_runsBeforeTheEndOrIsRefused() {
    explore(() -> {
      var bench = new Bench(0, Overflow.runInCaller());
      bench.submit(bench.pool);
      race(() -> bench.submit(() -> assertFalse(bench.pool.isTerminated())), () -> {
        bench.pool.shutdown();
        bench.step();
      });
      bench.finish();
    });
  }

  /** A running pool of one worker, which is stepped, and a count of what became of its tasks. */
  private static final class Bench {
    final ManualSeams seams = new ManualSeams();
    final Pool pool;
    final Worker worker;
    final AtomicInteger ran = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final List<CompletableFuture<?>> futures = new ArrayList<>();

    Bench(int limit, Overflow whenFull) {
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
      pool = new Pool(
          ThreadPoolConfig.builder("race")
              .minWorkers(1)
              .maxWorkers(1)
              .backlogLimit(limit)
              .whenFull(whenFull)
              .rejectionStackTraces(false)
              .build(),
          new Wiring(threads, List.of(), List.of()),
          null,
          false,
          null,
          seams);
      pool.start();
      worker = seams.begin(pool.team());
    }

    void step() {
      seams.step(pool.team(), worker);
    }

    CompletableFuture<?> submit(ThreadPool to) {
      return submit(to, () -> {});
    }

    CompletableFuture<?> submit(Runnable body) {
      return submit(pool, body);
    }

    private CompletableFuture<?> submit(ThreadPool to, Runnable body) {
      CompletableFuture<?> future;
      try {
        future = to.submit(() -> {
          assertEquals(
              1, inside.incrementAndGet(), "one at a time, there is one worker or one key");
          body.run();
          ran.incrementAndGet();
          inside.decrementAndGet();
        });
      } catch (TaskRejectedException refusal) {
        refused.incrementAndGet();
        future = CompletableFuture.failedFuture(refusal);
      }
      synchronized (futures) {
        futures.add(future);
      }
      return future;
    }

    /** Runs all that is left, stops, and asserts that each task was told of. */
    void finish() {
      seams.runUntilQuiet(pool.team());
      pool.shutdown();
      seams.runUntilQuiet(pool.team());
      PoolStatistics numbers = pool.statistics();
      assertEquals(PoolState.STOPPED, numbers.state(), numbers::toString);
      futures.forEach(future -> assertTrue(future.isDone(), numbers::toString));
      assertEquals(0, numbers.failed(), numbers::toString);
      assertEquals(ran.get(), numbers.completed(), numbers::toString);
      assertEquals(futures.size() - refused.get(), numbers.accepted(), numbers::toString);
      Testing.assertBalanced(numbers);
      assertEquals(0, numbers.backlog(), numbers::toString);
    }
  }
}
