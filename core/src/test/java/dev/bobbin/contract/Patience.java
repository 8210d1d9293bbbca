package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How long a check waits for what must come: long, so that only a failure reaches the bound; short in
 * a check of which it is known that it fails, see {@link Deviates}.
 */
final class Patience {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Set around each check, read by every thread that takes part in it. */
  private static volatile Duration bound = LONG;

  private Patience() {}

  static void isLong() {
    bound = LONG;
  }

  static void isShort() {
    bound = SHORT;
  }

  static long millis() {
    return bound.toMillis();
  }

  /** Returns the value of a future that must complete. */
  static <T> T get(Future<T> future) throws Exception {
    return future.get(millis(), TimeUnit.MILLISECONDS);
  }

  static void await(CountDownLatch latch, String what) throws InterruptedException {
    assertTrue(latch.await(millis(), TimeUnit.MILLISECONDS), () -> "never came: " + what);
  }

  static void eventually(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - began < bound.toNanos(), () -> "never came: " + what);
      Thread.yield();
    }
  }
}
