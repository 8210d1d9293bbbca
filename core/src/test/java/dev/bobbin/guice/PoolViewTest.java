package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolViewTest {
  private final Injector injector = Guice.createInjector(ThreadPoolModule.builder()
      .withoutDiscovery()
      .pool(ThreadPoolConfig.builder("io").minWorkers(1).maxWorkers(2).build())
      .build());
  private final ThreadPool pool =
      injector.getInstance(Key.get(ThreadPool.class, Pools.named("io")));
  private final ExecutorService view =
      injector.getInstance(Key.get(ExecutorService.class, Pools.named("io")));

  private static Throwable causeOf(Executable call) {
    return assertThrows(InvocationTargetException.class, call).getCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shutdown", "shutdownNow", "close"})
  void view_refusesToEndThePool(String verb) {
    Throwable refusal = causeOf(() -> PoolView.class.getMethod(verb).invoke(view));

    assertEquals(IllegalStateException.class, refusal.getClass());
    assertEquals(
        "Pool 'io': an injected executor refuses "
            + verb
            + ", since others use the pool too. Its PoolOwner stops it: call PoolOwner.close() where"
            + " the application ends, or inject the ThreadPool itself.",
        refusal.getMessage());
    assertEquals(PoolState.NEW, pool.state());
  }

  @Test
  void view_runsTasksOnThePool() throws Exception {
    List<Callable<String>> two = List.of(() -> "a", () -> "b");
    try (pool) {
      var executed = new CountDownLatch(1);
      view.execute(executed::countDown);
      assertTrue(executed.await(30, TimeUnit.SECONDS));
      assertEquals("a", view.submit(() -> "a").get(30, TimeUnit.SECONDS));
      assertEquals("b", view.submit(() -> {}, "b").get(30, TimeUnit.SECONDS));
      view.submit(() -> {}).get(30, TimeUnit.SECONDS);
      assertEquals(
          List.of("a", "b"), view.invokeAll(two).stream().map(PoolViewTest::get).toList());
      assertEquals(2, view.invokeAll(two, 30, TimeUnit.SECONDS).size());
      assertTrue(List.of("a", "b").contains(view.invokeAny(two)));
      assertTrue(List.of("a", "b").contains(view.invokeAny(two, 30, TimeUnit.SECONDS)));
      assertFalse(view.isShutdown());
    }
    assertTrue(view.isShutdown());
    assertTrue(view.isTerminated());
    assertTrue(view.awaitTermination(30, TimeUnit.SECONDS));
    PoolStatistics numbers = pool.statistics(); // invokeAny cancels whom it does not need
    assertEquals(numbers.accepted(), numbers.completed() + numbers.cancelled());
  }

  @Test
  void toString_showsThePool() {
    assertEquals("View of " + pool, view.toString());
  }

  private static String get(Future<String> future) {
    try {
      return future.get();
    } catch (Exception thrown) {
      throw new AssertionError(thrown);
    }
  }
}
