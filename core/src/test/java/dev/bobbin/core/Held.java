package dev.bobbin.core;

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

  private final CountDownLatch begun;
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Thread runner = Thread.currentThread();

  Held() {
    this(1);
  }

  /** Makes work that is to be begun so many times. */
  Held(int times) {
    begun = new CountDownLatch(times);
  }

  @Override
  public void run() {
    runner = Thread.currentThread();
    begun.countDown();
    await(released);
  }

  /** Runs as {@link #run} does, but whatever interrupts. */
  void runThroughInterrupts() {
    runner = Thread.currentThread();
    begun.countDown();
    for (boolean over = false; !over; ) {
      try {
        over = released.await(LONG_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupt) {
        over = false;
      }
    }
  }

  /** Waits until the work has begun as often as it is to. */
  void awaitBegun() {
    await(begun);
  }

  /** Returns the thread that began it last. */
  Thread runner() {
    return runner;
  }

  void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
  }

  @Override
  public String toString() {
    return "held work";
  }

  /** Waits for a latch, with a bound that only a failure reaches. */
  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LONG_SECONDS, TimeUnit.SECONDS), "a latch was never counted down");
    } catch (InterruptedException interrupt) {
      throw new Interrupted(interrupt);
    }
  }

  /** An interrupt met work that was held. */
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interrupted(InterruptedException cause) {
      super("interrupted", cause);
    }
  }
}
