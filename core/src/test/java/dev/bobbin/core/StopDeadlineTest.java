package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Stops with a deadline: what they give up, what they tell, and what becomes of it. */
class StopDeadlineTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  @Test
  void stopZero_reportsStopped_whenThePoolIsIdle() {
    try (ThreadPool pool = Testing.pool(3, 5).start()) {
      StopReport report = pool.stop(Duration.ZERO);
      assertTrue(report.stopped());
      assertEquals("Pool 'p' has stopped: 0 ran, 0 discarded, 0 still running", report.toString());
      assertEquals(PoolState.STOPPED, pool.state());
    }
  }

  @Test
  void stop_reportsWhatRan_whenAllEndsInTime() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 2).start()) {
      for (int i = 0; i < 10; i++) {
        pool.execute(() -> {});
      }
      CompletableFuture<?> failing = pool.submit(() -> {
        throw new IllegalStateException("on purpose");
      });
      StopReport report = pool.stop(Duration.ofSeconds(Held.LONG_SECONDS));
      assertTrue(report.stopped());
      assertEquals(11, report.ran());
      assertEquals(List.of(), report.discarded());
      assertEquals(List.of(), report.running());
      assertThrows(ExecutionException.class, () -> Testing.get(failing));
    }
  }

  @Test
  void stop_namesWorkerTaskAndLeastAge_whenATaskWouldNotEnd() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(new Named("the stuck one", held::runThroughInterrupts));
      held.awaitBegun();
      StopReport report = pool.stop(SHORT);
      assertFalse(report.stopped());
      assertEquals(1, report.running().size());
      var stuck = report.running().get(0);
      assertEquals("PoolThread-p-0", stuck.worker());
      assertEquals("the stuck one", stuck.task());
      assertFalse(stuck.ageExact());
      assertTrue(stuck.age().compareTo(SHORT) >= 0, stuck::toString);
      assertEquals(
          "Pool 'p' has not stopped yet: 0 ran, 0 discarded, 1 still running;"
              + " PoolThread-p-0 runs the stuck one for at least %d ms"
                  .formatted(stuck.age().toMillis()),
          report.toString());
    }
  }

  @Test
  void stop_tellsTheExactAge_whenTasksAreTimed() {
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .timing(Timing.ON)
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held()) {
      long before = System.nanoTime();
      pool.execute(new Named("timed", held::runThroughInterrupts));
      held.awaitBegun();
      var stuck = pool.stop(SHORT).running().get(0);
      long after = System.nanoTime();
      assertTrue(stuck.ageExact());
      assertTrue(stuck.age().compareTo(SHORT) >= 0, stuck::toString);
      assertTrue(stuck.age().toNanos() <= after - before, stuck::toString);
      assertEquals("timed", stuck.task());
      assertEquals(
          "PoolThread-p-0 runs timed for %d ms".formatted(stuck.age().toMillis()),
          stuck.toString());
    }
  }

  @Test
  void stop_namesTheThreadAsItsOwnFactoryDid_whenThePoolHasAPlainFactory() {
    var held = new Held();
    try (ThreadPool pool = Testing.pool(1, 1)
            .threadFactory(body -> new Thread(body, "mine\nand only mine"))
            .start();
        held) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      assertEquals("mine?and only mine", pool.stop(SHORT).running().get(0).worker());
    }
  }

  @Test
  void stop_keepsTheTextOfATaskInOneLine_whenItIsHostile() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(
          new Named("a\r\nb\u0007${jndi:x}" + "c".repeat(10_000), held::runThroughInterrupts));
      held.awaitBegun();
      String task = pool.stop(SHORT).running().get(0).task();
      assertTrue(task.startsWith("a??b?${jndi:x}ccc"), task);
      assertTrue(task.endsWith("..."), task);
      assertTrue(task.length() < 1_100, task);
    }
  }

  @Test
  void stop_interruptsWhatRunsAndDiscardsTheRest_whenTheDeadlinePasses() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held(2)) {
      var ran = new AtomicInteger();
      var running = List.of(pool.submit(held), pool.submit(held));
      held.awaitBegun();
      var waiting = new ArrayList<Runnable>();
      for (int i = 0; i < 5; i++) {
        Runnable task = ran::incrementAndGet;
        waiting.add(task);
        pool.execute(task);
      }
      StopReport report = pool.stop(SHORT);
      assertEquals(5, report.discarded().size());
      for (int i = 0; i < 5; i++) {
        assertSame(waiting.get(i), report.discarded().get(i)); // FIFO, the very objects
      }
      for (CompletableFuture<?> future : running) {
        var thrown = assertThrows(ExecutionException.class, () -> Testing.get(future));
        assertInstanceOf(Held.Interrupted.class, thrown.getCause());
      }
      Testing.stopped(pool);
      assertEquals(0, ran.get());
      assertEquals(2, pool.statistics().failed());
      assertEquals(5, pool.statistics().discarded());
      assertEquals(7, pool.statistics().accepted());
    }
  }

  @Test
  void stop_ranAndDiscardedAreDisjointAndAllThereIs_whenManyTasksWait() {
    for (int round = 0; round < 200; round++) {
      var ran = new AtomicInteger();
      try (ThreadPool pool = Testing.pool(2, 2).start()) {
        for (int i = 0; i < 500; i++) {
          pool.execute(ran::incrementAndGet);
        }
        StopReport report = pool.stop(Duration.ZERO);
        pool.stop();
        assertEquals(500, ran.get() + report.discarded().size());
        assertEquals(500 - ran.get(), pool.statistics().discarded());
        assertEquals(ran.get(), pool.statistics().completed());
        assertEquals(
            500, report.ran() + report.discarded().size() + report.running().size());
      }
    }
  }

  @Test
  void stop_tellsFuturesAndCallbacksWhy_whenItGivesUp() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      var told = new CompletableFuture<Throwable>();
      var thread = new CompletableFuture<Thread>();
      pool.callInThreadWithCallback(
          outcome -> {
            thread.complete(Thread.currentThread());
            outcome.fold(value -> told.complete(null), failure -> told.complete(failure.cause()));
          },
          () -> "never");
      CompletableFuture<String> future = pool.submit(() -> "never");
      StopReport report = pool.stop(Duration.ZERO);
      var reason = assertInstanceOf(TaskDiscardedException.class, Testing.get(told));
      assertEquals("p", reason.pool());
      assertSame(Thread.currentThread(), Testing.get(thread));
      assertInstanceOf(
          TaskDiscardedException.class,
          assertThrows(ExecutionException.class, () -> Testing.get(future)).getCause());
      assertEquals(2, report.discarded().size());
    }
  }

  /** Each callback used to discard the rest itself, until the stack was full and callbacks were lost. */
  @Test
  void stop_tellsEveryCallbackInTurn_whenEachStopsThePoolAgain() {
    try (ThreadPool pool = Testing.pool(0, 0).start()) {
      int tasks = 3_000;
      var told = new ArrayList<Integer>();
      for (int i = 0; i < tasks; i++) {
        int number = i;
        pool.callInThreadWithCallback(
            outcome -> {
              assertEquals(List.of(), pool.shutdownNow());
              told.add(number);
            },
            () -> "never");
      }
      assertEquals(tasks, pool.shutdownNow().size());
      assertEquals(IntStream.range(0, tasks).boxed().toList(), told);
      assertTrue(pool.isTerminated());
    }
  }

  @Test
  void stop_givesTheWorkAlone_whenWhatItDiscardsHadAFutureOrCallback() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 0).start()) {
      var ran = new AtomicInteger();
      Runnable plain = ran::incrementAndGet;
      pool.submit(plain);
      pool.submit(plain, "value");
      pool.callInThread(plain);
      pool.submit(ran::incrementAndGet);
      pool.callInThreadWithCallback(outcome -> {}, ran::incrementAndGet);
      List<Runnable> discarded = pool.shutdownNow();
      assertSame(plain, discarded.get(0));
      assertSame(plain, discarded.get(1));
      assertSame(plain, discarded.get(2));
      assertEquals(5, discarded.size());
      discarded.forEach(Runnable::run);
      assertEquals(5, ran.get());
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(List.of(), pool.shutdownNow());
    }
  }

  @Test
  void stop_refusesTheDeadlineAndGoesOn_whenItIsNegative() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var thrown =
          assertThrows(IllegalArgumentException.class, () -> pool.stop(Duration.ofMillis(-1)));
      assertEquals(
          "Pool 'p': the deadline of a stop must not be negative, was PT-0.001S."
              + " Give Duration.ZERO to give up at once.",
          thrown.getMessage());
      assertEquals(
          "deadline",
          assertThrows(NullPointerException.class, () -> pool.stop(null)).getMessage());
      assertEquals(PoolState.RUNNING, pool.state());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  @Test
  void stop_ends_whenTheDeadlineIsBeyondAllClocks() {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      assertTrue(pool.stop(Duration.ofSeconds(Long.MAX_VALUE)).stopped());
    }
  }

  /** Each interrupt used to begin the deadline anew. */
  @Test
  void stop_keepsItsDeadline_whenItIsInterruptedAgainAndAgain() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      var stopper = new Thread[1];
      var flag = new CompletableFuture<Boolean>();
      CompletableFuture<StopReport> report = Testing.inThread(stopper, () -> {
        StopReport made = pool.stop(Duration.ofMillis(200));
        flag.complete(Thread.currentThread().isInterrupted());
        return made;
      });
      Testing.eventually("the stop returns", () -> {
        stopper[0].interrupt();
        return report.isDone();
      });
      assertEquals(1, report.join().running().size());
      assertTrue(Testing.get(flag), "the interrupt was swallowed");
    }
  }

  @Test
  void stop_theFirstDeadlineDecides_whenSeveralRun() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<?> running = pool.submit(held);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(() -> {});
      CompletableFuture<StopReport> patient =
          Testing.inThread(() -> pool.stop(Duration.ofSeconds(Held.LONG_SECONDS)));
      Testing.eventually("the patient stop has begun", pool::isShutdown);
      StopReport hasty = pool.stop(SHORT);
      assertEquals(1, hasty.discarded().size());
      assertEquals(1, Testing.get(patient).discarded().size());
      assertTrue(patient.join().stopped());
      assertTrue(running.isCompletedExceptionally());
      assertTrue(waiting.isCompletedExceptionally());
    }
  }

  /** A task with a text of its own. */
  private record Named(String name, Runnable work) implements Runnable {
    @Override
    public void run() {
      work.run();
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
