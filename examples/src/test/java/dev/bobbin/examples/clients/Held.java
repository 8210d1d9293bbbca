package dev.bobbin.examples.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that says when it has begun and goes on when it is told to. Closing it lets it go on, so that
 * a pool opened before it in the same try can end.
 */
final class Held implements Runnable, AutoCloseable {
  /** The bound of every wait in these tests: only a failure reaches it. */
  static final long LONG_SECONDS = 60;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  @Override
  public void run() {
    begun.countDown();
    try {
      assertTrue(released.await(LONG_SECONDS, TimeUnit.SECONDS), "never released");
    } catch (InterruptedException interrupt) {
      interrupted.countDown(); // and that is its end
    }
  }

  /** Runs, and then returns the value. */
  <T> T then(T value) {
    run();
    return value;
  }

  void awaitBegun() {
    await(begun);
  }

  /** Waits until an interrupt has met the work. */
  void awaitInterrupted() {
    await(interrupted);
  }

  boolean wasInterrupted() {
    return interrupted.getCount() == 0;
  }

  void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
  }

  /** Waits for a latch, with a bound that only a failure reaches. */
  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LONG_SECONDS, TimeUnit.SECONDS), "a latch was never counted down");
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException("interrupted", interrupt);
    }
  }
}
