package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Asynchronous stages behind a task's future: on which executor they run, in whose context, and how they end. */
class StagesTest {
  /** Adds an asynchronous stage that runs the body. */
  @FunctionalInterface
  interface Adder {
    CompletionStage<?> add(CompletionStage<Integer> source, Runnable body);
  }

  private static Arguments adder(String name, Adder adder) {
    return Arguments.of(name, adder);
  }

  /** The methods whose stage runs when its source has a value. */
  static Stream<Arguments> adders() {
    CompletionStage<Integer> done = CompletableFuture.completedFuture(2);
    CompletionStage<Integer> never = new CompletableFuture<>();
    return Stream.of(
        adder("thenApply", (source, body) -> source.thenApplyAsync(value -> run(body))),
        adder("thenAccept", (source, body) -> source.thenAcceptAsync(value -> body.run())),
        adder("thenRun", CompletionStage::thenRunAsync),
        adder("thenCombine", (source, body) -> source.thenCombineAsync(done, (a, b) -> run(body))),
        adder(
            "thenAcceptBoth",
            (source, body) -> source.thenAcceptBothAsync(done, (a, b) -> body.run())),
        adder("runAfterBoth", (source, body) -> source.runAfterBothAsync(done, body)),
        adder(
            "applyToEither",
            (source, body) -> source.applyToEitherAsync(never, value -> run(body))),
        adder(
            "acceptEither", (source, body) -> source.acceptEitherAsync(never, value -> body.run())),
        adder("runAfterEither", (source, body) -> source.runAfterEitherAsync(never, body)),
        adder(
            "thenCompose",
            (source, body) ->
                source.thenComposeAsync(value -> CompletableFuture.completedFuture(run(body)))),
        adder(
            "whenComplete",
            (source, body) -> source.whenCompleteAsync((value, failure) -> body.run())),
        adder("handle", (source, body) -> source.handleAsync((value, failure) -> run(body))),
        adder(
            "exceptionally",
            (source, body) -> failed(source).exceptionallyAsync(failure -> run(body))),
        adder(
            "exceptionallyCompose",
            (source, body) -> failed(source)
                .exceptionallyComposeAsync(
                    failure -> CompletableFuture.completedFuture(run(body)))));
  }

  private static int run(Runnable body) {
    body.run();
    return 7;
  }

  private static CompletionStage<Integer> failed(CompletionStage<Integer> source) {
    return source.thenApply(value -> {
      throw new IllegalStateException("on purpose");
    });
  }

  private static Throwable causeOf(CompletionStage<?> stage) {
    return assertThrows(ExecutionException.class, () -> Testing.get(stage.toCompletableFuture()))
        .getCause();
  }

  @Test
  void defaultExecutor_isThePoolItself_whenNothingIsCarried() {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      assertSame(pool, future.defaultExecutor());
      assertSame(pool, future.thenApply(value -> value).thenRun(() -> {}).defaultExecutor());
      assertSame(pool, future.copy().defaultExecutor());
      assertSame(pool, future.newIncompleteFuture().defaultExecutor());
      assertSame(pool, future.minimalCompletionStage().toCompletableFuture().defaultExecutor());
      assertSame(
          pool, pool.inOrder("key").submit(() -> 1).thenApply(value -> value).defaultExecutor());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("adders")
  void p28_stage_runsOnThePool_inTheContextOfWhoAddedIt(String name, Adder adder) throws Exception {
    var marker = new Marker();
    try (ThreadPool pool = Testing.pool(1, 2).contextPropagator(marker).start();
        var held = new Held()) {
      marker.set("submitter");
      CompletableFuture<Integer> future = pool.submit(held, 1);
      var seen = new CompletableFuture<String>();
      marker.set("adder");
      CompletionStage<?> stage = adder.add(
          future,
          () -> seen.complete(
              marker.get() + " " + Thread.currentThread().getName().startsWith("PoolThread-p-")));
      marker.set("later");
      held.release();
      assertEquals("adder true", Testing.get(seen));
      Testing.get(stage.toCompletableFuture());
    }
  }

  /** The thread that completes the source has a context of its own, the adder has none. */
  @Test
  void p28_stage_hasNoContext_whenItsAdderHadNone() throws Exception {
    var marker = new Marker();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(marker).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      CompletableFuture<String> seen = future.thenApplyAsync(value -> String.valueOf(marker.get()));
      CompletableFuture<String> seenThere = new CompletableFuture<>();
      Executor ours = future.defaultExecutor();
      Testing.get(Testing.inThread(() -> {
        marker.set("completer");
        ours.execute(() -> seenThere.complete(String.valueOf(marker.get())));
        return future.complete(2);
      }));
      held.release();
      assertEquals("null", Testing.get(seen));
      assertEquals("null", Testing.get(seenThere));
    }
  }

