package dev.bobbin.benchmarks;

import java.util.concurrent.Callable;

/** One task after the other, each with a future on which the submitter waits. */
final class Futures implements Batch {
  private static final int VALUE = 42;

  private final PoolUnderLoad pool;
  private final int tasks;
  private final Tally tally = new Tally();

  Futures(PoolUnderLoad pool, int tasks) {
    this.pool = pool;
    this.tasks = tasks;
  }

  @Override
  public void run() throws Exception {
    Callable<Integer> task = () -> {
      tally.add();
      return VALUE;
    };
    for (int i = 0; i < tasks; i++) {
      int value = pool.submit(task).get();
      if (value != VALUE) {
        throw new IllegalStateException("A future has %d, not %d.".formatted(value, VALUE));
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
