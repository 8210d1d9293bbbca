package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code isTerminated} and {@code awaitTermination}. */
interface TerminationContract extends Contract {
  @Test
  default void isTerminated_isFalse_withoutAShutdown() throws Exception {
    try (var tested = open(1)) {
      assertFalse(tested.executor().isTerminated());
      Patience.get(tested.executor().submit(() -> {}));
      assertFalse(tested.executor().isTerminated());
    }
  }

  @Test
  default void isTerminated_isFalse_whileATaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      tested.executor().execute(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      tested.executor().shutdown();
      assertFalse(tested.executor().isTerminated());
      tested.executor().shutdownNow();
      assertFalse(tested.executor().isTerminated());
    }
  }

  @Test
  default void isTerminated_isFalse_inTheLastTask() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Future<Boolean> last = tested.executor().submit(() -> tested.executor().isTerminated());
      tested.executor().shutdown();
      busy.open();
      assertFalse(Patience.get(last));
    }
  }

  @Test
  default void isTerminated_isTrue_whenAwaitTerminationSaysSo() throws Exception {
    try (var tested = open(2)) {
      tested.occupied().open();
      tested.drain();
      assertTrue(tested.executor().isTerminated());
      assertTrue(tested.executor().isShutdown());
    }
  }

  @Test
  default void isTerminated_comesTrue_withoutAnybodyWhoWaits() throws Exception {
    try (var tested = open(2)) {
      Gate busy = tested.occupied();
      tested.executor().shutdown();
      busy.open();
      Patience.eventually("it is terminated", () -> tested.executor().isTerminated());
      assertTrue(tested.executor().isShutdown());
    }
  }

  @Test
  default void awaitTermination_refusesANullUnit() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().awaitTermination(1, null));
      tested.drain();
      Contract.refusesNull(() -> tested.executor().awaitTermination(1, null));
    }
  }

  @Test
  default void awaitTermination_isFalse_withoutAShutdown() throws Exception {
    try (var tested = open(1)) {
      assertFalseForEveryTime(tested);
      assertEquals("goes on", Patience.get(tested.executor().submit(() -> "goes on")));
    }
  }

  @Test
  default void awaitTermination_isFalse_whileATaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      tested.executor().shutdown();
      assertFalseForEveryTime(tested);
      assertFalse(busy.wasInterrupted());
    }
  }

  @Test
  default void awaitTermination_isFalse_whileATaskWillNotEnd() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      tested.executor().execute(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      tested.executor().shutdownNow();
      assertFalseForEveryTime(tested);
    }
  }

  private static void assertFalseForEveryTime(Tested tested) throws InterruptedException {
    for (long millis : new long[] {20, 0, -1, Long.MIN_VALUE}) {
      assertFalse(tested.executor().awaitTermination(millis, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  default void awaitTermination_isTrueWithAnyTime_whenItIsOver() throws Exception {
    try (var tested = open(1)) {
      tested.drain();
      for (long millis : new long[] {20, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        assertTrue(tested.executor().awaitTermination(millis, TimeUnit.MILLISECONDS));
      }
    }
  }

  @Test
  default void awaitTermination_waits_untilAllHasRun() throws Exception {
    try (var tested = open(2)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      for (int i = 0; i < 20; i++) {
        tested.executor().execute(ran::incrementAndGet);
      }
      Beside<Integer> waiter = tested.beside(() -> {
        assertTrue(tested.executor().awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS));
        return ran.get();
      });
      tested.executor().shutdown();
      waiter.awaitBlocked();
      busy.open();
      assertEquals(20, waiter.result());
    }
  }

  @Test
  default void awaitTermination_isTrue_forEveryWaiter() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var waiters = new ArrayList<Beside<Boolean>>();
      for (int i = 0; i < 4; i++) {
        waiters.add(tested
            .beside(() -> tested.executor().awaitTermination(1, TimeUnit.DAYS))
            .awaitBlocked()); // before the shutdown
      }
      tested.executor().shutdown();
      busy.open();
      for (Beside<Boolean> waiter : waiters) {
        assertTrue(waiter.result());
      }
    }
  }

  /** A waiter that is woken before its time waits on: neither a wake-up nor a shutdown is the end. */
  @Test
  default void P4_awaitTermination_waitsOn_whenAShutdownNowComesMeanwhile() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      tested.executor().execute(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      Beside<Boolean> waiter = tested
          .beside(() -> tested.executor().awaitTermination(1, TimeUnit.DAYS))
          .awaitBlocked();
      tested.executor().shutdown();
      tested.executor().shutdownNow();
      gate.awaitInterrupted();
      waiter.awaitBlocked();
      assertFalse(waiter.isOver());
      gate.open();
      assertTrue(waiter.result());
    }
  }

  @Test
  default void awaitTermination_isEndedByAnInterrupt() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      tested.executor().shutdown();
      Callable<Boolean> flagAfterwards = () -> {
        assertThrows(
            InterruptedException.class, () -> tested.executor().awaitTermination(1, TimeUnit.DAYS));
        return Thread.currentThread().isInterrupted();
      };
      Beside<Boolean> during = tested.beside(flagAfterwards).awaitBlocked();
      during.interrupt();
      assertFalse(during.result());
      Beside<Boolean> before = tested.beside(() -> {
        Thread.currentThread().interrupt();
        return flagAfterwards.call();
      });
      assertFalse(before.result());
      assertFalse(busy.wasInterrupted());
      busy.open();
      tested.awaitTermination();
    }
  }

  @Test
  default void awaitTermination_isFalse_inATaskOfTheExecutorItself() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var answer = new CompletableFuture<Boolean>();
      tested.executor().execute(() -> {
        gate.passInSpiteOfInterrupts();
        try {
          answer.complete(tested.executor().awaitTermination(20, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupt) {
          answer.completeExceptionally(interrupt);
        }
      });
      tested.executor().shutdown();
      gate.open();
      assertFalse(Patience.get(answer));
      tested.awaitTermination();
    }
  }
}
