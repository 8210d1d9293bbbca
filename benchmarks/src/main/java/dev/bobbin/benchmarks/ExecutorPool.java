package dev.bobbin.benchmarks;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A peer that is an {@link ExecutorService}. */
final class ExecutorPool implements PoolUnderLoad {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ExecutorService pool;
  private final Consumer<Sizes> resizing;

  /** Makes one whose sizes cannot be changed. */
  ExecutorPool(ExecutorService pool) {
    this(pool, sizes -> {
      throw new UnsupportedOperationException(pool.getClass().getSimpleName());
    });
  }

  ExecutorPool(ExecutorService pool, Consumer<Sizes> resizing) {
    this.pool = pool;
    this.resizing = resizing;
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public <T> Future<T> submit(Callable<T> task) {
    return pool.submit(task);
  }

  @Override
  public void resize(Sizes sizes) {
    resizing.accept(sizes);
  }

  @Override
  public Object pool() {
    return pool;
  }

  @Override
  public void end() throws InterruptedException {
    pool.shutdown();
    long begin = System.nanoTime();
    // Again and again, since one of the peers takes any unpark of this thread for the end of the
    // time.
    while (!pool.awaitTermination(LIMIT_NANOS, TimeUnit.NANOSECONDS)) {
      if (System.nanoTime() - begin > LIMIT_NANOS) {
        throw new IllegalStateException("Pool has not ended: " + pool);
      }
    }
  }
}
