package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An event loop as somebody may write one: a queue and a thread. Closing it ends its thread. */
final class Loop implements Executor, AutoCloseable {
  /** The bound of every wait in these tests: only a failure reaches it. */
  static final long LONG_SECONDS = 60;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "loop");
  private volatile boolean closed;

  Loop() {
    thread.setDaemon(true);
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Holds the loop in a task of its own, until the latch is counted down. */
  CountDownLatch hold() {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    execute(() -> {
      begun.countDown();
      await(release);
    });
    await(begun);
    return release;
  }

  /** Waits until all that it was given so far is done. */
  void drain() {
    var done = new CountDownLatch(1);
    execute(done::countDown);
    await(done);
  }

  private void run() {
    try {
      while (!closed) {
        tasks.take().run();
      }
    } catch (InterruptedException interrupt) {
      // this is its end
    }
  }

  @Override
  public void close() {
    closed = true;
    execute(() -> {});
    try {
      thread.join(TimeUnit.SECONDS.toMillis(LONG_SECONDS));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    assertFalse(thread.isAlive(), "the loop did not end");
  }

  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LONG_SECONDS, TimeUnit.SECONDS), "a latch was never counted down");
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException("interrupted", interrupt);
    }
  }

  /** Gets the value of a future, with a bound that only a failure reaches. */
  static <T> T get(Future<T> future) throws Exception {
    return future.get(LONG_SECONDS, TimeUnit.SECONDS);
  }

  /** Runs the work on a thread of its own, which is put into the array before it begins. */
  static <T> CompletableFuture<T> inThread(Thread[] made, Callable<T> work) {
    var result = new CompletableFuture<T>();
    made[0] = new Thread(
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
          }
        },
        "beside the test");
    made[0].setDaemon(true);
    made[0].start();
    return result;
  }
}
