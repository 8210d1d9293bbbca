package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** {@code Future.state}, {@code resultNow} and {@code exceptionNow}, which came with Java 19. */
interface OutcomeNowContract extends Contract {
  private static <T> T call(Future<?> future, String method, Class<T> type) throws Throwable {
    Class<?> returned =
        method.equals("state") ? Class.forName("java.util.concurrent.Future$State") : type;
    MethodHandle handle = MethodHandles.publicLookup()
        .findVirtual(Future.class, method, MethodType.methodType(returned));
    return type.cast(handle.invoke(future));
  }

  private static Object resultNow(Future<?> future) throws Throwable {
    return call(future, "resultNow", Object.class);
  }

  private static Throwable exceptionNow(Future<?> future) throws Throwable {
    return call(future, "exceptionNow", Throwable.class);
  }

  private static String state(Future<?> future) throws Throwable {
    return call(future, "state", Object.class).toString();
  }

  private static void noResultNow(Future<?> future) {
    assertThrows(IllegalStateException.class, () -> resultNow(future));
  }

  private static void noExceptionNow(Future<?> future) {
    assertThrows(IllegalStateException.class, () -> exceptionNow(future));
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  default void state_isRunning_whileTheTaskWaitsAndRuns() throws Throwable {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Gate gate = tested.gate();
      Future<String> future = tested.executor().submit(gate.then("value"));
      assertEquals("RUNNING", state(future));
      noResultNow(future);
      noExceptionNow(future);
      busy.open();
      gate.awaitCome();
      assertEquals("RUNNING", state(future));
      noResultNow(future);
      noExceptionNow(future);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  default void resultNow_givesTheValue_whenTheTaskHasSucceeded() throws Throwable {
    try (var tested = open(1)) {
      Future<String> future = tested.executor().submit(() -> "value");
      Patience.get(future);
      assertEquals("SUCCESS", state(future));
      assertEquals("value", resultNow(future));
      noExceptionNow(future);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  default void resultNow_givesNull_whenThatIsTheValue() throws Throwable {
    try (var tested = open(1)) {
      Future<?> future = tested.executor().submit(() -> {});
      Patience.get(future);
      assertEquals("SUCCESS", state(future));
      assertNull(resultNow(future));
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  default void exceptionNow_givesTheVeryException_whenTheTaskHasFailed() throws Throwable {
    exceptionNowGives(new IOException("on purpose"));
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  default void exceptionNow_givesTheVeryException_whenTheTaskThrewACancellationException()
      throws Throwable {
    exceptionNowGives(new CancellationException("on purpose"));
  }

  private void exceptionNowGives(Throwable thrown) throws Throwable {
    try (var tested = open(1)) {
      Future<?> future = tested.executor().submit(() -> {
        Contract.sneak(thrown);
        return null;
      });
      Contract.failureOf(future);
      assertEquals("FAILED", state(future));
      assertSame(thrown, exceptionNow(future));
      noResultNow(future);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  default void state_isCancelled_whenTheFutureIs() throws Throwable {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> runs = tested.executor().submit(gate.then("value"));
      gate.awaitCome();
      Future<?> waits = tested.executor().submit(() -> "value");
      for (Future<?> future : new Future<?>[] {waits, runs}) {
        future.cancel(true);
        assertEquals("CANCELLED", state(future));
        noResultNow(future);
        noExceptionNow(future);
      }
    }
  }
}
