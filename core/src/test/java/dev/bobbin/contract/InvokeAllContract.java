package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code invokeAll}, with a time and without. */
interface InvokeAllContract extends Contract {
  /** Both forms of it, so that what holds for both is said once. */
  private static <T> List<List<Future<T>>> bothWays(
      Tested tested, Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return List.of(
        tested.executor().invokeAll(tasks),
        tested.executor().invokeAll(tasks, Patience.millis(), TimeUnit.MILLISECONDS));
  }

  @Test
  default void invokeAll_refusesNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().invokeAll(null));
      Contract.refusesNull(() -> tested.executor().invokeAll(null, 1, TimeUnit.DAYS));
    }
  }

  @Test
  default void invokeAll_refusesANullUnit() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(ran::incrementAndGet);
      Contract.refusesNull(() -> tested.executor().invokeAll(tasks, 1, null));
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAll_refusesANullAmongTheTasks_andRunsNoneThatWaits() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = Arrays.asList(ran::incrementAndGet, null);
      Contract.refusesNull(() -> tested.executor().invokeAll(tasks));
      Contract.refusesNull(() -> tested.executor().invokeAll(tasks, 1, TimeUnit.DAYS));
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAll_givesNothing_forNothing() throws Exception {
    try (var tested = open(1)) {
      for (List<Future<String>> futures : bothWays(tested, List.<Callable<String>>of())) {
        assertEquals(List.of(), futures);
      }
    }
  }

  @Test
  default void invokeAll_givesTheFuturesInTheOrderOfTheTasks() throws Exception {
    try (var tested = open(3)) {
      var tasks = new LinkedHashSet<Callable<Integer>>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        tasks.add(() -> number);
      }
      for (List<Future<Integer>> futures : bothWays(tested, tasks)) {
        assertEquals(20, futures.size());
        for (int i = 0; i < 20; i++) {
          assertTrue(futures.get(i).isDone());
          assertEquals(i, futures.get(i).get());
        }
      }
    }
  }

  @Test
  default void invokeAll_runsATaskTwice_whenItIsThereTwice() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      Callable<Integer> task = ran::incrementAndGet;
      List<Future<Integer>> futures = tested.executor().invokeAll(List.of(task, task));
      assertEquals(1, futures.get(0).get());
      assertEquals(2, futures.get(1).get());
    }
  }

  @Test
  default void invokeAll_givesAllDone_whenSomeFail() throws Exception {
    try (var tested = open(2)) {
      var exception = new IOException("on purpose");
      var error = new AssertionError("on purpose");
      List<Callable<Integer>> tasks = List.of(
          () -> 1,
          () -> {
            throw exception;
          },
          () -> {
            throw error;
          },
          () -> 4);
      for (List<Future<Integer>> futures : bothWays(tested, tasks)) {
        assertTrue(futures.stream().allMatch(Future::isDone));
        assertEquals(1, futures.get(0).get());
        assertSame(exception, Contract.failureOf(futures.get(1)));
        assertSame(error, Contract.failureOf(futures.get(2)));
        assertEquals(4, futures.get(3).get());
      }
    }
  }

  @Test
  default void invokeAll_waits_untilTheLastHasEnded() throws Exception {
    try (var tested = open(2)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks = List.of(() -> "at once", gate.then("late"));
      Beside<List<Future<String>>> call = tested.beside(() -> tested.executor().invokeAll(tasks));
      gate.awaitCome();
      call.awaitBlocked();
      assertFalse(call.isOver());
      gate.open();
      assertTrue(call.result().stream().allMatch(Future::isDone));
    }
  }

  @Test
  default void invokeAllWithATime_waits_untilTheLastHasEnded() throws Exception {
    try (var tested = open(2)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks = List.of(() -> "at once", gate.then("late"));
      Beside<List<Future<String>>> call =
          tested.beside(() -> tested.executor().invokeAll(tasks, 1, TimeUnit.DAYS));
      gate.awaitCome();
      call.awaitBlocked();
      gate.open();
      assertEquals("late", call.result().get(1).get());
    }
  }

  @Test
  default void invokeAll_cancelsAll_whenItIsInterrupted() throws Exception {
    cancelsAllOnInterrupt(false);
  }

  @Test
  default void invokeAllWithATime_cancelsAll_whenItIsInterrupted() throws Exception {
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

  private static <T> List<Future<T>> invoke(Tested tested, List<Callable<T>> tasks, boolean timed)
      throws InterruptedException {
    return timed
        ? tested.executor().invokeAll(tasks, 1, TimeUnit.DAYS)
        : tested.executor().invokeAll(tasks);
  }

  @Test
  default void invokeAllWithATime_cancelsTheRest_whenTheTimeIsUp() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(ran::incrementAndGet, ran::incrementAndGet);
      List<Future<Integer>> futures = tested.executor().invokeAll(tasks, 20, TimeUnit.MILLISECONDS);
      assertEquals(2, futures.size());
      assertTrue(futures.stream().allMatch(Future::isCancelled));
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAllWithATime_keepsWhatIsDone_whenTheTimeIsUp() throws Exception {
    try (var tested = open(2)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks = List.of(() -> "in time", gate.then("late"));
      List<Future<String>> futures;
      long millis = 10;
      do { // a slow machine needs more time
        millis *= 3;
        futures = tested.executor().invokeAll(tasks, millis, TimeUnit.MILLISECONDS);
        assertTrue(futures.get(1).isCancelled());
      } while (futures.get(0).isCancelled() && millis < Patience.millis());
      assertEquals("in time", futures.get(0).get());
    }
  }

  @Test
  default void invokeAllWithATime_runsNone_whenThereIsNoTime() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(ran::incrementAndGet, ran::incrementAndGet);
      for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
        List<Future<Integer>> futures =
            tested.executor().invokeAll(tasks, time, TimeUnit.NANOSECONDS);
        assertEquals(2, futures.size());
        assertTrue(futures.stream().allMatch(Future::isCancelled));
      }
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAll_isRefused_afterShutdown() throws Exception {
    try (var tested = open(1)) {
      tested.executor().shutdown();
      var ran = new AtomicInteger();
      List<Callable<Integer>> tasks = List.of(ran::incrementAndGet);
      assertThrows(RejectedExecutionException.class, () -> tested.executor().invokeAll(tasks));
      assertThrows(
          RejectedExecutionException.class,
          () -> tested.executor().invokeAll(tasks, 1, TimeUnit.DAYS));
      tested.awaitTermination();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void invokeAll_mayComeFromATask() throws Exception {
    try (var tested = open(2)) {
      Future<Integer> sum = tested.executor().submit(() -> {
        int all = 0;
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2);
        for (Future<Integer> future : tested.executor().invokeAll(tasks)) {
          all += future.get();
        }
        return all;
      });
      assertEquals(3, Patience.get(sum));
    }
  }

  @Test
  default void invokeAll_runsToItsEnd_whenAShutdownBegins() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks = List.of(gate.then("first"), () -> "second");
      Beside<List<Future<String>>> call = tested.beside(() -> tested.executor().invokeAll(tasks));
      gate.awaitCome();
      call.awaitBlocked();
      tested.executor().shutdown();
      gate.open();
      assertEquals("second", call.result().get(1).get());
    }
  }

  /** Not promised, and so people wait for ever: what was given up counts as done. */
  @Test
  default void P11_invokeAll_returns_whenItsTasksAreGivenUp() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      List<Callable<String>> tasks = List.of(gate.then("first"), () -> "second");
      Beside<List<Future<String>>> call = tested.beside(() -> tested.executor().invokeAll(tasks));
      gate.awaitCome();
      call.awaitBlocked();
      tested.executor().shutdownNow();
      List<Future<String>> futures = call.result();
      assertThrows(Exception.class, () -> futures.get(1).get());
    }
  }
}
