package dev.bobbin.spi.growth;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.GrowthRequest;
import java.time.Duration;

/**
 * Lets a pool grow only when a task has waited for the {@linkplain ThreadPoolConfig#growthPause growth
 * pause}, under the name {@code after-wait}. Short bursts are then left to the workers there are.
 *
 * <p>While such a task waits, the pool may grow for those behind it too. Tasks of all priorities count,
 * from their submission on. The clock is read for every task of the pool.
 */
@SuppressWarnings("exports") // AutoService is gone from the class file that is run
@AutoService(GrowthPolicy.class)
public final class GrowAfterWait implements GrowthPolicy {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public GrowAfterWait() {}

  @Override
  public String name() {
    return "after-wait";
  }

  @Override
  public GrowthDecider forPool(ThreadPoolConfig config) {
    return config.growthPause().isZero()
        ? GrowthDecider.atOnce()
        : new Decider(config.growthPause());
  }

  private record Decider(Duration pause) implements GrowthDecider {
    @Override
    public GrowthAnswer mayGrow(GrowthRequest request) {
      Duration waited = request.longestWait().orElse(Duration.ZERO);
      return waited.compareTo(pause) >= 0
          ? GrowthAnswer.now()
          : GrowthAnswer.notBefore(pause.minus(waited));
    }

    @Override
    public boolean asksForWaits() {
      return true;
    }
  }
}
