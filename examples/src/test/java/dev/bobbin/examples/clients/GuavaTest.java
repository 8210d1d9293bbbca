package dev.bobbin.examples.clients;

import static com.google.common.util.concurrent.MoreExecutors.directExecutor;
import static dev.bobbin.examples.clients.SharedPool.assertWorker;
import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Guava's listenable futures on a pool, through {@link MoreExecutors#listeningDecorator}. */
class GuavaTest {
  @Test
  void chain_runsOnWorkers() throws Exception {
    try (ThreadPool pool = SharedPool.start(4)) {
      ListeningExecutorService service = MoreExecutors.listeningDecorator(pool);
      ListenableFuture<List<String>> both =
          Futures.allAsList(service.submit(SharedPool::here), service.submit(SharedPool::here));
      ListenableFuture<String> joined =
          Futures.transform(both, names -> String.join(" ", names) + " " + SharedPool.here(), pool);
      var called = new CompletableFuture<String>();
      Futures.addCallback(joined, new Recorder(called), pool);

      for (String thread : get(called).split(" ")) {
        assertWorker(thread);
      }
      assertEquals(4, stopped(pool).completed());
    }
  }

  @Test
  void failure_reachesTheCallback() {
    try (ThreadPool pool = SharedPool.start(2)) {
      var failure = new IllegalStateException("no rows");
      ListenableFuture<String> failed = MoreExecutors.listeningDecorator(pool).submit(() -> {
        throw failure;
      });
      var called = new CompletableFuture<String>();
      Futures.addCallback(failed, new Recorder(called), pool);

      assertSame(
          failure, assertThrows(ExecutionException.class, () -> get(called)).getCause());
      assertEquals(2, stopped(pool).completed());
    }
  }

  /** The task is Guava's, so the pool cannot know: the place is held until its turn. */
  @Test
  void cancel_ofAWaitingTask_keepsItsPlace_andNeverRunsIt() {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var ran = new AtomicBoolean();
      ListenableFuture<?> waiting =
          MoreExecutors.listeningDecorator(pool).submit(() -> ran.set(true));

      assertTrue(waiting.cancel(true));
      assertEquals(1, pool.statistics().backlog());
      held.release();
      assertEquals(2, stopped(pool).completed());
      assertFalse(ran.get());
    }
  }

  @Test
  void cancel_ofTheLastStage_interruptsTheRunningTask() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      ListenableFuture<?> running = MoreExecutors.listeningDecorator(pool).submit(held);
      ListenableFuture<String> last = Futures.transform(running, done -> "never", pool);
      held.awaitBegun();

      assertTrue(last.cancel(true));
      held.awaitInterrupted();
      assertTrue(running.isCancelled());
      SharedPool.assertStillServes(pool);
      stopped(pool);
    }
  }

  /** The decorator has no life of its own: who shuts it down shuts the pool down. */
  @Test
  void shutdown_ofTheDecorator_isThatOfThePool() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      ListeningExecutorService service = MoreExecutors.listeningDecorator(pool);
      service.execute(held);
      held.awaitBegun();
      ListenableFuture<String> waiting = service.submit(() -> "late");

      List<Runnable> givenUp = service.shutdownNow();
      held.awaitInterrupted();
      assertTrue(service.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(PoolState.STOPPED, pool.state());
      assertFalse(waiting.isDone());
      givenUp.forEach(Runnable::run);
      assertEquals("late", get(waiting));
      assertEquals(1, stopped(pool).discarded());
    }
  }

  @Test
  void stoppedPool_refusesSubmissionsByThrowing_andATransformThroughItsFuture() {
    try (ThreadPool pool = SharedPool.start(1)) {
      stopped(pool);
      ListeningExecutorService service = MoreExecutors.listeningDecorator(pool);
      refusalIn(
          assertThrows(RejectedExecutionException.class, () -> service.submit(() -> "never")));
      ListenableFuture<String> later =
          Futures.transform(Futures.immediateFuture("done"), done -> "never", pool);
      refusalIn(assertThrows(ExecutionException.class, () -> get(later)));
    }
  }

  /** Guava logs the refusal and drops the callback: use a direct executor for what must be heard. */
  @Test
  void stoppedPool_leavesACallbackUncalled() {
    try (ThreadPool pool = SharedPool.start(1);
        var log = JulCapture.of("com.google.common.util.concurrent")) {
      stopped(pool);
      var onPool = new CompletableFuture<String>();
      var direct = new CompletableFuture<String>();
      SettableFuture<String> future = SettableFuture.create();
      Futures.addCallback(future, new Recorder(onPool), pool);
      Futures.addCallback(future, new Recorder(direct), directExecutor());
      future.set("done");

      assertEquals("done", direct.join());
      assertFalse(onPool.isDone());
      refusalIn(log.only());
    }
  }

  /** Hands what a callback is told to a future. */
  private record Recorder(CompletableFuture<String> told) implements FutureCallback<String> {
    @Override
    public void onSuccess(String value) {
      told.complete(value);
    }

    @Override
    public void onFailure(Throwable thrown) {
      told.completeExceptionally(thrown);
    }
  }
}
