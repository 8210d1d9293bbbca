package dev.bobbin.core;

import static dev.bobbin.core.Testing.awaitCleared;
import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.pool;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios of a pool, S1 to S17, on real threads. */
class PoolScenariosTest {
  @Test
  void s1_sizes_areThoseOfTheConfiguration_whenThePoolIsNew() {
    try (ThreadPool pool = pool(12, 22).build()) {
      assertEquals(new PoolSizes(12, 22), pool.sizes());
      assertEquals(12, pool.statistics().minWorkers());
      assertEquals(22, pool.statistics().maxWorkers());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void s2_start_makesTheMinimum_whenThePoolIsNew(int min) {
    try (ThreadPool pool = pool(min, 10).build()) {
      assertEquals(0, pool.statistics().workers());

      pool.start();

      assertEquals(min, pool.statistics().workers());
      eventually("all idle", () -> pool.statistics().idle() == min);
    }
  }

  @Test
  void s3_adjustPoolSize_startsNothing_whenThePoolWasStopped() throws Exception {
    try (ThreadPool pool = pool(0, 5).start()) {
      pool.stop();
      assertEquals(PoolState.STOPPED, pool.state());

      get(pool.adjustPoolSize(2, 5).toCompletableFuture());

      assertEquals(new PoolSizes(2, 5), pool.sizes());
      assertEquals(0, pool.statistics().workers());
    }
  }

  @Test
  void s4_workAndArgument_areUnreachable_whenTheWorkerIdles() throws Exception {
    try (ThreadPool pool = pool(0, 1).start()) {
      var argument = new Object[] {new Object()};
      var watchedArgument = new WeakReference<>(argument[0]);
      Runnable work = workOn(argument[0]);
      var watchedWork = new WeakReference<>(work);
      argument[0] = null;

      pool.execute(work);
      work = () -> {};
      get(pool.submit(work));

      awaitCleared("the work", watchedWork);
      awaitCleared("its argument", watchedArgument);
      assertEquals(1, pool.statistics().workers());
    }
  }

  private static Runnable workOn(Object argument) {
    return () -> assertFalse(argument.toString().isEmpty());
  }

  @Test
  void s5_workAndArgument_areUnreachable_whenTheCallbackRuns() throws Exception {
    try (ThreadPool pool = pool(0, 1).start()) {
      var watched = new ArrayList<WeakReference<?>>();
      var inCallback = new CompletableFuture<Boolean>();
      var result = new CompletableFuture<WeakReference<?>>();
      WeakReference<?> callback = submitWatched(pool, watched, inCallback, result);

      assertTrue(get(inCallback), "dead before the callback looked");
      awaitCleared("the callback", callback);
      awaitCleared("the result", get(result));
      assertEquals(1, pool.statistics().workers());
    }
  }

  private static WeakReference<?> submitWatched(
      ThreadPool pool,
      List<WeakReference<?>> watched,
      CompletableFuture<Boolean> inCallback,
      CompletableFuture<WeakReference<?>> result) {
    var argument = new Object();
    Callable<Object> work = () -> List.of(argument, argument).getClass().getName() + new Object();
    watched.add(new WeakReference<>(argument));
    watched.add(new WeakReference<>(work));
    var callback = new Watcher(watched, inCallback, result);
    pool.callInThreadWithCallback(callback::look, work);
    return new WeakReference<>(callback);
  }

  /** Looks from within the callback whether the work and its argument are gone. */
  private record Watcher(
      List<WeakReference<?>> watched,
      CompletableFuture<Boolean> inCallback,
      CompletableFuture<WeakReference<?>> result) {
    void look(Outcome<Object> outcome) {
      try {
        result.complete(new WeakReference<>(outcome.get()));
        watched.forEach(reference -> awaitCleared("work or argument", reference));
        inCallback.complete(true);
      } catch (Throwable thrown) {
        inCallback.completeExceptionally(thrown);
      }
    }
  }

  @Test
  void s6_configuration_keepsItsSizes_whenItIsSerialized() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(Testing.config(7, 20));
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        ThreadPool pool = ThreadPools.builder(
                assertInstanceOf(ThreadPoolConfig.class, in.readObject()))
            .build()) {
      assertEquals(new PoolSizes(7, 20), pool.sizes());
      assertEquals(PoolState.NEW, pool.state());
    }
  }

