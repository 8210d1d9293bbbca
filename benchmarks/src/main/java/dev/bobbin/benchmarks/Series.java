package dev.bobbin.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/**
 * One figure of one subject under one load, round by round. Two of them are compared by what was
 * measured in the same round, one right after the other, so that what the machine did to both cancels
 * out; a round in which one of the two is missing does not count.
 */
record Series(Map<Integer, Double> byRound) {
  Series {
    byRound = Map.copyOf(byRound);
  }

  Optional<Spread> spread() {
    return Spread.of(byRound.values());
  }

  /** Returns how many times the other this is, leaving out rounds in which the other is nothing. */
  Optional<Spread> ratioTo(Series other) {
    var positive = new TreeMap<>(other.byRound);
    positive.values().removeIf(value -> value <= 0);
    return pairs(positive, (mine, others) -> mine / others);
  }

  /** Returns by how much this is more than the other. */
  Optional<Spread> moreThan(Series other) {
    return pairs(other.byRound, (mine, others) -> mine - others);
  }

  private Optional<Spread> pairs(Map<Integer, Double> other, DoubleBinaryOperator comparison) {
    List<Double> compared = new ArrayList<>();
    byRound.forEach((round, mine) -> {
      Double others = other.get(round);
      if (others != null) {
        compared.add(comparison.applyAsDouble(mine, others));
      }
    });
    return Spread.of(compared);
  }
}
