package dev.bobbin.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * One task each 100 microseconds. The pace is that of a timetable, fixed when the run begins: the
 * producer parks until a task is due and, woken late, submits it at once, so that being late does not
 * add up. It never spins, since its processor time counts too.
 *
 * <p>As the run takes as long as the timetable says, the time of this load is that from the submission
 * of a task to its begin.
 */
final class Trickle implements Batch {
  private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final PoolUnderLoad pool;
  private final Timed[] tasks;
  private final Tally tally = new Tally();
  private final LongAdder latency = new LongAdder();

  private final class Timed implements Runnable {
    /** Written before this is submitted. */
    private long submitted;

    @Override
    public void run() {
      latency.add(System.nanoTime() - submitted);
      tally.add();
    }
  }

  Trickle(PoolUnderLoad pool, int tasks) {
    this.pool = pool;
    this.tasks = new Timed[tasks];
    for (int i = 0; i < tasks; i++) {
      this.tasks[i] = new Timed();
    }
  }

  @Override
  public void prepare() {
    latency.reset();
  }

  @Override
  public void run() {
    long due = System.nanoTime();
    for (Timed task : tasks) {
      due += PACE_NANOS;
      long left = due - System.nanoTime();
      while (left > 0) {
        LockSupport.parkNanos(this, left);
        left = due - System.nanoTime();
      }
      task.submitted = System.nanoTime();
      pool.execute(task);
    }
    tally.await(tasks.length);
  }

  @Override
  public long finish() {
    tally.check();
    return tasks.length;
  }

  @Override
  public long latencyNanos() {
    return latency.sum();
  }

  @Override
  public void end() throws Exception {
    pool.end();
    tally.check();
  }
}
