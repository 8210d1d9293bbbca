package dev.bobbin.benchmarks;

import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.context.ThreadLocalPropagator;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.ThreadPools;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/**
 * A Bobbin pool without plugins, or with propagators that each carry one thread-local, whose value the
 * thread that opens the pool has from then on.
 */
final class BobbinPool implements PoolUnderLoad {
  private static final String CARRIED = "carried";

  private final ThreadPool pool;

  private BobbinPool(ThreadPool pool) {
    this.pool = pool;
  }

  static BobbinPool open(Sizes sizes) {
    return new BobbinPool(builder(sizes).start());
  }

  static BobbinPool open(Sizes sizes, int propagators) throws Exception {
    ThreadPools.Builder builder = builder(sizes);
    List<ThreadLocal<String>> locals = new ArrayList<>();
    for (int i = 0; i < propagators; i++) {
      var local = new ThreadLocal<String>();
      local.set(CARRIED);
      locals.add(local);
      builder.contextPropagator(
          ThreadLocalPropagator.builder("local-" + i).carry("value", local).build());
    }
    var pool = new BobbinPool(builder.start());
    boolean carries = pool.submit(
            () -> locals.stream().allMatch(local -> CARRIED.equals(local.get())))
        .get();
    if (!carries) {
      throw new IllegalStateException("A value did not travel with its task.");
    }
    return pool;
  }

  private static ThreadPools.Builder builder(Sizes sizes) {
    ThreadPoolConfig config = ThreadPoolConfig.builder("benchmark")
        .minWorkers(sizes.min())
        .maxWorkers(sizes.max())
        .build();
    return ThreadPools.builder(config).plugins(Plugins.none());
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
  public <T> void call(OutcomeCallback<T> callback, Callable<T> work) {
    pool.callInThreadWithCallback(callback, work);
  }

  @Override
  public void resize(Sizes sizes) {
    pool.adjustPoolSize(sizes.min(), sizes.max());
  }

  @Override
  public Object pool() {
    return pool;
  }

  @Override
  public void end() {
    pool.close();
  }
}
