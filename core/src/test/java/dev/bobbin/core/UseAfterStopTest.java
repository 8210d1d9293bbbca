package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every verb of a pool that has stopped, or is draining. */
class UseAfterStopTest {
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final Runnable RUNNABLE = RUNS::incrementAndGet;
  private static final Callable<Integer> CALLABLE = RUNS::incrementAndGet;

  static Stream<BadInputTest.Call> submissions() {
    return Stream.of(
        pool -> pool.execute(RUNNABLE),
        pool -> pool.execute(new FutureTask<>(CALLABLE)),
        pool -> pool.callInThread(RUNNABLE),
        pool -> pool.callInThreadWithCallback(outcome -> RUNS.incrementAndGet(), CALLABLE),
        pool -> pool.callInThreadWithCallback(
            outcome -> RUNS.incrementAndGet(), CALLABLE, Runnable::run),
        pool -> pool.deferToThread(Runnable::run, CALLABLE),
        pool -> pool.callMultipleInThread(List.of(RUNNABLE)),
        pool -> pool.submit(RUNNABLE),
        pool -> pool.submit(CALLABLE),
        pool -> pool.submit(RUNNABLE, 1),
        pool -> pool.invokeAll(List.of(CALLABLE)),
        pool -> pool.invokeAll(List.of(CALLABLE), 1, TimeUnit.MINUTES),
        pool -> pool.invokeAny(List.of(CALLABLE)),
        pool -> pool.invokeAny(List.of(CALLABLE), 1, TimeUnit.MINUTES));
  }

  @ParameterizedTest
  @MethodSource("submissions")
  void w3_submission_isRefusedLoudly_whenThePoolHasStopped(BadInputTest.Call submission) {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      pool.stop();
      int runs = RUNS.get();
      var refused = assertThrows(TaskRejectedException.class, () -> submission.on(pool));
      assertEquals(
          "Pool 'p' refused a task: it is stopping or has stopped. Submit before the pool is"
              + " stopped, or to another pool. [STOPPED, workers 0 (busy 0, idle 0) of 1 to 2,"
              + " backlog 0, running 0, accepted 0, completed 0, failed 0, cancelled 0,"
              + " discarded 0, refused 1]",
          refused.getMessage());
      assertEquals("p", refused.pool());
      assertEquals(RejectionReason.STOPPING, refused.reason());
      assertNull(refused.getCause());
      assertEquals(runs, RUNS.get());
      assertEquals(1, pool.statistics().refused());
      assertEquals(0, pool.statistics().accepted());
    }
  }

  @ParameterizedTest
  @MethodSource("submissions")
  void w11_submission_isRefusedAsStopping_whenThePoolDrains(BadInputTest.Call submission)
      throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var held = new Held()) {
      var inside = pool.submit(() -> {
        held.run();
        return assertThrows(TaskRejectedException.class, () -> submission.on(pool));
      });
      held.awaitBegun();
      pool.shutdown();
      assertEquals(PoolState.STOPPING, pool.state());
      var refused = assertThrows(TaskRejectedException.class, () -> submission.on(pool));
      assertEquals(RejectionReason.STOPPING, refused.reason());
      held.release();
      assertEquals(RejectionReason.STOPPING, Testing.get(inside).reason());
      assertEquals(2, Testing.stopped(pool).refused());
      assertEquals(1, pool.statistics().accepted());
    }
  }

  @Test
  void l8_startAndWorkers_throwAndChangeNothing_whenThePoolHasStopped() {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      pool.stop();
      String before = pool.toString();
      String text = "Pool 'p' is STOPPED. A stopped pool stays stopped: make a new one.";
      assertEquals(text, assertThrows(IllegalStateException.class, pool::start).getMessage());
      assertEquals(
          text, assertThrows(IllegalStateException.class, pool::startAWorker).getMessage());
      assertEquals(
          text, assertThrows(IllegalStateException.class, pool::stopAWorker).getMessage());
      assertEquals(before, pool.toString());
    }
  }

  @Test
  void l8_startAndWorkers_throwAndChangeNothing_whenThePoolDrains() {
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.shutdown();
      String before = pool.toString();
      String text = "Pool 'p' is STOPPING. A stopped pool stays stopped: make a new one.";
      assertEquals(text, assertThrows(IllegalStateException.class, pool::start).getMessage());
      assertEquals(
          text, assertThrows(IllegalStateException.class, pool::startAWorker).getMessage());
      assertEquals(
          text, assertThrows(IllegalStateException.class, pool::stopAWorker).getMessage());
      assertEquals(before, pool.toString());
    }
  }

  @Test
  void l16_adjustPoolSize_storesTheSizesAndStartsNothing_whenThePoolHasStopped() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      pool.stop();
      assertEquals(
          new PoolSizes(3, 4), Testing.get(pool.adjustPoolSize(3, 4).toCompletableFuture()));
      assertEquals(
          new PoolSizes(3, 9),
          Testing.get(pool.adjustPoolSize(sizes -> sizes.withMaxWorkers(9)).toCompletableFuture()));
      assertEquals(new PoolSizes(3, 9), pool.sizes());
      assertEquals(0, pool.statistics().workers());
      assertEquals(PoolState.STOPPED, pool.state());
      assertThrows(IllegalArgumentException.class, () -> pool.adjustPoolSize(2, 1));
    }
  }

  @Test
  void l9_everyFormOfStop_returnsAtOnce_whenThePoolHasStopped() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      Testing.get(pool.submit(() -> {}));
      pool.stop();
      pool.stop();
      pool.shutdown();
      Testing.close(pool);
      assertEquals(List.of(), pool.shutdownNow());
      assertTrue(pool.awaitTermination(0, TimeUnit.NANOSECONDS));
      assertEquals(
          "Pool 'p' has stopped: 1 ran, 0 discarded, 0 still running",
          pool.stop(Duration.ZERO).toString());
      assertTrue(pool.isShutdown());
      assertTrue(pool.isTerminated());
    }
  }

  @Test
  void seeing_works_inEveryState() {
    try (ThreadPool pool = Testing.pool(1, 2).build()) {
      assertEquals(PoolState.NEW, pool.state());
      assertFalse(pool.isShutdown());
      assertEquals(
          "ThreadPool['p', NEW, workers 0 (busy 0, idle 0) of 1 to 2, backlog 0, running 0,"
              + " accepted 0, completed 0, failed 0, cancelled 0, discarded 0, refused 0]",
          pool.toString());
      pool.start();
      assertEquals(PoolState.RUNNING, pool.state());
      pool.stop();
      assertEquals("p", pool.name());
      assertEquals(PoolState.STOPPED, pool.statistics().state());
      pool.dumpStats();
    }
  }
}
