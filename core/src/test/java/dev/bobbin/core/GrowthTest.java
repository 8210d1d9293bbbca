package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a pool of real threads grows: an idle worker first, then a new one, then the backlog. */
class GrowthTest {
  private static final long LONG = 30;

  private static ThreadPool started(int min, int max) {
    return ThreadPools.builder(
            ThreadPoolConfig.builder("growth").minWorkers(min).maxWorkers(max).build())
        .start();
  }

  @Test
  void g1_workersGrowBeforeTasksQueue_whenEachTaskBeginsBeforeTheNext() throws Exception {
    var release = new CountDownLatch(1);
    var workers = new ArrayList<Integer>();
    var backlog = new ArrayList<Long>();
    try (ThreadPool pool = started(2, 4)) {
      for (int i = 0; i < 4; i++) {
        var begun = new CountDownLatch(1);
        pool.execute(() -> blockUntil(begun, release));
        assertTrue(begun.await(LONG, TimeUnit.SECONDS));
        workers.add(pool.statistics().workers());
        backlog.add(pool.statistics().backlog());
      }
      for (int i = 0; i < 3; i++) {
        pool.execute(() -> blockUntil(new CountDownLatch(1), release));
        workers.add(pool.statistics().workers());
        backlog.add(pool.statistics().backlog());
      }
      release.countDown();
    }
    assertEquals(List.of(2, 2, 3, 4, 4, 4, 4), workers);
    assertEquals(List.of(0L, 0L, 0L, 0L, 1L, 2L, 3L), backlog);
  }

  @Test
  void g1_burstSettlesAtTheMaximum_whenNobodyWaitsBetween() throws Exception {
    var release = new CountDownLatch(1);
    var begun = new CountDownLatch(4);
    try (ThreadPool pool = started(2, 4)) {
      for (int i = 0; i < 7; i++) {
        pool.execute(() -> blockUntil(begun, release));
      }
      assertTrue(begun.await(LONG, TimeUnit.SECONDS));
      assertEquals(4, pool.statistics().workers());
      assertEquals(3, pool.statistics().backlog());
      release.countDown();
    }
  }

  @Test
  void g2_oneWorkerDoesItAll_whenEachFutureIsWaitedFor() throws Exception {
    try (ThreadPool pool = started(1, 5)) {
      for (int i = 0; i < 10_000; i++) {
        int number = i;
        assertEquals(number, pool.submit(() -> number).get(LONG, TimeUnit.SECONDS));
      }
      assertEquals(1, pool.statistics().workers());
    }
  }

  private static void blockUntil(CountDownLatch begun, CountDownLatch release) {
    begun.countDown();
    try {
      assertTrue(release.await(LONG, TimeUnit.SECONDS));
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }
}
