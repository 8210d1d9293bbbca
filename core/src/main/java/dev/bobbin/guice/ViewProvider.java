package dev.bobbin.guice;

import com.google.inject.Injector;
import com.google.inject.Key;
import dev.bobbin.api.ThreadPool;
import java.util.concurrent.ExecutorService;

/** Provides the view of one pool for those who only submit to it. */
final class ViewProvider extends HubProvider<ExecutorService> {
  private final String name;

  ViewProvider(String name) {
    super(name);
    this.name = name;
  }

  @Override
  ExecutorService from(Injector injector) {
    return new PoolView(injector.getInstance(Key.get(ThreadPool.class, Pools.named(name))));
  }
}
