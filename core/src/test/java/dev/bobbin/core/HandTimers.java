package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Real threads with a clock and a timer that a test moves by hand. */
final class HandTimers extends RealSeams {
  private final ManualTimer timer = new ManualTimer(1);
  private final boolean waitsForErrands;
  private final AtomicInteger errandThreads = new AtomicInteger();
  private volatile boolean threadless;
  private volatile boolean deep;

  /** Makes timers that wait for what is due to be done, whatever it calls. */
  HandTimers() {
    this(true);
  }

  private HandTimers(boolean waitsForErrands) {
    this.waitsForErrands = waitsForErrands;
  }

  /** Returns timers that leave errands to the thread of the pool's that does them. */
  static HandTimers notWaiting() {
    return new HandTimers(false);
  }

  /** Returns a pool named p, not started, with this clock and these timers. */
  Pool pool(int min, int max) {
    return pool(Testing.config(min, max));
  }

  Pool pool(ThreadPoolConfig config) {
    return pool(config, Thread::new);
  }

  Pool pool(ThreadPoolConfig config, ThreadFactory threads, FailureReporter... reporters) {
    return pool(config, threads, this, reporters);
  }

  /** Returns a running pool with this clock and this timer. */
  Pool start(ThreadPoolConfig config, FailureReporter... reporters) {
    Pool pool = pool(config, Thread::new, reporters);
    pool.start();
    return pool;
  }

  /** Returns a pool on these seams, not started. */
  static Pool pool(
      ThreadPoolConfig config, ThreadFactory threads, Seams seams, FailureReporter... reporters) {
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
    List<FailureReporter> told =
        reporters.length == 0 ? List.of(new RecordingReporter()) : List.of(reporters);
    return new Pool(config, new Wiring(factory, List.of(), told), null, false, null, seams);
  }

  /** Returns a running pool with this clock that tells this listener. */
  Pool start(ThreadPoolConfig config, PoolListener listener, FailureReporter... reporters) {
    var plan = new WiringPlan(config);
    plan.add(listener);
    List.of(reporters).forEach(plan::add);
    return start(config, plan);
  }

  /** Returns a running pool with this clock that asks this policy before it grows. */
  Pool start(ThreadPoolConfig config, GrowthPolicy policy, FailureReporter... reporters) {
    var plan = new WiringPlan(config);
    plan.replaceGrowthPolicy(policy);
    List.of(reporters).forEach(plan::add);
    return start(config, plan);
  }

  /** Returns a running pool with this clock and the plugins that the configuration names. */
  Pool startAsConfigured(ThreadPoolConfig config) {
    return start(config, new WiringPlan(config));
  }

  private Pool start(ThreadPoolConfig config, WiringPlan plan) {
    var pool = new Pool(config, plan.resolve(Plugins.none()), null, false, null, this);
    pool.start();
    return pool;
  }

  /** Has the machine make no thread for errands, or make them again. */
  void threadless(boolean threadless) {
    this.threadless = threadless;
  }

  /** Has every stack have no room for the end of a task that waits, or have it again. */
  void deep(boolean deep) {
    this.deep = deep;
  }

  @Override
  public void checkMuchHeadroom() {
    if (deep) {
      throw new StackOverflowError("as deep as it goes");
    }
    super.checkMuchHeadroom();
  }

  /** Returns how many threads were started for errands. */
  int errandThreads() {
    return errandThreads.get();
  }

  ManualTimer timer() {
    return timer;
  }

  /** Not at all: that would take for ever by this clock. */
  @Override
  public long lingerNanos() {
    return 0;
  }

  @Override
  public long nanoTime() {
    return timer.nanoTime();
  }

  @Override
  public void startErrands(Errands errands, Thread thread) {
    if (threadless) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    errandThreads.incrementAndGet();
    thread.start();
    for (boolean over = !waitsForErrands; !over; ) {
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

  /** Moves the clock on, and does what is due by then on the calling thread, which stands for the timer's. */
  void pass(long nanos) {
    timer.pass(nanos);
  }
}
