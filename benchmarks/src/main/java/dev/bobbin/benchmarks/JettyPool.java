package dev.bobbin.benchmarks;

import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty's pool, which has no futures of its own. */
final class JettyPool implements PoolUnderLoad {
  private final QueuedThreadPool pool;

  private JettyPool(QueuedThreadPool pool) {
    this.pool = pool;
  }

  static JettyPool open(Sizes sizes) throws Exception {
    var pool = new QueuedThreadPool(sizes.max(), sizes.min());
    // Reserved threads are for Jetty's own I/O; none would be used, and a pool of two has none to
    // spare.
    pool.setReservedThreads(0);
    pool.start();
    return new JettyPool(pool);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public void resize(Sizes sizes) {
    sizes.set(pool.getMinThreads(), pool::setMinThreads, pool::setMaxThreads);
  }

  @Override
  public Object pool() {
    return pool;
  }

  @Override
  public void end() throws Exception {
    pool.stop();
  }
}
