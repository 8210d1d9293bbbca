package dev.bobbin.guice;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ThreadPools;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pool as a module declares it.
 *
 * @param customizer is handed the pool's builder before the pool is made
 */
record PoolDeclaration(ThreadPoolConfig config, Consumer<? super ThreadPools.Builder> customizer) {
  // Written out, as for PoolSizes.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PoolDeclaration that
        && config.equals(that.config)
        && customizer.equals(that.customizer);
  }

  @Override
  public int hashCode() {
    return 31 * config.hashCode() + customizer.hashCode();
  }

  String name() {
    return config.name();
  }
}
