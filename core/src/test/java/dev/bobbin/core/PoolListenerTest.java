package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.RecordingListener.Call;
import dev.bobbin.core.RecordingListener.Told;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.RefusalEvent;
import dev.bobbin.spi.ResizeEvent;
import dev.bobbin.spi.StateEvent;
import dev.bobbin.spi.TaskEvent;
import dev.bobbin.spi.TaskEvent.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What listeners are told, on which thread, and that nothing they do harms the pool. */
class PoolListenerTest {
  private final RecordingListener listener = new RecordingListener();

  private static ThreadPools.Builder listened(int min, int max, PoolListener... listeners) {
    return listened(Testing.config(min, max), listeners);
  }

  private static ThreadPools.Builder listened(ThreadPoolConfig config, PoolListener... listeners) {
    ThreadPools.Builder builder = ThreadPools.builder(config).plugins(Plugins.none());
    List.of(listeners).forEach(builder::listener);
    return builder;
  }

  private static ThreadPoolConfig bounded(Overflow overflow) {
    return ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .backlogLimit(1)
        .whenFull(overflow)
        .build();
  }

  /** Asserts that what was told adds up to what the pool has counted. */
  private void assertAddsUp(PoolStatistics numbers) {
    assertEquals(numbers.accepted(), listener.told(Call.SUBMITTED).size(), numbers::toString);
    assertEquals(numbers.completed(), listener.ended(Ending.COMPLETED), numbers::toString);
    assertEquals(numbers.failed(), listener.ended(Ending.FAILED), numbers::toString);
    assertEquals(numbers.cancelled(), listener.ended(Ending.CANCELLED), numbers::toString);
    assertEquals(numbers.discarded(), listener.ended(Ending.DISCARDED), numbers::toString);
    assertEquals(numbers.refused(), listener.told(Call.REFUSED).size(), numbers::toString);
    assertEquals(
        listener.told(Call.WORKER_CAME).size() - numbers.workers(),
        listener.told(Call.WORKER_WENT).size(),
        numbers::toString);
    var open = new HashSet<>();
    listener
        .told(Call.SUBMITTED)
        .forEach(told -> assertTrue(open.add(told.task().task())));
    listener.told(Call.ENDED).forEach(told -> assertTrue(open.remove(told.task().task())));
  }

  // ------------------------------------------------------------------ the way of a task

  /** A context that says whether it is installed. */
  private static final class Flag implements ContextPropagator {
    private final ThreadLocal<Boolean> installed = ThreadLocal.withInitial(() -> false);

    @Override
    public String name() {
      return "flag";
    }

    @Override
    public CapturedContext capture() {
      return body -> {
        installed.set(true);
        body.run();
        installed.set(false);
      };
    }
  }

  @Test
  void takenAndEnded_standAroundContextAndBooks() throws Exception {
    var flag = new Flag();
    var seen = new ArrayList<String>();
    var pool = new AtomicReference<ThreadPool>();
    var future = new CompletableFuture<CompletableFuture<?>>();
    var watching = new RecordingListener("watching", told -> {
      if (told.call() == Call.TAKEN || told.call() == Call.ENDED) {
        PoolStatistics numbers = pool.get().statistics();
        seen.add("%s, context %s, running %d, completed %d, done %s"
            .formatted(
                told.call(),
                flag.installed.get(),
                numbers.running(),
                numbers.completed(),
                future.join().isDone()));
      }
    });
    try (ThreadPool made = listened(1, 1, watching).contextPropagator(flag).start()) {
      pool.set(made);
      future.complete(made.submit(() -> seen.add("run, context " + flag.installed.get())));
      Testing.get(future.join());
    }

    assertEquals(
        List.of(
            "TAKEN, context false, running 1, completed 0, done false",
            "run, context true",
            "ENDED, context false, running 0, completed 1, done false"),
        seen);
    Thread worker = watching.told(Call.TAKEN).get(0).thread();
    assertSame(worker, watching.told(Call.ENDED).get(0).thread());
    assertNotSame(Thread.currentThread(), worker);
    assertSame(Thread.currentThread(), watching.told(Call.SUBMITTED).get(0).thread());
  }

