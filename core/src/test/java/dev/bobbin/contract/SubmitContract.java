package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The three forms of {@code submit}, and how a task's end reaches its future. */
interface SubmitContract extends Contract {
  @Test
  default void submitOfACallable_refusesNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().submit((Callable<Object>) null));
    }
  }

  @Test
  default void submitOfARunnable_refusesNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().submit((Runnable) null));
    }
  }

  @Test
  default void submitOfARunnableWithAResult_refusesNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().submit(null, "result"));
    }
  }

  @Test
  default void submitOfACallable_givesItsValue() throws Exception {
    try (var tested = open(1)) {
      var value = new Object();
      assertSame(value, Patience.get(tested.executor().submit(() -> value)));
    }
  }

  @Test
  default void submitOfACallable_givesNull_whenThatIsItsValue() throws Exception {
    try (var tested = open(1)) {
      Callable<Object> task = () -> null;
      assertNull(Patience.get(tested.executor().submit(task)));
    }
  }

  @Test
  default void submitOfARunnable_givesNull() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      Runnable task = ran::incrementAndGet;
      assertNull(Patience.get(tested.executor().submit(task)));
      assertEquals(1, ran.get());
    }
  }

  @Test
  default void submitOfARunnableWithAResult_givesThatVeryResult() throws Exception {
    try (var tested = open(1)) {
      var result = new Object();
      var ran = new AtomicInteger();
      assertSame(
          result, Patience.get(tested.executor().submit(() -> ran.incrementAndGet(), result)));
      assertEquals(1, ran.get());
    }
  }

  @Test
  default void submitOfARunnableWithAResult_givesNull_whenThatIsTheResult() throws Exception {
    try (var tested = open(1)) {
      assertNull(Patience.get(tested.executor().submit(() -> {}, null)));
    }
  }

  @Test
  default void submit_givesAFutureOfItsOwn_forTheSameTask() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      Callable<Integer> task = ran::incrementAndGet;
      Future<Integer> first = tested.executor().submit(task);
      Future<Integer> second = tested.executor().submit(task);
      assertNotSame(first, second);
      assertEquals(1, Patience.get(first));
      assertEquals(2, Patience.get(second));
    }
  }

  @Test
  default void submit_keepsTheOrder_onOneThread() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var turn = new AtomicInteger();
      Future<Integer> first = tested.executor().submit(turn::incrementAndGet);
      Future<Integer> second = tested.executor().submit(turn::incrementAndGet);
      Future<Integer> third = tested.executor().submit(turn::incrementAndGet);
      busy.open();
      assertEquals(3, Patience.get(third));
      assertEquals(2, Patience.get(second));
      assertEquals(1, Patience.get(first));
    }
  }

  @Test
  default void submit_servesATaskThatATaskSubmits() throws Exception {
    try (var tested = open(1)) {
      Future<Future<String>> outer =
          tested.executor().submit(() -> tested.executor().submit(() -> "inner"));
      assertEquals("inner", Patience.get(Patience.get(outer)));
    }
  }

  @Test
  default void submit_servesATaskThatWaitsForAnother_onAnotherThread() throws Exception {
    try (var tested = open(2)) {
      Future<String> outer =
          tested.executor().submit(() -> Patience.get(tested.executor().submit(() -> "inner")));
      assertEquals("inner", Patience.get(outer));
    }
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsACheckedOne() throws Exception {
    hasTheVery(new IOException("on purpose"));
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsARuntimeOne() throws Exception {
    hasTheVery(new IllegalStateException("on purpose"));
  }

  @Test
  default void get_hasTheVeryError_whenACallableThrowsOne() throws Exception {
    hasTheVery(new AssertionError("on purpose"));
  }

  @Test
  default void get_hasTheVeryError_whenACallableRunsOutOfMemory() throws Exception {
    hasTheVery(new OutOfMemoryError("on purpose"));
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsAnInterruptedException()
      throws Exception {
    hasTheVery(new InterruptedException("on purpose"));
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsAnExecutionException() throws Exception {
    hasTheVery(new ExecutionException("on purpose", new IOException()));
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsACompletionException() throws Exception {
    hasTheVery(new CompletionException("on purpose", new IOException()));
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsACancellationException()
      throws Exception {
    hasTheVery(new CancellationException("on purpose"));
  }

  @Test
  default void get_hasTheVeryException_whenACallableThrowsATimeoutException() throws Exception {
    hasTheVery(new TimeoutException("on purpose"));
  }

  private void hasTheVery(Throwable thrown) throws Exception {
    try (var tested = open(1)) {
      Future<Object> future = tested.executor().submit(() -> {
        Contract.sneak(thrown);
        return "not reached";
      });
      assertSame(thrown, Contract.failureOf(future));
      assertSame(thrown, Contract.failureOf(future), "the second time");
      assertTrue(future.isDone());
      assertFalse(future.isCancelled());
      assertFalse(future.cancel(true));
      assertEquals("next", Patience.get(tested.executor().submit(() -> "next")));
    }
  }

  @Test
  default void get_hasTheVeryException_whenARunnableThrows() throws Exception {
    try (var tested = open(1)) {
      var thrown = new IllegalStateException("on purpose");
      Runnable task = () -> {
        throw thrown;
      };
      assertSame(thrown, Contract.failureOf(tested.executor().submit(task)));
    }
  }

  @Test
  default void get_hasTheVeryException_whenARunnableWithAResultThrows() throws Exception {
    try (var tested = open(1)) {
      var thrown = new StackOverflowError("on purpose");
      Runnable task = () -> {
        throw thrown;
      };
      assertSame(thrown, Contract.failureOf(tested.executor().submit(task, "result")));
    }
  }

  @Test
  default void submittedTaskThatThrows_costsNoThread() throws Exception {
    try (var tested = open(1)) {
      Thread before = Patience.get(tested.executor().submit(Thread::currentThread));
      Contract.failureOf(tested.executor().submit(() -> {
        throw new AssertionError("on purpose");
      }));
      assertSame(before, Patience.get(tested.executor().submit(Thread::currentThread)));
    }
  }

  /** Not promised by {@code ExecutorService}, which says only that it is a {@code Future}. */
  @Test
  default void submit_givesACompletableFuture_inAllThreeForms() throws Exception {
    try (var tested = open(1)) {
      assertInstanceOf(CompletableFuture.class, tested.executor().submit(() -> "value"));
      assertInstanceOf(CompletableFuture.class, tested.executor().submit(() -> {}));
      assertInstanceOf(CompletableFuture.class, tested.executor().submit(() -> {}, "value"));
    }
  }

  @Test
  default void runByHand_hasNoEffect_whenTheFutureIsDone() throws Exception {
    try (var tested = open(1)) {
      var ran = new AtomicInteger();
      RunnableFuture<Integer> future = runnable(tested.executor().submit(ran::incrementAndGet));
      assertEquals(1, Patience.get(future));
      future.run();
      assertEquals(1, ran.get());
      assertEquals(1, Patience.get(future));
    }
  }

  @Test
  default void runByHand_hasNoEffect_whenTheFutureIsCancelled() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      var ran = new AtomicInteger();
      RunnableFuture<Integer> future = runnable(tested.executor().submit(ran::incrementAndGet));
      future.cancel(false);
      future.run();
      assertEquals(0, ran.get());
      assertTrue(future.isCancelled());
    }
  }

  @Test
  default void runByHand_hasNoEffect_whileTheTaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      RunnableFuture<String> future = runnable(tested.executor().submit(gate.then("value")));
      gate.awaitCome();
      future.run(); // or it would stand before the gate
      assertFalse(future.isDone());
      gate.open();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void runByHand_completesTheFuture_whileTheTaskWaits() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      RunnableFuture<Thread> future = runnable(tested.executor().submit(Thread::currentThread));
      future.run();
      assertTrue(future.isDone());
      assertSame(Thread.currentThread(), Patience.get(future));
    }
  }

  private static <T> RunnableFuture<T> runnable(Future<T> future) {
    assumeTrue(future instanceof RunnableFuture, "submit gives no RunnableFuture");
    return (RunnableFuture<T>) future;
  }
}
