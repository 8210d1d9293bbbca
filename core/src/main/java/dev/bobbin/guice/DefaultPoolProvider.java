package dev.bobbin.guice;

import com.google.inject.Injector;
import com.google.inject.Key;

/** Provides the default pool, or its view, whichever pool that turns out to be. */
final class DefaultPoolProvider<T> extends HubProvider<T> {
  private final Class<T> type;

  DefaultPoolProvider(Class<T> type) {
    super(type);
    this.type = type;
  }

  @Override
  T from(Injector injector) {
    String name = PoolHub.of(injector).declarations().defaultPool();
    return injector.getInstance(Key.get(type, Pools.named(name)));
  }
}
