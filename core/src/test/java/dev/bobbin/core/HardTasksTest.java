package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Faults 7, 10, 12, 17 and 20, as far as no other test has them. */
class HardTasksTest {
  private static List<Throwable> everyKind() {
    return List.of(
        new IllegalStateException("on purpose"),
        new Exception("checked"),
        new InterruptedException("thrown by hand"),
        new AssertionError("on purpose"),
        new NoClassDefFoundError("on/purpose"),
        new StackOverflowError(),
        new OutOfMemoryError("on purpose"),
        threadDeath(),
        new Throwable("of no kind"));
  }

  /** Some JDKs warn of the class at compile time, and one day it will be gone. */
  private static Throwable threadDeath() {
    try {
      return (Throwable)
          Class.forName("java.lang.ThreadDeath").getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException gone) {
      return new Error("in place of a ThreadDeath");
    }
  }

  /** Each kind of throwable, out of each form of task: a failure, told once, and the same worker. */
  @Test
  void fault07_outcomeIsAFailureAndTheWorkerLives_whateverIsThrownInWhateverForm()
      throws Exception {
    var reporter = new RecordingReporter();
    Set<Thread> made = ConcurrentHashMap.newKeySet();
    try (ThreadPool pool = Testing.pool(1, 1)
        .failureReporter(reporter)
        .threadFactory(body -> {
          var thread = new Thread(body);
          made.add(thread);
          return thread;
        })
        .start()) {
      for (Throwable thrown : everyKind()) {
        Runnable work = () -> {
          throw Testing.<RuntimeException>sneaky(thrown);
        };
        var told = new CompletableFuture<Throwable>();
        CompletableFuture<?> future = pool.submit(work);
        pool.callInThreadWithCallback(
            outcome -> outcome.fold(value -> false, failure -> told.complete(failure.cause())),
            () -> {
              work.run();
              return 1;
            });
        pool.execute(work);
        assertEquals(thrown, Testing.get(told));
        assertEquals(thrown, Testing.get(future.handle((value, failure) -> failure)));
      }
      int kinds = everyKind().size();
      assertEquals(3 * kinds, Testing.stopped(pool).failed());
      assertEquals(kinds, reporter.reports().size());
      assertEquals(1, made.size());
    }
  }

  /** An interrupt that hits an idle worker is gone when it waits again: it does not spin. */
  @Test
  void fault10_idleWorkerWaitsAgainWithoutTheFlag_whenAStrayInterruptOrUnparkHitsIt()
      throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      for (int i = 0; i < 100; i++) {
        Testing.eventually("it is idle", () -> worker.getState() == Thread.State.WAITING);
        worker.interrupt();
        LockSupport.unpark(worker);
        Testing.eventually(
            "it waits again",
            () -> !worker.isInterrupted() && worker.getState() == Thread.State.WAITING);
      }
      assertEquals(1, pool.statistics().idle());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  /** A task that holds every lock that it can get at, and never ends; the report needs none of them. */
  @Test
  void fault12_stopReturnsAtItsDeadlineAndNamesTheTask_whenItHoldsLocksForEver() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(Testing.config(1, 1).toBuilder()
                .timing(ThreadPoolConfig.Timing.ON)
                .build())
            .start();
        var held = new Held()) {
      pool.execute(new Runnable() {
        @Override
        public void run() {
          synchronized (pool) {
            synchronized (Thread.currentThread()) {
              held.runThroughInterrupts();
            }
          }
        }

        @Override
        public String toString() {
          return "greedy";
        }
      });
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      StopReport report = Testing.get(Testing.inThread(() -> pool.stop(Duration.ofMillis(1))));
      assertFalse(report.stopped());
      assertEquals(1, report.running().size());
      assertEquals("PoolThread-p-0", report.running().get(0).worker());
      assertEquals("greedy", report.running().get(0).task());
      assertTrue(report.running().get(0).age().toNanos() > 0, report::toString);
      assertTrue(waiting.isCompletedExceptionally());
      held.release();
      Testing.stopped(pool);
    }
  }

  @Test
  void fault17_boundIsExactAndEachRefusedCallerIsTold_whenManySubmitAtOnce() throws Exception {
    var config = Testing.config(2, 2).toBuilder().backlogLimit(7).build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held(2)) {
      pool.execute(held);
      pool.execute(held);
      held.awaitBegun();
      var go = new CountDownLatch(1);
      var accepted = new AtomicInteger();
      var callers = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < 6; i++) {
        callers.add(Testing.inThread(() -> {
          Held.await(go);
          for (int task = 0; task < 20; task++) {
            try {
              pool.execute(() -> {});
              accepted.incrementAndGet();
            } catch (TaskRejectedException refused) {
              assertEquals(RejectionReason.BACKLOG_FULL, refused.reason());
              assertTrue(
                  refused.getMessage().startsWith("Pool 'p' refused a task: its backlog is full."));
            }
          }
          return null;
        }));
      }
      go.countDown();
      for (CompletableFuture<Void> caller : callers) {
        Testing.get(caller);
      }
      assertEquals(7, accepted.get());
      assertEquals(7, pool.statistics().backlog());
      assertEquals(113, pool.statistics().refused());
      held.release();
      assertEquals(9, Testing.stopped(pool).completed());
    }
  }

  /** To nobody and back, again and again, with tasks that wait: each is run, whoever was just leaving. */
  @Test
  void fault20_nothingIsStranded_whenThePoolIsResizedToNobodyAndBack() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      var ran = new AtomicInteger();
      for (int round = 1; round <= 2_000; round++) {
        pool.adjustPoolSize(0, 0);
        CompletableFuture<Integer> first = pool.submit(ran::incrementAndGet);
        CompletableFuture<Integer> second = pool.submit(ran::incrementAndGet);
        pool.adjustPoolSize(round % 2, 1 + round % 2);
        Testing.get(first);
        Testing.get(second);
        assertEquals(2 * round, ran.get());
      }
      assertEquals(4_000, Testing.stopped(pool).completed());
    }
  }

  @Test
  void fault20_tasksWaitAndThenRun_whileTheMaximumIsZero() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Integer> waiting = pool.submit(() -> 1);
      CompletableFuture<?> inForce = pool.adjustPoolSize(0, 0).toCompletableFuture();
      held.release();
      Testing.get(inForce);
      assertEquals(0, pool.statistics().workers());
      assertEquals(1, pool.statistics().backlog());
      assertFalse(waiting.isDone());
      pool.adjustPoolSize(0, 1);
      assertInstanceOf(Integer.class, Testing.get(waiting));
    }
  }
}
