package dev.bobbin.core;

import static dev.bobbin.core.Testing.awaitCleared;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.pool;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F8 and what S39 and S40 protect: a stopped pool keeps neither tasks nor threads, and refuses work. */
class StoppedPoolRetainsNothingTest {
  /** The ways to stop a pool. */
  private enum Way {
    STOP(ThreadPool::stop),
    STOP_ZERO(pool -> pool.stop(Duration.ZERO)),
    STOP_WITH_A_DEADLINE(pool -> pool.stop(Duration.ofSeconds(Held.LONG_SECONDS))),
    CLOSE(ThreadPool::close),
    SHUTDOWN_NOW(ExecutorService::shutdownNow);

    private final Consumer<ThreadPool> way;

    Way(Consumer<ThreadPool> way) {
      this.way = way;
    }

    void stop(ThreadPool pool) throws InterruptedException {
      way.accept(pool);
      pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void s39_f8_tasksAreUnreachable_whenAPoolThatNeverRanThemIsStopped(Way way) throws Exception {
    try (ThreadPool pool = pool(0, 1).build()) {
      List<WeakReference<?>> watched = submitWatched(pool);
      way.stop(pool);

      for (WeakReference<?> task : watched) {
        awaitCleared("a discarded task", task);
      }
      assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void s40_f8_tasksAndThreadsAreUnreachable_whenAPoolThatRanThemIsStopped(Way way)
      throws Exception {
    try (ThreadPool pool = pool(0, 2).start()) {
      List<WeakReference<?>> watched = new ArrayList<>(submitWatched(pool));
      watched.add(get(threadOf(pool)));
      way.stop(pool);

      for (WeakReference<?> kept : watched) {
        awaitCleared("a task or a thread", kept);
      }
      stopped(pool);
    }
  }

  @Test
  void c11_deadWorkersAreInNoList_whenThePoolHasShrunk() throws Exception {
    try (ThreadPool pool = pool(0, 2).start()) {
      WeakReference<?> thread = get(threadOf(pool));
      pool.adjustPoolSize(0, 0);

      awaitCleared("the thread of a worker that left", thread);
      assertEquals(0, pool.statistics().workers());
    }
  }

  private static CompletableFuture<WeakReference<?>> threadOf(ThreadPool pool) {
    return pool.submit(() -> new WeakReference<>(Thread.currentThread()));
  }

  private static List<WeakReference<?>> submitWatched(ThreadPool pool) {
    var first = new Object();
    var second = new Object();
    var third = new Object();
    pool.execute(first::hashCode);
    CompletableFuture<Integer> future = pool.submit(second::hashCode);
    pool.callInThreadWithCallback(outcome -> third.hashCode(), third::hashCode);
    return List.of(
        new WeakReference<>(first),
        new WeakReference<>(second),
        new WeakReference<>(third),
        new WeakReference<>(future));
  }
}
