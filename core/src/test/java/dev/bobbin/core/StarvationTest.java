package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolStarvedException;
import dev.bobbin.api.Starvation;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers that wait for tasks of their own pool while nobody is free to run these. */
class StarvationTest {
  /** The ways in which a worker waits for a task of its pool. */
  enum Way {
    GET {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) throws Exception {
        return pool.submit(task).get();
      }
    },
    GET_IN_TIME {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) throws Exception {
        return pool.submit(task).get(Held.LONG_SECONDS, TimeUnit.SECONDS);
      }
    },
    JOIN {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) {
        return pool.submit(task).join();
      }
    },
    STAGE {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) {
        return pool.submit(task).thenApply(value -> value + 1).join();
      }
    },
    INVOKE_ALL {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) throws Exception {
        return pool.invokeAll(List.of(task, task)).get(1).get();
      }
    },
    INVOKE_ANY {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) throws Exception {
        return pool.invokeAny(List.of(task, task));
      }
    },
    DELIVERED {
      @Override
      Object await(ThreadPool pool, Callable<Integer> task) throws Exception {
        return pool.deferToThread(Runnable::run, task).get();
      }
    };

    abstract Object await(ThreadPool pool, Callable<Integer> task) throws Exception;
  }

  private static ThreadPool pool(int max, Starvation mode, int maxLent) {
    return ThreadPools.builder(Testing.config(0, max).toBuilder()
            .whenStarving(mode)
            .maxLentWorkers(maxLent)
            .build())
        .start();
  }

  private static List<String> warnings(CapturedLogs logs) {
    return logs.lines().stream()
        .filter(line -> line.startsWith("WARNING Pool 'p'"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void fail_throwsBeforeTheWait(Way way) throws Exception {
    try (ThreadPool pool = pool(1, Starvation.FAIL, 1)) {
      var outer = pool.submit(() -> way.await(pool, () -> 1));

      var thrown =
          assertThrows(ExecutionException.class, () -> Testing.get(outer)).getCause();

      var starved = (PoolStarvedException) thrown;
      assertEquals("p", starved.pool());
      assertTrue(
          starved.getMessage().startsWith("Pool 'p': worker 'PoolThread-p-0', which runs "),
          starved::getMessage);
      assertTrue(starved.getMessage().contains("StarvationTest$Way"), starved::getMessage);
      assertFalse(starved.getMessage().contains("StarvationWatch."), starved::getMessage);
    }
  }

  /** Returns a pool below its maximum, with one worker, which asks this policy before it makes another. */
  private static ThreadPool pool(Starvation mode, HandPolicy policy) {
    return ThreadPools.builder(Testing.config(0, 4).toBuilder()
            .whenStarving(mode)
            .maxLentWorkers(1)
            .build())
        .growthPolicy(policy)
        .start();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void fail_throwsBeforeTheWait_whenTheGrowthPolicyRefusesAnotherWorker(Way way) throws Exception {
    ThreadPool pool = pool(Starvation.FAIL, new HandPolicy().answer(HandPolicy.no()));
    try {
      var outer = pool.submit(() -> way.await(pool, () -> 1));

      var thrown =
          assertThrows(ExecutionException.class, () -> Testing.get(outer)).getCause();
      assertEquals(PoolStarvedException.class, thrown.getClass());
    } finally {
      pool.stop(Duration.ZERO);
    }
  }

  @Test
  void compensate_lendsAWorker_whenTheGrowthPolicyRefusesAnother() throws Exception {
    ThreadPool pool = pool(Starvation.COMPENSATE, new HandPolicy().answer(HandPolicy.no()));
    try {
      assertEquals(7, Testing.get(pool.submit(() -> pool.submit(() -> 7).get())));
      assertEquals(0, pool.statistics().lent());
    } finally {
      pool.stop(Duration.ZERO);
    }
  }

  @Test
  void fail_waits_whenTheGrowthPolicyAllowsAnotherWorkerNowOrLater() throws Exception {
    for (long pause : new long[] {0, 1_000_000}) {
      var policy = new HandPolicy().answerOnce(HandPolicy.later(pause));
      try (ThreadPool pool = pool(Starvation.FAIL, policy)) {
        assertEquals(7, Testing.get(pool.submit(() -> pool.submit(() -> 7).get())));
      }
    }
  }

  /** It says no to the task, and yes when it is asked once more before the wait. */
  @Test
  void fail_waits_whenTheGrowthPolicyIsAskedOnceMore_andAllowsAnotherWorkerThen() throws Exception {
    var policy = new HandPolicy().answerOnce(HandPolicy.no());
    try (ThreadPool pool = pool(Starvation.FAIL, policy)) {
      assertEquals(7, Testing.get(pool.submit(() -> pool.submit(() -> 7).get())));
      assertEquals(2, policy.asked());
    }
  }

  @Test
  void fail_leavesTheTaskAlone() throws Exception {
    try (ThreadPool pool = pool(1, Starvation.FAIL, 1)) {
      CompletableFuture<CompletableFuture<Integer>> outer = pool.submit(() -> {
        CompletableFuture<Integer> inner = pool.submit(() -> 7);
        assertThrows(PoolStarvedException.class, inner::join);
        assertFalse(inner.isDone());
        return inner;
      });

      assertEquals(7, Testing.get(Testing.get(outer)));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void compensate_lendsAWorkerForTheWait(Way way) throws Exception {
    try (CapturedLogs logs = new CapturedLogs();
        ThreadPool pool = pool(1, Starvation.COMPENSATE, 1)) {
      var lent = new CompletableFuture<Integer>();

      Testing.get(pool.submit(() -> way.await(pool, () -> {
        lent.complete(pool.statistics().lent());
        return 1;
      })));

      assertEquals(1, Testing.get(lent));
      assertEquals(0, pool.statistics().lent());
      Testing.eventually("one is left", () -> pool.statistics().workers() == 1);
      assertEquals(List.of(), warnings(logs));
    }
  }

  @Test
  void compensate_goesAsDeepAsTheBoundAllows_andWarnsThen() throws Exception {
    try (CapturedLogs logs = new CapturedLogs();
        ThreadPool pool = pool(1, Starvation.COMPENSATE, 2)) {
      assertEquals(3, Testing.get(pool.submit(() -> nest(pool, 2))));
      assertEquals(List.of(), warnings(logs));

      CompletableFuture<Integer> tooDeep = pool.submit(() -> nest(pool, 3));
      Testing.eventually("the third wait is warned of", () -> warnings(logs).size() == 1);
      pool.adjustPoolSize(0, 2);

      assertEquals(4, Testing.get(tooDeep));
    }
  }

  private static int nest(ThreadPool pool, int deeper) {
    return deeper == 0 ? 1 : 1 + pool.submit(() -> nest(pool, deeper - 1)).join();
  }

  @Test
  void warn_showsWhoWaitsAndWhoKeepsTheTaskFromBeingRun() throws Exception {
    try (CapturedLogs logs = new CapturedLogs();
        ThreadPool pool = pool(2, Starvation.WARN, 0);
        Held held = new Held()) {
      pool.with(TaskOptions.builder().name("in the way").build()).execute(held);
      held.awaitBegun();

      var outer = pool.with(TaskOptions.builder().name("waits").build())
          .submit(() -> pool.with(TaskOptions.builder().name("waited for").build())
              .submit(() -> 5)
              .get());
      Testing.eventually("the wait is warned of", () -> !warnings(logs).isEmpty());
      held.release();

      assertEquals(5, Testing.get(outer));
      String text = warnings(logs).get(0);
      assertTrue(
          text.startsWith(
              "WARNING Pool 'p': worker 'PoolThread-p-1', which runs waits, waits for waited for, which is in the backlog, while no worker is free and none may be made (RUNNING, workers 2 (busy 2, idle 0) of 0 to 2, backlog 1,"),
          text);
      assertTrue(text.contains("\n  worker 'PoolThread-p-1' waits at\n    dev.bobbin"), text);
      assertTrue(
          text.contains("\n  worker 'PoolThread-p-0', which runs in the way, is at\n    "), text);
      assertTrue(text.contains("dev.bobbin.core.Held.run("), text);
    }
  }

  @Test
  void warn_showsTheStackOfWhoRunsTheTask_andOfNobodyElse() throws Exception {
    try (CapturedLogs logs = new CapturedLogs();
        ThreadPool pool = pool(3, Starvation.FAIL, 0);
        Held other = new Held();
        Held held = new Held()) {
      pool.execute(other);
      other.awaitBegun();
      var inner = pool.submit(held);
      held.awaitBegun();

      var outer = pool.submit(() -> inner.get());
      Testing.eventually("the wait is warned of", () -> !warnings(logs).isEmpty());
      held.release();
      Testing.get(outer); // a task that runs is waited for, also where waits may fail

      String text = warnings(logs).get(0);
      assertTrue(text.contains("waits for dev.bobbin.core.Held, which runs, while"), text);
      assertTrue(text.contains("if that one waits for the pool in turn"), text);
      assertTrue(text.contains("worker 'PoolThread-p-1', which runs"), text);
      assertFalse(text.contains("PoolThread-p-0"), text);
    }
  }

  @Test
  void fail_waits_whenAnotherWorkerHasTakenTheTask_andIsAboutToRunIt() throws Exception {
    var installing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var waiter = new CompletableFuture<Thread>();
    ContextPropagator slow = new ContextPropagator() {
      @Override
      public String name() {
        return "slow";
      }

      @Override
      public @Nullable CapturedContext capture() {
        return !Thread.currentThread().getName().startsWith("PoolThread")
            ? null
            : body -> {
              installing.countDown();
              Held.await(goOn);
              body.run();
            };
      }
    };
    var config = Testing.config(0, 2).toBuilder().whenStarving(Starvation.FAIL).build();
    try (ThreadPool pool = ThreadPools.builder(config).contextPropagator(slow).start()) {
      var outer = pool.submit(() -> {
        var inner = pool.submit(() -> 7);
        Held.await(installing);
        waiter.complete(Thread.currentThread());
        return inner.get();
      });
      Testing.awaitBlocked(Testing.get(waiter)); // for its own future or, had it thrown, for work
      goOn.countDown();

      assertEquals(7, Testing.get(outer));
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void warn_isOncePerPlace() throws Exception {
    try (CapturedLogs logs = new CapturedLogs();
        ThreadPool pool = pool(1, Starvation.WARN, 0)) {
      for (int i = 0; i < 3; i++) {
        Testing.get(pool.submit(() -> {
          var inner = pool.submit(() -> 1);
          assertThrows(TimeoutException.class, () -> inner.get(1, TimeUnit.NANOSECONDS));
        }));
      }
      assertEquals(1, warnings(logs).size());

      Testing.get(pool.submit(() -> {
        var inner = pool.submit(() -> 1);
        assertThrows(TimeoutException.class, () -> inner.get(1, TimeUnit.NANOSECONDS));
      }));
      assertEquals(2, warnings(logs).size());
    }
  }

  @Test
  void wait_isNotNoticed_whenAnotherWorkerMayRunTheTask() throws Exception {
    try (ThreadPool pool = pool(2, Starvation.FAIL, 0)) {
      assertEquals(1, Testing.get(pool.submit(() -> pool.submit(() -> 1).get())));
    }
  }

  @Test
  void wait_isNotNoticed_whenAllWorkersAreThereAndOneIsIdle() throws Exception {
    var config = Testing.config(2, 2).toBuilder().whenStarving(Starvation.FAIL).build();
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      assertEquals(1, Testing.get(pool.submit(() -> pool.submit(() -> 1).get())));
      assertEquals(2, pool.statistics().workers());
    }
  }

  @Test
  void wait_isNotNoticed_whenTheTaskIsDone_orNobodyIsToWait() throws Exception {
    try (ThreadPool pool = pool(1, Starvation.FAIL, 0)) {
      var done = pool.submit(() -> 1);
      Testing.get(done);
      Testing.get(pool.submit(() -> {
        assertEquals(1, done.get());
        var inner = pool.submit(() -> 2);
        assertThrows(TimeoutException.class, () -> inner.get(0, TimeUnit.SECONDS));
        return inner.cancel(false);
      }));
    }
  }

  @Test
  void wait_isNotNoticed_whenAnotherWorkerIsLentForIt() throws Exception {
    try (ThreadPool pool = pool(1, Starvation.FAIL, 1)) {
      assertEquals(
          1,
          Testing.get(
              pool.submit(() -> pool.callBlocking(() -> pool.submit(() -> 1).get()))));
    }
  }

  @Test
  void wait_isNotNoticed_whenNobodyIsToLook() throws Exception {
    try (CapturedLogs logs = new CapturedLogs();
        ThreadPool pool = pool(1, Starvation.IGNORE, 0)) {
      Testing.get(pool.submit(() -> {
        var inner = pool.submit(() -> 1);
        assertThrows(TimeoutException.class, () -> inner.get(1, TimeUnit.NANOSECONDS));
      }));
      assertEquals(List.of(), warnings(logs));
    }
  }

  @Test
  void wait_isNotNoticed_onAThreadOfSomebodyElse() throws Exception {
    try (ThreadPool pool = pool(1, Starvation.FAIL, 0);
        Held held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var waiting = pool.submit(() -> 1);
      var outside = Testing.inThread(() -> waiting.get());
      held.release();
      assertEquals(1, Testing.get(outside));
    }
  }

  @Test
  void fail_throwsBeforeTheWait_whenThePoolDrains() throws Exception {
    ThreadPool pool = pool(1, Starvation.FAIL, 0);
    try {
      var outer = pool.submit(() -> {
        CompletableFuture<Integer> inner = pool.submit(() -> 1);
        pool.shutdown();
        return inner.get();
      });
      var thrown = assertThrows(ExecutionException.class, () -> Testing.get(outer));
      assertEquals(PoolStarvedException.class, thrown.getCause().getClass());
    } finally {
      pool.stop(Duration.ZERO);
    }
  }

  /** A machine that, once slow, does not let a worker that idles go on, nor the errands begin, until told. */
  private static final class SlowSeams extends RealSeams {
    private volatile boolean slow;
    private final CountDownLatch parked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<Thread> errandThread = new CompletableFuture<>();

    @Override
    public void park(Worker worker) {
      if (slow && goOn.getCount() > 0) {
        parked.countDown();
        Held.await(goOn);
      } else {
        super.park(worker);
      }
    }

    @Override
    public void startErrands(Errands errands, Thread thread) {
      if (!errandThread.complete(thread)) {
        super.startErrands(errands, thread);
      }
    }
  }

  /** The one that is to be replaced is free, but it takes no task any more. */
  @Test
  void fail_throwsBeforeTheWait_whenTheOnlyOtherWorkerIsToGo() throws Exception {
    var seams = new SlowSeams();
    var config = Testing.config(0, 1).toBuilder()
        .whenStarving(Starvation.FAIL)
        .renewAfterTasks(1)
        .build();
    Pool pool = HandTimers.pool(config, Thread::new, seams);
    pool.start();
    try {
      Testing.get(pool.submit(() -> seams.slow = true)); // not before: it may idle until this is in
      Held.await(seams.parked); // the first idles
      var outer = pool.submit(() -> pool.submit(() -> 2).get()); // wakes it, which takes its time
      Testing.get(seams.errandThread).start(); // makes the second, which takes the task

      var thrown = assertThrows(ExecutionException.class, () -> Testing.get(outer));

      assertEquals(PoolStarvedException.class, thrown.getCause().getClass());
      assertEquals(2, pool.statistics().workers());
    } finally {
      seams.goOn.countDown();
      pool.stop(Duration.ZERO);
    }
  }
}
