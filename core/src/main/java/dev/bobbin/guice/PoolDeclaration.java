package dev.bobbin.guice;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ThreadPools;
import java.util.function.Consumer;

/**
 * One pool as a module declares it.
 *
 * @param customizer is handed the pool's builder before the pool is made
 */
record PoolDeclaration(ThreadPoolConfig config, Consumer<? super ThreadPools.Builder> customizer) {
  String name() {
    return config.name();
  }
}
