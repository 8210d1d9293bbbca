package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What decides when one pool grows. A pool that grows at once has none.
 *
 * @param policy where it comes from, for reports
 * @param decider whom to ask
 * @param asksForWaits whether the decider wants to know how long a task has waited
 */
record PoolGrowth(GrowthPolicy policy, GrowthDecider decider, boolean asksForWaits) {
  /**
   * Returns what the policy makes for the pool of this configuration, or null if it is to grow at once.
   * May throw whatever the policy throws.
   */
  static @Nullable PoolGrowth of(GrowthPolicy policy, ThreadPoolConfig config) {
    GrowthDecider decider = requireNonNull(policy.forPool(config), "forPool(config) returned null");
    return decider == GrowthDecider.atOnce()
        ? null
        : new PoolGrowth(policy, decider, decider.asksForWaits());
  }
}
