package dev.bobbin.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binder;
import com.google.inject.binder.LinkedBindingBuilder;
import com.google.inject.multibindings.Multibinder;
import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import java.util.concurrent.ThreadFactory;

/**
 * Binds plugins in Guice, for all pools or for one. Called by applications, and by any module that
 * has something for pools, in its {@code configure}.
 *
 * <pre>{@code
 * PluginBinder.forAllPools(binder()).addContextPropagator().to(TenantPropagator.class);
 * PluginBinder.forPool(binder(), "cpu").threadFactory().to(PinnedThreads.class);
 * }</pre>
 *
 * <p>What is bound here wins over a discovered plugin of the same kind and name. It is made with
 * the pool: a plugin that itself uses a pool must inject a {@code Provider} of it, and not call
 * that in its constructor, for the pool cannot be there before its plugins are.
 *
 * <p>It is a thin face: the plugins go into a {@link Multibinder} of their interface, the thread
 * factory and the policies are plain bindings, all under {@link AllPools} or {@link Pool}; who prefers to may bind
 * those keys by hand. Plugins for a pool that is not declared are an error of wiring. They are
 * bound where the pool is declared, or in a parent of that injector.
 */
public final class PluginBinder {
  private final QualifiedBinder binder;

  private PluginBinder(QualifiedBinder binder) {
    this.binder = binder;
  }

  /** Returns a binder that adds to all pools of {@code binder}'s injector and its children. */
  public static PluginBinder forAllPools(Binder binder) {
    return new PluginBinder(new QualifiedBinder(callers(binder), PluginKeys.ofAllPools()));
  }

  /**
   * Returns a binder that adds to one pool.
   *
   * @throws IllegalArgumentException if no pool can have that name
   */
  public static PluginBinder forPool(Binder binder, String poolName) {
    String checked = Pools.named(poolName).value();
    return new PluginBinder(new QualifiedBinder(callers(binder), new PluginKeys(checked)));
  }

  /** Begins the binding of one more context propagator. */
  public LinkedBindingBuilder<ContextPropagator> addContextPropagator() {
    return binder.add(ContextPropagator.class);
  }

  /** Begins the binding of one more failure reporter. */
  public LinkedBindingBuilder<FailureReporter> addFailureReporter() {
    return binder.add(FailureReporter.class);
  }

  /** Begins the binding of one more listener. */
  public LinkedBindingBuilder<PoolListener> addListener() {
    return binder.add(PoolListener.class);
  }

  /** Begins the binding of one more thread factory that configurations may choose by its name. */
  public LinkedBindingBuilder<WorkerThreadFactory> addThreadFactory() {
    return binder.add(WorkerThreadFactory.class);
  }

  /**
   * Begins the binding of the thread factory that makes the threads whatever the configuration
   * names. One bound for a pool wins over one bound for all pools.
   */
  public LinkedBindingBuilder<ThreadFactory> threadFactory() {
    return binder.bind(ThreadFactory.class);
  }

  /**
   * Begins the binding of the policy that decides when pools grow, whatever the configuration names.
   * One bound for a pool wins over one bound for all pools.
   */
  public LinkedBindingBuilder<GrowthPolicy> growthPolicy() {
    return binder.bind(GrowthPolicy.class);
  }

  /**
   * Begins the binding of the policy that decides what happens to tasks for which a backlog has no
   * room, whatever the configuration says. One bound for a pool wins over one bound for all pools.
   */
  public LinkedBindingBuilder<OverflowPolicy> overflowPolicy() {
    return binder.bind(OverflowPolicy.class);
  }

  private static Binder callers(Binder binder) {
    return requireNonNull(binder, "binder").skipSources(PluginBinder.class, QualifiedBinder.class);
  }
}
