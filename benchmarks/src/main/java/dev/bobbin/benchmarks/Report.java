package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.Measured.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes what was measured as pages in Markdown with charts: a first page with the goals and with what
 * others do better, and a page with all figures for each setting.
 */
final class Report {
  private static final String FIRST_PAGE = "README.md";
  private static final String ABSENT = "–";
  private static final String WRITTEN = "Written by the benchmarks; do not edit.";

  /** What is compared by ratios; of bytes, they are too often of next to nothing. */
  private static final Set<Figure> TIMES = EnumSet.of(Figure.TIME, Figure.CPU);

  /** The figures of idle pools, by the words for them. */
  private static final Map<Figure, String> IDLE = Map.of(
      Figure.QUEUED_TASK, "bytes for a queued task, the task itself not included",
      Figure.IDLE_WORKER, "bytes for an idle worker, its thread included",
      Figure.IDLE_POOL, "bytes for an idle pool",
      Figure.IDLE_THREADS, "threads of an idle pool",
      Figure.IDLE_CPU, "processor time of a thousand idle pools, ms in a second");

  private final Path folder;
  private final Map<String, String> facts;
  private final Measured measured;

  private Report(Path folder, Results results) {
    this.folder = folder;
    this.facts = results.facts();
    this.measured = new Measured(results.all());
  }

  /** Writes the report on these results into a folder, and returns its first page. */
  static Path write(Path folder, Results results) throws IOException {
    var report = new Report(folder, results);
    Files.createDirectories(folder);
    for (Setting setting : report.measured.settings()) {
      report.writeSetting(setting);
    }
    return Files.writeString(folder.resolve(FIRST_PAGE), report.firstPage());
  }

  private String firstPage() {
    var text = new StringBuilder();
    text.append("# Benchmarks\n\n");
    text.append(WRITTEN);
    text.append(
        " How they are made, and what the figures include, is told [there](../benchmarks.md).\n\n");
    text.append("## Goals\n\n").append(goals()).append('\n');
    text.append("## Where others are ahead\n\n").append(losses()).append('\n');
    text.append("## All figures\n\n");
    for (Setting setting : measured.settings()) {
      text.append("- [%s](%s.md)\n".formatted(setting, name(setting)));
    }
    text.append("\n## Subjects\n\n");
    var subjects = new Table(List.of("subject", "is", "version"));
    for (Subject subject : Subject.values()) {
      subjects.row(List.of(
          subject.title(),
          subject.description(),
          facts.getOrDefault(subject.title(), "the JDK's")));
    }
    text.append(subjects).append("\n## Loads\n\n");
    var loads = new Table(List.of("load", "is"));
    for (Load load : Load.values()) {
      loads.row(List.of(load.key(), load.description()));
    }
    text.append(loads).append("\n## Conditions\n\n");
    var conditions = new Table(List.of("condition", "is"));
    facts.forEach((name, value) -> conditions.row(List.of(name, value)));
    conditions.row(List.of("rounds", String.valueOf(measured.rounds())));
    return text.append(conditions).toString();
  }

  private String goals() {
    List<Setting> settings = measured.settings();
    List<String> headings = new ArrayList<>(List.of("load", "goal"));
    settings.forEach(setting -> headings.add(setting.toString()));
    var table = new Table(headings);
    for (Goals.Goal goal : Goals.all()) {
      List<String> row = new ArrayList<>(List.of(goal.load(), goal.text()));
      settings.forEach(setting -> row.add(goal.judgement().apply(measured, setting)));
      table.row(row);
    }
    return table.toString();
  }

  private String losses() {
    var table = new Table(List.of("setting", "load", "figure", "Bobbin's, by theirs"));
    boolean any = false;
    for (Setting setting : measured.settings()) {
      for (Load load : measured.loads(setting)) {
        for (Figure figure : Figure.values()) {
          String ahead = ahead(setting, load, figure);
          if (!ahead.isEmpty()) {
            table.row(List.of(setting.toString(), load.key(), figure.key(), ahead));
            any = true;
          }
        }
      }
    }
    return any ? table.toString() : "Nowhere.\n";
  }

  /** Returns the peers that do better than Bobbin, or nothing. */
  private String ahead(Setting setting, Load load, Figure figure) {
    if (figure == Figure.BATCHES || figure == Figure.RAN) {
      return "";
    }
    List<String> ahead = new ArrayList<>();
    for (Subject subject : Subject.values()) {
      if (subject.isPeer()) {
        measured
            .ratio(setting, load, subject, figure)
            .filter(ratio -> ratio.median() > 1)
            .map(ratio -> TIMES.contains(figure)
                ? ratio.text(2)
                : median(setting, load, Subject.BOBBIN, figure) + " against "
                    + median(setting, load, subject, figure))
            .ifPresent(how -> ahead.add(subject.title() + " " + how));
      }
    }
    return String.join(", ", ahead);
  }

