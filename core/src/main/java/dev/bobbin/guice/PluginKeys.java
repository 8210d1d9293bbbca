package dev.bobbin.guice;

import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.util.Types;
import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which plugins are bound, for one pool or for all.
 *
 * @param pool the name of the pool; null stands for all pools
 */
record PluginKeys(@Nullable String pool) {
  private static final List<Class<? extends Plugin>> PLUGINS = List.of(
      ContextPropagator.class,
      FailureReporter.class,
      WorkerThreadFactory.class,
      PoolListener.class);

  /** What there can be one of, looked up through an optional binder. */
  static final List<Class<?>> REPLACEABLE =
      List.of(ThreadFactory.class, OverflowPolicy.class, GrowthPolicy.class);

  static PluginKeys ofAllPools() {
    return new PluginKeys(null);
  }

  /** Returns the key of one thing. */
  <T> Key<T> one(Class<T> type) {
    return pool == null ? Key.get(type, AllPools.class) : Key.get(type, Pools.named(pool));
  }

  /** Returns the key of the set that a multibinder of {@link #one} makes. */
  @SuppressWarnings("unchecked") // the type is written in the same line
  <T> Key<Set<T>> setOf(Class<T> type) {
    return (Key<Set<T>>) one(type).ofType(Types.setOf(type));
  }

  /** Returns the key of what an optional binder of {@link #one} makes. */
  @SuppressWarnings("unchecked") // the type is written in the same line
  <T> Key<Optional<T>> optionalOf(Class<T> type) {
    return (Key<Optional<T>>) one(type).ofType(Types.newParameterizedType(Optional.class, type));
  }

  /** Returns all keys that are read when a pool is made. */
  Stream<Key<?>> all() {
    return Stream.concat(REPLACEABLE.stream().map(this::one), PLUGINS.stream().map(this::setOf));
  }

  /** Returns whether a key of this type is one of ours, whatever its qualifier. */
  static boolean isRead(TypeLiteral<?> type) {
    return ofAllPools().all().anyMatch(key -> key.getTypeLiteral().equals(type));
  }
}
