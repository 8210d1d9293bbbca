package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Real threads with a clock and timers that a test moves by hand, on its own thread. */
final class HandTimers implements Seams {
  private final AtomicLong now = new AtomicLong(1);
  private final Queue<Timer> timers = new ConcurrentLinkedQueue<>();

  private record Timer(long due, Runnable action) {}

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
    return now.get();
  }

  @Override
  public void later(long nanos, Runnable action) {
    timers.add(new Timer(now.get() + nanos, action));
  }

  /** Returns how many timers are set. */
  int pending() {
    return timers.size();
  }

  /** Waits until somebody has set a timer. */
  void awaitPending() {
    Testing.eventually("a timer is set", () -> !timers.isEmpty());
  }

  /** Moves the clock on, and runs what is due by then, in its order. */
  void pass(long nanos) {
    long end = now.get() + nanos;
    for (List<Timer> due = due(end); !due.isEmpty(); due = due(end)) {
      Timer first = due.get(0);
      assertTrue(timers.remove(first));
      now.accumulateAndGet(first.due, Math::max);
      first.action.run();
    }
    now.set(end);
  }

  private List<Timer> due(long end) {
    var due = new ArrayList<Timer>();
    for (Timer timer : timers) {
      if (timer.due <= end) {
        due.add(timer);
      }
    }
    due.sort((one, other) -> Long.compare(one.due, other.due));
    return due;
  }
}
