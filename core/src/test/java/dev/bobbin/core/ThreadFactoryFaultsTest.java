package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.core.FaultyFactory.Fault;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.FailureReporter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Decision 12: a thread that cannot be made, in all its ways and at every place. */
class ThreadFactoryFaultsTest {
  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = Mode.EXCLUDE)
  void w12_execute_isRefusedAndThePoolAsBefore_whenNobodyLives(Fault fault) throws Exception {
    var factory = new FaultyFactory(fault);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(0, 2).failureReporter(reporter).start()) {
      var ran = new AtomicInteger();
      var refused =
          assertThrows(TaskRejectedException.class, () -> pool.execute(ran::incrementAndGet));
      assertEquals(RejectionReason.NO_THREAD, refused.reason());
      assertEquals(
          "Pool 'p' refused a task: no thread could be made for a worker. Mend the thread factory,"
              + " see the cause; the next task tries it again. [RUNNING, workers 0 (busy 0, idle 0)"
              + " of 0 to 2, backlog 0, running 0, accepted 0, completed 0, failed 0, cancelled 0,"
              + " discarded 0, refused 1]",
          refused.getMessage());
      var cause = assertInstanceOf(ThreadCreationException.class, refused.getCause());
      assertEquals(fault.textFor("PoolThread-p-0"), cause.getMessage());
      if (fault == Fault.EXCEPTION || fault == Fault.ERROR || fault == Fault.NO_NATIVE_THREAD) {
        assertNotNull(cause.getCause());
      } else {
        assertNull(cause.getCause());
      }
      assertEquals(List.of(), reporter.reports()); // the submitter has been told
      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(1, factory.asked());

      factory.set(Fault.NONE); // it recovers, and so does the pool
      assertEquals(1, Testing.get(pool.submit(ran::incrementAndGet)));
      assertEquals(1, Testing.stopped(pool).accepted());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = Mode.EXCLUDE)
  void w12_execute_keepsTheTaskAndReports_whenAWorkerLives(Fault fault) throws Exception {
    var factory = new FaultyFactory(fault, 1);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(0, 2).failureReporter(reporter).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Thread> waiting = pool.submit(Thread::currentThread);
      assertEquals(1, reporter.reports().size());
      var report = reporter.reports().get(0);
      assertEquals(Kind.THREAD, report.kind());
      assertEquals("a worker's thread could not be made", report.subject());
      assertEquals(fault.textFor("PoolThread-p-1"), report.throwable().getMessage());
      assertEquals(1, pool.statistics().workers());
      assertEquals(1, pool.statistics().backlog());
      assertEquals(2, pool.statistics().accepted());
      assertEquals(0, pool.statistics().refused());
      held.release();
      assertEquals(held.runner(), Testing.get(waiting)); // the one that lives came by
      assertEquals(2, Testing.stopped(pool).completed());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = Mode.EXCLUDE)
  void w12_nextTask_triesAgain_whenAWorkerLivesAndTheFactoryRecovers(Fault fault) throws Exception {
    var factory = new FaultyFactory(fault, 1);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(0, 3).failureReporter(reporter).start();
        var held = new Held(3)) {
      pool.execute(held);
      Testing.eventually("it runs", () -> pool.statistics().running() == 1);
      pool.execute(held);
      assertEquals(1, pool.statistics().backlog());
      factory.set(Fault.NONE);
      pool.execute(held); // two wait, so in the end two threads come
      held.awaitBegun();
      assertEquals(3, pool.statistics().workers());
      assertEquals(0, pool.statistics().backlog());
      held.release();
      assertEquals(3, Testing.stopped(pool).completed());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = Mode.EXCLUDE)
  void l17_start_throwsAndThePoolIsAsBefore_whenNotOneThreadCanBeMade(Fault fault)
      throws Exception {
    var factory = new FaultyFactory(fault);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(2, 4).failureReporter(reporter).build()) {
      var ran = new AtomicInteger();
      CompletableFuture<Integer> early = pool.submit(ran::incrementAndGet);
      String before = pool.toString();
      var thrown = assertThrows(ThreadCreationException.class, pool::start);
      assertEquals(fault.textFor("PoolThread-p-0"), thrown.getMessage());
      assertEquals(before, pool.toString());
      assertEquals(PoolState.NEW, pool.state());
      assertEquals(List.of(), reporter.reports());
      factory.set(Fault.NONE);
      pool.start();
      assertEquals(1, Testing.get(early));
      assertEquals(2, pool.statistics().workers());
    }
  }

  @Test
  void l17_start_goesOnAndReports_whenSomeThreadsCannotBeMade() throws Exception {
    var factory = new FaultyFactory(Fault.NULL, 2);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(4, 6).failureReporter(reporter).start()) {
      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(2, pool.statistics().workers());
      assertEquals(List.of("a worker's thread could not be made"), reporter.subjects());
      assertEquals(
          Fault.NULL.textFor("PoolThread-p-2"), reporter.throwables().get(0).getMessage());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(1, reporter.reports().size());
    }
  }

  @Test
  void start_makesNobody_whenNobodyIsNeeded() {
    var factory = new FaultyFactory(Fault.NULL);
    try (ThreadPool pool = factory.pool(0, 4).start()) {
      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(0, factory.asked());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = Mode.EXCLUDE)
  void startAWorker_answersFalseAndReports_whenNoThreadCanBeMade(Fault fault) {
    var factory = new FaultyFactory(fault, 1);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(1, 3).failureReporter(reporter).start()) {
      assertFalse(pool.startAWorker());
      assertEquals(1, pool.statistics().workers());
      assertEquals(fault.textFor("PoolThread-p-1"), reporter.throwables().get(0).getMessage());
      factory.set(Fault.NONE);
      assertTrue(pool.startAWorker());
      assertEquals(2, pool.statistics().workers());
    }
  }

  @Test
  void adjustPoolSize_reportsAndGoesOn_whenNoThreadCanBeMade() throws Exception {
    var factory = new FaultyFactory(Fault.EXCEPTION, 1);
    var reporter = new RecordingReporter();
    try (ThreadPool pool = factory.pool(1, 1).failureReporter(reporter).start()) {
      var inForce = pool.adjustPoolSize(3, 3).toCompletableFuture();
      assertEquals(1, reporter.reports().size());
      assertFalse(inForce.isDone()); // the minimum is still missing
      factory.set(Fault.NONE);
      assertTrue(pool.startAWorker());
      assertTrue(pool.startAWorker());
      assertEquals(3, Testing.get(inForce).minWorkers());
      assertEquals(3, pool.statistics().workers());
    }
  }

  /**
   * The tasks that others put in while the very first thread was in the making, trusting it: when it
   * fails, the thread that failed tries once more for them.
   */
  @Test
  void w12_othersTasks_getAnotherAttempt_whenTheFirstThreadFails() throws Exception {
    var making = new Held();
    var asked = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              if (asked.getAndIncrement() == 0) {
                making.run();
                return null;
              }
              return new Thread(body);
            })
            .start();
        making) {
      CompletableFuture<TaskRejectedException> first =
          Testing.inThread(() -> refusalOf(pool, new AtomicInteger()));
      making.awaitBegun();
      CompletableFuture<String> other = pool.submit(() -> "ran");
      assertEquals(1, pool.statistics().backlog());
      making.release();
      assertEquals("ran", Testing.get(other));
      assertNull(Testing.get(first)); // a thread came after all, so this one was taken too
      Testing.stopped(pool);
    }
  }

  @Test
  void w12_othersTasks_areDiscardedWithTheReason_whenTheSecondAttemptFailsToo() throws Exception {
    var making = new Held();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              making.run();
              return null;
            })
            .start();
        making) {
      var refusedRan = new AtomicInteger();
      CompletableFuture<TaskRejectedException> first =
          Testing.inThread(() -> refusalOf(pool, refusedRan));
      making.awaitBegun();
      CompletableFuture<String> other = pool.submit(() -> "ran");
      var told = new CompletableFuture<Throwable>();
      pool.callInThreadWithCallback(
          outcome -> outcome.fold(value -> true, failure -> told.complete(failure.cause())),
          () -> "ran");
      making.release();
      var thrown =
          assertThrows(java.util.concurrent.ExecutionException.class, () -> Testing.get(other));
      assertEquals(
          "Pool 'p' gave up a waiting task without running it:"
              + " no thread could be made for a worker.",
          thrown.getCause().getMessage());
      assertInstanceOf(ThreadCreationException.class, thrown.getCause().getCause());
      assertEquals(thrown.getCause().getMessage(), Testing.get(told).getMessage());
      assertEquals(RejectionReason.NO_THREAD, Testing.get(first).reason());
      assertEquals(0, refusedRan.get());
      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(2, pool.statistics().accepted());
      assertEquals(2, pool.statistics().discarded());
      assertEquals(1, pool.statistics().refused());
      Testing.assertBalanced(pool.statistics());
    }
  }

  /** A task that has neither a future nor a callback: the reporters are told, inside its context. */
  @Test
  void w12_othersPlainTasks_areReported_whenTheyAreDiscarded() throws Exception {
    var making = new Held();
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(0, 1)
            .threadFactory(body -> {
              making.run();
              return null;
            })
            .failureReporter(reporter)
            .start();
        making) {
      CompletableFuture<TaskRejectedException> first =
          Testing.inThread(() -> refusalOf(pool, new AtomicInteger()));
      making.awaitBegun();
      pool.execute(new Held());
      making.release();
      Testing.get(first);
      assertEquals(List.of("held work"), reporter.subjects());
      assertEquals(Kind.TASK, reporter.reports().get(0).kind());
      assertEquals(
          "Pool 'p' gave up a waiting task without running it:"
              + " no thread could be made for a worker.",
          reporter.throwables().get(0).getMessage());
      pool.stop();
      assertEquals(1, reporter.reports().size());
    }
  }

  private static TaskRejectedException refusalOf(ThreadPool pool, AtomicInteger ran) {
    try {
      pool.execute(ran::incrementAndGet);
      return null;
    } catch (TaskRejectedException refused) {
      return refused;
    }
  }

  /** Fault 5. */
  @Test
  void execute_isNotHeldUp_whenTheFactoryTakesItsTimeForAnother() throws Exception {
    var making = new Held();
    var asked = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(1, 2)
            .threadFactory(body -> {
              if (asked.getAndIncrement() == 1) {
                making.run();
              }
              return new Thread(body);
            })
            .start();
        var held = new Held();
        making) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Object> slow = Testing.inThread(() -> {
        pool.execute(() -> {});
        return null;
      });
      making.awaitBegun();
      assertEquals(2, pool.statistics().accepted());
      assertEquals(1, pool.statistics().backlog());
      CompletableFuture<Integer> quick = pool.submit(() -> 1);
      assertEquals(2, pool.statistics().backlog());
      held.release();
      assertEquals(1, Testing.get(quick)); // the living worker served both
      assertFalse(slow.isDone());
      making.release();
      Testing.get(slow);
    }
  }

  /** E3. */
  @Test
  void e3_factoryThatSubmits_isServed_andBothTasksRun() throws Exception {
    var pool = new CompletableFuture<ThreadPool>();
    var order = new ConcurrentLinkedQueue<String>();
    var nested = new AtomicInteger();
    var done = new CountDownLatch(2);
    try (ThreadPool made = Testing.pool(0, 1)
        .threadFactory(body -> {
          if (nested.getAndIncrement() == 0) {
            ThreadPool itself = pool.join();
            itself.statistics();
            itself.execute(() -> {
              order.add("nested");
              done.countDown();
            });
          }
          return new Thread(body);
        })
        .start()) {
      pool.complete(made);
      made.execute(() -> {
        order.add("first");
        done.countDown();
      });
      Held.await(done);
      assertEquals(2, order.size());
      assertEquals(1, made.statistics().workers());
    }
  }

  @Test
  void factoryThatResizes_isServed() throws Exception {
    var pool = new CompletableFuture<ThreadPool>();
    var nested = new AtomicInteger();
    try (ThreadPool made = Testing.pool(0, 1)
        .threadFactory(body -> {
          if (nested.getAndIncrement() == 0) {
            pool.join().adjustPoolSize(2, 3);
          }
          return new Thread(body);
        })
        .start()) {
      pool.complete(made);
      assertEquals(1, Testing.get(made.submit(() -> 1)));
      Testing.eventually("two workers", () -> made.statistics().workers() == 2);
    }
  }

  /** A body counts on the thread that it was made for, and once. */
  @Test
  void body_runsOnce_whenItsThreadRunsItAgain() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1)
        .threadFactory(body -> new Thread(() -> {
          body.run();
          body.run();
        }))
        .start()) {
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(1, pool.statistics().workers());
    }
  }

  @Test
  void bodyRunElsewhere_doesNothing_andThePlaceIsGivenBack() throws Exception {
    var reporter = new RecordingReporter();
    var threads = new ConcurrentLinkedQueue<Thread>();
    try (ThreadPool pool = Testing.pool(1, 1)
        .failureReporter(reporter)
        .threadFactory(body -> {
          if (!threads.isEmpty()) {
            return new Thread(body);
          }
          var wrong = new Thread(() -> {
            var other = new Thread(body);
            other.start();
            try {
              other.join();
            } catch (InterruptedException interrupt) {
              throw new IllegalStateException(interrupt);
            }
          });
          threads.add(wrong);
          return wrong;
        })
        .start()) {
      threads.peek().join();
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(1, pool.statistics().workers());
      assertTrue(
          reporter.throwables().get(0).getMessage().contains("made a thread that ended without"),
          reporter.throwables()::toString);
    }
  }

  @Test
  void stop_ends_whenTheOnlyThreadNeverRanItsBody() {
    try (ThreadPool pool =
        Testing.pool(1, 1).threadFactory(body -> new Thread(() -> {})).start()) {
      CompletableFuture<Integer> waiting = pool.submit(() -> 1);
      var report = pool.stop(java.time.Duration.ofSeconds(1));
      assertTrue(waiting.isDone());
      assertTrue(report.stopped(), report::toString);
      Testing.assertBalanced(pool.statistics());
    }
  }

  /** Fault 4: for a while there are no threads to be had, then there are again. */
  @Test
  void pool_hasItsFullSizeAgain_whenThreadsCanBeMadeAgain() throws Exception {
    var factory = new FaultyFactory(Fault.NO_NATIVE_THREAD, 1);
    try (ThreadPool pool = factory.pool(1, 4).start();
        var first = new Held();
        var rest = new Held(4)) {
      pool.execute(first);
      first.awaitBegun();
      for (int i = 0; i < 10; i++) {
        pool.execute(() -> {});
      }
      assertEquals(1, pool.statistics().workers());
      factory.set(Fault.NONE);
      first.release();
      for (int i = 0; i < 4; i++) {
        pool.execute(rest);
      }
      rest.awaitBegun();
      assertEquals(4, pool.statistics().workers());
      rest.release();
      assertEquals(15, Testing.stopped(pool).completed());
    }
  }

  /** Each report used to call the next one, until the stack was full. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void stop_byAReporterThatIsToldOfAThread_ends(int min) throws Exception {
    var factory = new FaultyFactory(Fault.NULL);
    var stopped = new CompletableFuture<ThreadPool>();
    var reports = new AtomicInteger();
    FailureReporter stopping = new FailureReporter() {
      @Override
      public String name() {
        return "stopping";
      }

      @Override
      public void report(FailureReport report) {
        reports.incrementAndGet();
        stopped.join().stop();
      }
    };
    try (ThreadPool pool = factory.pool(0, 0).failureReporter(stopping).start()) {
      stopped.complete(pool);
      CompletableFuture<?> waiting = pool.submit(() -> {});
      Testing.get(Testing.inThread(() -> pool.adjustPoolSize(min, 1)));
      assertInstanceOf(
          TaskDiscardedException.class,
          assertThrows(ExecutionException.class, () -> Testing.get(waiting)).getCause());
      assertEquals(PoolState.STOPPED, pool.state());
      assertTrue(reports.get() <= 3, () -> reports + " reports"); // of two threads and a future
      Testing.assertBalanced(pool.statistics());
    }
  }

  /** Fault 4: a stop meanwhile ends. */
  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = Mode.EXCLUDE)
  void stop_ends_whenNoThreadsCanBeMadeMeanwhile(Fault fault) {
    var factory = new FaultyFactory(fault, 1);
    try (ThreadPool pool = factory.pool(1, 4).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 10; i++) {
        pool.execute(() -> {});
      }
      pool.shutdown();
      held.release();
      assertEquals(11, Testing.stopped(pool).completed());
    }
  }

  @Test
  void n3_threadNumbers_areNeverUsedAgain_whenThreadsFail() throws Exception {
    var factory = new FaultyFactory(Fault.NULL);
    try (ThreadPool pool = factory.pool(0, 4).start();
        var held = new Held(4)) {
      for (int i = 0; i < 3; i++) {
        assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
      }
      factory.set(Fault.NONE);
      var names = new ArrayList<CompletableFuture<String>>();
      for (int i = 0; i < 4; i++) {
        names.add(pool.submit(() -> {
          held.run();
          return Thread.currentThread().getName();
        }));
      }
      held.awaitBegun();
      held.release();
      var seen = new HashSet<String>();
      for (CompletableFuture<String> name : names) {
        assertTrue(seen.add(Testing.get(name)));
      }
      assertEquals(
          java.util.Set.of("PoolThread-p-3", "PoolThread-p-4", "PoolThread-p-5", "PoolThread-p-6"),
          seen);
    }
  }
}
