package dev.bobbin.spi;

import dev.bobbin.api.ThreadPoolConfig;

/**
 * Decides when pools grow for the tasks that wait. Implemented by authors of plugins and chosen by
 * name in a pool's configuration, or handed over where the pool is made; a pool uses one. Called once
 * for each pool, on the thread that makes it, with no lock held.
 *
 * <p>What is shared stays in the policy, which may serve any number of pools; what belongs to one pool
 * is in the {@link GrowthDecider} that the policy makes for it.
 */
public interface GrowthPolicy extends Plugin {
  /**
   * Returns the decider of one pool. If it throws or returns null the pool is not made, and that is an
   * error of wiring.
   *
   * @param config the configuration of the pool, whose {@link ThreadPoolConfig#growthPause} a policy
   *     should use if it pauses
   */
  GrowthDecider forPool(ThreadPoolConfig config);
}
