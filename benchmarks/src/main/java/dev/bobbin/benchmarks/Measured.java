package dev.bobbin.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All measurements, to be asked for figures. */
final class Measured {
  /** What is compared only with itself. */
  record Setting(String jdk, Sizes sizes) {
    @Override
    public String toString() {
      return "JDK " + jdk + ", " + sizes;
    }
  }

  private final List<Measurement> all;

  Measured(List<Measurement> all) {
    this.all = List.copyOf(all);
  }

  /** Returns the settings that something was measured in, the oldest JDK and the largest pool first. */
  List<Setting> settings() {
    return all.stream()
        .map(each -> new Setting(each.key().jdk(), each.key().sizes()))
        .distinct()
        .sorted(Comparator.comparing(Setting::jdk)
            .thenComparing(setting -> -setting.sizes().max()))
        .toList();
  }

  /** Returns the loads that were measured in this setting. */
  List<Load> loads(Setting setting) {
    return in(setting).stream()
        .map(each -> each.key().load())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the subjects that were measured in this setting. */
  List<Subject> subjects(Setting setting) {
    return in(setting).stream()
        .map(each -> each.key().subject())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns how many rounds there are, at most, of anything. */
  int rounds() {
    return all.stream().mapToInt(each -> each.key().round()).max().orElse(0);
  }

  private List<Measurement> in(Setting setting) {
    return all.stream()
        .filter(each ->
            each.key().jdk().equals(setting.jdk()) && each.key().sizes().equals(setting.sizes()))
        .toList();
  }

  /** Returns one figure round by round; nothing if it was not measured. */
  Series series(Setting setting, Load load, Subject subject, Figure figure) {
    Map<Integer, Double> byRound = new TreeMap<>();
    for (Measurement each : in(setting)) {
      if (each.key().load() == load && each.key().subject() == subject) {
        each.get(figure).ifPresent(value -> byRound.put(each.key().round(), value));
      }
    }
    return new Series(byRound);
  }

  /** Returns how many times the figure of a peer that of Bobbin is, in pairs of one round. */
  Optional<Spread> ratio(Setting setting, Load load, Subject peer, Figure figure) {
    return series(setting, load, Subject.BOBBIN, figure)
        .ratioTo(series(setting, load, peer, figure));
  }

  /** Returns, of these, the peer that does best beside Bobbin, if any was measured. */
  Optional<Subject> best(Setting setting, Load load, Figure figure, List<Subject> peers) {
    return peers.stream()
        .filter(peer -> ratio(setting, load, peer, figure).isPresent())
        .max(Comparator.comparing(
            peer -> ratio(setting, load, peer, figure).orElseThrow().median()));
  }
}
