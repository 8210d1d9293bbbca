package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes pools without Guice. Called by applications.
 *
 * <pre>{@code
 * ThreadPool io = ThreadPools.builder(ThreadPoolConfig.builder("io").maxWorkers(8).build()).start();
 * }</pre>
 */
public final class ThreadPools {
  private ThreadPools() {}

  /** Returns a builder for a pool of this configuration. */
  public static Builder builder(ThreadPoolConfig config) {
    return new Builder(requireNonNull(config, "config"));
  }

  /** Collects what a pool is made of beside its configuration. Not for use by several threads. */
  public static final class Builder {
    private final ThreadPoolConfig config;
    private final WiringPlan plan;
    private @Nullable Plugins plugins;
    private @Nullable ClassLoader contextClassLoader;
    private boolean contextClassLoaderSet;
    private boolean startOnFirstTask;
    private @Nullable OverflowPolicy overflowPolicy;

    private Builder(ThreadPoolConfig config) {
      this.config = config;
      this.plan = new WiringPlan(config);
    }

    /**
     * Sets a thread factory of your own, which keeps its own names and settings: the pool adds
     * nothing but its body. Defaults to the plugin that the configuration names.
     */
    public Builder threadFactory(ThreadFactory factory) {
      plan.replaceThreadFactory(new OwnThreadFactory(requireNonNull(factory, "factory")));
      return this;
    }

    /**
     * Adds a thread factory plugin, which the configuration may then choose by its name; it wins over
     * a discovered one of the same name. Defaults to none.
     */
    public Builder threadFactory(WorkerThreadFactory factory) {
      plan.add(requireNonNull(factory, "factory"));
      return this;
    }

    /** Adds a propagator; it wins over a discovered one of the same name. Defaults to none. */
    public Builder contextPropagator(ContextPropagator propagator) {
      plan.add(requireNonNull(propagator, "propagator"));
      return this;
    }

    /** Adds a reporter; it wins over a discovered one of the same name. Defaults to none. */
    public Builder failureReporter(FailureReporter reporter) {
      plan.add(requireNonNull(reporter, "reporter"));
      return this;
    }

    /** Adds a listener; it wins over a discovered one of the same name. Defaults to none. */
    public Builder listener(PoolListener listener) {
      plan.add(requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Sets the policy that decides when the pool grows, whatever the configuration names; it wins over
     * a discovered one of the same name. Defaults to the plugin that the configuration names.
     */
    public Builder growthPolicy(GrowthPolicy policy) {
      plan.replaceGrowthPolicy(requireNonNull(policy, "policy"));
      return this;
    }

    /**
     * Sets who decides what happens to each task for which the backlog has no room. Defaults to {@link
     * ThreadPoolConfig#whenFull} for all.
     */
    public Builder overflowPolicy(OverflowPolicy policy) {
      this.overflowPolicy = requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets the discovered plugins to choose from. Defaults to {@link Plugins#discover()}, called when
     * the pool is built.
     */
    public Builder plugins(Plugins plugins) {
      this.plugins = requireNonNull(plugins, "plugins");
      return this;
    }

    /**
     * Sets the context class loader of the workers' threads; null stands for the bootstrap loader.
     * Defaults to that of the thread that builds the pool.
     */
    public Builder contextClassLoader(@Nullable ClassLoader loader) {
      this.contextClassLoader = loader;
      this.contextClassLoaderSet = true;
      return this;
    }

    /**
     * Lets the pool start with its first task, if it was not started before. Defaults to waiting for
     * {@link ThreadPool#start()}.
     */
    public Builder startOnFirstTask() {
      this.startOnFirstTask = true;
      return this;
    }

    /**
     * Returns a new pool. No thread is made.
     *
     * @throws WiringException if a plugin is missing, unavailable or not unique; it names every such
     *     problem
     */
    public ThreadPool build() {
      Plugins found = plugins == null ? Plugins.discover() : plugins;
      ClassLoader loader = contextClassLoaderSet
          ? contextClassLoader
          : Thread.currentThread().getContextClassLoader();
      return new Pool(
          config, plan.resolve(found), loader, startOnFirstTask, overflowPolicy, Seams.REAL);
    }

    /**
     * Returns a new pool that has been started.
     *
     * @throws WiringException as {@link #build()}
     * @throws ThreadCreationException if threads are needed and not one could be made
     */
    public ThreadPool start() {
      ThreadPool pool = build();
      pool.start();
      return pool;
    }
  }

  /** A user's plain factory in the form of a plugin. */
  private record OwnThreadFactory(ThreadFactory factory) implements WorkerThreadFactory {
    @Override
    public String name() {
      return factory.getClass().getName();
    }

    @Override
    public Thread newThread(WorkerThreadSettings settings, Runnable body) {
      return factory.newThread(body);
    }
  }
}
