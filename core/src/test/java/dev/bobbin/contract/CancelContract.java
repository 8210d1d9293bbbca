package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code Future.cancel}: before, while and after the task runs. */
interface CancelContract extends Contract {
  private static void assertCancelled(Future<?> future) {
    assertTrue(future.isDone());
    assertTrue(future.isCancelled());
    assertThrows(CancellationException.class, future::get);
    assertThrows(CancellationException.class, () -> future.get(0, TimeUnit.SECONDS));
    assertThrows(CancellationException.class, () -> future.get(1, TimeUnit.DAYS));
  }

  @Test
  default void cancel_takesTheTaskOut_whileItWaits() throws Exception {
    cancelsWhileItWaits(false);
  }

  @Test
  default void cancelWithInterrupt_takesTheTaskOut_whileItWaits() throws Exception {
    cancelsWhileItWaits(true);
  }

  private void cancelsWhileItWaits(boolean mayInterrupt) throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      Future<?> future = tested.executor().submit(ran::incrementAndGet);
      assertTrue(future.cancel(mayInterrupt));
      assertCancelled(future);
      assertFalse(busy.wasInterrupted(), "the task on the worker is another");
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
      assertCancelled(future);
    }
  }

  @Test
  default void cancel_leavesTheOthersAlone_whileTheyWait() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var order = new ArrayList<Integer>(); // one thread writes it
      var futures = new ArrayList<Future<?>>();
      for (int i = 0; i < 9; i++) {
        int number = i;
        futures.add(tested.executor().submit(() -> order.add(number)));
      }
      for (int i = 0; i < 9; i += 3) {
        assertTrue(futures.get(i).cancel(true));
      }
      busy.open();
      tested.drain();
      assertEquals(List.of(1, 2, 4, 5, 7, 8), order);
    }
  }

  /** Not promised: the place of a cancelled task is free, so nobody is given it back. */
  @Test
  default void P23_cancelledTask_isNotInTheBacklogAnyMore() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      for (int i = 0; i < 100; i++) {
        assertTrue(tested.executor().submit(() -> "value").cancel(false));
      }
      assertEquals(0, tested.executor().shutdownNow().size());
    }
  }

  @Test
  default void cancelWithInterrupt_interruptsTheTask_whileItRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(gate.then("value"));
      gate.awaitCome();
      assertTrue(future.cancel(true));
      assertCancelled(future);
      gate.awaitInterrupted();
    }
  }

  @Test
  default void cancelWithInterrupt_doesNotWaitForTheTask_whileItRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      assertTrue(future.cancel(true));
      assertCancelled(future);
      gate.awaitInterrupted();
      Future<String> next = tested.executor().submit(() -> "next");
      assertFalse(next.isDone(), "the thread is still the cancelled task's");
      gate.open();
      assertEquals("next", Patience.get(next));
      assertCancelled(future);
    }
  }

  @Test
  default void cancel_doesNotInterruptTheTask_whileItRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var wentOn = new CountDownLatch(1);
      Future<?> future = tested.executor().submit(() -> {
        gate.pass();
        wentOn.countDown();
        return "its value is dropped";
      });
      gate.awaitCome();
      assertTrue(future.cancel(false));
      assertCancelled(future);
      gate.open();
      Patience.await(wentOn, "the end of the cancelled task");
      assertFalse(gate.wasInterrupted());
      tested.drain();
      assertCancelled(future);
    }
  }

  @Test
  default void cancel_dropsWhatTheTaskThrows_whileItRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(() -> {
        gate.pass();
        throw new IOException("on purpose");
      });
      gate.awaitCome();
      assertTrue(future.cancel(false));
      gate.open();
      tested.drain();
      assertCancelled(future);
    }
  }

  @Test
  default void cancel_isTooLate_whenTheTaskHasSucceeded() throws Exception {
    try (var tested = open(1)) {
      Future<String> future = tested.executor().submit(() -> "value");
      Patience.get(future);
      assertFalse(future.cancel(true));
      assertFalse(future.cancel(false));
      assertFalse(future.isCancelled());
      assertEquals("value", future.get());
    }
  }

  @Test
  default void cancel_isTooLate_whenTheTaskHasFailed() throws Exception {
    try (var tested = open(1)) {
      var thrown = new IOException("on purpose");
      Future<String> future = tested.executor().submit(() -> {
        throw thrown;
      });
      Contract.failureOf(future);
      assertFalse(future.cancel(true));
      assertFalse(future.isCancelled());
      assertSame(thrown, Contract.failureOf(future));
    }
  }

  @Test
  default void cancel_changesNothing_theSecondTime() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      assertTrue(future.cancel(false));
      future.cancel(true); // what it answers is left open
      assertCancelled(future);
      future.cancel(false);
      assertCancelled(future);
    }
  }

  @Test
  default void cancel_isTrueForOneAtLeast_whenManyCall() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      Future<?> future = tested.executor().submit(() -> "value");
      var calls = new ArrayList<Beside<Boolean>>();
      for (int i = 0; i < 4; i++) {
        calls.add(tested.beside(() -> {
          boolean answer = future.cancel(true);
          return future.isCancelled() && answer;
        }));
      }
      int won = 0;
      for (Beside<Boolean> call : calls) {
        won += call.result() ? 1 : 0;
      }
      assertTrue(won >= 1);
      assertCancelled(future);
    }
  }

  @Test
  default void cancel_releasesThoseWhoWait_whileTheTaskWaits() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      releasesThoseWhoWait(tested, tested.executor().submit(() -> "value"));
    }
  }

  @Test
  default void cancel_releasesThoseWhoWait_whileTheTaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      releasesThoseWhoWait(tested, future);
    }
  }

  private static void releasesThoseWhoWait(Tested tested, Future<?> future) throws Exception {
    Beside<?> waiter = tested.beside(() -> assertThrows(CancellationException.class, future::get));
    Beside<?> timed = tested.beside(
        () -> assertThrows(CancellationException.class, () -> future.get(1, TimeUnit.DAYS)));
    waiter.awaitBlocked();
    timed.awaitBlocked();
    assertTrue(future.cancel(true));
    waiter.result();
    timed.result();
  }

  @Test
  default void cancel_mayComeFromTheTaskItself() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var self = new ArrayList<Future<?>>();
      var answers = new ArrayList<Boolean>();
      Future<?> future = tested.executor().submit(() -> {
        gate.pass();
        answers.add(self.get(0).cancel(true));
        answers.add(Thread.currentThread().isInterrupted());
        return "its value is dropped";
      });
      self.add(future);
      gate.awaitCome();
      gate.open();
      assertFalse(Patience.get(tested.executor().submit(Thread::interrupted)), "the next task");
      assertEquals(List.of(true, true), answers);
      assertCancelled(future);
    }
  }

  @Test
  default void cancelWithInterrupt_neverHitsTheNextTask() throws Exception {
    try (var tested = open(1)) {
      for (int i = 0; i < 500; i++) {
        Future<?> future = tested.executor().submit(() -> {});
        Future<Boolean> next = tested.executor().submit(() -> {
          boolean hit = Thread.interrupted();
          Thread.onSpinWait();
          return hit || Thread.interrupted();
        });
        future.cancel(true);
        assertFalse(Patience.get(next));
      }
    }
  }

  @Test
  default void cancel_tellsTheTruth_whenTheTaskEndsMeanwhile() throws Exception {
    try (var tested = open(1)) {
      for (int i = 0; i < 500; i++) {
        Future<String> future = tested.executor().submit(() -> "value");
        for (int spin = i % 100; spin > 0; spin--) {
          Thread.onSpinWait();
        }
        if (future.cancel(i % 2 == 0)) {
          assertCancelled(future);
        } else {
          assertFalse(future.isCancelled());
          assertEquals("value", Patience.get(future));
        }
      }
    }
  }

  @Test
  default void cancelledTask_thatDoesNotStop_isWaitedForByTheExecutor() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      future.cancel(true);
      tested.executor().shutdown();
      assertFalse(tested.executor().awaitTermination(20, TimeUnit.MILLISECONDS));
      assertFalse(tested.executor().isTerminated());
      gate.open();
      tested.awaitTermination();
    }
  }

  @Test
  default void cancelOfOne_doesNotTouchAFutureOfTheSameTask() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      Future<Integer> first = tested.executor().submit(ran::incrementAndGet);
      Future<Integer> second = tested.executor().submit(ran::incrementAndGet);
      first.cancel(true);
      busy.open();
      assertEquals(1, Patience.get(second));
      assertCancelled(first);
    }
  }

  @Test
  default void get_failsInsideATask_whenTheFutureItWaitsForIsCancelled() throws Exception {
    try (var tested = open(2)) {
      Gate gate = tested.gate();
      Future<String> inner = tested.executor().submit(gate.then("value"));
      gate.awaitCome();
      Future<String> outer = tested.executor().submit(() -> inner.get());
      inner.cancel(true);
      var failure = assertThrows(ExecutionException.class, () -> Patience.get(outer));
      assertEquals(CancellationException.class, failure.getCause().getClass());
      assertFalse(outer.isCancelled(), "nobody cancelled that one");
    }
  }
}
