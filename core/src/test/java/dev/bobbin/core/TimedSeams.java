package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine itself, but for the clock and the timer, which are told by hand. */
final class TimedSeams implements Seams, WorkerThreadFactory {
  private final ManualTimer timer = new ManualTimer(1);
  private final AtomicInteger errandThreads = new AtomicInteger();
  private volatile boolean threadless;

  /** Returns a running pool on these seams. */
  Pool start(ThreadPoolConfig config, FailureReporter... reporters) {
    var wiring = new Wiring(this, List.of(), List.of(reporters));
    var pool = new Pool(config, wiring, null, false, null, this);
    pool.start();
    return pool;
  }

  ManualTimer timer() {
    return timer;
  }

  /** Moves the clock on; what is due is done before this returns, save what goes to other threads. */
  void pass(long nanos) {
    timer.pass(nanos);
  }

  /** Has the machine make no thread for errands, or make them again. */
  void threadless(boolean threadless) {
    this.threadless = threadless;
  }

  /** Returns how many threads were started for errands. */
  int errandThreads() {
    return errandThreads.get();
  }

  @Override
  public String name() {
    return "timed";
  }

  @Override
  public Thread newThread(WorkerThreadSettings settings, Runnable body) {
    return new Thread(body, settings.threadName());
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
  public void startErrands(Errands errands, Thread thread) {
    if (threadless) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    errandThreads.incrementAndGet();
    thread.start();
  }

  @Override
  public long nanoTime() {
    return timer.nanoTime();
  }

  @Override
  public Alarm schedule(long nanos, Runnable action) {
    return timer.schedule(nanos, action);
  }
}
