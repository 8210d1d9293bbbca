package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** {@code Future}: to ask and to wait. */
interface GetContract extends Contract {
  @Test
  default void get_waits_untilTheTaskHasEnded() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      Beside<String> waiter = tested.beside(future::get).awaitBlocked();
      assertFalse(waiter.isOver());
      gate.open();
      assertEquals("value", waiter.result());
    }
  }

  @Test
  default void getWithATime_waits_untilTheTaskHasEnded() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      Beside<String> waiter = tested.beside(() -> future.get(1, TimeUnit.DAYS)).awaitBlocked();
      gate.open();
      assertEquals("value", waiter.result());
    }
  }

  @Test
  default void getWithATime_takesTheLongestThereIs() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      Beside<String> waiter =
          tested.beside(() -> future.get(Long.MAX_VALUE, TimeUnit.DAYS)).awaitBlocked();
      gate.open();
      assertEquals("value", waiter.result());
    }
  }

  @Test
  default void get_givesTheSame_everyTime() throws Exception {
    try (var tested = open(1)) {
      Future<Object> future = tested.executor().submit(Object::new);
      Object value = Patience.get(future);
      assertSame(value, future.get());
      assertSame(value, future.get(0, TimeUnit.SECONDS));
      assertSame(value, future.get(-1, TimeUnit.SECONDS));
    }
  }

  @Test
  default void get_givesTheSame_toEveryWaiter() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var value = new Object();
      Future<Object> future = tested.executor().submit(gate.then(value));
      var waiters = new ArrayList<Beside<Object>>();
      for (int i = 0; i < 4; i++) {
        Callable<Object> wait = i % 2 == 0 ? future::get : () -> future.get(1, TimeUnit.DAYS);
        waiters.add(tested.beside(wait).awaitBlocked());
      }
      gate.open();
      for (Beside<Object> waiter : waiters) {
        assertSame(value, waiter.result());
      }
    }
  }

  @Test
  default void getWithATime_timesOut_whileTheTaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      gate.awaitCome();
      timesOut(future);
      assertFalse(gate.wasInterrupted());
      gate.open();
      assertEquals("value", Patience.get(future), "the time-out did not end the task");
    }
  }

  @Test
  default void getWithATime_timesOut_whileTheTaskWaits() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Future<String> future = tested.executor().submit(() -> "value");
      timesOut(future);
      busy.open();
      assertEquals("value", Patience.get(future), "the time-out did not end the task");
    }
  }

  private static void timesOut(Future<?> future) {
    for (long millis : new long[] {20, 0, -1, Long.MIN_VALUE}) {
      assertThrows(TimeoutException.class, () -> future.get(millis, TimeUnit.MILLISECONDS));
      assertFalse(future.isDone());
      assertFalse(future.isCancelled());
    }
  }

  @Test
  default void getWithATime_refusesANullUnit() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      Contract.refusesNull(() -> future.get(1, null));
      gate.open();
      Patience.get(future);
      Contract.refusesNull(() -> future.get(1, null));
    }
  }

  @Test
  default void get_isEndedByAnInterrupt_andTheTaskGoesOn() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      gate.awaitCome();
      endedByAnInterrupt(tested, future::get);
      endedByAnInterrupt(tested, () -> future.get(1, TimeUnit.DAYS));
      assertFalse(future.isDone());
      assertFalse(gate.wasInterrupted());
      gate.open();
      assertEquals("value", Patience.get(future));
    }
  }

  /** Checks it for an interrupt during the wait and for one before it. */
  private static void endedByAnInterrupt(Tested tested, Callable<?> wait) throws Exception {
    Callable<Boolean> flagAfterwards = () -> {
      assertThrows(InterruptedException.class, wait::call);
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
  }

  @Test
  default void isDone_isFalse_whileTheTaskWaitsAndRuns() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      assertFalse(future.isDone());
      busy.open();
      gate.awaitCome();
      assertFalse(future.isDone());
      assertFalse(future.isCancelled());
    }
  }

  @Test
  default void isDone_isTrue_whenTheTaskHasSucceeded() throws Exception {
    try (var tested = open(1)) {
      Future<String> future = tested.executor().submit(() -> "value");
      Patience.get(future);
      assertTrue(future.isDone());
      assertFalse(future.isCancelled());
    }
  }

  @Test
  default void isDone_isTrue_whenTheTaskHasFailed() throws Exception {
    try (var tested = open(1)) {
      Future<?> future = tested.executor().submit(() -> {
        throw new IOException("on purpose");
      });
      Contract.failureOf(future);
      assertTrue(future.isDone());
      assertFalse(future.isCancelled());
    }
  }

  @Test
  default void isDone_isFalse_inTheTaskItself() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var self = new ArrayList<Future<Boolean>>();
      Future<Boolean> future = tested.executor().submit(() -> {
        gate.pass();
        return self.get(0).isDone();
      });
      self.add(future);
      gate.open();
      assertFalse(Patience.get(future));
    }
  }

  @Test
  default void isDone_comesTrueWithoutAnybodyWho_waits() throws Exception {
    try (var tested = open(1)) {
      Future<String> future = tested.executor().submit(() -> "value");
      Patience.eventually("it is done", future::isDone);
      assertEquals("value", future.get(0, TimeUnit.SECONDS));
    }
  }

  @Test
  default void get_works_afterTheExecutorHasTerminated() throws Exception {
    try (var tested = open(1)) {
      var thrown = new IOException("on purpose");
      Future<String> succeeds = tested.executor().submit(() -> "value");
      Future<String> fails = tested.executor().submit(() -> {
        throw thrown;
      });
      tested.drain();
      assertEquals("value", Patience.get(succeeds));
      assertSame(thrown, Contract.failureOf(fails));
    }
  }
}
