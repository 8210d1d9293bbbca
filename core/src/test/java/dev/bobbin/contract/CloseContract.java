package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code close}, where there is one: {@code ExecutorService} has it from Java 19 on. */
interface CloseContract extends Contract {
  /** Opens an executor that can be closed. */
  private Tested openCloseable(int threads) {
    Tested tested = open(threads);
    if (!(tested.executor() instanceof AutoCloseable)) {
      tested.close();
      assumeTrue(false, "it has no close()");
    }
    return tested;
  }

  private static void close(Tested tested) throws Exception {
    ((AutoCloseable) tested.executor()).close();
  }

  @Test
  default void close_waits_untilAllHasRun() throws Exception {
    try (var tested = openCloseable(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      for (int i = 0; i < 20; i++) {
        tested.executor().execute(ran::incrementAndGet);
      }
      Beside<Boolean> closing = tested.beside(() -> {
        close(tested);
        return tested.executor().isTerminated();
      });
      closing.awaitBlocked();
      assertFalse(closing.isOver());
      assertTrue(tested.executor().isShutdown());
      assertFalse(busy.wasInterrupted());
      busy.open();
      assertTrue(closing.result());
      assertEquals(20, ran.get());
    }
  }

  @Test
  default void close_endsAnExecutor_thatIsIdle() throws Exception {
    try (var tested = openCloseable(2)) {
      tested.occupied().open();
      close(tested);
      assertTrue(tested.executor().isShutdown());
      assertTrue(tested.executor().isTerminated());
    }
  }

  @Test
  default void close_doesNothing_whenItIsOver() throws Exception {
    try (var tested = openCloseable(1)) {
      tested.drain();
      close(tested);
      close(tested);
      assertTrue(tested.executor().isTerminated());
    }
  }

  @Test
  default void close_doesNothing_whenItIsOverAndTheCallerIsInterrupted() throws Exception {
    try (var tested = openCloseable(1)) {
      tested.drain();
      Beside<Boolean> closing = tested.beside(() -> {
        Thread.currentThread().interrupt();
        close(tested);
        return Thread.currentThread().isInterrupted();
      });
      assertTrue(closing.result());
    }
  }

  @Test
  default void close_waitsForTheEnd_whenAShutdownHasBegun() throws Exception {
    try (var tested = openCloseable(1)) {
      Gate busy = tested.occupied();
      Future<String> waits = tested.executor().submit(() -> "value");
      tested.executor().shutdown();
      Beside<Boolean> closing = tested.beside(() -> {
        close(tested);
        return waits.isDone();
      });
      closing.awaitBlocked();
      busy.open();
      assertTrue(closing.result());
      assertEquals("value", Patience.get(waits));
    }
  }

  @Test
  default void close_refuses_whatComesAfter() throws Exception {
    try (var tested = openCloseable(1)) {
      close(tested);
      assertThrows(RejectedExecutionException.class, () -> tested.executor().execute(() -> {}));
    }
  }

  @Test
  default void close_waitsForTheSameEnd_whenManyCall() throws Exception {
    try (var tested = openCloseable(1)) {
      Gate busy = tested.occupied();
      var closings = new ArrayList<Beside<Boolean>>();
      for (int i = 0; i < 3; i++) {
        closings.add(tested
            .beside(() -> {
              close(tested);
              return tested.executor().isTerminated();
            })
            .awaitBlocked());
      }
      busy.open();
      for (Beside<Boolean> closing : closings) {
        assertTrue(closing.result());
      }
    }
  }

  @Test
  default void close_givesUp_whenItIsInterrupted() throws Exception {
    try (var tested = openCloseable(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      tested.executor().execute(ran::incrementAndGet);
      Beside<Boolean> closing = tested.beside(() -> {
        close(tested);
        return Thread.currentThread().isInterrupted();
      });
      closing.awaitBlocked();
      closing.interrupt();
      busy.awaitInterrupted();
      assertTrue(closing.result(), "the interrupt stays set");
      tested.awaitTermination();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void close_givesUpAtOnce_whenTheCallerIsInterrupted() throws Exception {
    try (var tested = openCloseable(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      tested.executor().execute(ran::incrementAndGet);
      Beside<Boolean> closing = tested.beside(() -> {
        Thread.currentThread().interrupt();
        close(tested);
        return Thread.currentThread().isInterrupted();
      });
      busy.awaitInterrupted();
      assertTrue(closing.result(), "the interrupt stays set");
      tested.awaitTermination();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void close_waitsForWhatRuns_whenItIsInterruptedAndThatWillNotEnd() throws Exception {
    try (var tested = openCloseable(1)) {
      Gate gate = tested.gate();
      tested.executor().execute(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      Beside<Boolean> closing = tested.beside(() -> {
        close(tested);
        return tested.executor().isTerminated();
      });
      closing.awaitBlocked();
      closing.interrupt();
      gate.awaitInterrupted();
      assertFalse(closing.isOverWithin(2_000), "it returned before the task had ended");
      gate.open();
      assertTrue(closing.result());
    }
  }
}
