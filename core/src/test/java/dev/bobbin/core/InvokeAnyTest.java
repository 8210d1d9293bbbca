package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** {@code invokeAny}, whose tasks are futures like those of submit. */
class InvokeAnyTest {
  @Test
  void P26_callerIsTold_whenAStopGivesUpAllItsTasks() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<Integer> any = waiting(pool, held);
      pool.stop(Duration.ZERO);
      var told = assertThrows(ExecutionException.class, () -> Testing.get(any)).getCause();
      assertInstanceOf(
          TaskDiscardedException.class,
          assertInstanceOf(ExecutionException.class, told).getCause());
      assertEquals(2, Testing.stopped(pool).discarded());
    }
  }

  @Test
  void P23_losersFreeTheirPlaces_whenTheTimeIsOver() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      assertThrows(
          TimeoutException.class,
          () -> pool.invokeAny(List.of(() -> 1, () -> 2), 1, TimeUnit.NANOSECONDS));
      assertEquals(0, pool.statistics().backlog());
      assertEquals(2, pool.statistics().cancelled());
    }
  }

  @Test
  void lastFailure_isTheCause_andAValueWinsOverFailures() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var first = new IllegalStateException("first");
      var last = new IllegalStateException("last");
      Callable<Integer> failsFirst = () -> {
        throw first;
      };
      Callable<Integer> failsLast = () -> {
        throw last;
      };
      var told = assertThrows(
          ExecutionException.class, () -> pool.invokeAny(List.of(failsFirst, failsLast)));
      assertSame(last, told.getCause());
      assertEquals(3, pool.invokeAny(List.of(failsFirst, failsLast, () -> 3)));
    }
  }

  /** Returns a call of invokeAny that waits in the backlog, behind the held task. */
  private static CompletableFuture<Integer> waiting(ThreadPool pool, Held held) {
    pool.execute(held);
    held.awaitBegun();
    CompletableFuture<Integer> any =
        Testing.inThread(() -> pool.invokeAny(List.of(() -> 1, () -> 2)));
    Testing.eventually("both wait", () -> pool.statistics().backlog() == 2);
    return any;
  }
}