  private String median(Setting setting, Load load, Subject subject, Figure figure) {
    return measured
        .series(setting, load, subject, figure)
        .spread()
        .map(spread -> number(spread.median()))
        .orElse(ABSENT);
  }

  private void writeSetting(Setting setting) throws IOException {
    var text = new StringBuilder();
    text.append("# ").append(setting).append(" workers\n\n");
    text.append(WRITTEN).append(" Medians; in brackets the quartiles. ");
    text.append("What the loads and the subjects are is told [there](README.md).\n");
    chapter(text, setting, Figure.TIME, "Time", "ns per task; for grow, per growth");
    chapter(text, setting, Figure.CPU, "Processor time", "ns per task; for grow, per growth");
    text.append("\n## Bytes allocated\n\nPer task; for grow, per growth.\n\n");
    text.append(absolute(setting, Figure.BYTES));
    if (measured.loads(setting).contains(Load.BLOCKING)) {
      text.append("\n## Blocking tasks against the ideal\n\n").append(ideal(setting));
    }
    if (measured.loads(setting).contains(Load.IDLE)) {
      text.append("\n## Memory, and idle pools\n\n").append(idle(setting));
    }
    Files.writeString(folder.resolve(name(setting) + ".md"), text);
  }

  private void chapter(
      StringBuilder text, Setting setting, Figure figure, String title, String unit)
      throws IOException {
    text.append("\n## ").append(title).append("\n\nIn ").append(unit).append(".\n\n");
    text.append(absolute(setting, figure));
    var chart = new Chart(measured, setting, figure);
    List<Load> loads = chart.loads();
    if (!loads.isEmpty()) {
      text.append("\nBobbin's, divided by theirs of the same round:\n\n");
      text.append(ratios(setting, figure, loads));
      String file = name(setting) + "-" + figure.key() + ".svg";
      chart.write(folder.resolve(file), title + ", " + setting);
      text.append("\n![%s beside Bobbin's](%s)\n".formatted(title, file));
    }
  }

  private String absolute(Setting setting, Figure figure) {
    List<Load> loads =
        measured.loads(setting).stream().filter(load -> load != Load.IDLE).toList();
    return byLoad(
        setting,
        measured.subjects(setting),
        loads,
        (load, subject) -> measured
            .series(setting, load, subject, figure)
            .spread()
            .map(spread -> number(spread.median()))
            .orElse(ABSENT));
  }

  private String ratios(Setting setting, Figure figure, List<Load> loads) {
    List<Subject> others = measured.subjects(setting).stream()
        .filter(subject -> subject != Subject.BOBBIN)
        .toList();
    return byLoad(
        setting,
        others,
        loads,
        (load, subject) -> measured
            .ratio(setting, load, subject, figure)
            .map(ratio -> ratio.text(2))
            .orElse(ABSENT));
  }

  private String ideal(Setting setting) {
    double ideal = Blocking.SLEEP_MILLIS * 1e6 / setting.sizes().max();
    return "Time, divided by the ideal of so many workers that never wait.\n\n"
        + byLoad(
            setting,
            measured.subjects(setting),
            List.of(Load.BLOCKING),
            (load, subject) -> measured
                .series(setting, load, subject, Figure.TIME)
                .spread()
                .map(spread -> String.format(Locale.ROOT, "%.2f", spread.median() / ideal))
                .orElse(ABSENT));
  }

  private String idle(Setting setting) {
    List<Subject> subjects = measured.subjects(setting);
    var table = new Table(headings("figure", subjects));
    Arrays.stream(Figure.values()).filter(IDLE::containsKey).forEach(figure -> {
      Function<Subject, String> cell = subject -> measured
          .series(setting, Load.IDLE, subject, figure)
          .spread()
          .map(
              spread -> number(figure == Figure.IDLE_CPU ? spread.median() / 1e6 : spread.median()))
          .orElse(ABSENT);
      List<String> row = new ArrayList<>(List.of(IDLE.get(figure)));
      subjects.forEach(subject -> row.add(cell.apply(subject)));
      table.row(row);
    });
    return table.toString();
  }

  /** What stands in a cell. */
  private interface Cell {
    String of(Load load, Subject subject);
  }

  private static String byLoad(
      Setting setting, List<Subject> subjects, List<Load> loads, Cell cell) {
    var table = new Table(headings("load", subjects));
    for (Load load : loads) {
      List<String> row = new ArrayList<>(List.of(load.key()));
      subjects.forEach(subject -> row.add(cell.of(load, subject)));
      table.row(row);
    }
    return table.toString();
  }

  private static List<String> headings(String first, List<Subject> subjects) {
    List<String> headings = new ArrayList<>(List.of(first));
    subjects.forEach(subject -> headings.add(subject.title()));
    return headings;
  }

  /** Returns a number with three digits that mean something, or all before the point. */
  private static String number(double value) {
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }

  /** Returns the name of the files of a setting, without their ending. */
  private static String name(Setting setting) {
    return "jdk-" + setting.jdk().split(",")[0] + "-" + setting.sizes();
  }
}
