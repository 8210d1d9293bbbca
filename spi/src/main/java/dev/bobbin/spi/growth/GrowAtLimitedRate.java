package dev.bobbin.spi.growth;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.GrowthRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets a pool grow by one worker at most in each {@linkplain ThreadPoolConfig#growthPause growth pause},
 * under the name {@code limited-rate}, so that a burst does not cost a burst of threads. The first
 * worker above the minimum may come at once.
 *
 * <p>A permission that came to nothing, since the task was taken meanwhile or no thread could be made,
 * counts all the same.
 */
@SuppressWarnings("exports") // AutoService is gone from the class file that is run
@AutoService(GrowthPolicy.class)
public final class GrowAtLimitedRate implements GrowthPolicy {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public GrowAtLimitedRate() {}

  @Override
  public String name() {
    return "limited-rate";
  }

  @Override
  public GrowthDecider forPool(ThreadPoolConfig config) {
    return config.growthPause().isZero()
        ? GrowthDecider.atOnce()
        : new Decider(config.growthPause());
  }

  private static final class Decider implements GrowthDecider {
    private final long pauseNanos;

    /** Before when the pool may not grow again; null until it has grown. Each change is one permission. */
    private final AtomicReference<@Nullable Long> notBefore = new AtomicReference<>();

    Decider(Duration pause) {
      this.pauseNanos = nanos(pause);
    }

    @Override
    public GrowthAnswer mayGrow(GrowthRequest request) {
      long now = request.nanoTime();
      for (; ; ) {
        Long before = notBefore.get();
        if (before != null && before - now > 0) {
          return GrowthAnswer.notBefore(Duration.ofNanos(before - now));
        }
        if (notBefore.compareAndSet(before, now + pauseNanos)) {
          return GrowthAnswer.now();
        }
      }
    }

    /** Returns so many nanoseconds, at most half of what differences of times can tell. */
    private static long nanos(Duration pause) {
      Duration most = Duration.ofNanos(Long.MAX_VALUE / 2);
      return (pause.compareTo(most) < 0 ? pause : most).toNanos();
    }
  }
}
