package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code invokeAny}, with a time and without. */
interface InvokeAnyContract extends Contract {
  private static <T> T invoke(Tested tested, List<Callable<T>> tasks, boolean timed)
      throws Exception {
    return timed
        ? tested.executor().invokeAny(tasks, 1, TimeUnit.DAYS)
        : tested.executor().invokeAny(tasks);
  }

  private static <T> Callable<T> failing(Throwable thrown) {
    return () -> {
      Contract.sneak(thrown);
      return null;
    };
  }

  @Test
  default void invokeAny_refusesNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().invokeAny(null));
      Contract.refusesNull(() -> tested.executor().invokeAny(null, 1, TimeUnit.DAYS));
    }
  }

  @Test
  default void invokeAny_refusesANullUnit() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(ran::incrementAndGet);
      Contract.refusesNull(() -> tested.executor().invokeAny(tasks, 1, null));
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAny_refusesANullAmongTheTasks_andRunsNoneThatWaits() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = Arrays.asList(ran::incrementAndGet, null);
      Contract.refusesNull(() -> invoke(tested, tasks, false));
      Contract.refusesNull(() -> invoke(tested, tasks, true));
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAny_refusesToChooseFromNothing() throws Exception {
    try (var tested = open(1)) {
      List<Callable<String>> none = List.of();
      assertThrows(IllegalArgumentException.class, () -> invoke(tested, none, false));
      assertThrows(IllegalArgumentException.class, () -> invoke(tested, none, true));
    }
  }

  @Test
  default void invokeAny_givesTheValue_ofTheOnlyTask() throws Exception {
    try (var tested = open(1)) {
      var value = new Object();
      assertSame(value, invoke(tested, List.of(() -> value), false));
      assertSame(value, invoke(tested, List.of(() -> value), true));
    }
  }

  @Test
  default void invokeAny_givesNull_whenThatIsTheValue() throws Exception {
    try (var tested = open(1)) {
      assertNull(invoke(tested, List.of(() -> null), false));
      assertNull(invoke(tested, List.of(() -> null), true));
    }
  }

  @Test
  default void invokeAny_givesTheOneThatSucceeds_whenTheOthersFail() throws Exception {
    try (var tested = open(2)) {
      List<Callable<String>> tasks = List.of(
          failing(new IOException("on purpose")),
          failing(new AssertionError("on purpose")),
          () -> "good",
          failing(new IllegalStateException("on purpose")));
      assertEquals("good", invoke(tested, tasks, false));
      assertEquals("good", invoke(tested, tasks, true));
    }
  }

  @Test
  default void invokeAny_throwsWhatOneThrew_whenAllFail() throws Exception {
    try (var tested = open(2)) {
      var exception = new IOException("on purpose");
      var error = new AssertionError("on purpose");
      List<Callable<String>> tasks = List.of(failing(exception), failing(error));
      for (boolean timed : new boolean[] {false, true}) {
        var thrown = assertThrows(ExecutionException.class, () -> invoke(tested, tasks, timed));
        assertTrue(thrown.getCause() == exception || thrown.getCause() == error);
      }
    }
  }

  @Test
  default void invokeAny_throwsTheVeryException_whenTheOnlyTaskFails() throws Exception {
    try (var tested = open(1)) {
      var exception = new IOException("on purpose");
      List<Callable<String>> tasks = List.of(failing(exception));
      for (boolean timed : new boolean[] {false, true}) {
        var thrown = assertThrows(ExecutionException.class, () -> invoke(tested, tasks, timed));
        assertSame(exception, thrown.getCause());
      }
    }
  }

  @Test
  default void invokeAny_runsEveryTaskOnceAtMost() throws Exception {
    try (var tested = open(2)) {
      var ran = new AtomicInteger();
      Callable<Integer> task = () -> {
        ran.incrementAndGet();
        throw new IOException("on purpose");
      };
      assertThrows(
          ExecutionException.class,
          () -> tested.executor().invokeAny(Collections.nCopies(10, task)));
      tested.drain();
      assertEquals(10, ran.get());
    }
  }

  @Test
  default void invokeAny_cancelsTheRest_whenOneSucceeds() throws Exception {
    cancelsTheRest(false);
  }

  @Test
  default void invokeAnyWithATime_cancelsTheRest_whenOneSucceeds() throws Exception {
    cancelsTheRest(true);
  }

  private void cancelsTheRest(boolean timed) throws Exception {
    try (var tested = open(2)) {
      Gate slow = tested.gate();
      var begun = new CountDownLatch(1);
      List<Callable<String>> tasks = List.of(
          () -> {
            begun.countDown();
            slow.pass();
            return "slow";
          },
          () -> {
            Patience.await(begun, "the slow task");
            return "quick";
          });
      assertEquals("quick", invoke(tested, tasks, timed));
      slow.awaitInterrupted();
    }
  }

  @Test
  default void invokeAny_waits_untilOneHasSucceeded() throws Exception {
    try (var tested = open(2)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks =
          List.of(failing(new IOException("on purpose")), gate.then("late"));
      Beside<String> call = tested.beside(() -> invoke(tested, tasks, false));
      gate.awaitCome();
      call.awaitBlocked();
      assertFalse(call.isOver());
      gate.open();
      assertEquals("late", call.result());
    }
  }

  @Test
  default void invokeAny_cancelsAll_whenItIsInterrupted() throws Exception {
    cancelsAllOnInterrupt(false);
  }

  @Test
  default void invokeAnyWithATime_cancelsAll_whenItIsInterrupted() throws Exception {
    cancelsAllOnInterrupt(true);
  }

  private void cancelsAllOnInterrupt(boolean timed) throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(gate.stubbornlyThen(1), ran::incrementAndGet);
      Beside<Boolean> call = tested.beside(() -> {
        assertThrows(InterruptedException.class, () -> invoke(tested, tasks, timed));
        return Thread.currentThread().isInterrupted();
      });
      gate.awaitCome();
      call.awaitBlocked();
      call.interrupt();
      assertFalse(call.result());
      gate.awaitInterrupted();
      gate.open();
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAnyWithATime_timesOut_andCancelsAll() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(ran::incrementAndGet, ran::incrementAndGet);
      for (long millis : new long[] {20, 0, -1, Long.MIN_VALUE}) {
        assertThrows(
            TimeoutException.class,
            () -> tested.executor().invokeAny(tasks, millis, TimeUnit.MILLISECONDS));
      }
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAnyWithATime_interruptsWhatRuns_whenTheTimeIsUp() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks = List.of(gate.then("late"));
      Beside<Object> call = tested.beside(() -> assertThrows(
          TimeoutException.class,
          () -> tested.executor().invokeAny(tasks, 300, TimeUnit.MILLISECONDS)));
      gate.awaitCome();
      call.result();
      gate.awaitInterrupted();
    }
  }

  @Test
  default void invokeAny_isRefused_afterShutdown() throws Exception {
    try (var tested = open(1)) {
      tested.executor().shutdown();
      List<Callable<String>> tasks = List.of(() -> "value");
      assertThrows(RejectedExecutionException.class, () -> invoke(tested, tasks, false));
      assertThrows(RejectedExecutionException.class, () -> invoke(tested, tasks, true));
    }
  }

  @Test
  default void invokeAny_mayComeFromATask() throws Exception {
    try (var tested = open(2)) {
      assertEquals(
          "inner",
          Patience.get(
              tested.executor().submit(() -> tested.executor().invokeAny(List.of(() -> "inner")))));
    }
  }

  /** Not promised, and so people wait for ever. */
  @Test
  default void P11_invokeAny_ends_whenItsTasksAreGivenUp() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      List<Callable<String>> tasks = List.of(() -> "first", () -> "second");
      Beside<Object> call =
          tested.beside(() -> assertThrows(Exception.class, () -> invoke(tested, tasks, false)));
      call.awaitBlocked();
      tested.executor().shutdownNow();
      assertFalse(call.result() instanceof InterruptedException);
    }
  }
}
