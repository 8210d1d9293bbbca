package dev.bobbin.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * From the minimum of workers to the maximum: a burst of as many tasks as the pool may have workers, of
 * which none ends before all have begun. Each run has a new pool, whose minimum of workers has each had
 * a task before.
 */
final class Growth implements Batch {
  /** Opens the pool of a run. */
  interface Opening {
    PoolUnderLoad open() throws Exception;
  }

  /** A pool that has its minimum of workers. */
  private record Round(
      PoolUnderLoad pool, Tally tally, CountDownLatch begun, CountDownLatch release) {}

  private static final long LIMIT_SECONDS = 60;

  private final Opening opening;
  private final Sizes sizes;
  private @Nullable Round round;

  Growth(Opening opening, Sizes sizes) {
    this.opening = opening;
    this.sizes = sizes;
  }

  @Override
  public void prepare() throws Exception {
    PoolUnderLoad pool = opening.open();
    var warming =
        new Round(pool, new Tally(), new CountDownLatch(sizes.min()), new CountDownLatch(1));
    burst(warming, sizes.min());
    warming.release.countDown();
    warming.tally.await(sizes.min());
    warming.tally.check();
    round = new Round(pool, new Tally(), new CountDownLatch(sizes.max()), new CountDownLatch(1));
  }

  @Override
  public void run() throws Exception {
    burst(ready(), sizes.max());
  }

  private Round ready() {
    if (round == null) {
      throw new IllegalStateException("Not prepared.");
    }
    return round;
  }

  private static void burst(Round round, int tasks) throws InterruptedException {
    Runnable task = () -> hold(round);
    for (int i = 0; i < tasks; i++) {
      round.pool.execute(task);
    }
    if (!round.begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%d of %d tasks have begun at once.".formatted(tasks - round.begun.getCount(), tasks));
    }
  }

  private static void hold(Round round) {
    round.begun.countDown();
    try {
      round.release.await();
    } catch (InterruptedException cutShort) {
      throw new IllegalStateException(cutShort);
    }
    round.tally.add();
  }

  @Override
  public long finish() throws Exception {
    Round over = ready();
    round = null;
    over.release.countDown();
    over.tally.await(sizes.max());
    over.pool.end();
    over.tally.check();
    return sizes.max();
  }

  @Override
  public void end() throws Exception {
    Round unfinished = round;
    if (unfinished != null) {
      unfinished.release.countDown();
      unfinished.pool.end();
    }
  }
}
