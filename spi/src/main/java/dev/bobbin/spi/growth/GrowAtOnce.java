package dev.bobbin.spi.growth;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;

/**
 * Lets a pool grow as soon as a task waits and nobody is free for it, under the name {@code at-once}.
 * What pools use unless told otherwise.
 */
@SuppressWarnings("exports") // AutoService is gone from the class file that is run
@AutoService(GrowthPolicy.class)
public final class GrowAtOnce implements GrowthPolicy {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public GrowAtOnce() {}

  @Override
  public String name() {
    return "at-once";
  }

  @Override
  public GrowthDecider forPool(ThreadPoolConfig config) {
    return GrowthDecider.atOnce();
  }
}
