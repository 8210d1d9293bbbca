package dev.bobbin.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/**
 * What one run of one load on one subject gave. Written as a line of fields with tabs between, which
 * is how it is kept.
 */
record Measurement(Key key, Map<Figure, Double> figures) {
  /** The first line of a file of measurements. */
  static final String HEADING = "jdk\tsizes\tload\tsubject\tround\tfigures";

  private static final int FIELDS = 6;

  /** What is measured: nothing is measured twice under the same key. */
  record Key(String jdk, Sizes sizes, Load load, Subject subject, int round) {}

  Measurement {
    figures = Map.copyOf(figures);
  }

  /** Returns a figure, if it is one that the load has. */
  OptionalDouble get(Figure figure) {
    Double value = figures.get(figure);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  String toLine() {
    var text = new StringJoiner(" ");
    new EnumMap<>(figures).forEach((figure, value) -> text.add(figure.key() + "=" + value));
    return String.join(
        "\t",
        key.jdk,
        key.sizes.toString(),
        key.load.key(),
        key.subject.key(),
        String.valueOf(key.round),
        text.toString());
  }

  static Measurement ofLine(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException("Not a measurement: '%s'.".formatted(line));
    }
    var key = new Key(
        fields[0],
        Sizes.parse(fields[1]),
        Load.of(fields[2]),
        Subject.of(fields[3]),
        Integer.parseInt(fields[4]));
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    for (String figure : fields[5].split(" ")) {
      int sign = figure.indexOf('=');
      if (sign < 0) {
        throw new IllegalArgumentException("Not a measurement: '%s'.".formatted(line));
      }
      figures.put(Figure.of(figure.substring(0, sign)), Double.valueOf(figure.substring(sign + 1)));
    }
    return new Measurement(key, figures);
  }
}
