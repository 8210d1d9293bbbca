package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Promise 6, faults 9, 11 and 23: what a task does to its worker is gone before the next task. */
class WorkerRestoredTest {
  /** What a task can see and change of its worker's thread. */
  private record Look(
      String name, int priority, ClassLoader loader, UncaughtExceptionHandler handler) {
    static Look now() {
      Thread thread = Thread.currentThread();
      return new Look(
          thread.getName(),
          thread.getPriority(),
          thread.getContextClassLoader(),
          thread.getUncaughtExceptionHandler());
    }
  }

  private static void change() {
    Thread thread = Thread.currentThread();
    thread.setName("changed");
    thread.setPriority(Thread.MAX_PRIORITY);
    thread.setContextClassLoader(new ClassLoader() {});
    thread.setUncaughtExceptionHandler((failed, thrown) -> {});
  }

  @Test
  void fault11_nextTask_seesTheWorkerAsItWas_whateverFormTheTaskHad() throws Exception {
    try (ThreadPool pool =
        Testing.pool(1, 1).failureReporter(new RecordingReporter()).start()) {
      Look before = Testing.get(pool.submit(Look::now));
      List<Runnable> ways = List.of(
          () -> pool.execute(WorkerRestoredTest::change),
          () -> pool.submit(WorkerRestoredTest::change),
          () -> pool.callInThreadWithCallback(outcome -> change(), () -> "value"),
          () -> pool.submit(() -> {}).thenRun(WorkerRestoredTest::change),
          () -> pool.execute(() -> {
            change();
            throw new IllegalStateException("on purpose");
          }));
      for (Runnable way : ways) {
        way.run();
        assertEquals(before, Testing.get(pool.submit(Look::now)));
      }
    }
  }

  @Test
  void fault11_nextTask_seesTheWorkerAsItsFactoryMadeIt() throws Exception {
    UncaughtExceptionHandler handler = (failed, thrown) -> {};
    var loader = new ClassLoader() {};
    try (ThreadPool pool = Testing.pool(1, 1)
        .threadFactory(body -> {
          var thread = new Thread(body, "mine");
          thread.setPriority(3);
          thread.setContextClassLoader(loader);
          thread.setUncaughtExceptionHandler(handler);
          return thread;
        })
        .start()) {
      pool.execute(WorkerRestoredTest::change);
      assertEquals(new Look("mine", 3, loader, handler), Testing.get(pool.submit(Look::now)));
    }
  }

  /** A real one, though not of the whole heap: more than any heap is asked for at once. */
  @Test
  void fault9_workerLives_whenATaskAsksForMoreMemoryThanThereIs() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).start()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      for (int i = 0; i < 10; i++) {
        pool.execute(() -> assertNotNull(new long[Integer.MAX_VALUE - 8][1]));
      }
      assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(10, reporter.reports().size());
      assertTrue(reporter.throwables().stream().allMatch(OutOfMemoryError.class::isInstance));
      assertEquals(10, Testing.stopped(pool).failed());
    }
  }

  @Test
  void fault23_otherWorkProceeds_whenATaskSubmitsItselfForEver() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var rounds = new AtomicInteger();
      Runnable[] again = new Runnable[1];
      again[0] = () -> {
        rounds.incrementAndGet();
        Testing.isAccepted(() -> pool.execute(again[0]));
      };
      pool.execute(again[0]);
      var others = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 1_000; i++) {
        others.add(pool.submit((Callable<Integer>) rounds::get));
      }
      for (CompletableFuture<Integer> other : others) {
        Testing.get(other);
      }
      assertTrue(rounds.get() > 0);
      pool.stop(); // ends: what submits itself is refused now
      Testing.assertBalanced(pool.statistics());
    }
  }

  @Test
  void aMillionTasks_waitAndRun() {
    try (ThreadPool pool = Testing.pool(1, 2).build()) {
      var ran = new AtomicInteger();
      Runnable task = ran::incrementAndGet;
      for (int i = 0; i < 1_000_000; i++) {
        pool.execute(task);
      }
      assertEquals(1_000_000, pool.statistics().backlog());
      pool.start();
      assertEquals(1_000_000, Testing.stopped(pool).completed());
      assertEquals(1_000_000, ran.get());
    }
  }
}
