package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F1 to F8: what a pool holds on to, and until when. */
class ReferencesTest {
  /** How a task goes through the pool: as it was given, or inside a context. */
  enum Way {
    BARE,
    IN_CONTEXT
  }

  /** Captures a context that nobody else holds, and keeps weak references to all of them. */
  private static final class Contexts implements ContextPropagator {
    final ConcurrentLinkedQueue<WeakReference<Object>> captured = new ConcurrentLinkedQueue<>();

    @Override
    public String name() {
      return "contexts";
    }

    @Override
    public CapturedContext capture() {
      var context = new Carried(new Object());
      captured.add(new WeakReference<>(context));
      captured.add(new WeakReference<>(context.value));
      return context;
    }
  }

  private record Carried(Object value) implements CapturedContext {
    @Override
    public void run(Runnable body) {
      body.run();
    }

    @Override
    public Map<String, String> describe() {
      return Map.of("value", value.toString());
    }
  }

  private final Contexts contexts = new Contexts();
  private final RecordingReporter reporter = new RecordingReporter();
  private final List<WeakReference<Object>> callable = new ArrayList<>();
  private final List<WeakReference<Object>> callback = new ArrayList<>();
  private final List<WeakReference<Object>> result = new ArrayList<>();

  private ThreadPool pool(Way way) {
    ThreadPools.Builder builder = Testing.pool(1, 1);
    return way == Way.BARE
        ? builder.start()
        : builder.contextPropagator(contexts).start();
  }

  /** Work that holds an argument, so that it is an object of its own that can be collected. */
  private Callable<Object> work(boolean fails) {
    var argument = new Object();
    Callable<Object> work = () -> {
      var made = new Object[] {argument.hashCode()};
      synchronized (result) {
        result.add(new WeakReference<>(made));
      }
      if (fails) {
        throw new IllegalStateException("on purpose");
      }
      return made;
    };
    callable.add(new WeakReference<>(argument));
    callable.add(new WeakReference<>(work));
    return work;
  }

  private <T> OutcomeCallback<T> remembered(OutcomeCallback<T> made) {
    callback.add(new WeakReference<>(made));
    return made;
  }

  private static void awaitCleared(String what, Iterable<WeakReference<Object>> references) {
    references.forEach(reference -> Testing.awaitCleared(what, reference));
  }

