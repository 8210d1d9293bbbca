package dev.bobbin.examples.clients;

import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Guice;
import com.google.inject.Key;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.guice.PoolOwner;
import dev.bobbin.guice.Pools;
import dev.bobbin.guice.ThreadPoolModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reactor with a pool as its scheduler. A pool has no timer: an operator that delays wants a
 * scheduler that has one.
 */
class ReactorTest {
  /** Two ways to make a scheduler of a pool. */
  enum Way {
    /** The scheduler submits, so that it can cancel; disposed of, it shuts the pool down. */
    EXECUTOR_SERVICE {
      @Override
      Scheduler of(ThreadPool pool) {
        return Schedulers.fromExecutorService(pool);
      }
    },
    /** The scheduler can neither cancel nor shut down: the form for a pool that is shared. */
    EXECUTE_ALONE {
      @Override
      Scheduler of(ThreadPool pool) {
        return Schedulers.fromExecutor(pool::execute);
      }
    };

    abstract Scheduler of(ThreadPool pool);
  }

  @ParameterizedTest
  @EnumSource
  void elements_arePublishedByWorkers(Way way) {
    try (ThreadPool pool = SharedPool.start(2)) {
      Scheduler scheduler = way.of(pool);
      List<String> threads = Flux.range(1, 10)
          .subscribeOn(scheduler)
          .map(i -> SharedPool.here())
          .publishOn(scheduler)
          .map(before -> before + " " + SharedPool.here())
          .collectList()
          .block(Duration.ofSeconds(Held.LONG_SECONDS));

      assertEquals(10, threads.size());
      threads.forEach(SharedPool::assertWorker);
      assertTrue(stopped(pool).accepted() >= 2, pool::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failure_reachesTheSubscriber(Way way) {
    try (ThreadPool pool = SharedPool.start(2)) {
      var failure = new IllegalStateException("no rows");
      CompletableFuture<Object> rows = Mono.fromCallable(() -> {
            throw failure;
          })
          .subscribeOn(way.of(pool))
          .toFuture();
      assertSame(
          failure, assertThrows(ExecutionException.class, () -> get(rows)).getCause());
      assertEquals(0, stopped(pool).failed());
    }
  }

  /** A task of Reactor's cancels itself when it is done, so {@code cancelled} is no sign of trouble. */
  @Test
  void cancel_interruptsARunningTask_andFreesThePlaceOfAWaitingOne() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      Scheduler scheduler = Schedulers.fromExecutorService(pool);
      Disposable running = Mono.fromRunnable(held).subscribeOn(scheduler).subscribe();
      held.awaitBegun();
      Disposable waiting = Mono.fromRunnable(held).subscribeOn(scheduler).subscribe();
      assertEquals(1, pool.statistics().backlog());

      waiting.dispose();
      assertEquals(0, pool.statistics().backlog());
      running.dispose();
      held.awaitInterrupted();
      SharedPool.assertStillServes(pool);
      assertEquals(2, stopped(pool).cancelled());
    }
  }

  @Test
  void cancel_doesNotInterrupt_whenTheSchedulerCanOnlyExecute() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      Disposable running =
          Mono.fromRunnable(held).subscribeOn(Way.EXECUTE_ALONE.of(pool)).subscribe();
      held.awaitBegun();
      running.dispose();
      held.release();
      assertEquals(1, stopped(pool).completed());
      assertFalse(held.wasInterrupted());
    }
  }

  @Test
  void dispose_stopsThePool_whenTheSchedulerHasAllOfIt() {
    try (ThreadPool pool = SharedPool.start(1)) {
      Schedulers.fromExecutorService(pool).dispose();
      assertTrue(pool.isShutdown());
      stopped(pool);
    }
  }

  /** Reactor looks at the object, not at the type that it is handed over as. */
  @Test
  void dispose_stopsThePool_evenIfItWasGivenAsAnExecutor() {
    try (ThreadPool pool = SharedPool.start(1)) {
      Schedulers.fromExecutor(pool).dispose();
      assertTrue(pool.isShutdown());
      stopped(pool);
    }
  }

  @Test
  void dispose_leavesThePoolRunning_whenTheSchedulerCanOnlyExecute() throws Exception {
    try (ThreadPool pool = SharedPool.start(1)) {
      Way.EXECUTE_ALONE.of(pool).dispose();
      SharedPool.assertStillServes(pool);
      stopped(pool);
    }
  }

  @Test
  void dispose_throws_whenThePoolIsInjectedAndHasAnOwner() {
    var injector = Guice.createInjector(ThreadPoolModule.builder()
        .pool(ThreadPoolConfig.builder("shared").build())
        .build());
    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      var executor = injector.getInstance(Key.get(ExecutorService.class, Pools.named("shared")));
      Scheduler scheduler = Schedulers.fromExecutorService(executor);
      assertThrows(IllegalStateException.class, scheduler::dispose);
      ThreadPool pool = injector.getInstance(Key.get(ThreadPool.class, Pools.named("shared")));
      assertEquals(PoolState.RUNNING, pool.state());
    }
  }

  /** Reactor does not look at the future of what it submits; what was given up can still be run. */
  @Test
  void subscriberHearsNothing_whenAStopGaveItsTaskUp_untilItIsRun() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<String> told = Mono.fromCallable(() -> "late")
          .subscribeOn(Schedulers.fromExecutorService(pool))
          .toFuture();
      var report = pool.stop(Duration.ZERO);
      assertFalse(told.isDone());
      report.discarded().forEach(Runnable::run);
      assertEquals("late", get(told));
      assertEquals(1, stopped(pool).discarded());
    }
  }

  /** A scheduler that can only execute tells the thread's handler of uncaught exceptions as well. */
  @ParameterizedTest
  @EnumSource
  void stoppedPool_isARejectionForTheSubscriber(Way way) {
    var uncaught = new ArrayList<Throwable>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
    try (ThreadPool pool = SharedPool.start(1)) {
      stopped(pool);
      Scheduler scheduler = way.of(pool);
      CompletableFuture<?> subscribed =
          Mono.just("never").subscribeOn(scheduler).toFuture();
      CompletableFuture<?> published = Mono.just("never").publishOn(scheduler).toFuture();
      for (CompletableFuture<?> told : List.of(subscribed, published)) {
        var failure = assertThrows(ExecutionException.class, () -> get(told)).getCause();
        assertTrue(failure instanceof RejectedExecutionException, failure::toString);
        refusalIn(failure);
      }
      assertEquals(way == Way.EXECUTE_ALONE ? 2 : 0, uncaught.size());
      uncaught.forEach(SharedPool::refusalIn);
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(null);
    }
  }
}
