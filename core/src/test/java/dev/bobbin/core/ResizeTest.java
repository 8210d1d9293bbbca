package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.core.HookedBacklog.Point;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sizes that change under load, as probes of other pools have shown that they do not there. */
class ResizeTest {
  private static void submit(ThreadPool pool, int tasks, Runnable task) {
    for (int i = 0; i < tasks; i++) {
      pool.execute(task);
    }
  }

  /** P2: a raised maximum starts workers for the backlog that is there, the minimum left alone. */
  @Test
  void p2_raisedMaximum_helpsTheBacklogAtOnce() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        Held held = new Held(5)) {
      submit(pool, 9, held);

      pool.adjustPoolSize(1, 5);

      held.awaitBegun(); // five at once, and nothing was submitted meanwhile
      assertEquals(5, pool.statistics().running());
      assertEquals(4, pool.statistics().backlog());
    }
  }

  /** P7: eight queued tasks on two workers; the maximum is raised to eight. */
  @Test
  void p7_raisedMaximum_startsAsManyAsWait() {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        Held held = new Held(8)) {
      submit(pool, 10, held);

      pool.adjustPoolSize(sizes -> sizes.withMaxWorkers(8));

      held.awaitBegun();
      assertEquals(8, pool.statistics().workers());
      assertEquals(2, pool.statistics().backlog());
    }
  }

  /** P14: a raised minimum and maximum, with idle workers beside none. */
  @Test
  void p14_raisedSizes_areThereWithoutAnotherSubmission() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        Held held = new Held(4)) {
      submit(pool, 4, held);

      var inForce = pool.adjustPoolSize(4, 6).toCompletableFuture();

      held.awaitBegun();
      assertEquals(new PoolSizes(4, 6), Testing.get(inForce));
      assertEquals(4, pool.statistics().workers(), "the minimum, and no more than tasks");
    }
  }

  /** P28: raised step by step, each step helps the backlog at once. */
  @Test
  void p28_eachRaise_helpsTheBacklogAtOnce() {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var begun = new Semaphore(0);
      var release = new CountDownLatch(1);
      submit(pool, 6, () -> {
        begun.release();
        Held.await(release);
      });
      begun.acquireUninterruptibly();

      for (int max = 2; max <= 4; max++) {
        pool.adjustPoolSize(1, max);
        begun.acquireUninterruptibly();
        assertEquals(max, pool.statistics().workers());
      }
      release.countDown();
    }
  }

  /** P3: eight busy workers, a backlog, and a maximum lowered to two. */
  @Test
  void p3_loweredMaximum_takesEffectUnderLoad() throws Exception {
    try (ThreadPool pool = Testing.pool(8, 8).start();
        Held held = new Held(8)) {
      submit(pool, 8, held);
      held.awaitBegun();
      var running = new AtomicInteger();
      var most = new AtomicInteger();
      var inForce = new CompletableFuture<PoolSizes>();
      var afterwards = new AtomicInteger();
      submit(pool, 100, () -> {
        if (inForce.isDone()) {
          afterwards.incrementAndGet();
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          Thread.yield();
          running.decrementAndGet();
        } else { // keeps the backlog until the change is in force
          inForce.join();
        }
      });

      pool.adjustPoolSize(2, 2).thenAccept(inForce::complete);
      assertEquals(8, pool.statistics().workers(), "none is interrupted");
      held.release();
      Testing.get(inForce);

      assertEquals(2, pool.statistics().workers());
      Testing.eventually("all run", () -> pool.statistics().completed() == 108);
      assertTrue(afterwards.get() > 0);
      assertTrue(most.get() <= 2, () -> most + " ran at once");
    }
  }

  /** P8: workers that are busy all the time leave between two tasks. */
  @Test
  void p8_busyWorkers_leaveBetweenTasks_whenTheMaximumIsLowered() throws Exception {
    try (ThreadPool pool = Testing.pool(8, 8).start();
        Held held = new Held(8)) {
      submit(pool, 8, held);
      held.awaitBegun();
      var threads = new HashSet<Thread>();
      submit(pool, 50, () -> {
        synchronized (threads) {
          threads.add(Thread.currentThread());
        }
      });

      var inForce = pool.adjustPoolSize(1, 1).toCompletableFuture();
      held.release();

      Testing.get(inForce);
      Testing.eventually("all run", () -> pool.statistics().completed() == 58);
      assertEquals(1, threads.size(), "who was too many took none of the fifty");
    }
  }

  /** Done-when 1: a worker above the target takes at most one more task once the call has returned. */
  @Test
  void workerAboveTheTarget_takesOneTaskMore_whenItWasAboutToAsTheCallReturned() {
    SteppedTeam stepped = SteppedTeam.withIdle(2, 2);
    HandTask first = stepped.submit("first");
    HandTask second = stepped.submit("second");
    HandTask third = stepped.submit("third");
    Worker about = stepped.ready().get(0);
    stepped.at(Point.AFTER_POLL_OF_A_TASK, () -> stepped.resize(0, 0));

    assertTrue(stepped.step(about));
    assertEquals(1, first.runs());
    assertFalse(stepped.step(about));
    stepped.runAll();

    assertEquals(List.of(0, 0), List.of(second.runs(), third.runs()));
    assertEquals(0, stepped.alive().size());
  }

  @Test
  void g10_stopAWorker_answersFalse_whenThereIsNoneAboveTheMinimum() {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      assertFalse(pool.stopAWorker());
      assertTrue(pool.startAWorker());
      assertTrue(pool.stopAWorker());
      assertFalse(pool.stopAWorker());
    }
  }
}
