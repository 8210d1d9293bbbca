package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Checks durations that come from users. */
final class Durations {
  private Durations() {}

  static Duration checkPositive(String what, Duration duration) {
    requireNonNull(duration, what);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "%s must be positive, was %s. Leave it out for no limit.".formatted(what, duration));
    }
    return duration;
  }

  static Duration checkNotNegative(String what, Duration duration) {
    requireNonNull(duration, what);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "%s must not be negative, was %s. Give Duration.ZERO for none."
              .formatted(what, duration));
    }
    return duration;
  }
}
