package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.Starvation;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.StateEvent;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reference 4284, fault 24: a pool that is collected though nobody has stopped it is warned of once,
 * and its threads end. Each test watches its pools apart from those of other tests.
 */
class ForgottenPoolsTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String name = "forgotten-" + NUMBERS.getAndIncrement();
  private final ForgottenPools watch = new ForgottenPools("watch of " + name);
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<ForgottenPools.Trace> traces = new CopyOnWriteArrayList<>();

  /** The machine itself, with a watch of its own. */
  private final Seams seams = new RealSeams() {
    @Override
    public void start(Worker worker, Thread thread) {
      threads.add(thread);
      super.start(worker, thread);
    }

    @Override
    public void startErrands(Errands errands, Thread thread) {
      threads.add(thread);
      super.startErrands(errands, thread);
    }

    @Override
    public ForgottenPools.Trace watch(Pool pool, PoolHost host) {
      ForgottenPools.Trace trace = watch.add(pool, host);
      traces.add(trace);
      return trace;
    }
  };

  private Pool make(int min, int max, PoolListener... listeners) {
    return make(ThreadPoolConfig.builder(name).minWorkers(min).maxWorkers(max).build(), listeners);
  }

  private Pool make(ThreadPoolConfig config, PoolListener... listeners) {
    return new Pool(
        config,
        new Wiring(
            new TestPlugins.Threads(),
            List.of(),
            List.of(new RecordingReporter()),
            null,
            List.of(listeners)),
        null,
        false,
        null,
        seams);
  }

  private Pool start(int min, int max, PoolListener... listeners) {
    Pool pool = make(min, max, listeners);
    pool.start();
    return pool;
  }

  /** Makes garbage be collected until the condition holds, with a bound that only a failure reaches. */
  private static void collectUntil(String what, BooleanSupplier condition) {
    Testing.eventually(what, () -> {
      System.gc();
      return condition.getAsBoolean();
    });
  }

  private List<String> warnings(CapturedLogs logs) {
    return logs.lines().stream().filter(line -> line.contains("'" + name + "'")).toList();
  }

  private void awaitThreadsEnded() {
    collectUntil(
        "all threads end",
        () -> threads.stream().noneMatch(Thread::isAlive) && !watch.isWatching());
  }

  // ------------------------------------------------------------------ forgotten

  @Test
  void p4284_runningPool_isWarnedOfOnce_andItsThreadsEnd() {
    try (var logs = new CapturedLogs()) {
      WeakReference<Pool> front = new WeakReference<>(start(2, 2));
      Testing.awaitCleared("the pool", front);
      awaitThreadsEnded();

      List<String> warnings = warnings(logs);
      assertEquals(1, warnings.size(), warnings::toString);
      assertTrue(
          warnings.get(0).startsWith("WARNING Pool '" + name + "' was forgotten: "),
          warnings::toString);
      assertTrue(warnings.get(0).contains("It is being stopped now."), warnings::toString);
      assertTrue(warnings.get(0).contains("stop() or close()"), warnings::toString);
      assertEquals(0, watch.size());
    }
  }

  @Test
  void p4284_whatAForgottenPoolHasAccepted_runs() {
    try (var logs = new CapturedLogs();
        var held = new Held()) {
      var runs = new AtomicInteger();
      forgetBusy(held, runs);
      collectUntil("it is warned of", () -> !warnings(logs).isEmpty());
      assertEquals(0, runs.get());
      held.release();
      awaitThreadsEnded();

      assertEquals(3, runs.get());
      assertEquals(1, warnings(logs).size());
    }
  }

  /** Leaves a pool behind whose worker is held and whose backlog does not refer to the pool. */
  private void forgetBusy(Held held, AtomicInteger runs) {
    Pool pool = start(1, 1);
    pool.execute(held);
    held.awaitBegun();
    for (int i = 0; i < 3; i++) {
      pool.execute(runs::incrementAndGet);
    }
  }

  @Test
  void p4284_terminationOfAForgottenPool_comes() throws Exception {
    try (var logs = new CapturedLogs()) {
      CompletionStage<StopReport> termination = start(1, 1).termination();
      CompletableFuture<StopReport> ended = termination.toCompletableFuture();
      collectUntil("the end is told", ended::isDone);

      assertTrue(Testing.get(ended).stopped());
      assertEquals(1, warnings(logs).size());
      Reference.reachabilityFence(termination);
    }
  }

  @Test
  void p4284_listenersOfAForgottenPool_areToldOfItsEnd() {
    var states = new CopyOnWriteArrayList<PoolState>();
    var listener = new PoolListener() {
      @Override
      public String name() {
        return "states";
      }

      @Override
      public void stateChanged(StateEvent event) {
        states.add(event.after());
      }
    };
    try (var logs = new CapturedLogs()) {
      start(1, 1, listener);
      awaitThreadsEnded();

      assertEquals(List.of(PoolState.RUNNING, PoolState.STOPPING, PoolState.STOPPED), states);
      assertEquals(1, warnings(logs).size());
    }
  }

  @Test
  void p4284_runningPoolWithoutAWorker_isWarnedOf() {
    try (var logs = new CapturedLogs()) {
      start(0, 1);
      assertFalse(watch.isWatching(), "no worker lives, so there is no thread");
      collectUntil("it is warned of", () -> {
        make(1, 1); // who makes a pool looks
        return !warnings(logs).isEmpty();
      });
      assertEquals(1, warnings(logs).size());
    }
  }

  @Test
  void p4284_poolNeverStarted_isWarnedOf_whenTasksWait() {
    try (var logs = new CapturedLogs()) {
      make(1, 1).submit(() -> 1);
      collectUntil("it is warned of", () -> {
        make(1, 1); // who makes a pool looks
        return !warnings(logs).isEmpty();
      });
      assertEquals(1, warnings(logs).size());
      assertTrue(
          warnings(logs)
              .get(0)
              .contains("will never run. It was: never started, tasks that wait: 1."),
          warnings(logs)::toString);
      assertFalse(watch.isWatching(), "no pool runs, so there is no thread");
    }
  }

  /** What waits for a moment far away, and must not keep a pool until then. */
  private enum FarAway {
    KEEP_ALIVE(config -> config.minWorkers(0).maxWorkers(2).keepAlive(Duration.ofDays(1))),
    RENEWAL(config -> config.renewAfter(Duration.ofDays(1)).renewAfterTasks(1_000_000)),
    LIMITS(config -> config.maxWait(Duration.ofDays(1)).maxRun(Duration.ofDays(1))),
    STARVATION(config -> config.whenStarving(Starvation.COMPENSATE).maxLentWorkers(1));

    private final UnaryOperator<ThreadPoolConfig.Builder> setting;

    FarAway(UnaryOperator<ThreadPoolConfig.Builder> setting) {
      this.setting = setting;
    }
  }

  @ParameterizedTest
  @EnumSource(FarAway.class)
  void p4284_runningPool_isWarnedOf_whateverIsSetForLater(FarAway setting) throws Exception {
    try (var logs = new CapturedLogs()) {
      useOnce(make(setting
          .setting
          .apply(ThreadPoolConfig.builder(name).minWorkers(1).maxWorkers(1))
          .build()));
      awaitThreadsEnded();
      assertEquals(1, warnings(logs).size());
    }
  }

  private static void useOnce(Pool pool) throws Exception {
    pool.start();
    pool.inOrder("key").execute(() -> {});
    CompletableFuture<Integer> stage = pool.submit(() -> 1).thenApplyAsync(n -> n + 1);
    assertEquals(2, Testing.get(stage));
    pool.adjustPoolSize(sizes -> sizes);
    pool.runBlocking(() -> {});
  }

  @Test
  void p4284_poolOfVirtualWorkers_isWarnedOf_andTheWatchEnds() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21);
    ThreadPoolConfig config = ThreadPoolConfig.builder(name)
        .minWorkers(1)
        .maxWorkers(1)
        .threadFactory("virtual")
        .build();
    Wiring wiring = new WiringPlan(config).resolve(Plugins.discover());
    try (var logs = new CapturedLogs()) {
      useOnce(new Pool(config, wiring, null, false, null, seams));
      awaitThreadsEnded();
      assertEquals(1, warnings(logs).size());
    }
  }

  // ------------------------------------------------------------------ not forgotten

  @Test
  void poolNeverStarted_isNotWarnedOf_whenNothingWaits() {
    try (var logs = new CapturedLogs()) {
      List<WeakReference<Pool>> made = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Pool pool = make(1, 1);
        pool.submit(() -> 1).cancel(false);
        made.add(new WeakReference<>(pool));
      }
      for (WeakReference<Pool> one : made) {
        Testing.awaitCleared("a pool never started", one);
      }
      collectUntil("all traces are gone", () -> {
        make(1, 1);
        return watch.size() < 10;
      });
      assertEquals(List.of(), warnings(logs));
    }
  }

  /** The ways to stop a pool. */
  private enum Way {
    STOP(ThreadPool::stop),
    SHUTDOWN(ThreadPool::shutdown),
    SHUTDOWN_NOW(ThreadPool::shutdownNow),
    CLOSE(ThreadPool::close),
    STOP_WITH_A_DEADLINE(pool -> pool.stop(Duration.ZERO));

    private final Consumer<ThreadPool> way;

    Way(Consumer<ThreadPool> way) {
      this.way = way;
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void stoppedPool_isNotWarnedOf_andNothingIsLeft(Way way) {
    try (var logs = new CapturedLogs()) {
      Pool pool = start(1, 1);
      way.way.accept(pool);
      assertEquals(0, watch.size());
      var front = new WeakReference<>(pool);
      pool = null;
      Testing.awaitCleared("the pool", front);
      awaitThreadsEnded();

      assertEquals(List.of(), warnings(logs));
    }
  }

  @Test
  void watchingThread_ends_withTheLastPool_andComesAgain() {
    try (var logs = new CapturedLogs()) {
      for (int i = 0; i < 3; i++) {
        try (Pool one = start(1, 1);
            Pool other = start(1, 1)) {
          Testing.eventually("it is watched", watch::isWatching);
          Testing.eventually("both have a worker", () -> other.team().isIdle());
          one.stop();
          assertTrue(watch.isWatching(), other::toString);
        }
        Testing.eventually("nobody watches", () -> !watch.isWatching());
      }
      assertEquals(List.of(), warnings(logs));
    }
  }

  @Test
  void watchingThread_ends_thoughAPoolIsMadeAsTheLastWorkerGoes() {
    Pool pool = make(0, 1);
    ForgottenPools.Trace trace = traces.get(0);
    for (int i = 0; i < 100; i++) {
      trace.workerCame();
      trace.workerWent();
      make(0, 1); // who makes a pool sees to what the thread has not seen to yet
      Testing.eventually("nobody watches", () -> !watch.isWatching());
    }
    Reference.reachabilityFence(pool);
  }

  /** The thread is that of all pools, and those of one application may be gone long before it. */
  @Test
  void watchingThread_keepsNoLoaderOfWhoeverMadeIt() throws Exception {
    Pool other;
    WeakReference<ClassLoader> loader;
    try (Pool first = make(1, 1)) {
      loader = ForeignCaller.call(first::start);
      Testing.eventually("it is watched", watch::isWatching);
      other = start(1, 1);
      Testing.eventually("there is a worker", () -> other.team().isIdle());
    }
    try (other) {
      Testing.awaitCleared("the loader of who started the first pool", loader);
      assertTrue(watch.isWatching());
    }
  }

  /** What keeps a pool in use. */
  private enum Holder {
    VIEW(pool -> pool.with(TaskOptions.builder().name("viewed").build())),
    ORDER(pool -> pool.inOrder("key")),
    EXECUTOR(pool -> (Executor) pool::execute),
    FUTURE(pool -> pool.submit(() -> 1)),
    STAGE(pool -> pool.submit(() -> 1).thenApply(n -> n)),
    DELIVERED(pool -> pool.deferToThread(Runnable::run, () -> 1));

    private final Function<Pool, Object> made;

    Holder(Function<Pool, Object> made) {
      this.made = made;
    }
  }

  @ParameterizedTest
  @EnumSource(Holder.class)
  void poolInUse_isNotCollected_untilWhatUsesItIs(Holder holder) {
    try (var logs = new CapturedLogs()) {
      Pool pool = start(1, 1);
      var front = new WeakReference<>(pool);
      Object holding = holder.made.apply(pool);
      pool = null;
      collectAsProven();
      assertFalse(front.refersTo(null), "still in use");
      assertEquals(List.of(), warnings(logs));
      Reference.reachabilityFence(holding);
      holding = null;
      awaitThreadsEnded();
      assertEquals(1, warnings(logs).size());
    }
  }

  @Test
  void poolThatARunningTaskRefersTo_isNotCollected() throws Exception {
    try (var logs = new CapturedLogs();
        var held = new Held()) {
      WeakReference<Pool> front = runReferring(held);
      collectAsProven();
      assertFalse(front.refersTo(null), "the task may still submit");
      assertEquals(List.of(), warnings(logs));
      held.release();
      awaitThreadsEnded();
      assertEquals(1, warnings(logs).size());
    }
  }

  private WeakReference<Pool> runReferring(Held held) {
    Pool pool = start(1, 1);
    pool.execute(() -> {
      held.run();
      pool.execute(() -> {});
    });
    held.awaitBegun();
    return new WeakReference<>(pool);
  }

  /** Collects garbage several times, each proven by an object that is gone afterwards. */
  private static void collectAsProven() {
    for (int i = 0; i < 3; i++) {
      Testing.awaitCleared("garbage", new WeakReference<>(new Object()));
    }
  }

  @Test
  void submissionsOfAPoolThatIsDroppedInTheCall_areTaken() {
    try (var logs = new CapturedLogs()) {
      var runs = new AtomicInteger();
      for (int i = 0; i < 50; i++) {
        start(0, 1).execute(runs::incrementAndGet);
      }
      awaitThreadsEnded();
      assertEquals(50, runs.get());
      assertEquals(50, warnings(logs).size());
    }
  }
}