  private void awaitAllCleared() {
    awaitCleared("the callable or its argument", callable);
    awaitCleared("the result", result);
    awaitCleared("the callback", callback);
    awaitCleared("the context", contexts.captured);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void f1_callableAndArgument_areGoneInsideTheCallback(Way way) throws Exception {
    try (ThreadPool pool = pool(way)) {
      var done = new CompletableFuture<Boolean>();
      submitCheckedInside(pool, done, false);
      assertTrue(Testing.get(done));
      awaitAllCleared(); // F2, F3, F5: while the worker idles
      Testing.eventually("it idles", () -> pool.statistics().idle() == 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void f6_callableAndArgument_areGoneInsideTheCallback_whenTheWorkThrew(Way way) throws Exception {
    try (ThreadPool pool = pool(way)) {
      var done = new CompletableFuture<Boolean>();
      submitCheckedInside(pool, done, true);
      assertFalse(Testing.get(done));
      awaitAllCleared();
    }
  }

  private void submitCheckedInside(
      ThreadPool pool, CompletableFuture<Boolean> done, boolean fails) {
    List<WeakReference<Object>> watched = callable;
    pool.callInThreadWithCallback(
        remembered(outcome -> {
          try {
            awaitCleared("the callable or its argument, inside the callback", watched);
            done.complete(outcome.isSuccess());
          } catch (Throwable thrown) {
            done.completeExceptionally(thrown);
          }
        }),
        work(fails));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void f4_all_isGone_whenTheCallbackThrew(Way way) {
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(way == Way.BARE ? new NoContext() : contexts)
        .failureReporter(new DroppingReporter())
        .start()) {
      submitThrowing(pool);
      Testing.eventually("it ran", () -> pool.statistics().completed() == 1);
      awaitAllCleared();
    }
  }

  private void submitThrowing(ThreadPool pool) {
    var held = new Object();
    pool.callInThreadWithCallback(
        remembered(outcome -> {
          throw new IllegalStateException("on purpose " + held.hashCode());
        }),
        work(false));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void f5_idleWorker_holdsNothing_ofFuturesAndPlainTasks(Way way) throws Exception {
    try (ThreadPool pool = pool(way)) {
      submitAndDrop(pool);
      Testing.eventually("all ran", () -> pool.statistics().completed() == 3);
      awaitAllCleared();
      assertEquals(1, pool.statistics().workers());
    }
  }

  private void submitAndDrop(ThreadPool pool) throws Exception {
    Callable<Object> kept = work(false);
    callback.add(new WeakReference<>(pool.submit(work(false))));
    Testing.get(pool.submit(work(false)));
    pool.execute(() -> {
      try {
        kept.call();
      } catch (Exception unexpected) {
        throw new IllegalStateException(unexpected);
      }
    });
  }

  /** The future lives on; it keeps its value, not its work. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void f1_doneFuture_keepsItsResultAlone(Way way) throws Exception {
    try (ThreadPool pool = pool(way)) {
      CompletableFuture<Object> future = pool.submit(work(false));
      assertNotNull(Testing.get(future));
      awaitCleared("the callable or its argument", callable);
      awaitCleared("the context", contexts.captured);
      assertNotNull(future.join());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void f8_stoppedPool_holdsNothing_thoughItIsHeldItself(Way way) throws Exception {
    var threads = new ConcurrentLinkedQueue<WeakReference<Object>>();
    ThreadPool pool = pool(way);
    try (pool) {
      runOne(pool, threads);
      pool.stop();
      awaitAllCleared();
      awaitCleared("a worker's thread", threads);
      assertEquals(1, pool.statistics().completed());
    }
  }

  private void runOne(ThreadPool pool, ConcurrentLinkedQueue<WeakReference<Object>> threads)
      throws Exception {
    Callable<Object> work = work(false);
    Testing.get(pool.submit(() -> {
      threads.add(new WeakReference<>(Thread.currentThread()));
      return work.call();
    }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "shutdownNow", "stop and drain", "never started", "maximum 0"})
  void f8_stoppedPool_holdsNothing_ofWhatItDiscarded(String way) throws Exception {
    boolean neverStarted = way.equals("never started");
    boolean nobody = neverStarted || way.equals("maximum 0");
    var builder = Testing.pool(nobody ? 0 : 1, nobody ? 0 : 1)
        .contextPropagator(contexts)
        .failureReporter(reporter);
    var held = new Held();
    try (ThreadPool pool = neverStarted ? builder.build() : builder.start();
        held) {
      if (!nobody) {
        pool.execute(held::runThroughInterrupts);
        held.awaitBegun();
      }
      submitToBeDiscarded(pool);
      switch (way) {
        case "stop" -> assertEquals(3, pool.stop(Duration.ZERO).discarded().size());
        case "shutdownNow" -> assertEquals(3, pool.shutdownNow().size());
        case "stop and drain" ->
          assertEquals(3, pool.stop(Duration.ofMillis(5)).discarded().size());
        default -> pool.stop();
      }
      held.release();
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      awaitAllCleared();
      assertEquals(3, pool.statistics().discarded());
    }
  }

  private void submitToBeDiscarded(ThreadPool pool) {
    Callable<Object> bare = work(false);
    pool.execute(bare::hashCode);
    callback.add(new WeakReference<>(pool.submit(work(false))));
    var argument = new Object();
    pool.callInThreadWithCallback(remembered(outcome -> assertNotNull(argument)), work(false));
  }

  @Test
  void f7_pool_isCollectable_whenItHasStoppedAndIsForgotten() throws Exception {
    var references = new ArrayList<WeakReference<Object>>();
    useAndForget(references);
    awaitCleared("the pool or something of it", references);
  }

  private void useAndForget(List<WeakReference<Object>> references) throws Exception {
    ThreadPool pool = Testing.pool(2, 3).failureReporter(reporter).start();
    try (pool) {
      references.add(new WeakReference<>(Testing.get(pool.submit(Thread::currentThread))));
      pool.execute(() -> {});
      references.add(new WeakReference<>(pool));
    }
  }

  @Test
  void f7_pool_isCollectable_whenItWasNeverStartedAndIsForgotten() {
    var references = new ArrayList<WeakReference<Object>>();
    neverStart(references);
    awaitCleared("the pool or its backlog", references);
  }

  private void neverStart(List<WeakReference<Object>> references) {
    ThreadPool pool = Testing.pool(2, 3).build(); // nothing to close: no thread was made
    references.add(new WeakReference<>(pool));
    references.add(new WeakReference<>(pool.submit(work(false))));
  }

  /** The timer of a stop that a worker began does not keep the pool. */
  @Test
  void f8_pool_isCollectable_whileTheTimerOfItsStopStillRuns() throws Exception {
    var references = new ArrayList<WeakReference<Object>>();
    stopFromInside(references);
    awaitCleared("the pool", references);
  }

  private static void stopFromInside(List<WeakReference<Object>> references) throws Exception {
    ThreadPool pool = Testing.pool(1, 1).start();
    try (pool) {
      Testing.get(pool.submit(() -> pool.stop(Duration.ofDays(1))));
      references.add(new WeakReference<>(pool));
    }
  }

  /** C11: workers that have left are in no list. */
  @Test
  void c11_leftWorkers_areCollectable_whileThePoolRuns() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 4).start();
        var held = new Held(4)) {
      var threads = new ConcurrentLinkedQueue<WeakReference<Object>>();
      for (int i = 0; i < 4; i++) {
        pool.execute(() -> {
          threads.add(new WeakReference<>(Thread.currentThread()));
          held.run();
        });
      }
      held.awaitBegun();
      held.release();
      forgetRunner(held);
      Testing.get(pool.adjustPoolSize(0, 0).toCompletableFuture());
      assertEquals(4, threads.size());
      awaitCleared("the thread of a worker that left", threads);
      assertEquals(0, pool.statistics().workers());
    }
  }

  private static void forgetRunner(Held held) {
    held.run(); // it is released: this only makes the test's thread the last runner
  }

  private static final class NoContext implements ContextPropagator {
    @Override
    public String name() {
      return "no-context";
    }

    @Override
    public CapturedContext capture() {
      return null;
    }
  }

  /** Takes reports, and keeps none. */
  private static final class DroppingReporter implements dev.bobbin.spi.FailureReporter {
    @Override
    public String name() {
      return "dropping";
    }

    @Override
    public void report(dev.bobbin.spi.FailureReport report) {}
  }

  @Test
  void outcome_isTheCallbacksAlone() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var outcomes = new ArrayList<WeakReference<Object>>();
      callBack(pool, outcomes);
      Testing.eventually("it ran", () -> pool.statistics().completed() == 1);
      awaitCleared("the outcome", outcomes);
    }
  }

  private void callBack(ThreadPool pool, List<WeakReference<Object>> outcomes) throws Exception {
    var told = new CompletableFuture<Outcome<Object>>();
    pool.<Object>callInThreadWithCallback(told::complete, work(false));
    outcomes.add(new WeakReference<>(Testing.get(told)));
  }
}