  @Test
  void s7_tenSynchronizedRuns_happenWithoutOverlap_whenManyWorkersRunThem() throws Exception {
    var actor = new Actor();
    try (ThreadPool pool =
        ThreadPools.builder(ThreadPoolConfig.builder("p").build()).start()) {
      var done = new CountDownLatch(10);
      for (int i = 0; i < 10; i++) {
        pool.callInThread(() -> {
          actor.run();
          done.countDown();
        });
      }
      Held.await(done);
    }
    assertEquals(10, actor.runs);
    assertEquals(0, actor.overlaps);
  }

  /** Notices when it is entered while it is inside. Guarded by itself. */
  private static final class Actor {
    private final ReentrantLock inside = new ReentrantLock();
    private int runs;
    private int overlaps;

    synchronized void run() {
      boolean free = !inside.isLocked() && inside.tryLock();
      overlaps += free ? 0 : 1;
      runs++;
      if (free) {
        inside.unlock();
      }
    }
  }

  @Test
  void s8_failureIsReportedOnce_whenWorkThrows() {
    var reporter = new RecordingReporter();
    var thrown = new IllegalStateException("as it should");
    try (ThreadPool pool = pool(0, 1).failureReporter(reporter).build()) {
      pool.execute(() -> {
        throw thrown;
      });

      pool.start();
      stopped(pool);
    }
    assertEquals(List.of(thrown), reporter.throwables());
    assertEquals(Kind.TASK, reporter.reports().get(0).kind());
  }

  @Test
  void s9_callbackHasTheValue_whenTheWorkReturns() throws Exception {
    assertEquals(Outcome.success("test"), outcomeOf(() -> "test"));
  }

  @Test
  void s10_callbackHasTheFailure_whenTheWorkThrows() throws Exception {
    Outcome<String> outcome = outcomeOf(() -> {
      throw new NewError();
    });

    Outcome.Failure<?> failure = assertInstanceOf(Outcome.Failure.class, outcome);
    assertSame(NewError.class, failure.check(NewError.class));
    assertSame(Error.class, failure.check(Error.class));
  }

  private static final class NewError extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Submits the work before the start, and returns what its callback was told. */
  private static Outcome<String> outcomeOf(Callable<String> work) throws Exception {
    var told = new CompletableFuture<Outcome<String>>();
    try (ThreadPool pool = pool(0, 1).build()) {
      pool.callInThreadWithCallback(told::complete, work);
      assertFalse(told.isDone());

      pool.start();

      return get(told);
    }
  }

  @Test
  void s11_nextTaskRunsAndTheFailureIsReportedOnce_whenACallbackThrows() throws Exception {
    var reporter = new RecordingReporter();
    var thrown = new IllegalStateException("as it should");
    var told = new ArrayList<Outcome<Object>>();
    try (ThreadPool pool = pool(0, 1).failureReporter(reporter).start()) {
      pool.callInThreadWithCallback(
          outcome -> {
            told.add(outcome);
            throw thrown;
          },
          () -> null);
      get(pool.submit(() -> {}));

      assertEquals(1, told.size());
      assertNull(assertInstanceOf(Outcome.Success.class, told.get(0)).value());
      assertEquals(List.of(thrown), reporter.throwables());
      assertEquals(Kind.CALLBACK, reporter.reports().get(0).kind());
      assertEquals(1, pool.statistics().workers());
    }
  }

  @Test
  void s12_workAndCallback_shareOneThread_whenTheyRun() throws Exception {
    var callbackThread = new CompletableFuture<Thread>();
    var workThread = new CompletableFuture<Thread>();
    try (ThreadPool pool = pool(0, 1).start()) {
      pool.callInThreadWithCallback(
          outcome -> callbackThread.complete(Thread.currentThread()),
          () -> workThread.complete(Thread.currentThread()));

      assertSame(get(workThread), get(callbackThread));
    }
  }

