package dev.bobbin.benchmarks;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One task after the other: the submitter parks until each has run. */
final class Handoff implements Batch {
  private final PoolUnderLoad pool;
  private final int tasks;
  private final Tally tally = new Tally();
  private volatile boolean ran;
  /** Written before the task is submitted that reads it. */
  private @Nullable Thread waiter;

  Handoff(PoolUnderLoad pool, int tasks) {
    this.pool = pool;
    this.tasks = tasks;
  }

  private void task() {
    tally.add();
    ran = true;
    LockSupport.unpark(waiter);
  }

  @Override
  public void run() {
    waiter = Thread.currentThread();
    Runnable task = this::task;
    for (int i = 0; i < tasks; i++) {
      ran = false;
      pool.execute(task);
      while (!ran) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          throw new IllegalStateException("A task has not run: the wait for it was interrupted.");
        }
      }
    }
  }

  @Override
  public long finish() {
    tally.await(tasks);
    tally.check();
    return tasks;
  }

  @Override
  public void end() throws Exception {
    pool.end();
    tally.check();
  }
}
