package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code ExecutorCompletionService} over the executor. */
interface CompletionServiceContract extends Contract {
  private static <T> CompletionService<T> over(Tested tested) {
    return new ExecutorCompletionService<>(tested.executor());
  }

  /** Returns the next future that is done. */
  private static <T> Future<T> next(CompletionService<T> service) throws InterruptedException {
    Future<T> done = service.poll(Patience.millis(), TimeUnit.MILLISECONDS);
    assertTrue(done != null && done.isDone(), "no task came to its end");
    return done;
  }

  @Test
  default void completionService_givesTheVeryFutures_inTheOrderOfTheirEnds() throws Exception {
    try (var tested = open(2)) {
      CompletionService<String> service = over(tested);
      Gate late = tested.gate();
      Future<String> first = service.submit(late.then("late"));
      Future<String> second = service.submit(() -> "early");
      assertSame(second, next(service));
      assertNull(service.poll());
      late.open();
      assertSame(first, next(service));
      assertEquals("late", first.get());
      assertEquals("early", second.get());
    }
  }

  @Test
  default void completionService_givesEveryTaskOnce() throws Exception {
    try (var tested = open(3)) {
      CompletionService<Integer> service = over(tested);
      for (int i = 0; i < 100; i++) {
        int number = i;
        service.submit(() -> number);
      }
      var seen = new HashSet<Integer>();
      for (int i = 0; i < 100; i++) {
        assertTrue(seen.add(next(service).get()));
      }
      assertNull(service.poll());
    }
  }

  @Test
  default void completionService_givesTheResult_ofARunnable() throws Exception {
    try (var tested = open(1)) {
      CompletionService<String> service = over(tested);
      var ran = new AtomicInteger();
      service.submit(ran::incrementAndGet, "result");
      assertEquals("result", next(service).get());
      assertEquals(1, ran.get());
    }
  }

  @Test
  default void completionService_givesAFailedTask_withItsVeryException() throws Exception {
    try (var tested = open(1)) {
      CompletionService<String> service = over(tested);
      var thrown = new IOException("on purpose");
      service.submit(() -> {
        throw thrown;
      });
      assertSame(thrown, Contract.failureOf(next(service)));
    }
  }

  @Test
  default void completionService_takesWaitingCalls() throws Exception {
    try (var tested = open(1)) {
      CompletionService<String> service = over(tested);
      Beside<Future<String>> taker = tested.beside(service::take).awaitBlocked();
      Future<String> future = service.submit(() -> "value");
      assertSame(future, taker.result());
      assertEquals("value", future.get());
    }
  }

  @Test
  default void completionService_givesACancelledTask_thatNeverRan() throws Exception {
    try (var tested = open(1)) {
      CompletionService<Integer> service = over(tested);
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      Future<Integer> future = service.submit(ran::incrementAndGet);
      assertTrue(future.cancel(false));
      busy.open();
      assertSame(future, next(service));
      assertThrows(CancellationException.class, future::get);
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void completionService_interruptsATask_thatIsCancelledWhileItRuns() throws Exception {
    try (var tested = open(1)) {
      CompletionService<String> service = over(tested);
      Gate gate = tested.gate();
      Future<String> future = service.submit(gate.then("value"));
      gate.awaitCome();
      assertTrue(future.cancel(true));
      assertTrue(future.isCancelled());
      gate.awaitInterrupted();
      assertSame(future, next(service));
      assertFalse(Patience.get(tested.executor().submit(Thread::interrupted)));
    }
  }

  @Test
  default void completionService_passesARefusalOn() throws Exception {
    try (var tested = open(1)) {
      CompletionService<String> service = over(tested);
      tested.executor().shutdown();
      assertThrows(RejectedExecutionException.class, () -> service.submit(() -> "value"));
      assertNull(service.poll());
    }
  }

  @Test
  default void completionService_refusesNull() throws Exception {
    try (var tested = open(1)) {
      CompletionService<String> service = over(tested);
      Contract.refusesNull(() -> service.submit(null));
      Contract.refusesNull(() -> service.submit(null, "result"));
    }
  }

  @Test
  default void completionServices_doNotMix_overOneExecutor() throws Exception {
    try (var tested = open(2)) {
      CompletionService<String> one = over(tested);
      CompletionService<String> other = over(tested);
      for (int i = 0; i < 10; i++) {
        one.submit(() -> "one");
        other.submit(() -> "other");
      }
      for (int i = 0; i < 10; i++) {
        assertEquals(Set.of("one", "other"), Set.of(next(one).get(), next(other).get()));
      }
    }
  }
}