  /** The ways to submit. */
  private enum Way {
    EXECUTE {
      @Override
      void submit(ThreadPool pool) {
        pool.execute(() -> {});
      }
    },
    SUBMIT {
      @Override
      void submit(ThreadPool pool) {
        pool.submit(() -> 1);
      }
    },
    CALLBACK {
      @Override
      void submit(ThreadPool pool) {
        pool.callInThreadWithCallback(outcome -> {}, () -> 1);
      }
    },
    DEFER {
      @Override
      void submit(ThreadPool pool) {
        pool.deferToThread(Runnable::run, () -> 1);
      }
    },
    STAGE {
      @Override
      void submit(ThreadPool pool) {
        CompletableFuture<Integer> future = pool.submit(() -> 1);
        future.thenRunAsync(() -> {}).join();
      }
    },
    KEYED {
      @Override
      void submit(ThreadPool pool) {
        pool.inOrder("key").execute(() -> {});
      }
    };

    abstract void submit(ThreadPool pool);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void eventsOfATask_bearTheSameObject_howeverItIsSubmitted(Way way) {
    try (ThreadPool pool = listened(1, 2, listener).start()) {
      way.submit(pool);
      assertAddsUp(Testing.stopped(pool));
    }

    List<Told> submitted = listener.told(Call.SUBMITTED);
    assertEquals(way == Way.STAGE ? 2 : 1, submitted.size());
    for (Told one : submitted) {
      Object task = one.task().task();
      assertEquals(
          EnumSet.of(Call.SUBMITTED, Call.TAKEN, Call.ENDED),
          EnumSet.copyOf(listener.told().stream()
              .filter(told -> told.event() instanceof TaskEvent event && event.task() == task)
              .map(Told::call)
              .toList()));
    }
  }

  @Test
  void events_tellNameOptionsAndTimes_byTheClockOfThePool() throws Exception {
    var timers = new HandTimers();
    try (Pool pool = new Pool(
            Testing.config(1, 1),
            new Wiring(new TestPlugins.Threads(), List.of(), List.of(), null, List.of(listener)),
            null,
            false,
            null,
            timers);
        var held = new Held()) {
      pool.start();
      pool.execute(held);
      held.awaitBegun();
      TaskOptions options =
          TaskOptions.builder().name("second").priority(Priority.LOW).build();
      CompletableFuture<?> second = pool.with(options).submit(() -> timers.pass(7_000_000));
      timers.pass(5_000_000);
      held.release();
      Testing.get(second);

      assertEquals(
          List.of(
              "Task of pool 'p', COMPLETED, waited 0 ms, ran 5 ms",
              "Task of pool 'p', COMPLETED, waited 5 ms, ran 7 ms"),
          listener.lines(Call.ENDED));
      TaskEvent taken = listener.told(Call.TAKEN).get(1).task();
      assertEquals("Task of pool 'p', waited 5 ms", taken.toString());
      assertEquals("second", taken.description());
      assertEquals(options, taken.options());
      assertEquals("Task of pool 'p'", listener.lines(Call.SUBMITTED).get(1));
    }
  }

  // ------------------------------------------------------------------ ends

  @Test
  void ended_tellsHowAndWhy_forEveryEnd() throws Exception {
    var failure = new IllegalStateException("on purpose");
    try (ThreadPool pool =
            listened(1, 1, listener).failureReporter(new RecordingReporter()).start();
        var held = new Held()) {
      pool.execute(() -> {
        throw failure;
      });
      CompletableFuture<?> running = pool.submit(held);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> 1);
      waiting.cancel(true);
      pool.execute(() -> {});
      pool.shutdownNow();
      Testing.eventually("the interrupted one ended", pool::isTerminated);
      assertAddsUp(Testing.stopped(pool));
      assertTrue(running.isCompletedExceptionally());
    }

