package dev.bobbin.examples.clients;

import static dev.bobbin.examples.clients.SharedPool.assertWorker;
import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Chains of {@link CompletableFuture}, each of whose stages is a task of the pool. */
class CompletableFutureTest {
  @Test
  void chain_runsEachStageOnAWorker() throws Exception {
    try (ThreadPool pool = SharedPool.start(4)) {
      CompletableFuture<String> left = CompletableFuture.supplyAsync(SharedPool::here, pool);
      CompletableFuture<String> right = CompletableFuture.supplyAsync(SharedPool::here, pool)
          .thenApplyAsync(before -> before + " " + SharedPool.here(), pool);
      CompletableFuture<String> both =
          left.thenCombineAsync(right, (l, r) -> l + " " + r + " " + SharedPool.here(), pool);

      String[] threads = get(both).split(" ");
      assertEquals(4, threads.length);
      for (String thread : threads) {
        assertWorker(thread);
      }
      assertEquals(4, stopped(pool).completed());
    }
  }

  /** The failure is the future's; for the pool the task that put it there completed. */
  @Test
  void failure_reachesTheEndOfTheChain() throws Exception {
    try (ThreadPool pool = SharedPool.start(2)) {
      var failure = new IllegalStateException("no rows");
      CompletableFuture<Integer> rows = CompletableFuture.supplyAsync(
          () -> {
            throw failure;
          },
          pool);
      CompletableFuture<Integer> doubled = rows.thenApplyAsync(n -> 2 * n, pool);

      var seen = assertThrows(ExecutionException.class, () -> get(doubled));
      assertSame(failure, seen.getCause());
      assertEquals(-1, get(doubled.exceptionallyAsync(e -> -1, pool)));
      assertEquals(0, stopped(pool).failed());
    }
  }

  /** {@code cancel} knows no task: the place in the backlog is held until its turn, then nothing runs. */
  @Test
  void cancel_ofAWaitingSupplier_keepsItsPlace_andNeverRunsIt() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var ran = new AtomicBoolean();
      CompletableFuture<?> supplied = CompletableFuture.runAsync(() -> ran.set(true), pool);
      CompletableFuture<?> submitted = pool.submit(() -> ran.set(true));
      assertEquals(2, pool.statistics().backlog());

      assertTrue(supplied.cancel(true));
      assertEquals(2, pool.statistics().backlog());
      assertTrue(submitted.cancel(true)); // one of the pool's own frees its place at once
      assertEquals(1, pool.statistics().backlog());

      held.release();
      assertEquals(2, stopped(pool).completed());
      assertEquals(1, pool.statistics().cancelled());
      assertFalse(ran.get());
    }
  }

  @Test
  void cancel_ofARunningSupplier_doesNotInterruptIt() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      CompletableFuture<?> running = CompletableFuture.runAsync(held, pool);
      held.awaitBegun();
      assertTrue(running.cancel(true));
      held.release();
      assertEquals(1, stopped(pool).completed());
      assertFalse(held.wasInterrupted());
    }
  }

  /** A drain runs what was accepted. A later stage is not yet accepted when the stop begins. */
  @Test
  void stop_runsTheWaitingStage_andRefusesTheNextOne() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      CompletableFuture<String> first =
          CompletableFuture.supplyAsync(() -> held.then("first"), pool);
      CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> "waiting", pool);
      CompletableFuture<String> next = first.thenApplyAsync(before -> before + " next", pool);
      held.awaitBegun();
      pool.shutdown();
      held.release();

      assertEquals("first", get(first));
      assertEquals("waiting", get(waiting));
      refusalIn(assertThrows(ExecutionException.class, () -> get(next)));
      assertEquals(1, stopped(pool).refused());
    }
  }

  /** What a stop gives up can still be run, by whoever has the report: its future completes then. */
  @Test
  void supplier_completesWhenItIsRun_afterAStopGaveItUp() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<String> supplied = CompletableFuture.supplyAsync(() -> "late", pool);
      StopReport report = pool.stop(Duration.ZERO);
      assertFalse(supplied.isDone());

      report.discarded().forEach(Runnable::run);
      assertEquals("late", get(supplied));
      assertEquals(1, stopped(pool).discarded());
    }
  }

  @Test
  void stoppedPool_refusesTheFirstStageByThrowing_andALaterOneThroughItsFuture() {
    try (ThreadPool pool = SharedPool.start(1)) {
      stopped(pool);
      refusalIn(assertThrows(
          RuntimeException.class, () -> CompletableFuture.supplyAsync(() -> "never", pool)));
      CompletableFuture<String> later =
          CompletableFuture.completedFuture("done").thenApplyAsync(done -> "never", pool);
      refusalIn(assertThrows(CompletionException.class, later::join));
      assertEquals(2, pool.statistics().refused());
    }
  }
}