  @Test
  void p28_executor_carriesItsContextAgainAndAgain() throws Exception {
    var marker = new Marker();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(marker).start()) {
      marker.set("asker");
      Executor executor = pool.submit(() -> 1).defaultExecutor();
      assertNotSame(pool, executor);
      marker.set("later");
      for (int i = 0; i < 3; i++) {
        var seen = new CompletableFuture<String>();
        executor.execute(() -> seen.complete(marker.get()));
        assertEquals("asker", Testing.get(seen));
      }
      assertThrows(NullPointerException.class, () -> executor.execute(null));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("adders")
  void stage_runsOnThePool_behindAnyStage(String name, Adder adder) throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start();
        var held = new Held()) {
      CompletableFuture<Integer> future = pool.submit(held, 1);
      var threads = new ArrayList<CompletableFuture<String>>();
      for (CompletionStage<Integer> source : List.of(
          future,
          future.thenApply(value -> value),
          future.copy(),
          future.minimalCompletionStage(),
          future.minimalCompletionStage().thenApply(value -> value),
          future.minimalCompletionStage().toCompletableFuture())) {
        var thread = new CompletableFuture<String>();
        adder.add(source, () -> thread.complete(Thread.currentThread().getName()));
        threads.add(thread);
      }
      held.release();
      for (CompletableFuture<String> thread : threads) {
        assertTrue(Testing.get(thread).startsWith("PoolThread-p-"), thread::join);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("adders")
  void stage_failsWithTheRefusal_whenThePoolHasStopped(String name, Adder adder) throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<Integer> future = pool.submit(held, 1);
      var ran = new AtomicInteger();
      CompletionStage<?> before = adder.add(future, ran::incrementAndGet);
      pool.shutdown(); // the stage becomes due while the pool drains
      held.release();
      assertInstanceOf(TaskRejectedException.class, causeOf(before));
      pool.stop();
      CompletionStage<?> after = adder.add(future, ran::incrementAndGet);
      assertInstanceOf(TaskRejectedException.class, causeOf(after));
      assertEquals(0, ran.get());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("adders")
  void stage_failsWithTheReason_whenThePoolGivesItUp(String name, Adder adder) throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      var ran = new AtomicInteger();
      Testing.get(future);
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      CompletionStage<?> stage = adder.add(future, ran::incrementAndGet);
      assertEquals(1, pool.statistics().backlog());
      List<Runnable> unrun = pool.shutdownNow();
      assertEquals(1, unrun.size());
      var reason = assertInstanceOf(TaskDiscardedException.class, causeOf(stage));
      assertEquals(RejectionReason.STOPPING, reason.reason());
      unrun.forEach(Runnable::run); // harmless
      assertEquals(0, ran.get());
      held.release();
      assertEquals(1, Testing.stopped(pool).discarded());
    }
  }

  private static ThreadPool dropping() {
    return ThreadPools.builder(Testing.config(1, 1).toBuilder()
            .backlogLimit(0)
            .whenFull(Overflow.discardSilently())
            .build())
        .start();
  }

  @Test
  void stage_failsWithTheRefusal_whenItIsDroppedInSilence() throws Exception {
    try (ThreadPool pool = dropping();
        var held = new Held()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      Testing.get(future);
      pool.execute(held);
      held.awaitBegun();
      var full = assertInstanceOf(
          TaskRejectedException.class, causeOf(future.thenApplyAsync(value -> value)));
      assertEquals(RejectionReason.BACKLOG_FULL, full.reason());
      held.release();
      pool.stop();
      var stopped = assertInstanceOf(
          TaskRejectedException.class, causeOf(future.thenApplyAsync(value -> value)));
      assertEquals(RejectionReason.STOPPING, stopped.reason());
    }
  }

