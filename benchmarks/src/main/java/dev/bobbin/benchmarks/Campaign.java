package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.Measurement.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Many measurements, in an order in which those that are compared lie next to each other: round by
 * round, and within a round load by load, each subject in turn; who is first changes with the round.
 * What the results have already is not measured again.
 */
final class Campaign {
  /** Makes one measurement. */
  interface Measurer {
    Measurement measure(Jdk jdk, Key key) throws Exception;
  }

  /**
   * What to measure.
   *
   * @param goOn whether a measurement that fails leaves the others unharmed
   */
  record Choice(
      List<Jdk> jdks,
      List<Sizes> sizes,
      List<Load> loads,
      List<Subject> subjects,
      int rounds,
      boolean goOn) {}

  /** One measurement to make. */
  private record Step(Jdk jdk, Key key) {}

  private final Choice choice;
  private final Measurer measurer;
  private final PrintWriter out;

  Campaign(Choice choice, Measurer measurer, PrintWriter out) {
    this.choice = choice;
    this.measurer = measurer;
    this.out = out;
  }

  /**
   * Measures what is missing, and adds each measurement to the results at once. One that fails is told
   * of and left out, so that a later run tries it again.
   *
   * @return what failed
   */
  List<Key> run(Results results) throws IOException, InterruptedException {
    List<Step> steps = steps();
    steps.removeIf(step -> results.has(step.key));
    List<Key> failed = new ArrayList<>();
    int done = 0;
    for (Step step : steps) {
      done++;
      out.printf("%d/%d %s: ", done, steps.size(), text(step.key));
      out.flush();
      try {
        Measurement measurement = measurer.measure(step.jdk, step.key);
        results.add(measurement);
        out.println(text(measurement));
      } catch (IOException | InterruptedException stop) {
        throw stop;
      } catch (Exception failure) {
        failed.add(step.key);
        out.println("FAILED");
        failure.printStackTrace(out);
        if (!choice.goOn) {
          break;
        }
      }
      out.flush();
    }
    return failed;
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int round = 1; round <= choice.rounds; round++) {
      for (Jdk jdk : choice.jdks) {
        for (Sizes sizes : choice.sizes) {
          for (Load load : choice.loads) {
            for (Subject subject : turn(jdk, sizes, load, round)) {
              steps.add(new Step(jdk, new Key(jdk.name(), sizes, load, subject, round)));
            }
          }
        }
      }
    }
    return steps;
  }

  private List<Subject> turn(Jdk jdk, Sizes sizes, Load load, int round) {
    List<Subject> turn = new ArrayList<>(choice.subjects);
    turn.removeIf(subject ->
        !load.isIn(round) || !subject.takes(load, sizes) || jdk.feature() < subject.firstJdk());
    Collections.rotate(turn, 1 - round);
    return turn;
  }

  private static String text(Key key) {
    return "JDK %s, %s, %s, %s, round %d"
        .formatted(key.jdk(), key.sizes(), key.load().key(), key.subject().title(), key.round());
  }

  private static String text(Measurement measurement) {
    List<String> figures = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      measurement
          .get(figure)
          .ifPresent(
              value -> figures.add(String.format(Locale.ROOT, "%s %.1f", figure.key(), value)));
    }
    return String.join(", ", figures);
  }
}
