package dev.bobbin.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A batch during which another thread halves the sizes of the pool and sets them back, again and again,
 * with a pause of 100 microseconds between. Each run begins and ends with the full sizes.
 */
final class WhileResizing implements Batch {
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final Batch batch;
  private final PoolUnderLoad pool;
  private final Sizes sizes;
  private @Nullable Thread resizer;
  private volatile boolean over;
  private volatile @Nullable RuntimeException failure;

  WhileResizing(Batch batch, PoolUnderLoad pool, Sizes sizes) {
    this.batch = batch;
    this.pool = pool;
    this.sizes = sizes;
  }

  private void resize() {
    Sizes halved = sizes.halved();
    try {
      while (!over) {
        pool.resize(halved);
        LockSupport.parkNanos(this, PAUSE_NANOS);
        pool.resize(sizes);
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    } catch (RuntimeException refused) {
      failure = refused;
    }
  }

  @Override
  public void prepare() throws Exception {
    batch.prepare();
    over = false;
    var thread = new Thread(this::resize, "resizer");
    thread.setDaemon(true);
    thread.start();
    resizer = thread;
  }

  @Override
  public void run() throws Exception {
    batch.run();
  }

  @Override
  public long finish() throws Exception {
    stopResizing();
    if (failure != null) {
      throw new IllegalStateException("The pool could not be resized.", failure);
    }
    return batch.finish();
  }

  private void stopResizing() throws InterruptedException {
    over = true;
    if (resizer != null) {
      resizer.join();
    }
  }

  @Override
  public void end() throws Exception {
    stopResizing();
    batch.end();
  }
}
