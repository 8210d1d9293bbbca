package dev.bobbin.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call on a thread of its own, beside the test's. */
final class Beside<T> {
  private final FutureTask<T> call;
  private final Thread thread;

  Beside(Callable<T> work) {
    call = new FutureTask<>(work);
    thread = new Thread(call, "beside the test");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until the call waits for something. */
  Beside<T> awaitBlocked() {
    Patience.eventually(
        "the call waits",
        () -> thread.getState() == Thread.State.WAITING
            || thread.getState() == Thread.State.TIMED_WAITING);
    return this;
  }

  void interrupt() {
    thread.interrupt();
  }

  boolean isOver() {
    return call.isDone();
  }

  /** Returns whether the call ends within a time; for what must not end at all. */
  boolean isOverWithin(long millis) throws Exception {
    try {
      call.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException waits) {
      return false;
    }
  }

  T result() throws Exception {
    return Patience.get(call);
  }
}
