package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real threads at full speed, with exact counts: no task is stranded, lost or run twice. */
@Tag("stress")
class PoolStressTest {
  private static final int ROUNDS = 4;
  private static final int PRODUCERS = 4;
  private static final int TASKS = 25_000;
  private static final long LONG = 60;

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "0,3", "1,5"})
  void handOff_neverStallsAndNeverGrows_whenEachTaskIsWaitedFor(int min, int max) throws Exception {
    Proofs.rounds(1, round -> {
      try (ThreadPool pool = started(min, max)) {
        for (int i = 0; i < ROUNDS * TASKS; i++) {
          pool.submit(() -> {}).get(LONG, TimeUnit.SECONDS);
        }
        assertEquals(Math.max(min, 1), pool.statistics().workers());
      }
    });
  }

  /** The first of two tasks wakes a worker, the second must not be forgotten. */
  @Test
  void pairs_areBothServed_whenWorkersParkAllTheTime() throws Exception {
    Proofs.rounds(1, round -> {
      try (ThreadPool pool = started(2, 2)) {
        var both = new Semaphore(0);
        for (int i = 0; i < ROUNDS * TASKS; i++) {
          pool.execute(both::release);
          pool.execute(both::release);
          assertTrue(both.tryAcquire(2, LONG, TimeUnit.SECONDS), () -> pool.toString());
        }
      }
    });
  }

  @Test
  void everyTask_runsOnce_whileSizesChangeAtRandom() throws Exception {
    Proofs.rounds(ROUNDS, round -> {
      ThreadPool pool = started(1, 4);
      var runs = new AtomicInteger[PRODUCERS * TASKS];
      var left = new CountDownLatch(runs.length);
      var over = new AtomicBoolean();
      var threads = new ArrayList<Thread>();
      var failure = new AtomicReference<Throwable>();
      for (int p = 0; p < PRODUCERS; p++) {
        int first = p * TASKS;
        threads.add(run(failure, () -> {
          for (int i = first; i < first + TASKS; i++) {
            var count = new AtomicInteger();
            runs[i] = count;
            pool.execute(() -> {
              count.incrementAndGet();
              left.countDown();
            });
          }
        }));
      }
      int seed = round;
      Thread resizer = run(failure, () -> changeSizes(pool, new Random(seed), over));
      for (Thread producer : threads) {
        producer.join();
      }
      over.set(true);
      resizer.join();
      PoolSizes last = new PoolSizes(2, 3);
      pool.adjustPoolSize(2, 3).toCompletableFuture().get(LONG, TimeUnit.SECONDS);
      assertTrue(left.await(LONG, TimeUnit.SECONDS), () -> pool + " left " + left.getCount());
      assertEquals(null, failure.get());
      assertEquals(last, pool.sizes());
      int workers = pool.statistics().workers();
      assertTrue(workers >= 2 && workers <= 3, () -> workers + " workers");
      pool.stop();
      for (AtomicInteger count : runs) {
        assertEquals(1, count.get());
      }
      PoolStatistics numbers = pool.statistics();
      assertEquals(runs.length, numbers.accepted());
      assertEquals(runs.length, numbers.completed());
      assertEquals(0, numbers.workers() + numbers.backlog() + numbers.running());
    });
  }

  @Test
  void snapshots_areInOrderAndNeverRunBackwards_underLoad() throws Exception {
    Proofs.rounds(1, round -> {
      try (ThreadPool pool = started(2, 4)) {
        var over = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        Thread producer = run(failure, () -> {
          for (int i = 0; i < ROUNDS * TASKS * 4; i++) {
            pool.execute(() -> {});
          }
          over.set(true);
        });
        PoolStatistics before = pool.statistics();
        while (!over.get()) {
          PoolStatistics now = pool.statistics();
          assertTrue(now.backlog() >= 0 && now.running() >= 0, now::toString);
          assertTrue(now.accepted() >= before.accepted(), now::toString);
          assertTrue(now.completed() >= before.completed(), now::toString);
          assertTrue(now.busy() <= now.workers() && now.workers() <= 4, now::toString);
          before = now;
        }
        producer.join();
        assertEquals(null, failure.get());
      }
    });
  }

  private static void changeSizes(ThreadPool pool, Random random, AtomicBoolean over) {
    while (!over.get()) {
      switch (random.nextInt(4)) {
        case 0 -> pool.startAWorker();
        case 1 -> pool.stopAWorker();
        default -> {
          int max = random.nextInt(6);
          pool.adjustPoolSize(random.nextInt(max + 1), max);
        }
      }
    }
  }

  private static Thread run(AtomicReference<Throwable> failure, Runnable body) {
    var thread = new Thread(() -> {
      try {
        body.run();
      } catch (Throwable thrown) {
        failure.compareAndSet(null, thrown);
      }
    });
    thread.start();
    return thread;
  }

  private static ThreadPool started(int min, int max) {
    return ThreadPools.builder(
            ThreadPoolConfig.builder("stress").minWorkers(min).maxWorkers(max).build())
        .start();
  }
}