  @Test
  void s13_workAndCallback_seeTheSubmittersContext_whenItIsCaptured() throws Exception {
    var marker = new Marker();
    var seenByWork = new CompletableFuture<String>();
    var seenByCallback = new CompletableFuture<String>();
    try (ThreadPool pool = pool(0, 1).contextPropagator(marker).start()) {
      marker.set("the submitter's");
      pool.callInThreadWithCallback(
          outcome -> seenByCallback.complete(marker.get()),
          () -> seenByWork.complete(marker.get()));

      assertEquals("the submitter's", get(seenByWork));
      assertEquals("the submitter's", get(seenByCallback));
      marker.set("another");
      assertEquals("another", get(pool.submit(marker::get)));
    }
  }

  @Test
  void s14_workRuns_whenItWasSubmittedBeforeTheStart() throws Exception {
    try (ThreadPool pool = pool(0, 1).build()) {
      CompletableFuture<String> future = pool.submit(() -> "done");
      assertEquals(1, pool.statistics().backlog());
      assertEquals(0, pool.statistics().workers());

      pool.start();

      assertEquals("done", get(future));
    }
  }

  @Test
  void s15_workerIsBusyThenIdle_whenItsTaskBlocksAndEnds() {
    try (ThreadPool pool = pool(0, 1).start();
        var held = new Held()) {
      assertEquals(0, pool.statistics().workers());
      pool.execute(held);
      held.awaitBegun();
      assertEquals(1, pool.statistics().workers());
      assertEquals(0, pool.statistics().idle());
      assertEquals(1, pool.statistics().busy());

      held.release();

      eventually("the worker is idle", () -> pool.statistics().idle() == 1);
      assertEquals(0, pool.statistics().busy());
    }
  }

  @Test
  void s16_backlogIsEmpty_whenThePoolIsNew() {
    try (ThreadPool pool = pool(0, 1).build()) {
      assertEquals(0, pool.statistics().backlog());
    }
  }

  @Test
  void s17_fourthTaskRuns_whenThreeWaitForIt() throws Exception {
    try (ThreadPool pool = pool(0, 10).start()) {
      for (int round = 0; round < 200; round++) {
        get(pool.submit(() -> {})); // leaves one worker that is about to idle
        var event = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
          pool.execute(() -> Held.await(event));
        }
        pool.execute(event::countDown);
        Held.await(event);
      }
    }
  }

  @Test
  void h1_oneWorkerDoesItAll_whenEachTaskWaitsForTheFutureOfTheLast() throws Exception {
    try (ThreadPool pool = pool(0, 10).start()) {
      for (int i = 0; i < 10; i++) {
        get(pool.submit(() -> {}));
      }
      assertEquals(1, pool.statistics().workers());
    }
  }

  @Test
  void s33_eachWorkerHasOneThreadAndOneTaskAtATime_whenManyTasksRun() throws Exception {
    var threads = new AtomicInteger();
    var mostAtOnce = new AtomicInteger();
    var now = new AtomicInteger();
    var perThread = ThreadLocal.withInitial(() -> {
      threads.incrementAndGet();
      return new AtomicInteger();
    });
    var overlap = new AtomicReference<String>();
    try (ThreadPool pool = pool(0, 3).start()) {
      for (int i = 0; i < 1_000; i++) {
        pool.execute(() -> {
          mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
          if (perThread.get().incrementAndGet() != 1) {
            overlap.set(Thread.currentThread().getName());
          }
          perThread.get().decrementAndGet();
          now.decrementAndGet();
        });
      }
      stopped(pool);
    }
    assertNull(overlap.get());
    assertTrue(threads.get() <= 3, () -> "threads: " + threads);
    assertTrue(mostAtOnce.get() <= 3, () -> "at once: " + mostAtOnce);
  }

  @Test
  void s34_whatWasAcceptedRunsAndNothingAfter_whenThePoolIsStopped() {
    var ran = new AtomicInteger();
    try (ThreadPool pool = pool(0, 1).start();
        var held = new Held()) {
      pool.execute(held);
      for (int i = 0; i < 5; i++) {
        pool.execute(ran::incrementAndGet);
      }
      pool.shutdown();
      assertThrows(TaskRejectedException.class, () -> pool.execute(ran::incrementAndGet));
      held.release();
      stopped(pool);
    }
    assertEquals(5, ran.get());
  }
}
