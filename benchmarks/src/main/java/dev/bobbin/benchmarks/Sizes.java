package dev.bobbin.benchmarks;

import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many workers a pool has at least and at most. Written as 5-20. */
record Sizes(int min, int max) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,4})-(\\d{1,4})");

  Sizes {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException(
          "Sizes must be at least 1 and in order, were %d-%d.".formatted(min, max));
    }
  }

  static Sizes parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "Sizes '%s' cannot be read. Give the minimum and the maximum, such as 5-20."
              .formatted(text));
    }
    return new Sizes(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  /** Returns half of both, but at least one worker. */
  Sizes halved() {
    return new Sizes(Math.max(1, min / 2), Math.max(1, max / 2));
  }

  /**
   * Sets both where they are set one by one, in the order in which the minimum is never above the
   * maximum.
   *
   * @param minNow the minimum that is in force
   */
  void set(int minNow, IntConsumer setMin, IntConsumer setMax) {
    if (max < minNow) {
      setMin.accept(min);
      setMax.accept(max);
    } else {
      setMax.accept(max);
      setMin.accept(min);
    }
  }

  @Override
  public String toString() {
    return min + "-" + max;
  }
}
