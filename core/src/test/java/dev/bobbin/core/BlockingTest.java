package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Calls that are announced to block, on real threads. */
class BlockingTest {
  private static ThreadPoolConfig config(int max, int maxLent) {
    return Testing.config(0, max).toBuilder().maxLentWorkers(maxLent).build();
  }

  @Test
  void callBlocking_lendsAWorker_untilTheCallHasReturned() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 1)).start()) {
      var open = new CountDownLatch(1);
      var blocked = pool.submit(() -> pool.callBlocking(() -> {
        Held.await(open);
        return pool.statistics().lent();
      }));

      pool.submit(open::countDown); // needs the worker that is lent

      assertEquals(1, Testing.get(blocked));
      assertEquals(0, pool.statistics().lent());
      Testing.eventually("one is left", () -> pool.statistics().workers() == 1);
    }
  }

  @Test
  void runBlocking_lendsAWorker_alsoThroughAView() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 1)).start()) {
      ThreadPool view = pool.with(TaskOptions.builder().name("view").build());
      var open = new CountDownLatch(1);
      var blocked = view.submit(() -> view.runBlocking(() -> Held.await(open)));

      pool.execute(open::countDown);

      Testing.get(blocked);
      int lent = Testing.get(
          view.submit(() -> view.callBlocking(() -> view.statistics().lent())));
      assertEquals(1, lent);
    }
  }

  @Test
  void callBlocking_justCalls_onAThreadOfSomebodyElse() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 1)).start()) {
      assertSame(Thread.currentThread(), pool.callBlocking(Thread::currentThread));
      assertEquals(0, pool.callBlocking(() -> pool.statistics().lent()));
    }
  }

  @Test
  void callBlocking_justCalls_whenNoneMayBeLent() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 0)).start()) {
      assertEquals(
          0,
          Testing.get(
              pool.submit(() -> pool.callBlocking(() -> pool.statistics().lent()))));
    }
  }

  @Test
  void callBlocking_lendsOnce_whenItIsNested() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 5)).start()) {
      int lent = Testing.get(pool.submit(() ->
          pool.callBlocking(() -> pool.callBlocking(() -> pool.statistics().lent()) * 10
              + pool.statistics().lent())));
      assertEquals(11, lent, "the outer one keeps its loan when the inner one is over");
    }
  }

  @Test
  void callBlocking_throwsWhatTheCallThrows_andGivesTheLoanBack() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 1)).start()) {
      var thrown = new IOException("as it is");
      var task = pool.submit(() -> {
        var told = assertThrows(
            IOException.class,
            () -> pool.callBlocking(() -> {
              throw thrown;
            }));
        assertSame(thrown, told);
        return pool.statistics().lent();
      });
      assertEquals(0, Testing.get(task));
    }
  }

  @Test
  void callBlocking_refusesNull() {
    try (ThreadPool pool = ThreadPools.builder(config(1, 1)).start()) {
      assertEquals(
          "call",
          assertThrows(NullPointerException.class, () -> pool.callBlocking(null))
              .getMessage());
      assertEquals(
          "call",
          assertThrows(NullPointerException.class, () -> pool.runBlocking(null)).getMessage());
    }
  }

  @Test
  void stop_ends_whenWorkersWereLent() throws Exception {
    ThreadPool pool = ThreadPools.builder(config(1, 1)).start();
    var open = new CountDownLatch(1);
    var blocked = pool.submit(() -> pool.callBlocking(() -> {
      Held.await(open);
      return 1;
    }));
    Testing.get(pool.submit(() -> {}));
    pool.shutdown();
    open.countDown();

    assertEquals(1, Testing.get(blocked));
    assertEquals(2, Testing.stopped(pool).completed());
    assertFalse(pool.statistics().toString().contains("lent"));
  }

  @Test
  void runBlocking_runsTheCall_andGivesTheLoanBack() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 1)).start()) {
      var lent = new ArrayList<Integer>();
      Testing.get(pool.submit(() -> {
        pool.runBlocking(() -> lent.add(pool.statistics().lent()));
        lent.add(pool.statistics().lent());
      }));
      assertEquals(List.of(1, 0), lent);
    }
  }

  @Test
  void runBlocking_justRuns_onAThreadOfSomebodyElse_orWhenNoneMayBeLent() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(config(1, 0)).start()) {
      var runners = new ArrayList<Thread>();
      pool.runBlocking(() -> runners.add(Thread.currentThread()));
      Thread worker = Testing.get(pool.submit(() -> {
        pool.runBlocking(() -> runners.add(Thread.currentThread()));
        return Thread.currentThread();
      }));
      assertEquals(List.of(Thread.currentThread(), worker), runners);
      assertEquals(0, pool.statistics().lent());
    }
  }

  @Test
  void runBlocking_makesRoom_forASubmitterThatWaitsForIt() throws Exception {
    var config = config(1, 1).toBuilder()
        .backlogLimit(0)
        .whenFull(Overflow.block(Duration.ofDays(1)))
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      var begun = new CountDownLatch(1);
      var block = new CountDownLatch(1);
      var open = new CountDownLatch(1);
      var blocked = pool.submit(() -> {
        begun.countDown();
        Held.await(block);
        pool.runBlocking(() -> Held.await(open));
      });
      Held.await(begun);
      var submitter = new Thread[1];
      CompletableFuture<Void> second = Testing.inThread(submitter, () -> {
        pool.execute(open::countDown);
        return null;
      });
      Testing.awaitBlocked(submitter[0]);

      block.countDown();

      Testing.get(second);
      Testing.get(blocked);
    }
  }
}
