package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The future of {@code submit} as a {@code CompletionStage} and a {@code CompletableFuture}, where it
 * is one.
 */
interface FutureAsStageContract extends Contract {
  private static <T> CompletableFuture<T> submit(Tested tested, Callable<T> task) {
    return Contract.stage(tested.executor().submit(task));
  }

  /** Returns a future that waits behind a busy thread, whose task counts its runs. */
  private static CompletableFuture<Integer> waiting(Tested tested, AtomicInteger ran)
      throws Exception {
    return submit(tested, ran::incrementAndGet);
  }

  // ------------------------------------------------------------------ dependents

  @Test
  default void stages_carryTheValue_whenTheyAreAddedBefore() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<Integer> future = submit(tested, gate.then(20));
      List<CompletableFuture<Integer>> stages = stagesOf(future);
      stages.forEach(stage -> assertFalse(stage.isDone()));
      gate.open();
      for (CompletableFuture<Integer> stage : stages) {
        assertEquals(21, Patience.get(stage));
      }
    }
  }

  @Test
  default void stages_carryTheValue_whenTheyAreAddedAfterwards() throws Exception {
    try (var tested = open(1)) {
      CompletableFuture<Integer> future = submit(tested, () -> 20);
      Patience.get(future);
      for (CompletableFuture<Integer> stage : stagesOf(future)) {
        assertTrue(stage.isDone());
        assertEquals(21, stage.join());
      }
    }
  }

  /** Returns a stage of each kind, all of which are to end with the value and one. */
  private static List<CompletableFuture<Integer>> stagesOf(CompletableFuture<Integer> future) {
    var one = CompletableFuture.completedFuture(1);
    var never = new CompletableFuture<Integer>();
    var accepted = new AtomicReference<Integer>();
    return List.of(
        future.thenApply(value -> value + 1),
        future.thenCombine(one, Integer::sum),
        one.thenCombine(future, Integer::sum),
        future.thenCompose(value -> CompletableFuture.completedFuture(value + 1)),
        one.thenCompose(number -> future).thenApply(value -> value + 1),
        future.handle((value, failure) -> failure == null ? value + 1 : -1),
        future.whenComplete((value, failure) -> accepted.set(value)).thenApply(it -> it + 1),
        future.exceptionally(failure -> -1).thenApply(value -> value + 1),
        future.applyToEither(never, value -> value + 1),
        never.applyToEither(future, value -> value + 1),
        future.thenAccept(accepted::set).thenApply(nothing -> accepted.get() + 1),
        future.thenRun(() -> {}).thenApply(nothing -> future.join() + 1),
        future
            .thenAcceptBoth(one, (a, b) -> accepted.set(a + b))
            .thenApply(it -> future.join() + 1),
        future.runAfterBoth(one, () -> {}).thenApply(nothing -> future.join() + 1),
        future.acceptEither(never, accepted::set).thenApply(nothing -> accepted.get() + 1),
        future.runAfterEither(never, () -> {}).thenApply(nothing -> future.join() + 1),
        future.copy().thenApply(value -> value + 1),
        future.minimalCompletionStage().thenApply(value -> value + 1).toCompletableFuture(),
        future.toCompletableFuture().thenApply(value -> value + 1),
        CompletableFuture.allOf(future, one).thenApply(nothing -> future.join() + 1),
        CompletableFuture.anyOf(never, future).thenApply(value -> (Integer) value + 1));
  }

  @Test
  default void stages_carryTheFailure() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var thrown = new IOException("on purpose");
      CompletableFuture<Integer> future = submit(tested, () -> {
        gate.pass();
        throw thrown;
      });
      var ran = new AtomicInteger();
      var never = new CompletableFuture<Integer>();
      var one = CompletableFuture.completedFuture(1);
      List<CompletableFuture<?>> stages = List.of(
          future.thenApply(value -> ran.incrementAndGet()),
          future.thenAccept(value -> ran.incrementAndGet()),
          future.thenRun(ran::incrementAndGet),
          future.thenCompose(value -> CompletableFuture.completedFuture(ran.incrementAndGet())),
          future.thenCombine(one, (a, b) -> ran.incrementAndGet()),
          one.thenCombine(future, (a, b) -> ran.incrementAndGet()),
          future.applyToEither(never, value -> ran.incrementAndGet()),
          future.whenComplete((value, failure) -> {}),
          future.copy(),
          CompletableFuture.allOf(one, future),
          CompletableFuture.anyOf(never, future));
      gate.open();
      for (CompletableFuture<?> stage : stages) {
        assertSame(thrown, Contract.failureOf(stage));
        assertSame(thrown, assertThrows(CompletionException.class, stage::join).getCause());
      }
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void stageThatMends_seesTheVeryException() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var thrown = new IOException("on purpose");
      CompletableFuture<Object> future = submit(tested, () -> {
        gate.pass();
        throw thrown;
      });
      var seen = new AtomicReference<Throwable>();
      List<CompletableFuture<Object>> stages = List.of(
          future.exceptionally(failure -> failure),
          future.handle((value, failure) -> failure),
          future.exceptionallyCompose(CompletableFuture::completedFuture),
          future
              .whenComplete((value, failure) -> seen.set(failure))
              .exceptionally(f -> seen.get()));
      gate.open();
      for (CompletableFuture<Object> stage : stages) {
        assertSame(thrown, Patience.get(stage));
      }
    }
  }

  @Test
  default void stageThatThrows_failsAlone() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<Integer> future = submit(tested, gate.then(1));
      var thrown = new AssertionError("on purpose");
      CompletableFuture<Object> bad = future.thenApply(value -> {
        throw thrown;
      });
      CompletableFuture<Integer> good = future.thenApply(value -> value + 1);
      gate.open();
      assertSame(thrown, Contract.failureOf(bad));
      assertEquals(2, Patience.get(good));
      assertEquals(1, Patience.get(future));
      assertEquals("next", Patience.get(tested.executor().submit(() -> "next")));
    }
  }

  @Test
  default void manyStages_allRunOnce() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      var ran = new AtomicInteger();
      var stages = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < 500; i++) {
        stages.add(future.thenRun(ran::incrementAndGet));
      }
      assertEquals(500, future.getNumberOfDependents());
      gate.open();
      Patience.get(CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new)));
      assertEquals(500, ran.get());
    }
  }

  @Test
  default void longChainOfStages_doesNotExhaustTheStack() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<Integer> stage = submit(tested, gate.then(0));
      for (int i = 0; i < 20_000; i++) {
        stage = stage.thenApply(value -> value + 1);
      }
      gate.open();
      assertEquals(20_000, Patience.get(stage));
    }
  }

  @Test
  default void stageAddedByAnyThread_runsOnce_whileTheTaskEnds() throws Exception {
    try (var tested = open(1)) {
      for (int i = 0; i < 1_000; i++) {
        var ran = new AtomicInteger();
        CompletableFuture<String> future = submit(tested, () -> "value");
        for (int spin = i % 50; spin > 0; spin--) {
          Thread.onSpinWait();
        }
        Patience.get(future.thenRun(ran::incrementAndGet));
        assertEquals(1, ran.get());
      }
    }
  }

  @Test
  default void asyncStageWithoutAnExecutor_runsOnThisOne() throws Exception {
    try (var tested = open(1)) {
      Thread thread = Patience.get(submit(tested, Thread::currentThread));
      CompletableFuture<String> future = submit(tested, () -> "value");
      assertSame(thread, Patience.get(future.thenApplyAsync(value -> Thread.currentThread())));
      assertSame(
          thread, Patience.get(future.handleAsync((value, failure) -> Thread.currentThread())));
      assertSame(
          thread,
          Patience.get(
              future.thenApply(value -> value).thenApplyAsync(v -> Thread.currentThread())),
          "the stage of a stage");
    }
  }

  @Test
  default void asyncStageWithAnExecutor_runsOnThat() throws Exception {
    try (var tested = open(1);
        var other = open(1)) {
      Thread thread = Patience.get(submit(other, Thread::currentThread));
      CompletableFuture<String> future = submit(tested, () -> "value");
      assertSame(
          thread,
          Patience.get(future.thenApplyAsync(value -> Thread.currentThread(), other.executor())));
    }
  }

  @Test
  default void stage_isNotTheFutureItself_andCannotHurtIt() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      CompletableFuture<String> copy = future.copy();
      CompletableFuture<String> stage = future.thenApply(value -> value);
      assertNotSame(future, copy);
      assertTrue(copy.cancel(true));
      assertTrue(stage.complete("another"));
      assertFalse(future.isDone());
      assertFalse(gate.wasInterrupted());
      gate.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void minimalCompletionStage_offersNoWayIn() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      CompletionStage<String> minimal = future.minimalCompletionStage();
      assertNotSame(future, minimal);
      assertTrue(minimal.toCompletableFuture().complete("another"));
      assertFalse(future.isDone());
      gate.open();
      assertEquals("value", Patience.get(future));
      assertEquals("value", Patience.get(minimal.toCompletableFuture()));
    }
  }

  @Test
  default void stages_refuseNull() throws Exception {
    try (var tested = open(1)) {
      CompletableFuture<Integer> future = submit(tested, () -> 1);
      Patience.get(future);
      Contract.refusesNull(() -> future.thenApply(null));
      Contract.refusesNull(() -> future.thenAccept(null));
      Contract.refusesNull(() -> future.thenRun(null));
      Contract.refusesNull(() -> future.thenCompose(null));
      Contract.refusesNull(() -> future.thenCombine(null, (a, b) -> a));
      Contract.refusesNull(() -> future.handle(null));
      Contract.refusesNull(() -> future.whenComplete(null));
      Contract.refusesNull(() -> future.exceptionally(null));
      Contract.refusesNull(() -> future.thenApplyAsync(value -> value, null));
      Contract.refusesNull(() -> future.completeExceptionally(null));
      Contract.refusesNull(() -> future.obtrudeException(null));
      Contract.refusesNull(() -> future.completeAsync(null));
      Contract.refusesNull(() -> future.completeAsync(() -> 1, null));
      Contract.refusesNull(() -> future.orTimeout(1, null));
      Contract.refusesNull(() -> future.completeOnTimeout(1, 1, null));
      assertEquals(1, future.join());
    }
  }

  // ------------------------------------------------------------------ asking

  @Test
  default void joinAndGetNow_tellTheValue() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      assertEquals("absent", future.getNow("absent"));
      Beside<String> joiner = tested.beside(future::join).awaitBlocked();
      gate.open();
      assertEquals("value", joiner.result());
      assertEquals("value", future.join());
      assertEquals("value", future.getNow("absent"));
      assertFalse(future.isCompletedExceptionally());
    }
  }

  @Test
  default void joinAndGetNow_throwTheFailure_wrapped() throws Exception {
    try (var tested = open(1)) {
      var thrown = new IOException("on purpose");
      CompletableFuture<String> future = submit(tested, () -> {
        throw thrown;
      });
      Contract.failureOf(future);
      assertSame(thrown, assertThrows(CompletionException.class, future::join).getCause());
      assertSame(
          thrown,
          assertThrows(CompletionException.class, () -> future.getNow("absent")).getCause());
      assertTrue(future.isCompletedExceptionally());
    }
  }

  @Test
  default void join_isNotEndedByAnInterrupt_whichStaysSet() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      Beside<Boolean> joiner = tested.beside(() -> {
        Thread.currentThread().interrupt();
        return future.join().equals("value") && Thread.interrupted();
      });
      gate.awaitCome();
      gate.open();
      assertTrue(joiner.result());
    }
  }

  @Test
  default void cancelledFuture_isCompletedExceptionally_andItsStagesAreToo() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      CompletableFuture<Integer> future = submit(tested, () -> 1);
      CompletableFuture<Integer> stage = future.thenApply(value -> value);
      assertTrue(future.cancel(false));
      assertTrue(future.isCompletedExceptionally());
      assertThrows(CancellationException.class, future::join);
      assertInstanceOf(CancellationException.class, Contract.failureOf(stage));
      assertFalse(stage.isCancelled());
    }
  }

  // ------------------------------------------------------------------ completing it oneself

  @Test
  default void complete_winsAndTakesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> assertTrue(future.complete(42)));
  }

  @Test
  default void completeExceptionally_winsAndTakesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> assertTrue(future.completeExceptionally(new IOException())));
  }

  @Test
  default void obtrudeValue_takesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> future.obtrudeValue(42));
  }

  @Test
  default void obtrudeException_takesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> future.obtrudeException(new IOException()));
  }

  @Test
  default void completeAsync_winsAndTakesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> future.completeAsync(() -> 42, Runnable::run));
  }

  @Test
  default void orTimeout_takesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> assertInstanceOf(
        TimeoutException.class, Contract.failureOf(future.orTimeout(1, TimeUnit.MILLISECONDS))));
  }

  @Test
  default void completeOnTimeout_takesTheTaskOut_whileItWaits() throws Exception {
    takesTheTaskOut(future -> {
      try {
        assertEquals(42, Patience.get(future.completeOnTimeout(42, 1, TimeUnit.MILLISECONDS)));
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    });
  }

  private void takesTheTaskOut(Consumer<CompletableFuture<Integer>> completion) throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      CompletableFuture<Integer> future = waiting(tested, ran);
      completion.accept(future);
      assertTrue(future.isDone());
      Integer outcome = future.exceptionally(failure -> -1).join();
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
      assertEquals(outcome, future.exceptionally(failure -> -1).join());
    }
  }

  @Test
  default void completion_changesNothing_whenItIsGivenNull() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      CompletableFuture<String> future = submit(tested, () -> "value");
      Contract.refusesNull(() -> future.completeExceptionally(null));
      Contract.refusesNull(() -> future.obtrudeException(null));
      Contract.refusesNull(() -> future.completeAsync(null, Runnable::run));
      assertFalse(future.isDone());
      busy.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void complete_wins_andTheTaskGoesOn_whileItRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("the task's"));
      gate.awaitCome();
      assertTrue(future.complete("the user's"));
      assertFalse(future.complete("too late"));
      assertFalse(future.completeExceptionally(new IOException()));
      assertFalse(future.cancel(true));
      assertFalse(future.isCancelled());
      gate.open();
      tested.drain();
      assertFalse(gate.wasInterrupted());
      assertEquals("the user's", Patience.get(future));
    }
  }

  @Test
  default void complete_isTooLate_whenTheTaskHasEnded() throws Exception {
    try (var tested = open(1)) {
      CompletableFuture<String> future = submit(tested, () -> "the task's");
      Patience.get(future);
      assertFalse(future.complete("the user's"));
      assertFalse(future.completeExceptionally(new IOException()));
      assertEquals("the task's", future.join());
    }
  }

  @Test
  default void complete_runsTheStages_onTheThreadThatCompletes() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      CompletableFuture<Integer> future = submit(tested, () -> 1);
      CompletableFuture<Thread> stage = future.thenApply(value -> Thread.currentThread());
      future.complete(42);
      assertSame(Thread.currentThread(), stage.join());
    }
  }

  @Test
  default void obtrude_changesWhatIsTold_whenTheTaskHasEnded() throws Exception {
    try (var tested = open(1)) {
      CompletableFuture<String> future = submit(tested, () -> "the task's");
      Patience.get(future);
      future.obtrudeValue("the user's");
      assertEquals("the user's", Patience.get(future));
      var thrown = new IOException("on purpose");
      future.obtrudeException(thrown);
      assertSame(thrown, Contract.failureOf(future));
      future.obtrudeValue(null);
      assertNull(Patience.get(future));
    }
  }

  @Test
  default void obtrude_staysWhatIsTold_whenTheTaskEndsLater() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("the task's"));
      gate.awaitCome();
      future.obtrudeValue("the user's");
      gate.open();
      tested.drain();
      assertEquals("the user's", Patience.get(future));
    }
  }

  @Test
  default void completeAsync_completesOnTheGivenExecutor_whileTheTaskRuns() throws Exception {
    try (var tested = open(1);
        var other = open(1)) {
      Thread thread = Patience.get(submit(other, Thread::currentThread));
      Gate gate = tested.gate();
      CompletableFuture<Thread> future = submit(tested, () -> {
        gate.pass();
        return Thread.currentThread();
      });
      gate.awaitCome();
      assertSame(future, future.completeAsync(Thread::currentThread, other.executor()));
      assertSame(thread, Patience.get(future));
      gate.open();
      tested.drain();
      assertSame(thread, Patience.get(future));
    }
  }

  @Test
  default void completeAsync_failsTheFuture_whenTheSupplierThrows() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      gate.awaitCome();
      var thrown = new IllegalStateException("on purpose");
      future.completeAsync(
          () -> {
            throw thrown;
          },
          Runnable::run);
      assertSame(thrown, Contract.failureOf(future));
    }
  }

  @Test
  default void completeAsync_doesNotAskTheSupplier_whenTheFutureIsDone() throws Exception {
    try (var tested = open(1)) {
      CompletableFuture<Integer> future = submit(tested, () -> 1);
      Patience.get(future);
      var asked = new AtomicInteger();
      future.completeAsync(asked::incrementAndGet, Runnable::run);
      assertEquals(0, asked.get());
      assertEquals(1, future.join());
    }
  }

  @Test
  default void orTimeout_completesTheFuture_whileTheTaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      gate.awaitCome();
      assertSame(future, future.orTimeout(1, TimeUnit.MILLISECONDS));
      assertInstanceOf(TimeoutException.class, Contract.failureOf(future));
      gate.open();
      tested.drain();
      assertInstanceOf(TimeoutException.class, Contract.failureOf(future));
    }
  }

  @Test
  default void timeouts_changeNothing_whenTheTaskIsInTime() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      CompletableFuture<String> future = submit(tested, gate.then("value"));
      future.orTimeout(1, TimeUnit.DAYS);
      assertSame(future, future.completeOnTimeout("absent", 1, TimeUnit.DAYS));
      gate.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void newIncompleteFuture_isIncomplete_andNobodyCompletesIt() throws Exception {
    try (var tested = open(1)) {
      CompletableFuture<Integer> future = submit(tested, () -> 1);
      CompletableFuture<String> fresh = future.newIncompleteFuture();
      assertFalse(fresh.isDone());
      Patience.get(future);
      tested.drain();
      assertFalse(fresh.isDone());
      assertTrue(fresh.complete("value"));
    }
  }
}
