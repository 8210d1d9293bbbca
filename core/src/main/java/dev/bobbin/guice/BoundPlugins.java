package dev.bobbin.guice;

import com.google.inject.Injector;
import com.google.inject.Key;
import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** Looks up what an application binds in Guice for a pool, on the pool's level or above. */
final class BoundPlugins {
  private final Injector injector;
  private final PluginKeys ofAll = PluginKeys.ofAllPools();
  private final PluginKeys ofPool;

  BoundPlugins(Injector injector, String pool) {
    this.injector = injector;
    this.ofPool = new PluginKeys(pool);
  }

  /** Returns whether anything is bound, without making it. */
  boolean any() {
    return ofAll.all().anyMatch(this::isBound) || ofPool.all().anyMatch(this::isBound);
  }

  /** Makes what is bound and hands it to the builder. */
  void addTo(ThreadPools.Builder pool) {
    forEach(ContextPropagator.class, pool::contextPropagator);
    forEach(FailureReporter.class, pool::failureReporter);
    forEach(WorkerThreadFactory.class, pool::threadFactory);
    forEach(PoolListener.class, pool::listener);
    replacement(ThreadFactory.class).ifPresent(factory -> pool.threadFactory(factory));
    replacement(OverflowPolicy.class).ifPresent(pool::overflowPolicy);
    replacement(GrowthPolicy.class).ifPresent(pool::growthPolicy);
  }

  /** Returns the one that is bound for the pool, or else the one for all pools. */
  private <T> Optional<T> replacement(Class<T> type) {
    Optional<T> own = injector.getInstance(ofPool.optionalOf(type));
    Key<T> ofAllPools = ofAll.one(type);
    return own.isEmpty() && isBound(ofAllPools)
        ? Optional.of(injector.getInstance(ofAllPools))
        : own;
  }

  private <T> void forEach(Class<T> type, Consumer<? super T> taker) {
    for (PluginKeys keys : List.of(ofAll, ofPool)) {
      Key<Set<T>> key = keys.setOf(type);
      if (isBound(key)) {
        injector.getInstance(key).forEach(taker);
      }
    }
  }

  private boolean isBound(Key<?> key) {
    return injector.getExistingBinding(key) != null;
  }
}
