package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link GrowthDecider} answers. Immutable. Made by deciders and read by pools. */
public final class GrowthAnswer {
  private static final GrowthAnswer NOW = new GrowthAnswer(Duration.ZERO);
  private static final GrowthAnswer NO = new GrowthAnswer(null);

  /** How long not to grow; null for a plain no. */
  private final @Nullable Duration pause;

  private GrowthAnswer(@Nullable Duration pause) {
    this.pause = pause;
  }

  /** Returns the answer that the pool may make one more worker now. */
  public static GrowthAnswer now() {
    return NOW;
  }

  /**
   * Returns the answer that the pool may not grow before so much time has passed since the {@linkplain
   * GrowthRequest#nanoTime moment of the request}. The pool does not ask until then, and then asks again
   * by itself if a task still waits, though no other has come. Zero is the same as {@link #now()}.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static GrowthAnswer notBefore(Duration fromNow) {
    if (requireNonNull(fromNow, "fromNow").isNegative()) {
      throw new IllegalArgumentException(
          "A growth policy must not answer with a moment that has passed, was %s. Answer now() instead."
              .formatted(fromNow));
    }
    return fromNow.isZero() ? NOW : new GrowthAnswer(fromNow);
  }

  /**
   * Returns the answer that the pool may not grow. It holds until there is another occasion to ask: the
   * next task, a worker that takes one, parks or leaves, or a change of the sizes. No time is set, so a
   * task may wait until a worker is free.
   */
  public static GrowthAnswer no() {
    return NO;
  }

  /** Returns how long the pool may not grow, zero for {@link #now()}; empty for {@link #no()}. */
  public Optional<Duration> pause() {
    return Optional.ofNullable(pause);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GrowthAnswer answer && pause().equals(answer.pause());
  }

  @Override
  public int hashCode() {
    return pause().hashCode();
  }

  /** Returns {@code now}, {@code no}, or {@code not before PT0.1S from now}. */
  @Override
  public String toString() {
    if (pause == null) {
      return "no";
    }
    return pause.isZero() ? "now" : "not before " + pause + " from now";
  }
}
