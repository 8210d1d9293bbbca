package dev.bobbin.guice;

import dev.bobbin.core.Plugins;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a module wants plugins to be found. Modules with equal settings share what is found. */
record DiscoverySettings(Set<String> denied, boolean lenient) {
  DiscoverySettings {
    denied = Set.copyOf(denied);
  }

  // Written out, as for PoolSizes.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DiscoverySettings that
        && denied.equals(that.denied)
        && lenient == that.lenient;
  }

  @Override
  public int hashCode() {
    return 31 * denied.hashCode() + Boolean.hashCode(lenient);
  }

  /**
   * Looks for plugins.
   *
   * @throws dev.bobbin.core.WiringException if something that was found cannot be used
   */
  Plugins discover() {
    Plugins.Builder builder =
        Plugins.builder().deny(denied.stream().sorted().toArray(String[]::new));
    return lenient ? builder.lenient().build() : builder.build();
  }
}
