package dev.bobbin.core;

import static dev.bobbin.core.Testing.awaitBlocked;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.inThread;
import static dev.bobbin.core.Testing.pool;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool's life on real threads: section 1.2 of the reference as decisions 2, 3 and 15 have it. */
class PoolLifeTest {
  /** How far a storm may run ahead of its pool. */
  private static final int MOST_WAITING = 500;

  @Test
  void l1_l2_minimumIsThereAndThePoolRuns_whenStartReturns() {
    try (ThreadPool pool = pool(3, 10).build()) {
      assertEquals(PoolState.NEW, pool.state());

      pool.start();

      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(3, pool.statistics().workers());
      assertEquals(0, pool.statistics().backlog());
    }
  }

  @Test
  void l3_workIsAcceptedAndRunsInOrder_whenItComesBeforeTheStart() {
    var order = Collections.synchronizedList(new ArrayList<Integer>());
    try (ThreadPool pool = pool(0, 1).build()) {
      for (int i = 0; i < 100; i++) {
        int number = i;
        pool.execute(() -> order.add(number));
      }
      assertEquals(100, pool.statistics().accepted());
      assertEquals(0, pool.statistics().workers());

      pool.start();
      stopped(pool);
    }
    assertInOrder(100, order);
  }

  @Test
  void l5_start_changesNothing_whenThePoolRuns() {
    try (ThreadPool pool = pool(2, 5).start()) {
      pool.start();

      assertEquals(2, pool.statistics().workers());
    }
  }

  @Test
  void l6_stop_runsWhatWaitsInOrderAndEndsTheThreads_whenOneWorkerIsBusy() throws Exception {
    var order = Collections.synchronizedList(new ArrayList<Integer>());
    try (ThreadPool pool = pool(0, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 5; i++) {
        int number = i;
        pool.execute(() -> order.add(number));
      }
      var stopper = new Thread[1];
      CompletableFuture<Boolean> over = inThread(stopper, () -> {
        pool.stop();
        return held.runner().isAlive();
      });
      awaitBlocked(stopper[0]);
      assertFalse(over.isDone());

      held.release();

      assertFalse(get(over), "the worker's thread is dead when stop returns");
    }
    assertInOrder(5, order);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void l10_everyStopWaitsForTheEnd_whenSeveralCallIt(int callers) throws Exception {
    try (ThreadPool pool = pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var stops = new ArrayList<CompletableFuture<PoolState>>();
      for (int i = 0; i < callers; i++) {
        var stopper = new Thread[1];
        stops.add(inThread(stopper, () -> {
          pool.stop();
          return pool.state();
        }));
        awaitBlocked(stopper[0]);
      }
      held.release();

      for (CompletableFuture<PoolState> stop : stops) {
        assertEquals(PoolState.STOPPED, get(stop));
      }
    }
  }

  @Test
  void l11_stop_beginsAndReturns_whenATaskOfThePoolCallsIt() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = pool(1, 1).failureReporter(reporter).start()) {
      CompletableFuture<PoolState> seen = pool.submit(() -> {
        pool.stop();
        return pool.state();
      });

      assertEquals(PoolState.STOPPING, get(seen));
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(List.of(), reporter.reports());
    }
  }

  @Test
  void l12_stopWithADeadlineReturns_whenATaskNeverEnds() {
    try (ThreadPool pool = pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();

      var report = pool.stop(Duration.ZERO);

      assertFalse(report.stopped());
      assertEquals(1, report.running().size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void l15_threadsAreDaemonsOnlyWhenSoConfigured(boolean daemon) throws Exception {
    var config = Testing.config(1, 1).toBuilder().daemon(daemon).build();
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      assertEquals(daemon, get(pool.submit(() -> Thread.currentThread().isDaemon())));
    }
  }

  @Test
  void l15_threadsAreNoDaemons_whenNothingIsConfigured() throws Exception {
    try (ThreadPool pool = pool(1, 1).start()) {
      assertFalse(get(pool.submit(() -> Thread.currentThread().isDaemon())));
    }
  }

  @Test
  @Tag("stress")
  void w4_everyAcceptedTaskIsToldOnceAndTheBooksBalance_whenAStopMeetsAStorm() throws Exception {
    Proofs.rounds(100, PoolLifeTest::stopInAStorm);
  }

  private static void stopInAStorm(int round) throws Exception {
    int submitters = 8;
    var ready = new CountDownLatch(submitters);
    var accepted = new AtomicInteger();
    var told = new AtomicInteger();
    var refused = new AtomicInteger();
    try (ThreadPool pool = pool(1, 4).start()) {
      var storm = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < submitters; i++) {
        storm.add(inThread(() -> {
          ready.countDown();
          for (boolean open = true; open; ) {
            open = submitOnce(pool, accepted, told, refused);
            while (accepted.get() - told.get() > MOST_WAITING && !pool.isShutdown()) {
              Thread.yield();
            }
          }
          return null;
        }));
      }
      Held.await(ready);
      while (accepted.get() < 50 * (round % 10)) {
        Thread.yield();
      }
      if (round % 2 == 0) {
        pool.stop();
      } else {
        pool.stop(Duration.ZERO);
      }
      for (CompletableFuture<Void> submitter : storm) {
        get(submitter);
      }
      var numbers = stopped(pool);
      assertEquals(accepted.get(), numbers.accepted());
      assertEquals(accepted.get(), told.get());
      assertEquals(refused.get(), numbers.refused());
      assertEquals(submitters, refused.get());
    }
  }

  private static boolean submitOnce(
      ThreadPool pool, AtomicInteger accepted, AtomicInteger told, AtomicInteger refused) {
    var once = new AtomicInteger();
    try {
      pool.callInThreadWithCallback(
          outcome -> told.addAndGet(once.incrementAndGet() == 1 ? 1 : 1_000_000), () -> "done");
      accepted.incrementAndGet();
      return true;
    } catch (RejectedExecutionException refusal) {
      refused.incrementAndGet();
      return false;
    }
  }

  private static void assertInOrder(int tasks, List<Integer> order) {
    assertEquals(IntStream.range(0, tasks).boxed().toList(), order);
  }
}
