package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Fault 24: a thousand pools come and go, and leave nothing. */
class ManyPoolsTest {
  private static final int POOLS = 1_000;

  private static Set<Thread> livingThreads() {
    return Thread.getAllStackTraces().keySet();
  }

  /** Uses all that could leave a thread, a timer's entry or a waiter behind, then stops in one of the ways. */
  private static void use(ThreadPool pool, int way, Set<Thread> workers) throws Exception {
    pool.termination();
    workers.add(Testing.get(pool.submit(Thread::currentThread)));
    pool.with(TaskOptions.builder().maxRun(Duration.ofDays(1)).build()).execute(() -> {});
    try (var held = new Held()) {
      pool.execute(held);
      CompletableFuture<?> waiting = pool.submit(() -> {}); // has a limit of a day to wait
      held.awaitBegun();
      switch (way) {
        case 0 -> pool.shutdownNow();
        case 1 -> pool.execute(() -> pool.stop(Duration.ofDays(1))); // left to the timer
        default -> pool.shutdown();
      }
      held.release();
      pool.stop();
      assertEquals(way != 0, !waiting.isCompletedExceptionally());
    }
  }

  @Test
  void fault24_noThreadTimerEntryOrPoolIsLeft_whenAThousandPoolsWereStopped() throws Exception {
    var timers = new HandTimers();
    Set<Thread> before = livingThreads();
    Set<Thread> workers = new HashSet<>();
    var pools = new ArrayList<WeakReference<ThreadPool>>();
    for (int i = 0; i < POOLS; i++) {
      var config = ThreadPoolConfig.builder("p" + i)
          .minWorkers(1)
          .maxWorkers(1)
          .maxWait(Duration.ofDays(1))
          .build();
      ThreadPool pool = timers.start(config);
      use(pool, i % 3, workers);
      assertEquals(0, timers.pending(), "entries of the timer");
      pools.add(new WeakReference<>(pool));
    }
    assertEquals(POOLS, workers.size());
    for (Thread worker : workers) {
      assertFalse(worker.isAlive(), worker::toString);
    }
    workers.clear();
    Testing.eventually(
        "only threads that were there before",
        () -> livingThreads().stream()
            .filter(thread -> thread.getName().startsWith("Pool"))
            .allMatch(before::contains));
    List<WeakReference<ThreadPool>> some =
        List.of(pools.get(0), pools.get(1), pools.get(POOLS - 1));
    for (WeakReference<ThreadPool> pool : some) {
      Testing.awaitCleared("a pool that was stopped", pool);
    }
  }

  /** A thousand at once: what a pool costs besides its workers is no thread. */
  @Test
  void fault24_noThreadIsMade_whenAThousandPoolsLiveAndNoneWorks() {
    Set<Thread> before = livingThreads();
    var pools = new ArrayList<ThreadPool>();
    for (int i = 0; i < POOLS; i++) {
      pools.add(Testing.pool(0, 4).start());
    }
    assertEquals(
        List.of(),
        livingThreads().stream()
            .filter(thread -> thread.getName().startsWith("Pool") && !before.contains(thread))
            .toList());
    pools.forEach(ThreadPool::stop);
  }
}
