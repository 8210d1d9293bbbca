package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of one key run one after another, in order, whatever becomes of each. */
@Timeout(2 * Held.LONG_SECONDS)
class KeyedOrderTest {
  private final List<Object> order = Collections.synchronizedList(new ArrayList<>());

  @Test
  void tasksOfAKey_runInOrder_oneAtATime_onWhateverWorker() {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(4, 4).start()) {
      ThreadPool one = pool.inOrder("one");
      for (int i = 0; i < 5_000; i++) {
        int number = i;
        one.execute(() -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          order.add(number);
          inside.decrementAndGet();
        });
      }
    }
    assertEquals(1, most.get());
    assertEquals(5_000, order.size());
    for (int i = 0; i < 5_000; i++) {
      assertEquals(i, order.get(i));
    }
  }

  @Test
  void otherKeys_andTasksWithoutOne_goAhead() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held()) {
      pool.inOrder("a").execute(held);
      held.awaitBegun();
      CompletableFuture<Integer> heldBack = pool.inOrder("a").submit(() -> 1);
      assertEquals(2, Testing.get(pool.inOrder("b").submit(() -> 2)));
      assertEquals(3, Testing.get(pool.submit(() -> 3)));
      assertFalse(heldBack.isDone());
      assertEquals(1, pool.statistics().backlog());
      held.release();
      assertEquals(1, Testing.get(heldBack));
    }
  }

  /** A task held back by its key waits for no worker: it makes none and wakes none. */
  @Test
  void heldBackTask_makesNoWorker() {
    try (ThreadPool pool = Testing.pool(0, 4).start();
        var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      key.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 10; i++) {
        key.execute(() -> order.add(1));
      }
      assertEquals(1, pool.statistics().workers());
      assertEquals(10, pool.statistics().backlog());
      held.release();
      assertEquals(11, Testing.stopped(pool).completed());
    }
  }

  /** P18, P19, pitfall 19. */
  @Test
  void p18_p19_key_isNotWedged_whenATaskThrows() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(Testing.config(2, 2))
        .failureReporter(new RecordingReporter())
        .start()) {
      ThreadPool key = pool.inOrder("k");
      for (int i = 0; i < 100; i++) {
        key.execute(() -> {
          throw new IllegalStateException("a task");
        });
        key.execute(() -> {
          throw new StackOverflowError("a task");
        });
        key.submit(() -> {
          throw new AssertionError("a task");
        });
        key.callInThreadWithCallback(
            outcome -> {
              throw new IllegalStateException("a callback");
            },
            () -> 1);
      }
      assertEquals("next", Testing.get(key.submit(() -> "next")));
      assertEquals(300, Testing.stopped(pool).failed());
    }
  }

  @Test
  void p19_key_isNotWedged_whenATaskIsRefused() throws Exception {
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .backlogLimit(1)
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      key.execute(held);
      held.awaitBegun();
      CompletableFuture<Integer> second = key.submit(() -> 2);
      TaskRejectedException refusal =
          assertThrows(TaskRejectedException.class, () -> key.execute(() -> {}));
      assertEquals(RejectionReason.BACKLOG_FULL, refusal.reason());
      held.release();
      assertEquals(2, Testing.get(second));
      assertEquals(3, Testing.get(key.submit(() -> 3)));
    }
  }

  @Test
  void key_isNotWedged_whenTasksAreCancelled_whereverTheyStand() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      pool.execute(held);
      held.awaitBegun();
      var futures = new ArrayList<CompletableFuture<Boolean>>();
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        futures.add(key.submit(() -> order.add(number)));
      }
      assertEquals(1_000, pool.statistics().backlog());
      for (int i = 0; i < 1_000; i++) {
        if (i % 10 != 7) {
          assertTrue(
              futures.get(i).cancel(false)); // the first of them stands in the lane, not the line
        }
      }
      assertEquals(100, pool.statistics().backlog());
      held.release();
      assertEquals("last", Testing.get(key.submit(() -> "last")));
      assertEquals(100, order.size());
      for (int i = 0; i < 100; i++) {
        assertEquals(10 * i + 7, order.get(i));
      }
      assertEquals(900, Testing.stopped(pool).cancelled());
    }
  }

  @Test
  void runningTask_keepsItsKey_whenItIsCancelled() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      CompletableFuture<?> running = key.submit(held::runThroughInterrupts);
      held.awaitBegun();
      CompletableFuture<String> next = key.submit(() -> "next");
      assertTrue(running.cancel(true));
      Testing.get(pool.submit(() -> {})); // another worker has gone by
      assertFalse(next.isDone());
      held.release();
      assertEquals("next", Testing.get(next));
    }
  }

  @Test
  void dependent_canWaitForTheNextOfItsKey() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start();
        var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      CompletableFuture<?> first = key.submit(held);
      held.awaitBegun();
      CompletableFuture<Integer> dependent =
          first.thenApply(none -> key.submit(() -> 5).join());
      held.release();
      assertEquals(5, Testing.get(dependent));
    }
  }

  @Test
  void stop_runsWhatIsHeldBack() {
    ThreadPool pool = Testing.pool(2, 2).start();
    try (var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      key.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 100; i++) {
        int number = i;
        key.execute(() -> order.add(number));
      }
      pool.shutdown();
      assertEquals(PoolState.STOPPING, pool.state());
      assertThrows(TaskRejectedException.class, () -> key.execute(() -> {}));
      assertThrows(TaskRejectedException.class, () -> pool.inOrder("new").execute(() -> {}));
    }
    assertEquals(101, Testing.stopped(pool).completed());
    assertEquals(100, order.size());
    assertEquals(99, order.get(99));
  }

  @Test
  void stopThatGivesUp_discardsWhatIsHeldBack() {
    ThreadPool pool = Testing.pool(2, 2).start();
    try (var held = new Held()) {
      ThreadPool key = pool.inOrder("k");
      key.execute(held::runThroughInterrupts);
      held.awaitBegun();
      var futures = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < 100; i++) {
        futures.add(key.submit(() -> order.add("wrong")));
      }
      StopReport report = pool.stop(Duration.ZERO);
      assertEquals(100, report.discarded().size());
      futures.forEach(future -> assertThrows(CompletionException.class, future::join));
      assertEquals(1, report.running().size());
    }
    var numbers = Testing.stopped(pool);
    assertEquals(100, numbers.discarded());
    assertEquals(1, numbers.completed());
    assertEquals(List.of(), order);
  }

  /** The key is asked for its hash code when the submission has seen the backlog open. */
  @Test
  void submission_isRefused_whenAStopGivesUpInTheMiddleOfIt() {
    ThreadPool pool = Testing.pool(1, 1).start();
    var stopping = new Object() {
      @Override
      public int hashCode() {
        pool.shutdownNow();
        return 1;
      }
    };
    assertThrows(TaskRejectedException.class, () -> pool.inOrder(stopping).submit(() -> 1));
    assertEquals(0, Testing.stopped(pool).accepted());
    assertEquals(1, pool.statistics().refused());
  }

  @Test
  void submission_isDroppedAndTold_whenAStopGivesUpInTheMiddleOfIt() {
    var config =
        ThreadPoolConfig.builder("p").whenFull(Overflow.discardSilently()).build();
    ThreadPool pool = ThreadPools.builder(config).start();
    var stopping = new Object() {
      @Override
      public int hashCode() {
        pool.shutdownNow();
        return 1;
      }
    };
    CompletableFuture<Integer> future = pool.inOrder(stopping).submit(() -> 1);
    assertThrows(CompletionException.class, future::join);
    assertEquals(0, Testing.stopped(pool).accepted());
  }

  /** As before, with a stop that drains: what was accepted runs. */
  @Test
  void submission_runs_whenAStopBeginsInTheMiddleOfIt() throws Exception {
    ThreadPool pool = Testing.pool(1, 1).start();
    var stopping = new Object() {
      @Override
      public int hashCode() {
        pool.shutdown();
        return 1;
      }
    };
    assertEquals(1, Testing.get(pool.inOrder(stopping).submit(() -> 1)));
    assertEquals(1, Testing.stopped(pool).completed());
  }

  @Test
  void stop_discardsAllOfAKey_whenThePoolWasNeverStarted() {
    ThreadPool pool = Testing.pool(1, 1).build();
    ThreadPool key = pool.inOrder("k");
    var futures = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 10; i++) {
      futures.add(key.submit(() -> {}));
    }
    assertEquals(10, pool.statistics().backlog());
    pool.stop();
    assertEquals(PoolState.STOPPED, pool.state());
    futures.forEach(future -> assertTrue(future.isCompletedExceptionally()));
    assertEquals(10, Testing.stopped(pool).discarded());
  }

  @Test
  void shutdown_runsAllOfAKey_whenThePoolWasNeverStarted() {
    ThreadPool pool = Testing.pool(1, 1).build();
    ThreadPool key = pool.inOrder("k");
    for (int i = 0; i < 10; i++) {
      key.execute(() -> order.add(1));
    }
    pool.shutdown();
    assertEquals(10, Testing.stopped(pool).completed());
  }

  @Test
  void callerRunTask_keepsTheOrder_orIsRefused() throws Exception {
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .backlogLimit(0)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held();
        var inCaller = new Held()) {
      pool.inOrder("a").execute(held);
      held.awaitBegun();
      assertThrows(TaskRejectedException.class, () -> pool.inOrder("a").execute(() -> {}));
      CompletableFuture<Void> caller = Testing.inThread(() -> {
        pool.inOrder("b").execute(inCaller);
        return null;
      });
      inCaller.awaitBegun();
      assertThrows(TaskRejectedException.class, () -> pool.inOrder("b").execute(() -> {}));
      held.release();
      Testing.eventually("the worker is free", () -> pool.statistics().running() == 1);
      CompletableFuture<Integer> afterCaller = pool.inOrder("b").submit(() -> 4);
      Testing.get(pool.submit(() -> {}));
      assertFalse(afterCaller.isDone());
      inCaller.release();
      Testing.get(caller);
      assertEquals(4, Testing.get(afterCaller));
    }
  }

  @Test
  void idleKey_isForgotten() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      WeakReference<Object> key = runWithAKeyOfItsOwn(pool);
      Testing.get(pool.submit(() -> {})); // the worker has let go of its last task
      Testing.awaitCleared("the key", key);
    }
  }

  private static WeakReference<Object> runWithAKeyOfItsOwn(ThreadPool pool) throws Exception {
    var key = new Object();
    ThreadPool view = pool.inOrder(key);
    for (int i = 0; i < 10; i++) {
      view.execute(() -> {});
    }
    Testing.get(view.submit(() -> {}));
    return new WeakReference<>(key);
  }

  @Test
  void inOrder_refusesNull() {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      assertEquals(
          "key",
          assertThrows(NullPointerException.class, () -> pool.inOrder(null)).getMessage());
      assertEquals(
          "options",
          assertThrows(NullPointerException.class, () -> pool.with(null)).getMessage());
    }
  }

  /** The factory submits the second of the key, so that it waits when the start has failed for good. */
  @Test
  void key_isNotWedged_andThePoolEnds_whenNoThreadCanBeMadeForItsTask() throws Exception {
    var waiting = new AtomicReference<CompletableFuture<Integer>>();
    var self = new AtomicReference<ThreadPool>();
    var asked = new AtomicInteger();
    ThreadPool pool = Testing.pool(1, 1)
        .startOnFirstTask()
        .threadFactory(body -> {
          int time = asked.incrementAndGet();
          if (time == 1) {
            waiting.set(self.get().inOrder("k").submit(() -> 1));
          }
          return time < 3 ? null : new Thread(body);
        })
        .build();
    self.set(pool);
    assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
    assertThrows(CompletionException.class, () -> waiting.get().join());
    assertEquals(2, asked.get());

    assertEquals(2, Testing.get(pool.inOrder("k").submit(() -> 2)));

    try (var held = new Held()) {
      pool.execute(held::runThroughInterrupts);
      held.awaitBegun();
      pool.execute(() -> {});
      assertEquals(1, pool.shutdownNow().size(), "this thread gives tasks up once more");
    }
    assertEquals(2, Testing.stopped(pool).discarded());
  }

  /** The task is taken back once an Error has cut short the look for a worker. */
  @Test
  void race19_key_isNotWedged_whenTheStackHasNoRoomAnyMoreToServeItsTask() {
    SteppedPool stepped = SteppedPool.started(1, 1);
    ThreadPool keyed = stepped.pool().inOrder("k");
    stepped.deepOnceAt(2);
    assertThrows(StackOverflowError.class, () -> keyed.execute(() -> order.add("wrong")));
    stepped.checkAll();

    stepped.act(() -> keyed.execute(() -> order.add("next")));
    stepped.runAll();

    assertEquals(List.of("next"), order);
  }

  /** What a key lets go while a stop gives all up is the stop's, or it would be missing in its list. */
  @Test
  void shutdownNow_tellsOfTheNextOfAKey_whenItsTurnComesMeanwhile() {
    ThreadPool pool = Testing.pool(1, 1).start();
    try (var held = new Held()) {
      pool.inOrder("k").execute(held::runThroughInterrupts);
      held.awaitBegun();
      pool.submit(() -> order.add("wrong")).whenComplete((value, failure) -> {
        held.release();
        Testing.eventually("the worker has gone", () -> pool.statistics().workers() == 0);
      });
      Runnable next = () -> order.add("wrong as well");
      pool.inOrder("k").execute(next);

      List<Runnable> unrun = pool.shutdownNow();

      assertEquals(2, unrun.size());
      assertSame(next, unrun.get(1));
    }
    assertEquals(2, Testing.stopped(pool).discarded());
    assertEquals(List.of(), order);
  }
}
