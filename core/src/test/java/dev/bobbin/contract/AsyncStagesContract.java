package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code CompletableFuture}s of the JDK's own that are given the executor. */
interface AsyncStagesContract extends Contract {
  /** Returns the one thread of the executor. */
  private static Thread threadOf(Tested tested) throws Exception {
    return Patience.get(tested.executor().submit(Thread::currentThread));
  }

  @Test
  default void supplyAsync_runsOnTheExecutor() throws Exception {
    try (var tested = open(1)) {
      var future = CompletableFuture.supplyAsync(Thread::currentThread, tested.executor());
      assertSame(threadOf(tested), Patience.get(future));
    }
  }

  @Test
  default void supplyAsync_waits_whileTheExecutorIsBusy() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var future = CompletableFuture.supplyAsync(() -> "value", tested.executor());
      assertFalse(future.isDone());
      busy.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void runAsync_runsOnTheExecutor() throws Exception {
    try (var tested = open(1)) {
      var seen = new CompletableFuture<Thread>();
      Patience.get(CompletableFuture.runAsync(
          () -> seen.complete(Thread.currentThread()), tested.executor()));
      assertSame(threadOf(tested), Patience.get(seen));
    }
  }

  @Test
  default void supplyAsync_hasTheVeryException() throws Exception {
    try (var tested = open(1)) {
      var thrown = new IllegalStateException("on purpose");
      var future = CompletableFuture.supplyAsync(
          () -> {
            throw thrown;
          },
          tested.executor());
      assertSame(thrown, Contract.failureOf(future));
      assertSame(thrown, assertThrows(CompletionException.class, future::join).getCause());
    }
  }

  @Test
  default void asyncStages_allRunOnTheExecutor() throws Exception {
    try (var tested = open(1)) {
      Executor executor = tested.executor();
      Thread thread = threadOf(tested);
      var start = CompletableFuture.completedFuture(thread);
      var other = CompletableFuture.completedFuture(1);
      var failed = CompletableFuture.<Boolean>failedFuture(new IllegalStateException());
      var right = new ArrayList<CompletableFuture<Boolean>>();
      right.add(start.thenApplyAsync(it -> it == Thread.currentThread(), executor));
      right.add(
          start.thenCombineAsync(other, (it, number) -> it == Thread.currentThread(), executor));
      right.add(start.handleAsync((it, failure) -> it == Thread.currentThread(), executor));
      right.add(start.thenComposeAsync(
          it -> CompletableFuture.completedFuture(it == Thread.currentThread()), executor));
      right.add(start.applyToEitherAsync(start, it -> it == Thread.currentThread(), executor));
      right.add(failed.exceptionallyAsync(failure -> thread == Thread.currentThread(), executor));
      right.add(failed.exceptionallyComposeAsync(
          failure -> CompletableFuture.completedFuture(thread == Thread.currentThread()),
          executor));
      right.add(new CompletableFuture<Boolean>()
          .completeAsync(() -> thread == Thread.currentThread(), executor));
      for (CompletableFuture<Boolean> stage : right) {
        assertTrue(Patience.get(stage));
      }
      var ran = new AtomicInteger();
      Runnable seen = () -> ran.addAndGet(thread == Thread.currentThread() ? 1 : 100);
      Patience.get(start.thenAcceptAsync(it -> seen.run(), executor));
      Patience.get(start.thenRunAsync(seen, executor));
      Patience.get(start.thenAcceptBothAsync(other, (it, number) -> seen.run(), executor));
      Patience.get(start.runAfterBothAsync(other, seen, executor));
      Patience.get(start.acceptEitherAsync(start, it -> seen.run(), executor));
      Patience.get(start.runAfterEitherAsync(start, seen, executor));
      Patience.get(start.whenCompleteAsync((it, failure) -> seen.run(), executor));
      assertEquals(7, ran.get());
    }
  }

  @Test
  default void chainOfAsyncStages_carriesTheValue() throws Exception {
    try (var tested = open(2)) {
      var stage = CompletableFuture.supplyAsync(() -> 0, tested.executor());
      for (int i = 0; i < 1_000; i++) {
        stage = stage.thenApplyAsync(number -> number + 1, tested.executor());
      }
      assertEquals(1_000, Patience.get(stage));
    }
  }

