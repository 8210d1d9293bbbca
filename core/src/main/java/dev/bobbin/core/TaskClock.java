package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig.Timing;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Reads the clock for those tasks for which the configuration asks for it, and for no other. */
final class TaskClock {
  /** Stands for the time of an event for which the clock was not read. */
  static final long UNTIMED = Long.MIN_VALUE;

  private static final int SAMPLE = 64;

  private final Timing timing;
  private final LongSupplier nanoTime;

  TaskClock(Timing timing, LongSupplier nanoTime) {
    this.timing = timing;
    this.nanoTime = nanoTime;
  }

  /** Returns the time for a task that is being submitted, or {@link #UNTIMED}. */
  long submission() {
    return switch (timing) {
      case OFF -> UNTIMED;
      case ON -> now();
      case SAMPLED -> ThreadLocalRandom.current().nextInt(SAMPLE) == 0 ? now() : UNTIMED;
    };
  }

  /** Returns the time, in nanoseconds from an arbitrary origin. */
  long now() {
    long now = nanoTime.getAsLong();
    return now == UNTIMED ? now + 1 : now;
  }
}
