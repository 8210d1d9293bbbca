package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stage that tells of a pool's end. */
class TerminationTest {
  private static StopReport reportOf(CompletionStage<StopReport> stage) throws Exception {
    return Testing.get(stage.toCompletableFuture());
  }

  @Test
  void termination_tellsWhatNeverRan_whenItWasAskedForBefore() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletionStage<StopReport> stage = pool.termination();
      pool.execute(held);
      held.awaitBegun();
      Runnable waiting = () -> {};
      pool.execute(waiting);
      assertSame(waiting, pool.shutdownNow().get(0));
      StopReport report = reportOf(stage);
      assertTrue(report.stopped());
      assertEquals(1, report.ran());
      assertEquals(List.of(), report.running());
      assertSame(waiting, report.discarded().get(0));
      assertEquals(1, report.discarded().size());
      assertEquals(List.of(), pool.stop(Duration.ZERO).discarded()); // kept no longer
    }
  }

  @Test
  void termination_neitherBeginsNorWaits() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletionStage<StopReport> stage = pool.termination();
      assertFalse(pool.isShutdown());
      pool.execute(held);
      held.awaitBegun();
      pool.shutdown();
      assertSame(stage, pool.termination());
      assertFalse(stage.toCompletableFuture().isDone());
      held.release();
      assertEquals(1, reportOf(stage).ran());
    }
  }

  @Test
  void termination_completes_whenItIsAskedForAfterTheEnd() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      Testing.get(pool.submit(() -> 1));
      pool.stop();
      StopReport report = reportOf(pool.termination());
      assertTrue(report.stopped());
      assertEquals(1, report.ran());
    }
  }

  @Test
  void termination_cannotBeCompletedByItsUsers() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      CompletionStage<StopReport> stage = pool.termination();
      StopReport forged = StopReport.builder("forged").build();
      assertTrue(stage.toCompletableFuture().complete(forged)); // a copy of one's own
      if (stage instanceof CompletableFuture<StopReport> future) {
        assertThrows(UnsupportedOperationException.class, () -> future.complete(forged));
        assertThrows(UnsupportedOperationException.class, () -> future.obtrudeValue(forged));
        assertThrows(UnsupportedOperationException.class, () -> future.cancel(true));
      }
      pool.shutdown();
      assertEquals("p", reportOf(stage).pool());
    }
  }

  /** Threads are dead by then, as when stop returns; and a dependent that blocks holds up nobody. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dependents_runOnAThreadOfTheirOwn_whenTheThreadsAreDead(boolean daemon) throws Exception {
    var config = Testing.config(1, 1).toBuilder().daemon(daemon).build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var stage = new Held()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      var alive = new CompletableFuture<Boolean>();
      pool.termination().thenAccept(report -> {
        alive.complete(worker.isAlive());
        stage.run();
      });
      pool.stop(); // returns although the dependent does not
      assertTrue(pool.isTerminated());
      stage.awaitBegun();
      assertFalse(Testing.get(alive));
      assertNotSame(worker, stage.runner());
      assertNotSame(Thread.currentThread(), stage.runner());
      assertEquals("PoolTermination-p", stage.runner().getName());
      assertEquals(daemon, stage.runner().isDaemon());
    }
  }

  @Test
  void termination_completes_whenThePoolWasNeverStarted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).build()) {
      CompletionStage<StopReport> stage = pool.termination();
      CompletableFuture<?> task = pool.submit(() -> {});
      pool.stop();
      assertEquals(1, reportOf(stage).discarded().size());
      assertTrue(task.isCompletedExceptionally());
    }
  }

  /** Asked for and told of at the same moment, by many: once, and always. */
  @Test
  void termination_completes_howeverItRacesWithTheEnd() throws Exception {
    for (int round = 0; round < 500; round++) {
      try (ThreadPool pool = Testing.pool(1, 1).start()) {
        CompletableFuture<StopReport> one = Testing.inThread(() -> reportOf(pool.termination()));
        CompletableFuture<StopReport> other = Testing.inThread(() -> reportOf(pool.termination()));
        pool.shutdown();
        assertSame(Testing.get(one), Testing.get(other));
        assertTrue(one.join().stopped());
      }
    }
  }

  /** The other way to learn what a stop came to that a task of the pool has begun. */
  @Test
  void termination_bringsTheReport_whenATaskStopsItsPool() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletionStage<StopReport> stage = pool.termination();
      CompletableFuture<StopReport> early = pool.submit(() -> {
        held.run();
        return pool.stop(Duration.ZERO);
      });
      held.awaitBegun();
      pool.execute(() -> {});
      held.release();
      assertFalse(Testing.get(early).stopped());
      StopReport report = reportOf(stage);
      assertTrue(report.stopped());
      assertEquals(1, report.ran());
      assertEquals(1, report.discarded().size());
    }
  }
}
