package dev.bobbin.benchmarks;

/** Many tasks that sleep for two milliseconds. */
final class Blocking implements Batch {
  static final long SLEEP_MILLIS = 2;

  private final PoolUnderLoad pool;
  private final int tasks;
  private final Tally tally = new Tally();

  Blocking(PoolUnderLoad pool, int tasks) {
    this.pool = pool;
    this.tasks = tasks;
  }

  private void block() {
    try {
      Thread.sleep(SLEEP_MILLIS);
    } catch (InterruptedException cutShort) {
      throw new IllegalStateException(cutShort);
    }
    tally.add();
  }

  @Override
  public void run() {
    Runnable task = this::block;
    for (int i = 0; i < tasks; i++) {
      pool.execute(task);
    }
    tally.await(tasks);
  }

  @Override
  public long finish() {
    tally.check();
    return tasks;
  }

  @Override
  public void end() throws Exception {
    pool.end();
    tally.check();
  }
}
