package dev.bobbin.guice;

import dev.bobbin.core.Plugins;
import dev.bobbin.core.ThreadPools;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything one {@link ThreadPoolModule} says. Immutable; equal if it says the same, wherever.
 *
 * @param defaultPools the names given to {@code defaultPool}; more than one is a mistake
 * @param plugins what to use instead of discovering
 */
record ModuleSpec(
    List<Located<PoolDeclaration>> pools,
    List<Consumer<? super ThreadPools.Builder>> eachPool,
    List<Located<String>> defaultPools,
    boolean startedByOwnerOnly,
    boolean ownerByPoolOnly,
    @Nullable Located<Duration> shutdownHook,
    @Nullable Plugins plugins,
    Located<DiscoverySettings> discovery) {
  ModuleSpec {
    pools = List.copyOf(pools);
    eachPool = List.copyOf(eachPool);
    defaultPools = List.copyOf(defaultPools);
  }

  // Written out, as for PoolSizes.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModuleSpec that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<@Nullable Object> parts() {
    return Arrays.asList(
        pools,
        eachPool,
        defaultPools,
        startedByOwnerOnly,
        ownerByPoolOnly,
        shutdownHook,
        plugins,
        discovery);
  }

  List<String> poolNames() {
    return pools.stream().map(pool -> pool.value().name()).toList();
  }
}