  @Test
  default void chainOfAsyncStages_carriesTheFailure_toWhoMendsIt() throws Exception {
    try (var tested = open(2)) {
      var thrown = new IllegalStateException("on purpose");
      var ran = new AtomicInteger();
      var stage = CompletableFuture.<Integer>supplyAsync(
              () -> {
                throw thrown;
              },
              tested.executor())
          .thenApplyAsync(number -> ran.incrementAndGet(), tested.executor())
          .handleAsync((number, failure) -> failure.getCause(), tested.executor());
      assertSame(thrown, Patience.get(stage));
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void asyncStage_mayBeAddedByATask() throws Exception {
    try (var tested = open(1)) {
      var inner = CompletableFuture.supplyAsync(
          () -> CompletableFuture.supplyAsync(() -> "inner", tested.executor()), tested.executor());
      assertEquals("inner", Patience.get(inner.thenCompose(stage -> stage)));
    }
  }

  @Test
  default void allOf_completes_withManyTasks() throws Exception {
    try (var tested = open(3)) {
      var ran = new AtomicInteger();
      var futures = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < 200; i++) {
        futures.add(CompletableFuture.runAsync(ran::incrementAndGet, tested.executor()));
      }
      Patience.get(CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new)));
      assertEquals(200, ran.get());
    }
  }

  @Test
  default void anyOf_completes_withTheFirst() throws Exception {
    try (var tested = open(2)) {
      Gate gate = tested.gate();
      var slow = CompletableFuture.runAsync(gate.task(), tested.executor());
      var quick = CompletableFuture.supplyAsync(() -> "quick", tested.executor());
      assertEquals("quick", Patience.get(CompletableFuture.anyOf(slow, quick)));
      assertFalse(slow.isDone());
    }
  }

  @Test
  default void supplyAsync_doesNotRun_whenItsFutureWasCompletedBefore() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      var future = CompletableFuture.supplyAsync(ran::incrementAndGet, tested.executor());
      assertTrue(future.complete(42));
      busy.open();
      tested.drain();
      assertEquals(42, Patience.get(future));
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void supplyAsync_isRefused_afterShutdown() throws Exception {
    try (var tested = open(1)) {
      tested.executor().shutdown();
      assertThrows(
          RejectedExecutionException.class,
          () -> CompletableFuture.supplyAsync(() -> "value", tested.executor()));
      assertThrows(
          RejectedExecutionException.class,
          () -> CompletableFuture.runAsync(() -> {}, tested.executor()));
    }
  }

  @Test
  default void asyncStage_failsWithTheRefusal_afterShutdown() throws Exception {
    try (var tested = open(1)) {
      var start = new CompletableFuture<String>();
      var before = start.thenApplyAsync(value -> value, tested.executor());
      tested.drain();
      var after = CompletableFuture.completedFuture("value")
          .thenApplyAsync(value -> value, tested.executor());
      start.complete("value");
      assertInstanceOf(RejectedExecutionException.class, Contract.failureOf(before));
      assertInstanceOf(RejectedExecutionException.class, Contract.failureOf(after));
    }
  }

  @Test
  default void supplyAsync_completes_whenItWaitsAtAShutdown() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var future = CompletableFuture.supplyAsync(() -> "value", tested.executor());
      tested.executor().shutdown();
      busy.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void delayedExecutor_passesTheTaskOn() throws Exception {
    try (var tested = open(1)) {
      Thread thread = threadOf(tested);
      Executor delayed =
          CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, tested.executor());
      assertSame(
          thread, Patience.get(CompletableFuture.supplyAsync(Thread::currentThread, delayed)));
    }
  }

  @Test
  default void plainStage_runsOnTheThreadThatCompletes() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var stage = CompletableFuture.runAsync(gate.task(), tested.executor())
          .thenApply(nothing -> Thread.currentThread());
      gate.open();
      assertNotSame(Thread.currentThread(), Patience.get(stage));
    }
  }
}