    List<TaskEvent> ended = listener.told(Call.ENDED).stream().map(Told::task).toList();
    assertEquals(failure, ended.get(0).cause().orElseThrow());
    assertEquals(Ending.FAILED, ended.get(0).ending().orElseThrow());
    TaskEvent cancelled = ended.get(1);
    assertEquals(Ending.CANCELLED, cancelled.ending().orElseThrow());
    assertTrue(cancelled.ran().isEmpty());
    assertTrue(cancelled.waited().isPresent());
    assertTrue(cancelled.cause().isEmpty());
    TaskEvent discarded = ended.stream()
        .filter(event -> event.ending().orElseThrow() == Ending.DISCARDED)
        .findFirst()
        .orElseThrow();
    var reason =
        assertInstanceOf(TaskDiscardedException.class, discarded.cause().orElseThrow());
    assertEquals(RejectionReason.STOPPING, reason.reason());
  }

  @Test
  void ended_isTold_whenARunningTaskIsCancelled_onceItHasReallyEnded() throws Exception {
    try (ThreadPool pool = listened(1, 1, listener).start();
        var held = new Held()) {
      CompletableFuture<?> running = pool.submit(held::runThroughInterrupts);
      held.awaitBegun();
      running.cancel(false);
      assertEquals(0, listener.told(Call.ENDED).size());
      held.release();
      assertAddsUp(Testing.stopped(pool));
    }

    assertEquals(1, listener.ended(Ending.CANCELLED));
    assertTrue(listener.told(Call.ENDED).get(0).task().ran().isPresent());
  }

