package dev.bobbin.guice;

import com.google.common.util.concurrent.AbstractIdleService;
import dev.bobbin.api.ThreadPool;
import java.util.function.Supplier;

/**
 * One pool in the clothes of a Guava service; both of its changes happen on a thread of Guava's.
 */
final class PoolService extends AbstractIdleService {
  private final String name;
  private final Supplier<ThreadPool> pool;

  PoolService(String name, Supplier<ThreadPool> pool) {
    this.name = name;
    this.pool = pool;
  }

  @Override
  protected void startUp() {
    pool.get().start();
  }

  @Override
  protected void shutDown() {
    pool.get().stop();
  }

  @Override
  protected String serviceName() {
    return "Pool '%s'".formatted(name);
  }
}
