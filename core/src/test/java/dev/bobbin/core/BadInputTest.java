package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.WorkerThreadFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes no sense is refused by name and value, and the pool is as it was. */
class BadInputTest {
  /** One call of a pool's method. */
  @FunctionalInterface
  interface Call {
    void on(ThreadPool pool) throws Exception;
  }

  private static Arguments call(String parameter, Call call) {
    return Arguments.of(parameter, call);
  }

  static Stream<Arguments> nulls() {
    Callable<String> work = () -> "value";
    return Stream.of(
        call("task", pool -> pool.execute(null)),
        call("work", pool -> pool.callInThread(null)),
        call("callback", pool -> pool.callInThreadWithCallback(null, work)),
        call("work", pool -> pool.callInThreadWithCallback(outcome -> {}, null)),
        call("callback", pool -> pool.callInThreadWithCallback(null, null)),
        call("task", pool -> pool.submit((Runnable) null)),
        call("task", pool -> pool.submit((Callable<?>) null)),
        call("task", pool -> pool.submit(null, "value")),
        call("tasks", pool -> pool.invokeAll(null)),
        call("tasks", pool -> pool.invokeAll(null, 1, TimeUnit.SECONDS)),
        call("task", pool -> pool.invokeAll(Arrays.asList(work, null))),
        call("task", pool -> pool.invokeAll(Arrays.asList(work, null), 1, TimeUnit.SECONDS)),
        call("unit", pool -> pool.invokeAll(List.of(work), 1, null)),
        call("tasks", pool -> pool.invokeAny(null)),
        call("tasks", pool -> pool.invokeAny(null, 1, TimeUnit.SECONDS)),
        call("task", pool -> pool.invokeAny(Arrays.asList(null, work))),
        call("task", pool -> pool.invokeAny(Arrays.asList(null, work), 1, TimeUnit.SECONDS)),
        call("unit", pool -> pool.invokeAny(List.of(work), 1, null)),
        call("deadline", pool -> pool.stop(null)),
        call("unit", pool -> pool.awaitTermination(1, null)),
        call("change", pool -> pool.adjustPoolSize(null)));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void w2_everyMethod_namesTheParameter_whenItIsNull(String parameter, Call call) throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      Testing.eventually("the worker is idle", () -> pool.statistics().idle() == 1);
      String before = pool.toString();
      var thrown = assertThrows(NullPointerException.class, () -> call.on(pool));
      assertEquals(parameter, thrown.getMessage());
      assertEquals(before, pool.toString());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1|2|Pool 'p': minWorkers must not be negative, was -1. Give 0 or more.",
        "-1|-2|Pool 'p': minWorkers must not be negative, was -1. Give 0 or more.",
        "3|2|Pool 'p': minWorkers must not be greater than maxWorkers, was 3 with maxWorkers 2. Give both bounds in one call.",
        "0|-1|Pool 'p': minWorkers must not be greater than maxWorkers, was 0 with maxWorkers -1. Give both bounds in one call.",
        "1|40000|Pool 'p': maxWorkers must be at most 32767, was 40000."
      })
  void g11_adjustPoolSize_saysWhatIsWrong_whenTheSizesMakeNoSense(int min, int max, String text)
      throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      Testing.eventually("the worker is idle", () -> pool.statistics().idle() == 1);
      String before = pool.toString();
      var thrown =
          assertThrows(IllegalArgumentException.class, () -> pool.adjustPoolSize(min, max));
      assertEquals(text, thrown.getMessage());
      assertEquals(before, pool.toString());
      assertEquals(new PoolSizes(1, 2), pool.sizes());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  @Test
  void g11_adjustPoolSize_changesNothing_whenTheFunctionThrows() {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      var thrown = assertThrows(
          IllegalArgumentException.class,
          () -> pool.adjustPoolSize(sizes -> sizes.withMinWorkers(3)));
      assertEquals(
          "minWorkers must not be greater than maxWorkers, was 3 with maxWorkers 2."
              + " Give both bounds in one call.",
          thrown.getMessage());
      var own = new IllegalStateException("the function's own");
      assertSame(
          own,
          assertThrows(
              IllegalStateException.class,
              () -> pool.adjustPoolSize((UnaryOperator<PoolSizes>) sizes -> {
                throw own;
              })));
      assertEquals(new PoolSizes(1, 2), pool.sizes());
    }
  }

  @Test
  void g11_adjustPoolSize_changesNothing_whenTheFunctionGivesNull() {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      var thrown =
          assertThrows(NullPointerException.class, () -> pool.adjustPoolSize(sizes -> null));
      assertEquals("the new sizes", thrown.getMessage());
      assertEquals(new PoolSizes(1, 2), pool.sizes());
    }
  }

  @Test
  void invokeAny_saysWhatIsMissing_whenThereIsNoTask() {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      String text = "Pool 'p': invokeAny needs at least one task, was given none.";
      assertEquals(
          text,
          assertThrows(IllegalArgumentException.class, () -> pool.invokeAny(List.of()))
              .getMessage());
      assertEquals(
          text,
          assertThrows(
                  IllegalArgumentException.class,
                  () -> pool.invokeAny(List.of(), 1, TimeUnit.SECONDS))
              .getMessage());
    }
  }

  @Test
  void invokeAll_givesNoFutures_whenThereIsNoTask() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      assertEquals(List.of(), pool.invokeAll(List.of()));
      assertEquals(0, pool.statistics().accepted());
    }
  }

  @Test
  void awaitTermination_answersFalseAtOnce_whenTheTimeIsNegativeOrZero() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      assertEquals(false, pool.awaitTermination(-1, TimeUnit.DAYS));
      assertEquals(false, pool.awaitTermination(0, TimeUnit.DAYS));
      assertThrows(
          TimeoutException.class, () -> pool.submit(new Held(2)::run).get(-1, TimeUnit.DAYS));
      pool.stop(Duration.ZERO);
    }
  }

  @Test
  void builder_namesTheParameter_whenItIsNull() {
    assertEquals("config", nullIn(() -> ThreadPools.builder(null)));
    assertEquals("factory", nullIn(() -> Testing.pool(1, 1).threadFactory((ThreadFactory) null)));
    assertEquals(
        "factory", nullIn(() -> Testing.pool(1, 1).threadFactory((WorkerThreadFactory) null)));
    assertEquals(
        "propagator", nullIn(() -> Testing.pool(1, 1).contextPropagator((ContextPropagator) null)));
    assertEquals(
        "reporter", nullIn(() -> Testing.pool(1, 1).failureReporter((FailureReporter) null)));
    assertEquals("plugins", nullIn(() -> Testing.pool(1, 1).plugins(null)));
  }

  private static String nullIn(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(NullPointerException.class, call).getMessage();
  }
}
