package dev.bobbin.context;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Stands for a worker: a thread of its own, which the test waits for. */
final class NewThread {
  private NewThread() {}

  /** Returns what {@code body} returns on a new thread; what it throws fails the test. */
  static <T> T call(Callable<T> body) {
    var result = new FutureTask<T>(body);
    new Thread(result, "worker of a test").start();
    try {
      return result.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError("on the new thread: " + failed.getCause(), failed.getCause());
    } catch (Exception failed) {
      throw new AssertionError("the new thread did not end", failed);
    }
  }

  static void run(Runnable body) {
    call(() -> {
      body.run();
      return true;
    });
  }
}
