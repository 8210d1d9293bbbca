package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.TaskTimedOutException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * Fault 30, "None has" 19: a pool whose workers are virtual threads keeps every promise of one whose
 * workers are not. The executor's contract is kept by BobbinVirtualContractTest.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualWorkersTest {
  private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

  /** What runs while {@link Pinning} is initialised. */
  private static volatile Runnable whilePinned = () -> {};

  private static ThreadPoolConfig.Builder config(int min, int max) {
    return Testing.config(min, max).toBuilder().threadFactory("virtual");
  }

  private static ThreadPool started(int min, int max) {
    return ThreadPools.builder(config(min, max).build()).start();
  }

  /** As isVirtual() would say, which is not there on the oldest JDK that compiles this. */
  private static boolean isVirtual(Thread thread) {
    return "VirtualThreads".equals(thread.getThreadGroup().getName());
  }

  @Test
  void fault30_workers_areNeverMoreThanTheMaximum_howManyTasksThereAre() throws Exception {
    try (ThreadPool pool = started(1, 3);
        var held = new Held(3)) {
      var now = new AtomicInteger();
      var most = new AtomicInteger();
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      for (int i = 0; i < 3; i++) {
        pool.execute(held);
      }
      for (int i = 0; i < 5_000; i++) {
        pool.execute(() -> {
          threads.add(Thread.currentThread());
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.yield();
          now.decrementAndGet();
        });
      }
      held.awaitBegun();
      assertTrue(isVirtual(held.runner()));
      assertEquals(3, pool.statistics().workers());
      assertEquals(3, pool.statistics().busy());
      assertEquals(5_000, pool.statistics().backlog(), "no submitter waited, and no thread came");
      held.release();
      assertEquals(5_003, Testing.stopped(pool).completed());
      assertTrue(most.get() <= 3, () -> most + " at a time");
      assertTrue(threads.size() <= 3, threads::toString);
    }
  }

  @Test
  void fault30_submitter_isNeverBlocked_whenAllWorkersAreAndTheBacklogIsFull() {
    try (ThreadPool pool =
            ThreadPools.builder(config(1, 1).backlogLimit(1).build()).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.execute(() -> {});
      var refused = assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
      assertEquals(RejectionReason.BACKLOG_FULL, refused.reason());
    }
  }

  @Test
  void fault30_sizes_areKept_whenTheyAreChangedLive() throws Exception {
    try (ThreadPool pool = started(1, 1);
        var held = new Held(4)) {
      for (int i = 0; i < 6; i++) {
        pool.execute(held);
      }
      pool.adjustPoolSize(2, 4);
      held.awaitBegun(); // four at a time
      assertEquals(4, pool.statistics().workers());
      var inForce = pool.adjustPoolSize(1, 2).toCompletableFuture();
      assertFalse(inForce.isDone());
      held.release();
      assertEquals(2, Testing.get(inForce).maxWorkers());
      assertTrue(pool.statistics().workers() <= 2, pool::toString);
      assertTrue(pool.startAWorker() || pool.statistics().workers() == 2);
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(7, Testing.stopped(pool).completed());
    }
  }

  @Test
  void fault30_context_travelsAndTheWorkersOwnIsPutBack() throws Exception {
    ContextPropagator tenant = new ContextPropagator() {
      @Override
      public String name() {
        return "tenant";
      }

      @Override
      public CapturedContext capture() {
        String captured = TENANT.get();
        return captured == null
            ? null
            : body -> {
              String before = TENANT.get();
              TENANT.set(captured);
              try {
                body.run();
              } finally {
                TENANT.set(before);
              }
            };
      }
    };
    try (ThreadPool pool =
        ThreadPools.builder(config(1, 1).build()).contextPropagator(tenant).start()) {
      for (String name : List.of("first", "second")) {
        TENANT.set(name);
        try {
          assertEquals(name, Testing.get(pool.submit(TENANT::get)));
          var told = new CompletableFuture<String>();
          pool.callInThreadWithCallback(outcome -> told.complete(TENANT.get()), () -> 1);
          assertEquals(name, Testing.get(told));
        } finally {
          TENANT.remove();
        }
        assertNull(Testing.get(pool.submit(TENANT::get)));
      }
    }
  }

  @Test
  void fault30_worker_isAsNew_whateverATaskChangesOfItsThread() throws Exception {
    try (ThreadPool pool = started(1, 1)) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      String name = worker.getName();
      ClassLoader loader = worker.getContextClassLoader();
      pool.execute(() -> {
        Thread thread = Thread.currentThread();
        thread.setName("changed");
        thread.setContextClassLoader(new ClassLoader() {});
        thread.setUncaughtExceptionHandler((failed, thrown) -> {});
        thread.interrupt();
      });
      assertFalse(Testing.get(pool.submit(() -> Thread.currentThread().isInterrupted())));
      assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(name, worker.getName());
      assertSame(loader, worker.getContextClassLoader());
    }
  }

  @Test
  void fault30_worker_outlivesWhateverATaskThrows() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool =
        ThreadPools.builder(config(1, 1).build()).failureReporter(reporter).start()) {
      Thread worker = Testing.get(pool.submit(Thread::currentThread));
      List<Throwable> all = List.of(
          new IllegalStateException(),
          new Exception(),
          new InterruptedException(),
          new AssertionError(),
          new OutOfMemoryError(),
          new StackOverflowError());
      for (Throwable thrown : all) {
        pool.execute(() -> {
          throw Testing.<RuntimeException>sneaky(thrown);
        });
      }
      assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(all, reporter.throwables());
      assertEquals(6, Testing.stopped(pool).failed());
    }
  }

  /** Its body is run while this class is initialised, a native frame below it: that pins on every JDK. */
  private static final class Pinning {
    static {
      whilePinned.run();
    }

    static void initialise() {
      // touching the class is enough
    }
  }

  @Test
  void fault30_poolWorks_whileATaskPinsItsCarrier_andAnotherHoldsAMonitor() throws Exception {
    try (ThreadPool pool = started(2, 4);
        var pinned = new Held();
        var inMonitor = new Held()) {
      var lock = new Object();
      whilePinned = pinned; // not a field of Pinning: to touch that would initialise it here
      pool.execute(Pinning::initialise);
      pool.execute(() -> {
        synchronized (lock) {
          inMonitor.run();
        }
      });
      pinned.awaitBegun();
      inMonitor.awaitBegun();
      assertEquals(2, pool.statistics().busy());
      if (Runtime.getRuntime().availableProcessors() > 2) { // carriers are left for the others
        assertEquals(1, Testing.get(pool.submit(() -> 1)));
      }
      pool.shutdown();
      StopReport report = pool.stop(Duration.ZERO); // interrupts both
      assertEquals(2, report.ran() + report.running().size(), report::toString);
      pinned.release();
      inMonitor.release();
      Testing.stopped(pool);
    }
  }

  /** A virtual thread that dies without its body, which the pool finds and makes good. */
  @Test
  void fault30_placeIsGivenBack_whenAVirtualThreadDiesBeforeItsBody() throws Exception {
    WorkerThreadFactory virtual = ServiceLoader.load(WorkerThreadFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.name().equals("virtual"))
        .findFirst()
        .orElseThrow();
    var dead = new CompletableFuture<Thread>();
    var reporter = new RecordingReporter();
    var first = new AtomicInteger();
    var factory = new WorkerThreadFactory() {
      @Override
      public String name() {
        return "dying";
      }

      @Override
      public Thread newThread(WorkerThreadSettings wanted, Runnable body) {
        boolean dies = first.getAndIncrement() == 0;
        Thread thread = virtual.newThread(wanted, dies ? () -> {} : body);
        if (dies) {
          dead.complete(thread);
        }
        return thread;
      }
    };
    ThreadPoolConfig dying =
        Testing.config(1, 1).toBuilder().threadFactory("dying").build();
    try (ThreadPool pool = ThreadPools.builder(dying)
        .threadFactory(factory)
        .failureReporter(reporter)
        .start()) {
      Testing.get(dead).join();
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(1, pool.statistics().workers());
      assertTrue(
          reporter.throwables().get(0).getMessage().contains("ended without"),
          reporter.throwables()::toString);
    }
  }

  @Test
  void fault30_limitsAndCancels_reachTheTask() throws Exception {
    try (ThreadPool pool = started(2, 2);
        var held = new Held()) {
      CompletableFuture<?> late =
          pool.with(TaskOptions.builder().maxRun(Duration.ofMillis(1)).build()).submit(held);
      var thrown = assertThrows(ExecutionException.class, () -> Testing.get(late));
      assertInstanceOf(TaskTimedOutException.class, thrown.getCause());
      try (var second = new Held()) {
        CompletableFuture<?> cancelled = pool.submit(second);
        second.awaitBegun();
        assertTrue(cancelled.cancel(true));
        assertEquals(
            1, Testing.stopped(pool).cancelled()); // held was never let go: interrupts ended both
      }
    }
  }

  @Test
  void P13_terminationComesWhenTheTaskHasEnded_andTheWorkerIsLetGo() throws Exception {
    Testing.awaitCleared("a virtual worker of a pool that stopped", workerOfAStoppedPool());
  }

  /** In a frame of its own, whose variables are gone when it has returned. */
  private static WeakReference<Thread> workerOfAStoppedPool() throws Exception {
    try (ThreadPool pool = started(1, 1);
        var held = new Held()) {
      var ended = new CompletableFuture<Boolean>();
      pool.execute(() -> {
        held.runThroughInterrupts();
        ended.complete(true);
      });
      held.awaitBegun();
      var worker = new WeakReference<>(held.runner());
      StopReport report = pool.stop(Duration.ZERO);
      assertEquals("PoolThread-p-0", report.running().get(0).worker());
      assertFalse(pool.awaitTermination(1, TimeUnit.MILLISECONDS));
      held.release();
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertTrue(ended.isDone());
      return worker;
    }
  }

  @Test
  void fault30_virtualSubmitters_storm_andTheBooksBalance() throws Exception {
    try (ThreadPool pool = started(0, 4);
        ThreadPool submitters = started(0, 50)) {
      var ran = new AtomicInteger();
      var all = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < 200; i++) {
        all.add(submitters.submit(() -> {
          for (int task = 0; task < 50; task++) {
            pool.submit(ran::incrementAndGet).get();
          }
          return null;
        }));
      }
      for (CompletableFuture<?> one : all) {
        Testing.get(one);
      }
      assertEquals(10_000, ran.get());
      assertEquals(10_000, Testing.stopped(pool).completed());
    }
  }
}
