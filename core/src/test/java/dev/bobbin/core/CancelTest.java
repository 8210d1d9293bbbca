package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelling what waits and what runs; interrupts that reach the task they are meant for, and no other. */
class CancelTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancel_takesTheTaskOutAndCountsIt_whenItWaits(boolean mayInterrupt) {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var ran = new AtomicInteger();
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<Integer> future = pool.submit(ran::incrementAndGet);
      assertEquals(1, pool.statistics().backlog());
      assertTrue(future.cancel(mayInterrupt));
      assertTrue(future.isCancelled());
      assertEquals(0, pool.statistics().backlog());
      assertEquals(1, pool.statistics().cancelled());
      assertTrue(future.cancel(mayInterrupt)); // again: cancelled it is, counted it was
      assertThrows(CancellationException.class, future::join);
      held.release();
      var numbers = Testing.stopped(pool);
      assertEquals(0, ran.get());
      assertEquals(1, numbers.cancelled());
      assertEquals(1, numbers.completed());
    }
  }

  @Test
  void cancel_letsTheCallableGo_whenItWaits() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var references = new ArrayList<WeakReference<Object>>();
      CompletableFuture<Integer> future = submitCapturing(pool, references);
      future.cancel(false);
      Testing.awaitCleared("what the callable holds", references.get(0));
      assertTrue(future.isCancelled());
    }
  }

  private static CompletableFuture<Integer> submitCapturing(
      ThreadPool pool, List<WeakReference<Object>> references) {
    var argument = new Object();
    references.add(new WeakReference<>(argument));
    return pool.submit(argument::hashCode);
  }

  /** Nobody takes from this pool for a while: what was cancelled is swept out all the same. */
  @Test
  void cancel_letsTheFuturesGo_whenMostOfTheBacklogIsCancelled() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var references = new ArrayList<WeakReference<Object>>();
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<?> future = pool.submit(() -> {});
        references.add(new WeakReference<>(future));
        future.cancel(false);
      }
      for (int i = 0; i < 500; i++) {
        Testing.awaitCleared("future " + i, references.get(i));
      }
      assertEquals(1_000, pool.statistics().cancelled());
    }
  }

  @Test
  void cancel_interruptsTheTask_whenItRunsAndMayBe() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var how = new CompletableFuture<Throwable>();
      CompletableFuture<?> future = pool.submit(() -> {
        try {
          held.run();
          how.complete(null);
        } catch (Held.Interrupted interrupted) {
          how.complete(interrupted);
        }
      });
      held.awaitBegun();
      assertTrue(future.cancel(true));
      assertTrue(future.isCancelled());
      assertInstanceOf(Held.Interrupted.class, Testing.get(how));
      var numbers = Testing.stopped(pool);
      assertEquals(1, numbers.cancelled());
      assertEquals(0, numbers.completed());
    }
  }

  @Test
  void cancel_leavesTheTaskAlone_whenItRunsAndMustNotBeInterrupted() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var interrupted = new CompletableFuture<Boolean>();
      CompletableFuture<?> future = pool.submit(() -> {
        held.run();
        interrupted.complete(Thread.currentThread().isInterrupted());
      });
      held.awaitBegun();
      assertTrue(future.cancel(false));
      assertTrue(future.isCancelled());
      assertEquals(1, pool.statistics().running()); // it stays running until it really ends
      assertEquals(0, pool.statistics().cancelled());
      CompletableFuture<Integer> next = pool.submit(() -> 1);
      assertEquals(1, pool.statistics().backlog());
      held.release();
      assertFalse(Testing.get(interrupted));
      assertEquals(1, Testing.get(next));
      assertEquals(1, Testing.stopped(pool).cancelled());
    }
  }

  @Test
  void cancel_answersFalse_whenTheTaskHasEnded() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      Testing.get(future);
      assertFalse(future.cancel(true));
      assertFalse(future.isCancelled());
      assertEquals(1, future.join());
      assertEquals(1, Testing.stopped(pool).completed());
    }
  }

  @Test
  void cancel_canBeCalledByTheTaskItself() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var own = new CompletableFuture<CompletableFuture<?>>();
      CompletableFuture<?> future = pool.submit(() -> {
        held.run();
        own.join().cancel(true);
        assertTrue(Thread.currentThread().isInterrupted());
      });
      own.complete(future);
      held.release();
      assertThrows(CancellationException.class, () -> Testing.get(future));
      assertFalse(Testing.get(pool.submit(() -> Thread.currentThread().isInterrupted())));
      assertEquals(1, Testing.stopped(pool).cancelled());
    }
  }

  /** The worker used to wait for its own completion, for ever. */
  @Test
  void cancel_answersFalse_whenAPropagatorCallsItWhileItRestores() throws Exception {
    var own = new CompletableFuture<CompletableFuture<?>>();
    var answer = new CompletableFuture<Boolean>();
    ContextPropagator scope = new ContextPropagator() {
      @Override
      public String name() {
        return "cancelling-scope";
      }

      @Override
      public CapturedContext capture() {
        return body -> {
          body.run();
          answer.complete(own.join().cancel(true));
        };
      }
    };
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(scope).start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      own.complete(future);
      assertEquals(1, Testing.get(future));
      assertFalse(Testing.get(answer));
      assertEquals(1, Testing.stopped(pool).completed());
    }
  }

  /**
   * Race 13: the interrupt of a cancel that comes as its task ends. The task that follows on the same
   * worker never sees it, and each cancel that answered true was one.
   */
  @Test
  void race13_cancelNeverInterruptsTheNextTask_tenThousandTimes() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      int rounds = 10_000;
      var barrier = new CyclicBarrier(2);
      CompletableFuture<?>[] current = new CompletableFuture<?>[1];
      var won = new AtomicInteger();
      CompletableFuture<Object> canceller = Testing.inThread(() -> {
        for (int i = 0; i < rounds; i++) {
          barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
          if (current[0].cancel(true)) {
            won.incrementAndGet();
          }
          barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
        }
        return null;
      });
      for (int i = 0; i < rounds; i++) {
        var go = new AtomicInteger();
        int spins = i % 50;
        current[0] = pool.submit(() -> {
          while (go.get() == 0) {
            Thread.onSpinWait();
          }
          for (int spin = 0; spin < spins; spin++) {
            Thread.onSpinWait();
          }
        });
        CompletableFuture<Boolean> next =
            pool.submit(() -> Thread.currentThread().isInterrupted());
        barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
        go.set(1);
        barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
        assertFalse(Testing.get(next), "the interrupt hit the next task");
      }
      Testing.get(canceller);
      var numbers = Testing.stopped(pool);
      assertEquals(2 * rounds, numbers.accepted());
      assertEquals(won.get(), numbers.cancelled());
      assertEquals(2 * rounds - won.get(), numbers.completed());
    }
  }

  /** Cancel races with the worker that takes the task: one of the two has it. */
  @Test
  void race12_cancelOrTake_exactlyOneWins_manyTimes() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start()) {
      int rounds = 20_000;
      var ran = new AtomicInteger();
      var won = 0;
      for (int i = 0; i < rounds; i++) {
        var began = new AtomicInteger();
        CompletableFuture<Integer> future = pool.submit(() -> {
          began.set(1);
          return ran.incrementAndGet();
        });
        if (future.cancel(false)) {
          won++;
          assertThrows(CancellationException.class, () -> Testing.get(future));
        } else {
          Testing.get(future);
          assertEquals(1, began.get());
        }
      }
      var numbers = Testing.stopped(pool);
      assertEquals(won, numbers.cancelled());
      assertEquals(rounds - won, numbers.completed());
    }
  }

  /** A cancel in the middle of a stop that gives the task up: one of the two wins, and nobody is interrupted. */
  @Test
  void race12_cancelOrDiscard_exactlyOneWins_andTheStopperIsNotInterrupted() throws Exception {
    for (int round = 0; round < 300; round++) {
      try (ThreadPool pool = Testing.pool(0, 0).start()) {
        var futures = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 20; i++) {
          futures.add(pool.submit(() -> {}));
        }
        var barrier = new CyclicBarrier(2);
        CompletableFuture<Integer> cancelled = Testing.inThread(() -> {
          barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
          int won = 0;
          for (CompletableFuture<?> future : futures) {
            won += future.cancel(true) ? 1 : 0;
          }
          return won;
        });
        barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
        var report = pool.stop(Duration.ZERO);
        assertFalse(Thread.interrupted());
        int won = Testing.get(cancelled);
        assertEquals(20, won + report.discarded().size());
        assertEquals(won, pool.statistics().cancelled());
        for (CompletableFuture<?> future : futures) {
          if (!future.isCancelled()) {
            assertInstanceOf(
                TaskDiscardedException.class,
                assertThrows(ExecutionException.class, () -> Testing.get(future))
                    .getCause());
          }
        }
      }
    }
  }
}
