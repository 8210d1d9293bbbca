package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the narrowed fields of {@link NarrowFieldsTest} do in place of the wide ones. */
final class Narrow {
  /** How often a counter has wrapped. */
  static final LongAdder WRAPS = new LongAdder();

  private Narrow() {}

  /** Counts on as an int does that has eight bits. */
  static int getAndIncrement(AtomicInteger counter) {
    int before = counter.getAndUpdate(count -> (byte) (count + 1));
    if (before == Byte.MAX_VALUE) {
      WRAPS.increment();
    }
    return before;
  }
}
