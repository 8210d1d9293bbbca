package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How idle workers of a pool of real threads leave, with a clock that is moved by hand. */
class KeepAliveTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int TRIALS = 400;

  private static ThreadPoolConfig config(int min, int max, long keepMillis, long intervalMillis) {
    return ThreadPoolConfig.builder("p")
        .minWorkers(min)
        .maxWorkers(max)
        .keepAlive(Duration.ofMillis(keepMillis))
        .leaveInterval(Duration.ofMillis(intervalMillis))
        .build();
  }

  /** Has that many workers run a task each at the same time. */
  private static void spike(ThreadPool pool, int workers) throws Exception {
    var tasks = new ArrayList<CompletableFuture<?>>();
    try (var held = new Held(workers)) {
      for (int i = 0; i < workers; i++) {
        tasks.add(pool.submit(held));
      }
      held.awaitBegun();
    }
    for (CompletableFuture<?> task : tasks) {
      Testing.get(task);
    }
  }

  /** Waits until all workers have parked, and said so. */
  private static void awaitQuiet(Pool pool) {
    Testing.eventually("all are idle", () -> {
      int idle = 0;
      for (Slot slot : pool.team().slots()) {
        idle += slot.state() == Slot.IDLE ? 1 : 0;
      }
      return pool.team().isIdle() && idle == pool.statistics().workers();
    });
  }

  /** P33: eight workers come down to one under a trickle of tasks, one per interval, and no sooner. */
  @Test
  void P33_eightWorkersComeDownToOne_whenTasksTrickleIn() throws Exception {
    var timers = new HandTimers();
    try (Pool pool = timers.start(config(1, 8, 200, 100))) {
      spike(pool, 8);
      awaitQuiet(pool);
      timers.awaitPending();
      var runners = new ArrayList<Thread>();
      var seen = new ArrayList<Integer>();
      var expected = new ArrayList<Integer>();

      for (int millis = 20; millis <= 2000; millis += 20) {
        runners.add(Testing.get(pool.submit(Thread::currentThread)));
        awaitQuiet(pool);
        timers.pass(20 * MILLI);
        awaitQuiet(pool);
        seen.add(pool.statistics().workers());
        expected.add(millis < 200 ? 8 : Math.max(1, 7 - (millis - 200) / 100));
      }

      assertEquals(expected, seen);
      assertEquals(1, runners.stream().distinct().count(), "always the one that was idle last");
    }
  }

  /**
   * P27: a pool never sinks below its minimum, not for a moment: seen at the end of each thread, while
   * tasks come, workers are dismissed and the minimum goes up and down.
   */
  @Test
  void P27_minimumIsKept_in400Trials() throws Exception {
    for (int trial = 0; trial < TRIALS; trial++) {
      var timers = new HandTimers();
      var pool = new AtomicReference<Pool>();
      var ends = new AtomicInteger();
      var below = new ConcurrentLinkedQueue<PoolStatistics>();
      boolean resizes = trial % 2 == 1;
      pool.set(timers.pool(
          config(2, 6, 1, 0),
          body -> new Thread(() -> {
            body.run();
            PoolStatistics now = pool.get().statistics();
            if (now.state() == PoolState.RUNNING) {
              ends.incrementAndGet();
              if (now.workers() < 2) {
                below.add(now);
              }
            }
          })));
      try (Pool running = pool.get()) {
        running.start();
        spike(running, 6);
        CompletableFuture<Integer> meanwhile = Testing.inThread(() -> {
          for (int i = 0; i < 20; i++) {
            Testing.get(running.submit(() -> 1));
            running.stopAWorker();
            if (resizes) {
              running.adjustPoolSize(3 - i % 2, 6); // ends at 2
            }
          }
          return 0;
        });
        Testing.eventually("all but the minimum have left", () -> {
          timers.pass(MILLI);
          boolean over = meanwhile.isDone(); // asked first: its last task may bring one more worker
          PoolStatistics now = running.statistics();
          assertTrue(now.workers() >= 2, now::toString);
          return over && now.workers() == 2;
        });
        Testing.get(meanwhile);
        awaitQuiet(running);
        Testing.eventually("those that left have looked", () -> ends.get() >= 4);
        assertEquals(2, running.statistics().workers());
        assertEquals(List.of(), List.copyOf(below));
        assertEquals(26, Testing.stopped(running).completed());
      }
    }
  }

  /** Done when 6: with a minimum of 0 an idle pool has no thread and nothing timed; the next task runs. */
  @Test
  void idlePool_hasNoThreadAndNothingTimed_andTheNextTaskRuns_whenTheMinimumIsZero()
      throws Exception {
    var timers = new HandTimers();
    var threads = new ConcurrentLinkedQueue<Thread>();
    try (Pool pool = timers.pool(config(0, 3, 1000, 100), body -> {
      var thread = new Thread(body);
      threads.add(thread);
      return thread;
    })) {
      pool.start();
      for (int round = 1; round <= 3; round++) {
        spike(pool, 3);
        awaitQuiet(pool);
        timers.awaitPending();
        for (int i = 0; i < 12; i++) {
          timers.pass(100 * MILLI);
          awaitQuiet(pool);
        }
        for (Thread thread : threads) {
          thread.join(TimeUnit.SECONDS.toMillis(Held.LONG_SECONDS));
          assertFalse(thread.isAlive());
        }
        assertEquals(3 * round, threads.size());
        assertEquals(0, timers.pending());
        timers.pass(TimeUnit.DAYS.toNanos(365));
        assertEquals(0, timers.pending());
        assertEquals(PoolState.RUNNING, pool.state());
      }
      assertEquals(7, Testing.get(pool.submit(() -> 7)));
      assertTrue(pool.team().slots().length <= 6);
    }
  }

  /** At the minimum too: no worker is woken, and none uses any processor time. */
  @Test
  void idleWorkersAtTheMinimum_useNoProcessorTime() throws Exception {
    var timers = new HandTimers();
    var cpu = ManagementFactory.getThreadMXBean();
    try (Pool pool = timers.start(config(2, 4, 1000, 100))) {
      spike(pool, 4);
      awaitQuiet(pool);
      timers.awaitPending();
      for (int i = 0; i < 12; i++) {
        timers.pass(100 * MILLI);
        awaitQuiet(pool);
      }
      assertEquals(0, timers.pending());
      var workers = new ArrayList<Thread>();
      for (Slot slot : pool.team().slots()) {
        Worker worker = slot.holder.get();
        if (worker != null) {
          workers.add(worker.thread());
          Testing.awaitBlocked(worker.thread());
        }
      }
      assertEquals(2, workers.size());
      List<Long> before =
          workers.stream().map(thread -> cpu.getThreadCpuTime(thread.getId())).toList();

      timers.pass(TimeUnit.DAYS.toNanos(365));

      assertEquals(
          before,
          workers.stream().map(thread -> cpu.getThreadCpuTime(thread.getId())).toList());
    }
  }

  @Test
  void pool_goesOnWithTheRealTimer() throws Exception {
    var threads = new ConcurrentLinkedQueue<Thread>();
    try (ThreadPool pool = ThreadPools.builder(config(0, 2, 1, 0))
        .threadFactory(body -> {
          var thread = new Thread(body);
          threads.add(thread);
          return thread;
        })
        .start()) {
      for (int round = 0; round < 3; round++) {
        spike(pool, 2);
        Testing.eventually(
            "all threads are gone",
            () ->
                threads.stream().noneMatch(Thread::isAlive) && pool.statistics().workers() == 0);
      }
      assertEquals(6, threads.size());
    }
  }

  // ------------------------------------------------------------------ prestart

  @Test
  void prestart_makesWorkersAndTellsHowMany() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 5).start()) {
      assertEquals(2, pool.prestart(4));
      assertEquals(4, pool.statistics().workers());
      assertEquals(0, pool.prestart(3));
      assertEquals(1, pool.with(TaskOptions.none()).prestart(5));
      assertEquals(5, pool.statistics().workers());
    }
  }

  @Test
  void prestart_startsThePool_whenItWasNotStarted() {
    try (ThreadPool pool = Testing.pool(1, 5).build()) {
      assertEquals(3, pool.prestart(3));
      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(3, pool.statistics().workers());
    }
    try (ThreadPool pool = Testing.pool(2, 5).build()) {
      assertEquals(2, pool.prestart(0));
    }
  }

  @Test
  void prestart_leavesThePoolAsItWas_whenNotOneThreadCanBeMadeForTheStart() {
    var factory = new FaultyFactory(FaultyFactory.Fault.EXCEPTION);
    try (ThreadPool pool = factory.pool(1, 2).build()) {
      assertThrows(ThreadCreationException.class, () -> pool.prestart(2));
      assertEquals(PoolState.NEW, pool.state());
    }
  }

  @Test
  void prestart_throws_whenTheNumberIsBelowZeroOrAboveTheMaximum() {
    try (ThreadPool pool = Testing.pool(0, 3).build()) {
      String text =
          "Pool 'p': prestart takes 0 to the maximum of 3 workers, was %d. Give such a number, or raise the maximum with adjustPoolSize first.";
      var above = assertThrows(IllegalArgumentException.class, () -> pool.prestart(4));
      assertEquals(text.formatted(4), above.getMessage());
      var below = assertThrows(IllegalArgumentException.class, () -> pool.prestart(-1));
      assertEquals(text.formatted(-1), below.getMessage());
      assertEquals(PoolState.NEW, pool.state());
    }
  }

  @Test
  void prestart_throws_whenThePoolIsStopped() {
    ThreadPool pool = Testing.pool(0, 3).start();
    pool.stop();

    var stopped = assertThrows(IllegalStateException.class, () -> pool.prestart(1));

    assertEquals(
        "Pool 'p' is STOPPED. A stopped pool stays stopped: make a new one.", stopped.getMessage());
  }
}
