package dev.bobbin.guice;

import com.google.inject.Injector;
import dev.bobbin.api.ThreadPool;

/** Provides the pool of one name. */
final class PoolProvider extends HubProvider<ThreadPool> {
  private final String name;

  PoolProvider(String name) {
    super(name);
    this.name = name;
  }

  @Override
  ThreadPool from(Injector injector) {
    return PoolHub.of(injector).pool(name);
  }
}
