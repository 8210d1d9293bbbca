package dev.bobbin.core;

import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.inThread;
import static dev.bobbin.core.Testing.pool;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Submission, threads and statistics on real threads: sections 1.1, 1.3, 1.7 and 1.8 of the reference. */
class PoolSubmissionTest {
  @Test
  void c1_c2_nothingIsMade_whenAPoolIsBuilt() {
    try (ThreadPool pool = pool(5, 20).build()) {
      PoolStatistics numbers = pool.statistics();
      assertEquals(0, numbers.workers() + numbers.accepted() + numbers.backlog());
      assertEquals("p", pool.name());
    }
  }

  @Test
  void c5_equalSizesAreLegal_whenAPoolIsBuilt() {
    try (ThreadPool pool = pool(2, 2).start()) {
      assertEquals(2, pool.statistics().workers());
    }
  }

  @Test
  void c5_taskWaitsAndOneWarningSaysSo_whenTheMaximumIsZero() throws Exception {
    try (var logs = new CapturedLogs();
        ThreadPool pool = pool(0, 0).start()) {
      CompletableFuture<String> future = pool.submit(() -> "done");
      pool.start();
      assertEquals(1, pool.statistics().backlog());
      assertEquals(
          List.of(
              "WARNING Pool 'p' has a maximum of 0 workers: its tasks wait until the maximum is raised."),
          logs.lines());

      pool.adjustPoolSize(0, 1);

      assertEquals("done", get(future));
    }
  }

  @Test
  void w1_callInThread_runsTheWorkOnAWorker_asExecuteDoes() throws Exception {
    var ran = new CompletableFuture<Thread>();
    try (ThreadPool pool = pool(0, 1).start()) {
      pool.callInThread(() -> ran.complete(Thread.currentThread()));

      assertSame(get(pool.submit(Thread::currentThread)), get(ran));
    }
  }

  /** What a subclass of AbstractExecutorService promises its own kind. */
  @Test
  void w1_newTaskFor_makesAFutureThatThePoolRuns_withTheGivenValue() throws Exception {
    var ran = new AtomicInteger();
    try (ThreadPool pool = pool(0, 1).start()) {
      RunnableFuture<String> task =
          ((Submissions) pool).newTaskFor((Runnable) ran::incrementAndGet, "given");
      assertEquals(0, ran.get());

      pool.execute(task);

      assertEquals("given", get(task));
      assertEquals(1, ran.get());
    }
  }

  @Test
  void w5_w6_submitterNeitherRunsNorAwaitsTheWork_whenAllWorkersAreBusy() throws Exception {
    try (ThreadPool pool = pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Thread> runner = pool.submit(Thread::currentThread); // returns at once
      assertEquals(1, pool.statistics().backlog());
      held.release();

      assertNotSame(Thread.currentThread(), get(runner));
    }
  }

  @Test
  void w7_tasksRunInTheOrderOfTheirSubmission_whenThereIsOneWorker() {
    var order = Collections.synchronizedList(new ArrayList<Integer>());
    try (ThreadPool pool = pool(1, 1).start()) {
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        pool.execute(() -> order.add(number));
      }
      stopped(pool);
    }
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), order);
  }

  @Test
  void w9_allTasksRun_whenEightThreadsSubmit() throws Exception {
    var ran = new AtomicInteger();
    try (ThreadPool pool = pool(1, 4).start()) {
      var submitters = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < 8; i++) {
        submitters.add(inThread(() -> {
          for (int task = 0; task < 2_000; task++) {
            pool.execute(ran::incrementAndGet);
          }
          return null;
        }));
      }
      for (CompletableFuture<Void> submitter : submitters) {
        get(submitter);
      }
      assertEquals(16_000, stopped(pool).completed());
    }
    assertEquals(16_000, ran.get());
  }

  @Test
  void w10_secondWorkerRunsTheInnerTask_whenATaskSubmitsAndWaits() throws Exception {
    try (ThreadPool pool = pool(0, 2).start()) {
      CompletableFuture<Thread> inner = new CompletableFuture<>();
      Thread outer = get(pool.submit(() -> {
        inner.complete(get(pool.submit(Thread::currentThread)));
        return Thread.currentThread();
      }));

      assertNotSame(outer, get(inner));
      assertEquals(2, pool.statistics().workers());
    }
  }

  @Test
  void n1_n2_threadsAreNamedAfterTheirPoolAndNumberedFromZero() throws Exception {
    try (ThreadPool pool = pool(1, 1).start()) {
      assertEquals(
          "PoolThread-p-0", get(pool.submit(() -> Thread.currentThread().getName())));
    }
  }

  @Test
  void n4_nameOfAPool_staysWhatItWas_whenItsConfigurationIsChangedInACopy() throws Exception {
    var config = Testing.config(1, 1);
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      config.toBuilder().maxWorkers(9).build();

      assertEquals("p", pool.name());
      assertEquals(
          "PoolThread-p-0", get(pool.submit(() -> Thread.currentThread().getName())));
    }
  }

  @Test
  void n6_ownFactoryMakesTheThreads_whenThereIsOne() throws Exception {
    try (ThreadPool pool = pool(0, 1)
        .threadFactory((ThreadFactory) body -> new Thread(body, "my own"))
        .start()) {
      assertEquals("my own", get(pool.submit(() -> Thread.currentThread().getName())));
    }
  }

  @Test
  void e5_taskIsOffTheBooksAndItsWorkerCompletesTheFuture_whenItEnds() throws Exception {
    try (ThreadPool pool = pool(1, 1).start();
        var held = new Held()) {
      var running = new CompletableFuture<Long>();
      var completer = new CompletableFuture<Thread>();
      CompletableFuture<Thread> future = pool.submit(() -> {
        held.run();
        return Thread.currentThread();
      });
      held.awaitBegun();
      future.whenComplete((thread, failure) -> {
        running.complete(pool.statistics().running());
        completer.complete(Thread.currentThread());
      });
      held.release();

      Thread ran = get(completer); // before the future: who waits for that may help with its stages
      assertSame(get(future), ran);
      assertEquals(0, get(running));
    }
  }

  @Test
  void st2_numbersBalanceToTheLastTask_whenNothingIsInFlight() throws Exception {
    try (ThreadPool pool = pool(0, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<String> waiting = pool.submit(() -> "never");
      pool.execute(() -> {});
      assertTrue(waiting.cancel(false));

      PoolStatistics numbers = pool.statistics();

      assertEquals(
          List.of(3L, 1L, 1L, 1L),
          List.of(numbers.accepted(), numbers.running(), numbers.backlog(), numbers.cancelled()));
      assertEquals(List.of(1, 1, 0), List.of(numbers.workers(), numbers.busy(), numbers.idle()));
    }
  }

  @Test
  void st3_dumpStats_logsTheNumbersAndWhatEachWorkerDoes() {
    try (var logs = new CapturedLogs();
        ThreadPool pool = pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();

      pool.dumpStats();

      assertEquals(
          List.of(
              "INFO Pool 'p': " + pool.statistics(),
              "INFO Pool 'p': PoolThread-p-0 runs held work"),
          logs.lines());
    }
  }
}
