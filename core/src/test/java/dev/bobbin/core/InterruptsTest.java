package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Fault 10: interrupts that nobody meant for a task are never seen by one, and lose no worker. */
class InterruptsTest {
  private static boolean seesInterrupt() {
    return Thread.currentThread().isInterrupted();
  }

  @Test
  void nextTask_seesNoInterrupt_whenATaskLeavesItsWorkerInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      List<CompletableFuture<Boolean>> after = new ArrayList<>();
      pool.execute(held);
      for (int i = 0; i < 100; i++) {
        pool.execute(() -> Thread.currentThread().interrupt());
        after.add(pool.submit(InterruptsTest::seesInterrupt));
        pool.submit(() -> Thread.currentThread().interrupt());
        after.add(pool.submit(InterruptsTest::seesInterrupt));
        pool.callInThreadWithCallback(outcome -> Thread.currentThread().interrupt(), () -> "value");
        after.add(pool.submit(InterruptsTest::seesInterrupt));
      }
      held.release();
      for (CompletableFuture<Boolean> seen : after) {
        assertFalse(Testing.get(seen));
      }
    }
  }

  @Test
  void nextTask_seesNoInterrupt_whenAStrayOneHitsAnIdleWorker() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      for (int i = 0; i < 20_000; i++) {
        worker.interrupt(); // idle, about to be, or on its way: no task is running
        assertFalse(Testing.get(pool.submit(InterruptsTest::seesInterrupt)));
      }
      assertEquals(1, pool.statistics().workers());
      assertEquals(worker, Testing.get(pool.submit(Thread::currentThread)));
    }
  }

  @Test
  void noWorkerIsLost_whenStrayInterruptsAndUnparksHitThemAll() throws Exception {
    try (ThreadPool pool = Testing.pool(3, 3).start();
        var held = new Held(3)) {
      var threads = new ArrayList<CompletableFuture<Thread>>();
      for (int i = 0; i < 3; i++) {
        threads.add(pool.submit(() -> {
          held.run();
          return Thread.currentThread();
        }));
      }
      held.awaitBegun();
      held.release();
      var workers = new ArrayList<Thread>();
      for (CompletableFuture<Thread> thread : threads) {
        workers.add(Testing.get(thread));
      }
      var over = new AtomicBoolean();
      CompletableFuture<Object> hail = Testing.inThread(() -> {
        while (!over.get()) {
          for (Thread worker : workers) {
            worker.interrupt();
            LockSupport.unpark(worker);
          }
        }
        return null;
      });
      for (int i = 0; i < 2_000; i++) {
        Testing.get(pool.submit(() -> {}));
      }
      over.set(true);
      Testing.get(hail);
      try (var all = new Held(3)) { // all three still serve
        for (int i = 0; i < 3; i++) {
          pool.execute(all::runThroughInterrupts);
        }
        all.awaitBegun();
      }
      assertEquals(3, pool.statistics().workers());
    }
  }

  /** The first task of a new thread, too, begins clean. */
  @Test
  void firstTask_seesNoInterrupt_whenTheFactoryInterruptsTheThread() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1)
        .threadFactory(body -> new Thread(() -> {
          Thread.currentThread().interrupt();
          body.run();
        }))
        .start()) {
      assertFalse(Testing.get(pool.submit(InterruptsTest::seesInterrupt)));
    }
  }

  @Test
  void submit_andGet_leaveTheCallersInterruptAlone() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 2).start()) {
      boolean kept = Testing.get(Testing.inThread(() -> {
        Thread.currentThread().interrupt();
        pool.execute(() -> {});
        CompletableFuture<Integer> future = pool.submit(() -> 1);
        pool.adjustPoolSize(1, 2);
        pool.startAWorker();
        pool.statistics();
        Testing.eventually("it is done", future::isDone);
        return Thread.currentThread().isInterrupted();
      }));
      assertEquals(true, kept);
    }
  }

  @Test
  void cancel_throwsAndFreesTheWorker_whenItsThreadThrowsAtAnInterrupt() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).threadFactory(Uninterruptible::new).start();
        var held = new Held()) {
      CompletableFuture<?> future = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      assertThrows(IllegalStateException.class, () -> future.cancel(true));
      assertTrue(future.isCancelled());
      held.release();
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(1, pool.statistics().cancelled());
    }
  }

  @Test
  void stop_discardsWhatWaits_whenAWorkersThreadThrowsAtAnInterrupt() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1)
            .threadFactory(Uninterruptible::new)
            .failureReporter(reporter)
            .start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      assertEquals(1, pool.stop(Duration.ZERO).discarded().size());
      assertThrows(ExecutionException.class, () -> Testing.get(waiting));
      assertInstanceOf(IllegalStateException.class, reporter.throwables().get(0));
      held.release();
      Testing.stopped(pool);
    }
  }

  /** A thread of a user's class that cannot be interrupted. */
  private static final class Uninterruptible extends Thread {
    Uninterruptible(Runnable body) {
      super(body);
    }

    @Override
    public void interrupt() {
      throw new IllegalStateException("not me");
    }
  }
}
