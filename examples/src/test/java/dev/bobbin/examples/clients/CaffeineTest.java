package dev.bobbin.examples.clients;

import static dev.bobbin.examples.clients.SharedPool.assertWorker;
import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Caffeine, which loads, refreshes, tidies up and tells of removals on the pool. */
class CaffeineTest {
  private static final String LOGGER = "com.github.benmanes.caffeine.cache";

  @Test
  void load_runsOnAWorker() throws Exception {
    try (ThreadPool pool = SharedPool.start(2)) {
      AsyncLoadingCache<String, String> cache =
          Caffeine.newBuilder().executor(pool).buildAsync(key -> SharedPool.here());
      CompletableFuture<String> loaded = cache.get("key");
      assertWorker(get(loaded));
      assertSame(loaded, cache.get("key"));
      assertEquals(1, stopped(pool).completed());
    }
  }

  @Test
  void failureOfALoad_isTheFutures_andNotKept() {
    try (ThreadPool pool = SharedPool.start(2);
        var log = JulCapture.of(LOGGER)) {
      var failure = new IllegalStateException("no rows");
      AsyncLoadingCache<String, String> cache = Caffeine.newBuilder()
          .executor(pool)
          .buildAsync(key -> {
            throw failure;
          });
      CompletableFuture<String> loaded = cache.get("key");
      assertSame(
          failure, assertThrows(ExecutionException.class, () -> get(loaded)).getCause());
      stopped(pool);
      assertNull(cache.getIfPresent("key"));
      assertSame(failure, log.only().getCause());
    }
  }

  /** As for every future of {@link CompletableFuture#supplyAsync}: the load itself goes on. */
  @Test
  void cancel_ofALoad_dropsTheEntry_andDoesNotInterrupt() {
    try (ThreadPool pool = SharedPool.start(2);
        var held = new Held()) {
      AsyncLoadingCache<String, String> cache =
          Caffeine.newBuilder().executor(pool).buildAsync(key -> held.then("late"));
      CompletableFuture<String> loading = cache.get("key");
      held.awaitBegun();
      assertTrue(loading.cancel(true));
      assertNull(cache.getIfPresent("key"));
      held.release();
      stopped(pool);
      assertFalse(held.wasInterrupted());
    }
  }

  @Test
  void refreshAndRemovalListener_runOnWorkers() throws Exception {
    try (ThreadPool pool = SharedPool.start(2);
        var log = JulCapture.of(LOGGER);
        var held = new Held()) {
      var clock = new AtomicLong();
      var removed = new CompletableFuture<String>();
      LoadingCache<String, String> cache = Caffeine.newBuilder()
          .executor(pool)
          .ticker(clock::get)
          .refreshAfterWrite(Duration.ofMinutes(1))
          .removalListener((key, value, cause) ->
              removed.complete(value + " " + cause + " " + SharedPool.here()))
          .build(key -> held.then("new " + SharedPool.here()));

      cache.put("key", "old");
      clock.addAndGet(Duration.ofMinutes(2).toNanos());
      assertEquals("old", cache.get("key")); // and has it refreshed
      held.release();

      String[] told = get(removed).split(" ");
      assertEquals("old REPLACED", told[0] + " " + told[1]);
      assertWorker(told[2]);
      stopped(pool); // may refuse the maintenance that follows the refresh, which the cache logs
      String[] fresh = cache.getIfPresent("key").split(" ");
      assertEquals("new", fresh[0]);
      assertWorker(fresh[1]);
      log.thrown().forEach(SharedPool::refusalIn);
    }
  }

  /** A cache has no end of its own. One that outlives its pool keeps what it has. */
  @Test
  void stoppedPool_refusesALoadByThrowing_andKeepsNothing() throws Exception {
    try (ThreadPool pool = SharedPool.start(2)) {
      AsyncLoadingCache<String, String> cache =
          Caffeine.newBuilder().executor(pool).buildAsync(key -> "value of " + key);
      get(cache.get("loaded"));
      stopped(pool);
      assertEquals("value of loaded", get(cache.get("loaded")));
      refusalIn(assertThrows(RejectedExecutionException.class, () -> cache.get("absent")));
      assertNull(cache.getIfPresent("absent"));
    }
  }

  @Test
  void stoppedPool_leavesTheOldValue_whenARefreshIsRefused() {
    try (ThreadPool pool = SharedPool.start(2);
        var log = JulCapture.of(LOGGER)) {
      var clock = new AtomicLong();
      LoadingCache<String, String> cache = Caffeine.newBuilder()
          .executor(pool)
          .ticker(clock::get)
          .refreshAfterWrite(Duration.ofMinutes(1))
          .build(key -> "fresh");
      cache.put("key", "old");
      stopped(pool);
      clock.addAndGet(Duration.ofMinutes(2).toNanos());

      assertEquals("old", cache.get("key"));
      assertEquals("old", cache.get("key"));
      assertFalse(log.thrown().isEmpty());
      log.thrown().forEach(SharedPool::refusalIn);
    }
  }

  /** What the pool refuses, the caller does: with a warning in the log each time. */
  @Test
  void stoppedPool_makesTheCallerTidyUp_andTellOfRemovals() {
    try (ThreadPool pool = SharedPool.start(2);
        var log = JulCapture.of(LOGGER)) {
      stopped(pool);
      var removed = new StringBuilder();
      Cache<String, String> cache = Caffeine.newBuilder()
          .executor(pool)
          .maximumSize(100)
          .removalListener(
              (key, value, cause) -> removed.append(cause).append(" on ").append(SharedPool.here()))
          .build();
      cache.put("key", "value");
      cache.invalidate("key");

      assertEquals("EXPLICIT on " + SharedPool.here(), removed.toString());
      assertFalse(log.thrown().isEmpty());
      log.thrown().forEach(SharedPool::refusalIn);
    }
  }
}
