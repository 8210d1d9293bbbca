package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.core.FaultyFactory.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Faults 3, 4 and 5 beyond {@link ThreadFactoryFaultsTest}: real ones, and those that take two at once. */
class ThreadStartFaultsTest {
  /** No machine has room for such a stack, so that a start with it throws as one out of threads does. */
  private static final long IMPOSSIBLE_STACK = 1L << 60;

  /** Makes threads that cannot be started, for as long as it is told to. */
  private static final class Scarce implements ThreadFactory {
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean scarce;

    Scarce(boolean scarce) {
      this.scarce = scarce;
    }

    @Override
    public Thread newThread(Runnable body) {
      asked.incrementAndGet();
      return new Thread(null, body, "scarce", scarce ? IMPOSSIBLE_STACK : 0);
    }
  }

  @Test
  void fault04_submitterIsRefused_whenTheMachineHasNoThread_andThePoolRecovers() throws Exception {
    var factory = new Scarce(true);
    try (ThreadPool pool = Testing.pool(0, 2).threadFactory(factory).start()) {
      for (int i = 1; i <= 10; i++) {
        var refused = assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
        assertEquals(RejectionReason.NO_THREAD, refused.reason());
        var cause = assertInstanceOf(ThreadCreationException.class, refused.getCause());
        assertInstanceOf(OutOfMemoryError.class, cause.getCause());
        assertEquals(i, factory.asked.get(), "one attempt for each task");
      }
      factory.scarce = false;
      assertFullSize(pool, 2);
      assertEquals(10, pool.statistics().refused());
    }
  }

  @Test
  void fault04_poolHasItsFullSizeAgain_whenTheMachineHasThreadsAgain() throws Exception {
    var factory = new Scarce(false);
    var reporter = new RecordingReporter();
    try (ThreadPool pool =
            Testing.pool(1, 4).threadFactory(factory).failureReporter(reporter).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      factory.scarce = true;
      for (int i = 0; i < 10; i++) {
        pool.execute(() -> {});
      }
      assertEquals(1, pool.statistics().workers());
      assertTrue(
          reporter.throwables().stream()
              .allMatch(thrown -> thrown.getCause() instanceof OutOfMemoryError),
          reporter.throwables()::toString);
      factory.scarce = false;
      held.release();
      assertFullSize(pool, 4);
      assertEquals(15, Testing.stopped(pool).completed());
    }
  }

  @Test
  void fault04_stopEnds_whenItComesWhileTheMachineHasNoThread() {
    var factory = new Scarce(true);
    try (ThreadPool pool = Testing.pool(0, 2).threadFactory(factory).build()) {
      CompletableFuture<Integer> early = pool.submit(() -> 1);
      pool.shutdown(); // has to start the pool, for what was submitted must run
      assertTrue(pool.stop(Duration.ofSeconds(Held.LONG_SECONDS)).stopped());
      assertTrue(early.isCompletedExceptionally());
      Testing.assertBalanced(pool.statistics());
    }
  }

  /** Has each worker of a pool at a task at the same time. */
  private static void assertFullSize(ThreadPool pool, int workers) {
    try (var all = new Held(workers)) {
      for (int i = 0; i < workers; i++) {
        pool.execute(all);
      }
      all.awaitBegun();
      assertEquals(workers, pool.statistics().workers());
    }
    Testing.eventually("all is over", () -> pool.statistics().running() == 0);
  }

  /** The factory gives the first thread out again, before it was started, and once more afterwards. */
  @Test
  void fault03_threadGivenTwice_isOneWorkers_andTheOtherPlaceIsGivenBack() throws Exception {
    var starting = new Held();
    var holds = new AtomicBoolean(true);
    var seams = new Starts((worker, thread) -> {
      if (holds.getAndSet(false)) {
        starting.run();
      }
    });
    var first = new CompletableFuture<Thread>();
    var twice = new AtomicInteger();
    var reporter = new RecordingReporter();
    ThreadFactory factory = body -> {
      if (first.isDone() && twice.getAndIncrement() < 2) {
        return first.join();
      }
      var thread = new Thread(body);
      first.complete(thread);
      return thread;
    };
    try (Pool pool = HandTimers.pool(Testing.config(0, 2), factory, seams, reporter)) {
      pool.start();
      CompletableFuture<Boolean> maker =
          Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(() -> {})));
      starting.awaitBegun(); // the thread is the first worker's, and not started yet
      assertFalse(pool.startAWorker());
      assertEquals(
          Fault.NULL
              .textFor("PoolThread-p-1")
              .replace(
                  "'faulty' returned null",
                  "'of-the-test' returned a thread that it had returned before"),
          reporter.throwables().get(0).getMessage());
      starting.release();
      assertTrue(Testing.get(maker));
      assertFalse(pool.startAWorker());
      assertTrue(
          reporter.throwables().get(1).getMessage().contains("started before"),
          reporter.throwables()::toString);
      assertFullSize(pool, 2);
      Testing.stopped(pool);
    }
  }

  /** The factory keeps the first thread back until it has given it out to somebody else. */
  @Test
  void fault03_threadGivenTwice_isNobodys_whenTheFirstToGetItComesLast() throws Exception {
    var making = new Held();
    var first = new CompletableFuture<Thread>();
    var asked = new AtomicInteger();
    ThreadFactory factory = body -> {
      switch (asked.getAndIncrement()) {
        case 0 -> {
          first.complete(new Thread(body));
          making.run();
          return first.join();
        }
        case 1 -> {
          return first.join(); // with the body of another worker
        }
        default -> {
          return new Thread(body);
        }
      }
    };
    try (Pool pool = HandTimers.pool(Testing.config(0, 2), factory, Seams.REAL)) {
      pool.start();
      CompletableFuture<Boolean> maker =
          Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(() -> {})));
      making.awaitBegun();
      pool.startAWorker();
      first.join().join(); // it ran a body that was not meant for it yet, which did nothing
      making.release();
      assertTrue(Testing.get(maker), "another attempt was made for it");
      assertFullSize(pool, 2);
      Testing.stopped(pool);
    }
  }

  /** Real threads, with an action in the middle: the worker knows its thread, which has not started. */
  private static final class Starts extends RealSeams {
    interface Action {
      void act(Worker worker, Thread thread);
    }

    private final Action before;

    Starts(Action before) {
      this.before = before;
    }

    @Override
    public void start(Worker worker, Thread thread) {
      before.act(worker, thread);
      super.start(worker, thread);
    }
  }

  /** Nobody lives, and the factory takes its time: what others submit meanwhile holds nobody up. */
  @Test
  void fault05_othersAreNotHeldUp_whenTheFactoryTakesItsTimeForTheFirstWorker() throws Exception {
    var making = new Held();
    var asked = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(0, 2)
            .threadFactory(body -> {
              if (asked.getAndIncrement() == 0) {
                making.run();
              }
              return new Thread(body);
            })
            .start();
        making) {
      CompletableFuture<Object> slow = Testing.inThread(() -> {
        pool.execute(() -> {});
        return null;
      });
      making.awaitBegun();
      CompletableFuture<Integer> first = pool.submit(() -> 1);
      CompletableFuture<Integer> second = pool.submit(() -> 2); // makes a thread of its own
      assertEquals(1, Testing.get(first));
      assertEquals(2, Testing.get(second));
      assertEquals(2, pool.sizes().maxWorkers());
      pool.adjustPoolSize(0, 3);
      assertTrue(first.isDone() && pool.statistics().accepted() >= 2);
      assertFalse(slow.isDone());
      making.release();
      Testing.get(slow);
      assertEquals(3, Testing.stopped(pool).completed());
    }
  }
}
