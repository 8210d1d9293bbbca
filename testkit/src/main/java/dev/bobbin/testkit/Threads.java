package dev.bobbin.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that live for as long as a test. */
final class Threads {
  private static final long LIMIT_SECONDS = 60;

  private Threads() {}

  /** Runs the body on a new thread, which inherits nothing, and throws what it throws. */
  static void run(Runnable body) {
    runAtOnce(1, body);
  }

  /** Runs the body on so many new threads at once, and throws what one of them throws. */
  static void runAtOnce(int count, Runnable body) {
    var failure = new AtomicReference<@Nullable Throwable>();
    var start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var thread = new Thread(
          null,
          () -> {
            try {
              start.await();
              body.run();
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            }
          },
          "contract-" + i,
          0,
          false);
      thread.setDaemon(true); // so that one that hangs fails a test and keeps no JVM
      thread.start();
      threads.add(thread);
    }
    start.countDown();
    threads.forEach(Threads::join);
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw new AssertionError("thrown on another thread: " + thrown, thrown);
    }
  }

  /** Waits for the end of a thread. */
  static void join(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it waited for " + thread, interrupt);
    }
    assertFalse(thread.isAlive(), () -> thread + " did not end within a minute");
  }
}
