package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code shutdown}: what was given runs, and nothing more is taken. */
interface ShutdownContract extends Contract {
  /** So many tasks at most are given in a race with a shutdown. */
  int MOST = 2_000;

  private static void assertRefuses(Tested tested) {
    assertThrows(RejectedExecutionException.class, () -> tested.executor().execute(() -> {}));
    assertThrows(RejectedExecutionException.class, () -> tested.executor().submit(() -> {}));
    assertThrows(RejectedExecutionException.class, () -> tested.executor().submit(() -> 1));
    assertThrows(RejectedExecutionException.class, () -> tested.executor().submit(() -> {}, 1));
  }

  @Test
  default void isShutdown_isFalse_atFirst() throws Exception {
    try (var tested = open(1)) {
      assertFalse(tested.executor().isShutdown());
      Patience.get(tested.executor().submit(() -> {}));
      assertFalse(tested.executor().isShutdown());
    }
  }

  @Test
  default void isShutdown_isTrue_asSoonAsShutdownHasReturned() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      tested.executor().shutdown();
      assertTrue(tested.executor().isShutdown());
    }
  }

  @Test
  default void shutdown_doesNotWait_whileATaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      tested.executor().shutdown(); // or it would never return
      assertFalse(busy.wasInterrupted());
      assertFalse(tested.executor().isTerminated());
    }
  }

  @Test
  default void shutdown_doesNotInterrupt_whatRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      gate.awaitCome();
      tested.executor().shutdown();
      gate.open();
      assertEquals("value", Patience.get(future));
      tested.awaitTermination();
      assertFalse(gate.wasInterrupted());
    }
  }

  @Test
  default void shutdown_letsAllRunInOrder_thatWaits() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var order = Collections.synchronizedList(new ArrayList<Integer>());
      IntStream.range(0, 50).forEach(number -> tested.executor().execute(() -> order.add(number)));
      tested.executor().shutdown();
      busy.open();
      tested.awaitTermination();
      assertEquals(IntStream.range(0, 50).boxed().toList(), order);
    }
  }

  @Test
  default void shutdown_completesTheFutures_ofWhatWaits() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Future<String> future = tested.executor().submit(() -> "value");
      tested.executor().shutdown();
      assertFalse(future.isDone());
      busy.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void shutdown_letsTheOthersRun_whenATaskThrows() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      for (int i = 0; i < 10; i++) {
        tested.executor().execute(() -> {
          ran.incrementAndGet();
          throw new IllegalStateException("on purpose");
        });
      }
      tested.executor().shutdown();
      busy.open();
      tested.awaitTermination();
      assertEquals(10, ran.get());
    }
  }

  @Test
  default void shutdown_mayBeCalledTwice() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Future<String> future = tested.executor().submit(() -> "value");
      tested.executor().shutdown();
      tested.executor().shutdown();
      busy.open();
      assertEquals("value", Patience.get(future));
      tested.awaitTermination();
      tested.executor().shutdown();
      assertTrue(tested.executor().isTerminated());
    }
  }

  @Test
  default void shutdown_terminates_whenNothingWasEverGiven() throws Exception {
    try (var tested = open(2)) {
      tested.drain();
      assertTrue(tested.executor().isTerminated());
    }
  }

  @Test
  default void shutdown_terminates_whenAllIsIdle() throws Exception {
    try (var tested = open(2)) {
      tested.occupied().open();
      tested.drain();
      assertTrue(tested.executor().isTerminated());
    }
  }

  @Test
  default void submission_isRefused_whileTheExecutorDrains() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      tested.executor().shutdown();
      assertRefuses(tested);
    }
  }

  @Test
  default void submission_isRefused_whenTheExecutorHasTerminated() throws Exception {
    try (var tested = open(1)) {
      tested.drain();
      assertRefuses(tested);
    }
  }

  @Test
  default void submission_isRefused_alsoFromATask() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(() -> {
        gate.pass();
        assertRefuses(tested);
        return null;
      });
      gate.awaitCome();
      tested.executor().shutdown();
      gate.open();
      Patience.get(future);
    }
  }

  @Test
  default void refusedTask_neverRuns() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      tested.executor().shutdown();
      var ran = new AtomicInteger();
      assertThrows(
          RejectedExecutionException.class, () -> tested.executor().execute(ran::incrementAndGet));
      busy.open();
      tested.awaitTermination();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void nullTask_isRefusedAsSuch_afterShutdown() throws Exception {
    try (var tested = open(1)) {
      tested.drain();
      Contract.refusesNull(() -> tested.executor().execute(null));
      Contract.refusesNull(() -> tested.executor().submit((Runnable) null));
    }
  }

  @Test
  default void shutdown_mayComeFromATask() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<Boolean> first = tested.executor().submit(() -> {
        gate.pass();
        tested.executor().shutdown();
        return tested.executor().isTerminated();
      });
      Future<String> second = tested.executor().submit(() -> "second");
      gate.open();
      assertFalse(Patience.get(first));
      assertEquals("second", Patience.get(second));
      tested.awaitTermination();
    }
  }

  @Test
  default void shutdown_leavesCancelPossible() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      Future<?> future = tested.executor().submit(ran::incrementAndGet);
      tested.executor().shutdown();
      assertTrue(future.cancel(false));
      busy.open();
      tested.awaitTermination();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void acceptedTask_runs_whenAShutdownComesMeanwhile() throws Exception {
    for (int round = 0; round < 100; round++) {
      try (var tested = open(2)) {
        var go = new CountDownLatch(1);
        var ran = new AtomicInteger();
        var accepted = new AtomicInteger();
        Beside<Boolean> submitter = tested.beside(() -> {
          go.countDown();
          while (accepted.get() < MOST) {
            try {
              tested.executor().execute(ran::incrementAndGet);
              accepted.incrementAndGet();
            } catch (RejectedExecutionException refused) {
              return true;
            }
          }
          return false;
        });
        Patience.await(go, "the first submission");
        for (int spin = round * 5; spin > 0; spin--) {
          Thread.onSpinWait();
        }
        tested.drain();
        submitter.result();
        assertEquals(accepted.get(), ran.get());
      }
    }
  }

  @Test
  default void acceptedFuture_completes_whenAShutdownComesMeanwhile() throws Exception {
    for (int round = 0; round < 50; round++) {
      try (var tested = open(2)) {
        var first = new FutureTask<>(() -> 0);
        Beside<List<Future<Integer>>> submitter = tested.beside(() -> {
          var taken = new ArrayList<Future<Integer>>();
          first.run();
          while (taken.size() < MOST) {
            try {
              taken.add(tested.executor().submit(() -> 1));
            } catch (RejectedExecutionException refused) {
              return taken;
            }
          }
          return taken;
        });
        Patience.get(first);
        tested.drain();
        for (Future<Integer> future : submitter.result()) {
          assertEquals(1, Patience.get(future));
        }
      }
    }
  }
}
