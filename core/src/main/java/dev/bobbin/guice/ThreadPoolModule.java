package dev.bobbin.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binder;
import com.google.inject.Module;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.ThreadPools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Declares pools to Guice. Immutable; made by applications, called by Guice. Any number of such
 * modules in one injector add up, and equal ones count once.
 *
 * <pre>{@code
 * Injector injector =
 *     Guice.createInjector(
 *         ThreadPoolModule.builder()
 *             .pool(ThreadPoolConfig.builder("cpu").minWorkers(1).maxWorkers(4).build())
 *             .pool(ThreadPoolConfig.builder("io").minWorkers(2).maxWorkers(8).build())
 *             .build(),
 *         new AppModule());
 * }</pre>
 *
 * <p>Neither the module nor the making of an injector starts a thread, in no stage. A pool starts
 * with its first task, or when the {@link PoolOwner} starts it, whichever is first.
 *
 * <table>
 * <caption>What this module binds</caption>
 * <tr><th>key</th><th>scope</th><th>when</th></tr>
 * <tr><td>{@code @Pool("x") ThreadPool}</td><td>singleton</td><td>for each pool</td></tr>
 * <tr><td>{@code @Pool("x") ExecutorService}, {@code @Pool("x") Executor}</td><td>singleton, the
 *     same view of that pool</td><td>for each pool</td></tr>
 * <tr><td>{@code @Pool("x") PoolOwner}</td><td>singleton, the one owner</td><td>for each
 *     pool</td></tr>
 * <tr><td>{@code PoolOwner}</td><td>singleton</td><td>always, unless {@link
 *     Builder#ownerByPoolOnly}</td></tr>
 * <tr><td>{@code ThreadPool}, {@code ExecutorService}, {@code Executor}</td><td>those of the
 *     default pool</td><td>with {@link Builder#defaultPool} only</td></tr>
 * <tr><td>{@code @Pool("x") Optional<ThreadFactory>}, {@code @Pool("x") Optional<OverflowPolicy>}, {@code
 *     @Pool("x") Optional<GrowthPolicy>}</td><td>none</td><td>for each pool: an {@code
 *     OptionalBinder} without a default</td></tr>
 * </table>
 *
 * <p>Beside these it binds a few keys whose types or qualifiers are not public. It reads, where an
 * application binds them, {@code ThreadFactory}, {@code OverflowPolicy}, {@code GrowthPolicy} and the sets of {@code ContextPropagator}, {@code
 * FailureReporter} and {@code WorkerThreadFactory}, each under {@code @Pool("x")} and {@link
 * AllPools @AllPools}: see {@link PluginBinder}.
 *
 * <p>A view refuses {@code shutdown}, {@code shutdownNow} and {@code close} with an {@link
 * IllegalStateException}, since a pool belongs to its owner and not to each who uses it.
 *
 * <p>Mistakes of wiring are reported as errors of the injector, each a sentence with the line that
 * declared the thing. What depends on plugins bound in Guice is known when those are made, at the
 * latest with the pool, and then comes as a {@link com.google.inject.ProvisionException}.
 */
public final class ThreadPoolModule implements Module {
  private final ModuleSpec spec;

  private ThreadPoolModule(ModuleSpec spec) {
    this.spec = spec;
  }

  /** Returns a builder of a module that declares no pools yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** Called by Guice: binds what the table above says, and looks for plugins. Starts nothing. */
  @Override
  public void configure(Binder binder) {
    new ModuleBindings(spec).bindIn(binder);
  }

  ModuleSpec spec() {
    return spec;
  }

  /** Returns whether {@code other} is a module that says the same, line numbers aside. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ThreadPoolModule that && spec.equals(that.spec);
  }

  @Override
  public int hashCode() {
    return spec.hashCode();
  }

  @Override
  public String toString() {
    return "ThreadPoolModule" + spec.poolNames();
  }

  /**
   * Collects what a module declares. Not for use by several threads. The lines that call it are
   * those to which errors point.
   */
  public static final class Builder {
    private final List<Located<PoolDeclaration>> pools = new ArrayList<>();
    private final List<Consumer<? super ThreadPools.Builder>> eachPool = new ArrayList<>();
    private final List<Located<String>> defaultPools = new ArrayList<>();
    private final Set<String> denied = new LinkedHashSet<>();
    private @Nullable Located<Duration> shutdownHook;
    private @Nullable Plugins plugins;
    private boolean lenient;
    private boolean startedByOwnerOnly;
    private boolean ownerByPoolOnly;

    private Builder() {}

    /** Adds a pool. The owner starts pools in the order in which they are added. */
    public Builder pool(ThreadPoolConfig config) {
      return pool(config, NOTHING);
    }

    /**
     * Adds a pool that gets objects of its own: its thread factory, propagators, reporters.
     *
     * <pre>{@code
     * .pool(io, pool -> pool.threadFactory(factory).failureReporter(reporter))
     * }</pre>
     *
     * @param customizer is handed the pool's builder whenever an injector makes the pool; it only
     *     sets values there. What it throws is an error of wiring
     */
    public Builder pool(ThreadPoolConfig config, Consumer<? super ThreadPools.Builder> customizer) {
      requireNonNull(config, "config");
      requireNonNull(customizer, "customizer");
      pools.add(Located.here(new PoolDeclaration(config, customizer)));
      return this;
    }

    /**
     * Adds a customizer for each pool of this module, called before the pool's own. Defaults to
     * none.
     */
    public Builder eachPool(Consumer<? super ThreadPools.Builder> customizer) {
      eachPool.add(requireNonNull(customizer, "customizer"));
      return this;
    }

    /**
     * Makes one pool, of this module or another or of a parent injector, the one that is injected
     * where no {@link Pool} is written. Defaults to none: nothing is then bound without a
     * qualifier.
     *
     * @throws IllegalArgumentException if no pool can have that name
     */
    public Builder defaultPool(String name) {
      defaultPools.add(Located.here(Pools.named(name).value()));
      return this;
    }

    /**
     * Lets this module's pools wait for {@link PoolOwner#start}: tasks submitted earlier wait as
     * well. Defaults to pools that start with their first task.
     */
    public Builder startedByOwnerOnly() {
      this.startedByOwnerOnly = true;
      return this;
    }

    /**
     * Binds the owner under each pool's {@link Pool} only, not without a qualifier. For a module in
     * a private module or child injector whose parent has an owner of its own: each level of
     * injectors has one owner, of the pools declared on that level. Defaults to both.
     */
    public Builder ownerByPoolOnly() {
      this.ownerByPoolOnly = true;
      return this;
    }

    /**
     * Lets the owner stop all its pools when the JVM shuts down, for as long as the deadline: then
     * what still waits is given up. The deadline is there because the task that called {@code
     * System.exit} is one that a plain stop would wait for. What would not end is written to
     * standard error. The hook is registered when the injector first hands out one of the pools or
     * the owner starts them, and taken back when the owner has closed. Defaults to no hook.
     *
     * @throws IllegalArgumentException if {@code deadline} is negative
     */
    public Builder shutdownHook(Duration deadline) {
      if (deadline.isNegative()) {
        throw new IllegalArgumentException(
            "The deadline of a shutdown hook must not be negative, was %s.".formatted(deadline));
      }
      this.shutdownHook = Located.here(deadline);
      return this;
    }

    /**
     * Sets the discovered plugins to use. Defaults to looking for them on the class path, as {@link
     * Plugins#discover} does, while the injector is configured.
     */
    public Builder plugins(Plugins plugins) {
      this.plugins = requireNonNull(plugins, "plugins");
      return this;
    }

    /** Switches discovery off: the same as {@code plugins(Plugins.none())}. */
    public Builder withoutDiscovery() {
      return plugins(Plugins.none());
    }

    /**
     * Adds plugins that discovery leaves out, as {@link Plugins.Builder#deny}. Defaults to none.
     */
    public Builder denyPlugins(String... names) {
      for (String name : names) {
        denied.add(requireNonNull(name, "name"));
      }
      return this;
    }

    /**
     * Makes warnings of what discovery finds wrong, as {@link Plugins.Builder#lenient}. Defaults to
     * strict.
     */
    public Builder lenientDiscovery() {
      this.lenient = true;
      return this;
    }

    /**
     * Returns the module.
     *
     * @throws IllegalStateException if it says both how to discover and that nothing is to be
     *     discovered
     */
    public ThreadPoolModule build() {
      if (plugins != null && (lenient || !denied.isEmpty())) {
        throw new IllegalStateException(
            "denyPlugins and lenientDiscovery say how to discover plugins, but plugins or"
                + " withoutDiscovery was called, so nothing is discovered. Leave out one of the two,"
                + " or use Plugins.builder().");
      }
      return new ThreadPoolModule(new ModuleSpec(
          pools,
          eachPool,
          defaultPools,
          startedByOwnerOnly,
          ownerByPoolOnly,
          shutdownHook,
          plugins,
          Located.here(new DiscoverySettings(denied, lenient))));
    }

    private static final Consumer<ThreadPools.Builder> NOTHING = builder -> {};
  }
}