  /** A stage whose pool lets its submitter run it is run by who completes the source, in its own context. */
  @Test
  void p28_stage_hasTheContextOfWhoAddedIt_whenItsSubmitterRunsIt() throws Exception {
    var marker = new Marker();
    var config = Testing.config(1, 1).toBuilder()
        .backlogLimit(0)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).contextPropagator(marker).start();
        var held = new Held()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      Testing.get(future);
      pool.execute(held);
      held.awaitBegun();
      marker.set("adder");
      CompletableFuture<String> seen = future.newIncompleteFuture();
      CompletableFuture<String> stage = seen.thenApplyAsync(
          value -> value + marker.get() + " " + Thread.currentThread().getName());
      marker.set("completer");
      seen.complete("");
      assertEquals("adder " + Thread.currentThread().getName(), stage.getNow("not yet"));
      assertEquals("completer", marker.get());
    }
  }

  /** A stage can be due, and given up, before the call that adds it has returned. */
  @Test
  void stage_failsWithTheReason_whenThePoolGivesItUpBeforeItIsMade() {
    ThreadPool pool = Testing.pool(1, 1).build();
    try (pool) {
      var task = new StageTask((Pool) pool, "function");
      task.execute(() -> {});
      pool.stop();
      var stage = task.completing(new CompletableFuture<String>());
      assertInstanceOf(TaskDiscardedException.class, causeOf(stage));
    }
  }

  @Test
  void view_isLeftBehind_byAsynchronousStages() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      ThreadPool view = pool.with(TaskOptions.builder().name("named").build());
      view.submit(() -> 1).thenRunAsync(held);
      held.awaitBegun();
      var running =
          assertInstanceOf(PoolTask.class, ((Pool) pool).team().slots()[0].task());
      assertNull(running.ticket());
      assertEquals(Held.class.getName(), running.description());
    }
  }

  @Test
  void stages_areTasksOfThePool_andItsBooksBalance() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 3).start()) {
      CompletableFuture<Integer> sum = pool.submit(() -> 0);
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Integer> other = pool.submit(() -> 1);
        sum = sum.thenCombineAsync(other, Integer::sum);
      }
      assertEquals(1_000, Testing.get(sum));
      assertEquals(2_001, Testing.stopped(pool).completed());
    }
  }

  @Test
  void asyncStage_runsOnce_whileTheFutureCompletes_manyTimes() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var ran = new AtomicInteger();
      int rounds = 10_000;
      for (int i = 0; i < rounds; i++) {
        CompletableFuture<Integer> future = pool.submit(() -> 1);
        for (int spin = i % 100; spin > 0; spin--) {
          Thread.onSpinWait();
        }
        CompletableFuture<Integer> stage = future.thenApplyAsync(value -> ran.incrementAndGet());
        assertEquals(i + 1, Testing.get(stage));
      }
      assertEquals(2L * rounds, Testing.stopped(pool).completed());
    }
  }

  @Test
  void timeoutsCopiesAndAllOf_keepWorking_behindStages() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<Integer> future = pool.submit(held, 1);
      CompletableFuture<Integer> stage = future.thenApplyAsync(value -> value);
      var late = assertThrows(
          ExecutionException.class,
          () -> Testing.get(stage.copy().orTimeout(1, TimeUnit.MILLISECONDS)));
      assertInstanceOf(TimeoutException.class, late.getCause());
      CompletableFuture<Integer> other =
          stage.copy().completeOnTimeout(5, 1, TimeUnit.MILLISECONDS);
      assertEquals(5, Testing.get(other));
      CompletableFuture<Void> all = CompletableFuture.allOf(future, stage, stage.copy());
      assertFalse(all.isDone());
      held.release();
      Testing.get(all);
      assertEquals(3, Testing.get(future.<Integer>newIncompleteFuture().completeAsync(() -> 3)));
    }
  }

  @Test
  void function_mustBeThere() {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      assertThrows(NullPointerException.class, () -> future.thenApplyAsync(null));
      assertThrows(NullPointerException.class, () -> future.thenRunAsync(null));
      assertThrows(NullPointerException.class, () -> future.thenCombineAsync(null, (a, b) -> a));
    }
  }

  /** The same as the JDK's own, but for the executor. */
  @Test
  void minimalStage_isNothingButAStage() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletionStage<Integer> stage = pool.submit(held, 1).minimalCompletionStage();
      var future = (CompletableFuture<Integer>) stage;
      for (Callable<?> call : List.<Callable<?>>of(
          future::get,
          () -> future.get(1, TimeUnit.SECONDS),
          () -> future.getNow(null),
          future::join,
          () -> future.cancel(true),
          future::isDone,
          future::isCancelled,
          future::isCompletedExceptionally,
          future::getNumberOfDependents,
          () -> future.orTimeout(1, TimeUnit.SECONDS),
          () -> future.completeAsync(() -> null),
          () -> future.completeExceptionally(new IOException("not so")))) {
        var thrown = assertThrows(UnsupportedOperationException.class, call::call);
        assertEquals(
            "This is a stage and no future. Call toCompletableFuture() for one.",
            thrown.getMessage());
      }
      CompletableFuture<Integer> own = stage.toCompletableFuture();
      assertNotSame(own, stage.toCompletableFuture());
      assertTrue(own.complete(9)); // which is nobody else's affair
      held.release();
      assertEquals(1, Testing.get(stage.toCompletableFuture()));
      assertEquals(2, Testing.get(stage.thenApply(value -> value + 1).toCompletableFuture()));
    }
  }

  @Test
  void minimalStage_failsAsTheJdksOwn() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var thrown = new IOException("on purpose");
      CompletableFuture<Integer> future = pool.submit(() -> {
        throw thrown;
      });
      assertSame(thrown, causeOf(future.minimalCompletionStage()));
      var seen = new CompletableFuture<Throwable>();
      future.minimalCompletionStage().whenComplete((value, failure) -> seen.complete(failure));
      assertSame(
          thrown, assertInstanceOf(CompletionException.class, Testing.get(seen)).getCause());
      assertSame(
          thrown,
          causeOf(
              CompletableFuture.allOf(future.thenApply(value -> value)).minimalCompletionStage()));
    }
  }

  /** P24: whoever waits on a future sees its worker restored. */
  @Test
  void p24_future_completesAfterTheContextIsRestored() throws Exception {
    var restoring = new CountDownLatch(1);
    var mayRestore = new CountDownLatch(1);
    var restored = new AtomicBoolean();
    ContextPropagator slow = new ContextPropagator() {
      @Override
      public String name() {
        return "slow";
      }

      @Override
      public CapturedContext capture() {
        return body -> {
          body.run();
          restoring.countDown();
          Held.await(mayRestore);
          restored.set(true);
        };
      }
    };
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(slow).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      CompletableFuture<Boolean> dependent = future.thenApply(value -> restored.get());
      Held.await(restoring);
      assertFalse(future.isDone());
      mayRestore.countDown();
      assertEquals(1, Testing.get(future));
      assertTrue(restored.get());
      assertTrue(Testing.get(dependent));
    }
  }

  @Test
  void f1_doneStage_keepsNeitherFunctionNorContextNorSource() throws Exception {
    var marker = new Carrying();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(marker).start()) {
      var references = new ArrayList<WeakReference<Object>>();
      CompletableFuture<Integer> stage = addRemembered(pool, references);
      assertEquals(7, Testing.get(stage));
      for (WeakReference<Object> reference : references) {
        Testing.awaitCleared("the source, its value or the function", reference);
      }
      for (WeakReference<Object> context : marker.captured) {
        Testing.awaitCleared("the context", context);
      }
      assertEquals(7, stage.join());
    }
  }

  private static CompletableFuture<Integer> addRemembered(
      ThreadPool pool, List<WeakReference<Object>> references) throws Exception {
    var held = new Object();
    CompletableFuture<Object> source = pool.submit(Object::new);
    CompletableFuture<Integer> stage = source.thenApplyAsync(value -> {
      held.hashCode();
      return 7;
    });
    references.add(new WeakReference<>(held));
    references.add(new WeakReference<>(source));
    references.add(new WeakReference<>(Testing.get(source)));
    return stage;
  }

  /** Remembers weakly what it captured. */
  private static final class Carrying implements ContextPropagator {
    final List<WeakReference<Object>> captured = new ArrayList<>();

    @Override
    public String name() {
      return "carrying";
    }

    @Override
    public synchronized CapturedContext capture() {
      var value = new Object();
      captured.add(new WeakReference<>(value));
      return body -> {
        body.run();
        value.hashCode();
      };
    }
  }
}
