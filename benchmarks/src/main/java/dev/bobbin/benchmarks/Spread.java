package dev.bobbin.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The middle of some numbers and how far they lie apart.
 *
 * @param low the lower quartile
 * @param high the upper quartile
 */
record Spread(double low, double median, double high) {
  /**
   * Returns the spread of these numbers, or nothing if there are none. A quartile that falls between two
   * of the sorted numbers lies between them in proportion.
   */
  static Optional<Spread> of(Collection<Double> numbers) {
    if (numbers.isEmpty()) {
      return Optional.empty();
    }
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Optional.of(new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75)));
  }

  private static double at(double[] sorted, double part) {
    double place = part * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** Returns the median and, in brackets, the quartiles, with so many digits behind the point. */
  String text(int digits) {
    String number = "%." + digits + "f";
    return String.format(
        Locale.ROOT, number + " [" + number + "–" + number + "]", median, low, high);
  }
}
