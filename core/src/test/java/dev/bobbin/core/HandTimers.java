package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Real threads with a clock and timers that a test moves by hand, on its own thread. */
final class HandTimers implements Seams {
  private final ManualTimer timer = new ManualTimer(1);

  /** Returns a pool named p, not started, with this clock and these timers. */
  Pool pool(int min, int max) {
    return pool(Testing.config(min, max));
  }

  Pool pool(ThreadPoolConfig config) {
    return pool(config, Thread::new);
  }

  Pool pool(ThreadPoolConfig config, ThreadFactory threads) {
    var factory = new WorkerThreadFactory() {
      @Override
      public String name() {
        return "of-the-test";
      }

      @Override
      public Thread newThread(WorkerThreadSettings settings, Runnable body) {
        Thread thread = threads.newThread(body);
        thread.setName(settings.threadName());
        return thread;
      }
    };
    return new Pool(
        config,
        new Wiring(factory, List.of(), List.of(new RecordingReporter())),
        null,
        false,
        null,
        this);
  }

  @Override
  public void start(Worker worker, Thread thread) {
    REAL.start(worker, thread);
  }

  @Override
  public void park(Worker worker) {
    REAL.park(worker);
  }

  @Override
  public void unpark(Worker worker) {
    REAL.unpark(worker);
  }

  @Override
  public long nanoTime() {
    return timer.nanoTime();
  }

  @Override
  public void startErrands(Errands errands, Thread thread) {
    thread.start();
    for (boolean over = false; !over; ) {
      try {
        thread.join();
        over = true;
      } catch (InterruptedException interrupt) {
        over = false;
      }
    }
  }

  @Override
  public Alarm schedule(long nanos, Runnable action) {
    return timer.schedule(nanos, action);
  }

  /** Returns how many timers are set. */
  int pending() {
    return timer.pending();
  }

  /** Waits until somebody has set a timer. */
  void awaitPending() {
    Testing.eventually("a timer is set", () -> timer.pending() > 0);
  }

  /** Moves the clock on, and does what is due by then, errands included. */
  void pass(long nanos) {
    timer.pass(nanos);
  }
}
