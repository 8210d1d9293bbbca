package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what was handed over for one pool, and settles with the configuration and the discovered
 * plugins what the pool is made of. May be resolved more than once. Not for use by several threads.
 */
final class WiringPlan {
  private final ThreadPoolConfig config;
  private final List<HandedOver> handedOver = new ArrayList<>();
  private @Nullable WorkerThreadFactory replacement;
  private @Nullable GrowthPolicy growthPolicy;

  WiringPlan(ThreadPoolConfig config) {
    this.config = requireNonNull(config, "config");
  }

  /** Adds a plugin; it wins over a discovered one of the same kind and name. */
  void add(WorkerThreadFactory factory) {
    handedOver.add(new HandedOver(PluginKind.THREAD_FACTORY, requireNonNull(factory, "factory")));
  }

  /** Adds a plugin; it wins over a discovered one of the same kind and name. */
  void add(ContextPropagator propagator) {
    handedOver.add(
        new HandedOver(PluginKind.CONTEXT_PROPAGATOR, requireNonNull(propagator, "propagator")));
  }

  /** Adds a plugin; it wins over a discovered one of the same kind and name. */
  void add(FailureReporter reporter) {
    handedOver.add(
        new HandedOver(PluginKind.FAILURE_REPORTER, requireNonNull(reporter, "reporter")));
  }

  /** Adds a plugin; it wins over a discovered one of the same kind and name. */
  void add(PoolListener listener) {
    handedOver.add(new HandedOver(PluginKind.POOL_LISTENER, requireNonNull(listener, "listener")));
  }

  /** Sets what makes the threads whatever the configuration names; it is not asked for a name. */
  void replaceThreadFactory(WorkerThreadFactory replacement) {
    this.replacement = requireNonNull(replacement, "replacement");
  }

  /** Sets what decides when the pool grows, whatever the configuration names. */
  void replaceGrowthPolicy(GrowthPolicy policy) {
    this.growthPolicy = requireNonNull(policy, "policy");
  }

  /**
   * Returns what the pool is made of.
   *
   * @throws WiringException if it cannot be made so, with every reason
   */
  Wiring resolve(Plugins plugins) {
    return new WiringResolver(config, plugins, List.copyOf(handedOver), replacement, growthPolicy)
        .resolve();
  }

  /** A plugin that came as an object, in the part that it is to play. */
  record HandedOver(PluginKind kind, Plugin plugin) {}
}