  @Test
  void ended_isTold_whenATaskExpires() throws Exception {
    var timers = new HandTimers();
    ThreadPoolConfig config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .maxWait(Duration.ofMillis(5))
        .build();
    try (Pool pool = new Pool(
            config,
            new Wiring(
                new TestPlugins.Threads(),
                List.of(),
                List.of(new RecordingReporter()),
                null,
                List.of(listener)),
            null,
            false,
            null,
            timers);
        var held = new Held()) {
      pool.start();
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> {});
      timers.pass(5_000_000);

      TaskEvent expired = listener.told(Call.ENDED).get(0).task();
      assertEquals(Ending.DISCARDED, expired.ending().orElseThrow());
      assertEquals(Duration.ofMillis(5), expired.waited().orElseThrow());
      held.release();
      assertAddsUp(Testing.stopped(pool));
    }
  }

  @Test
  void ended_isTold_whenTheOldestMakesRoom() throws Exception {
    try (ThreadPool pool = listened(bounded(Overflow.discardOldest()), listener)
            .failureReporter(new RecordingReporter())
            .start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> {});
      pool.execute(() -> {});
      assertEquals(1, listener.ended(Ending.DISCARDED));
      assertSame(Thread.currentThread(), listener.told(Call.ENDED).get(0).thread());
      held.release();
      assertAddsUp(Testing.stopped(pool));
    }
  }

  @Test
  void submitterWhoRunsHisTask_isToldAllInOrder() throws Exception {
    try (ThreadPool pool = listened(bounded(Overflow.runInCaller()), listener).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> {});
      int before = listener.told().size();
      Thread.currentThread().interrupt();
      pool.execute(() -> {});

      assertTrue(Thread.interrupted(), "his own interrupt is left to him");
      List<Told> own = listener.told().subList(before, before + 3);
      assertEquals(
          List.of(Call.SUBMITTED, Call.TAKEN, Call.ENDED),
          own.stream().map(Told::call).toList());
      own.forEach(told -> assertSame(Thread.currentThread(), told.thread()));
      held.release();
      assertAddsUp(Testing.stopped(pool));
    }
  }

  // ------------------------------------------------------------------ refusals

  @Test
  void refused_isToldOnce_forEachReasonAndEachDrop() throws Exception {
    try (ThreadPool refusing = listened(bounded(Overflow.refuse()), listener).start();
        ThreadPool dropping =
            listened(bounded(Overflow.discardSilently()), listener).start();
        var held = new Held(2)) {
      for (ThreadPool pool : List.of(refusing, dropping)) {
        pool.execute(held);
      }
      held.awaitBegun();
      for (ThreadPool pool : List.of(refusing, dropping)) {
        pool.execute(() -> {});
      }
      var thrown = assertThrows(TaskRejectedException.class, () -> refusing.execute(() -> {}));
      dropping.execute(() -> {});
      held.release();
      Testing.stopped(refusing);
      Testing.stopped(dropping);
      assertThrows(TaskRejectedException.class, () -> refusing.submit(() -> 1));
      dropping.execute(() -> {});

      List<RefusalEvent> refused = listener.told(Call.REFUSED).stream()
          .map(told -> (RefusalEvent) told.event())
          .toList();
      assertSame(thrown, refused.get(0).refusal());
      assertEquals(
          List.of(
              RejectionReason.BACKLOG_FULL,
              RejectionReason.BACKLOG_FULL,
              RejectionReason.STOPPING,
              RejectionReason.STOPPING),
          refused.stream().map(event -> event.refusal().reason()).toList());
      assertEquals(2, refusing.statistics().refused());
      assertEquals(2, dropping.statistics().refused());
    }
  }

  // ------------------------------------------------------------------ workers, sizes, states

  @Test
  void workersComeAndGo_onTheirOwnThreads() {
    try (ThreadPool pool = listened(2, 3, listener).start()) {
      pool.startAWorker();
      Testing.stopped(pool);
    }

    Set<Thread> came = new HashSet<>();
    listener.told(Call.WORKER_CAME).forEach(told -> assertTrue(came.add(told.thread())));
    assertEquals(3, came.size());
    listener.told(Call.WORKER_WENT).forEach(told -> assertTrue(came.remove(told.thread())));
    assertEquals(Set.of(), came);
    assertTrue(
        listener.lines(Call.WORKER_CAME).contains("Worker of pool 'p': PoolThread-p-0"),
        () -> listener.lines(Call.WORKER_CAME).toString());
  }

  @Test
  void resized_tellsSizesBeforeAndAfter_onlyWhenTheyChange() {
    try (ThreadPool pool = listened(1, 2, listener).start()) {
      pool.adjustPoolSize(1, 3);
      pool.adjustPoolSize(1, 3);
      pool.adjustPoolSize(1, 3, 7);
    }

    assertEquals(2, listener.told(Call.RESIZED).size());
    ResizeEvent first = (ResizeEvent) listener.told(Call.RESIZED).get(0).event();
    ResizeEvent second = (ResizeEvent) listener.told(Call.RESIZED).get(1).event();
    assertEquals(2, first.before().maxWorkers());
    assertEquals(3, first.after().maxWorkers());
    assertEquals(ThreadPoolConfig.UNBOUNDED, first.backlogLimitAfter());
    assertEquals(first.after(), second.before());
    assertEquals(7, second.backlogLimitAfter());
    assertSame(Thread.currentThread(), listener.told(Call.RESIZED).get(0).thread());
  }

  @Test
  void stateChanged_tellsEachStepOnce() {
    try (ThreadPool pool = listened(1, 1, listener).start()) {
      pool.start();
      pool.stop();
      pool.stop();
      pool.shutdownNow();
    }

    assertEquals(
        List.of(
            "State of pool 'p': NEW to RUNNING",
            "State of pool 'p': RUNNING to STOPPING",
            "State of pool 'p': STOPPING to STOPPED"),
        listener.lines(Call.STATE_CHANGED));
  }

  @Test
  void stateChanged_tellsOfAStop_whenItBegins() {
    try (ThreadPool pool = listened(1, 1, listener).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.shutdown();
      assertEquals(
          List.of("State of pool 'p': NEW to RUNNING", "State of pool 'p': RUNNING to STOPPING"),
          listener.lines(Call.STATE_CHANGED));
    }
  }

  @Test
  void stateChanged_tellsOfAStopThatGivesUp_whenItBegins() {
    try (ThreadPool pool = listened(1, 1, listener).start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      pool.shutdownNow();
      assertEquals(
          List.of("State of pool 'p': NEW to RUNNING", "State of pool 'p': RUNNING to STOPPING"),
          listener.lines(Call.STATE_CHANGED));
    }
  }

  @Test
  void stateChanged_leavesNoGap_whateverStartsAndStops() throws Exception {
    for (int round = 0; round < 200; round++) {
      var told = new RecordingListener();
      try (ThreadPool pool = listened(1, 1, told).build()) {
        var begin = new CyclicBarrier(3);
        var calls = new ArrayList<CompletableFuture<?>>();
        for (Runnable call :
            List.<Runnable>of(() -> startQuietly(pool), pool::stop, pool::shutdownNow)) {
          calls.add(Testing.inThread(() -> {
            begin.await();
            call.run();
            return true;
          }));
        }
        for (CompletableFuture<?> call : calls) {
          Testing.get(call);
        }
        Testing.eventually("the end was told", () -> {
          List<Told> states = told.told(Call.STATE_CHANGED);
          return !states.isEmpty()
              && ((StateEvent) states.get(states.size() - 1).event()).after() == PoolState.STOPPED;
        });
      }
      PoolState at = PoolState.NEW;
      for (Told step : told.told(Call.STATE_CHANGED)) {
        StateEvent event = (StateEvent) step.event();
        assertEquals(at, event.before());
        assertTrue(event.after().compareTo(at) > 0);
        at = event.after();
      }
    }
  }

  private static void startQuietly(ThreadPool pool) {
    try {
      pool.start();
    } catch (IllegalStateException stopped) {
      // it came too late
    }
  }

  // ------------------------------------------------------------------ listeners that misbehave

  /** Has the pool do everything that there is to tell of at least twice. */
  private static void doEverything(ThreadPool pool) throws Exception {
    for (int i = 0; i < 2; i++) {
      Testing.get(pool.submit(() -> 1));
      pool.adjustPoolSize(1, 3 + i);
      pool.adjustPoolSize(0, 0);
      Testing.eventually("all have gone", () -> pool.statistics().workers() == 0);
      pool.adjustPoolSize(1, 3);
    }
    Testing.stopped(pool);
    for (int i = 0; i < 2; i++) {
      assertFalse(Testing.isAccepted(() -> pool.execute(() -> {})));
    }
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void fault16_listenerThatThrows_isReportedOnce_andCounted_andCostsNothingElse(Call call)
      throws Exception {
    var reporter = new RecordingReporter();
    var failure = new AssertionError("on purpose");
    var throwing = new RecordingListener("bad", told -> {
      if (told.call() == call) {
        Testing.<RuntimeException>sneaky(failure);
      }
    });
    try (ThreadPool pool =
            listened(1, 3, throwing, listener).failureReporter(reporter).start();
        var logs = new CapturedLogs()) {
      doEverything(pool);
      assertAddsUp(pool.statistics());
      pool.dumpStats();

      int times = throwing.told(call).size();
      assertTrue(times > 1, call::toString);
      assertEquals(times, listener.told(call).size());
      assertEquals(List.of(failure), reporter.throwables());
      assertTrue(
          reporter.subjects().get(0).startsWith("plugin 'bad' threw in "),
          reporter.subjects()::toString);
      assertTrue(
          logs.lines().contains("INFO Pool 'p': its listeners have thrown " + times + " times"),
          logs.lines()::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {
        "SUBMITTED",
        "TAKEN",
        "ENDED",
        "WORKER_CAME",
        "WORKER_WENT",
        "RESIZED",
        "STATE_CHANGED"
      })
  void fault16_listenerThatBlocks_holdsUpItsThreadAlone(Call call) throws Exception {
    var first = new AtomicBoolean(true);
    var held = new Held();
    var blocking = new RecordingListener("slow", told -> {
      if (told.call() == call && first.compareAndSet(true, false)) {
        held.run();
      }
    });
    try (ThreadPool pool = listened(0, 3, blocking, listener).build();
        held) {
      CompletableFuture<?> other = Testing.inThread(() -> {
        pool.start();
        CompletableFuture<Integer> taken = pool.submit(() -> 1);
        Testing.eventually("it blocks or has run", () -> !first.get() || taken.isDone());
        pool.adjustPoolSize(0, 0);
        Testing.eventually("it blocks", () -> !first.get());
        pool.adjustPoolSize(0, 2);
        return true;
      });
      held.awaitBegun();
      pool.adjustPoolSize(0, 2);
      for (int i = 0; i < 10; i++) {
        List<CompletableFuture<Integer>> both = List.of(pool.submit(() -> 1), pool.submit(() -> 1));
        Testing.get(CompletableFuture.anyOf(both.get(0), both.get(1)));
      }
      held.release();
      Testing.get(other);
      assertAddsUp(Testing.stopped(pool));
    }
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void fault6_listenerReentersThePool_andStopsIt_fromEveryCall(Call call) throws Exception {
    var pool = new AtomicReference<ThreadPool>();
    var done = new CompletableFuture<Boolean>();
    var entering = new RecordingListener("entering", told -> {
      if (told.call() == call && !done.isDone()) {
        ThreadPool own = pool.get();
        done.complete(true);
        own.statistics();
        own.adjustPoolSize(1, 2);
        Testing.isAccepted(() -> own.execute(() -> {}));
        own.stop();
      }
    });
    try (ThreadPool made = listened(1, 1, entering, listener).build()) {
      pool.set(made);
      CompletableFuture<?> other = Testing.inThread(() -> {
        startQuietly(made);
        Testing.isAccepted(() -> made.submit(() -> 1).join());
        made.adjustPoolSize(1, 3);
        made.shutdown();
        Testing.isAccepted(() -> made.execute(() -> {}));
        return true;
      });
      Testing.get(other);
      Testing.get(done);
      assertTrue(made.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertAddsUp(Testing.stopped(made));
    }
  }

  @Test
  void twoWorkersThatGo_mayBothStopThePool() throws Exception {
    var pool = new AtomicReference<ThreadPool>();
    var both = new CyclicBarrier(2);
    var stopping = new RecordingListener("stopping", told -> {
      if (told.call() == Call.WORKER_WENT) {
        try {
          both.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
        } catch (Exception broken) {
          throw new IllegalStateException(broken);
        }
        pool.get().stop();
      }
    });
    var reporter = new RecordingReporter();
    try (ThreadPool made =
        listened(2, 2, stopping, listener).failureReporter(reporter).start()) {
      pool.set(made);
      made.shutdown();
      assertTrue(made.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      Testing.stopped(made);
    }
    assertEquals(List.of(), reporter.subjects());
    assertEquals(2, listener.told(Call.WORKER_WENT).size());
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"TAKEN", "ENDED", "WORKER_CAME"})
  void interruptThatAListenerLeaves_isSeenByNobody(Call call) throws Exception {
    var leaving = new RecordingListener("leaving", told -> {
      if (told.call() == call) {
        Thread.currentThread().interrupt();
      }
    });
    try (ThreadPool pool = listened(1, 1, leaving).start();
        var held = new Held()) {
      CompletableFuture<Boolean> first = pool.submit(() -> {
        held.run();
        return Thread.currentThread().isInterrupted();
      });
      CompletableFuture<Boolean> dependent =
          first.thenApply(seen -> Thread.currentThread().isInterrupted());
      held.release();
      assertFalse(Testing.get(first));
      assertFalse(Testing.get(dependent));
      assertFalse(Testing.get(pool.submit(() -> Thread.currentThread().isInterrupted())));
    }
  }

  @Test
  void interruptOfAStopThatGaveUp_reachesTheTask_thoughListenersWereCalled() throws Exception {
    var pool = new AtomicReference<ThreadPool>();
    var stopping = new RecordingListener("stopping", told -> {
      if (told.call() == Call.TAKEN) {
        pool.get().shutdownNow();
      }
    });
    try (ThreadPool made = listened(1, 1, stopping).build()) {
      pool.set(made);
      made.start();
      var seen = new CompletableFuture<Boolean>();
      made.execute(() -> seen.complete(Thread.currentThread().isInterrupted()));
      assertTrue(Testing.get(seen));
    }
  }

  // ------------------------------------------------------------------ no listener

  @Test
  void poolWithoutListeners_runsTasksAsTheyWereGiven() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).plugins(Plugins.none()).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      assertSame(held, ((Pool) pool).team().slots()[0].task());
    }
  }

  // ------------------------------------------------------------------ under load

  @Test
  void whatIsTold_addsUp_whateverRacesWithWhat() throws Exception {
    ThreadPoolConfig config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(4)
        .backlogLimit(16)
        .build();
    for (int round = 0; round < 20; round++) {
      var fresh = new PoolListenerTest();
      ThreadPool pool = listened(config, fresh.listener)
          .failureReporter(new RecordingReporter())
          .start();
      var threads = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < 4; i++) {
        int kind = i;
        threads.add(Testing.inThread(() -> {
          for (int n = 0; n < 300; n++) {
            int number = n;
            Testing.isAccepted(() -> submitOne(pool, kind, number));
          }
          return true;
        }));
      }
      threads.add(Testing.inThread(() -> {
        for (int n = 0; n < 50; n++) {
          pool.adjustPoolSize(n % 2, 1 + n % 4);
        }
        return pool.stop(Duration.ofMillis(1));
      }));
      for (CompletableFuture<?> thread : threads) {
        Testing.get(thread);
      }
      fresh.assertAddsUp(Testing.stopped(pool));
    }
  }

  private static void submitOne(ThreadPool pool, int kind, int number) {
    switch (kind) {
      case 0 -> pool.execute(() -> {});
      case 1 -> pool.submit(() -> number).cancel(number % 2 == 0);
      case 2 ->
        pool.inOrder(number % 3).submit(() -> {
          throw new IllegalStateException("on purpose");
        });
      default -> pool.callInThreadWithCallback(outcome -> {}, () -> number);
    }
  }

  /** Rule 19: there is room to tell of the task, or nothing has happened to it. */
  @Test
  void race19_nothingHappens_whenTheStackHasNoRoomToTellOfATask() throws Exception {
    HandTimers timers = HandTimers.notWaiting();
    try (Pool pool = timers.start(Testing.config(1, 1), listener)) {
      timers.deep(true);
      assertThrows(StackOverflowError.class, () -> pool.execute(() -> {}));
      assertEquals(0, pool.statistics().accepted());
      timers.deep(false);
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(1, Testing.stopped(pool).accepted());
      assertEquals(1, listener.told(Call.SUBMITTED).size());
    }
  }

  @Test
  void submission_needsNoRoomToTellOfIt_whenNobodyListens() throws Exception {
    HandTimers timers = HandTimers.notWaiting();
    try (Pool pool = timers.pool(1, 1)) {
      pool.start();
      timers.deep(true);
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      timers.deep(false);
    }
  }
}
