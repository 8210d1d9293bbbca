package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every report that it gets. */
final class RecordingReporter implements FailureReporter {
  private final String name;
  private final List<FailureReport> reports = new CopyOnWriteArrayList<>();

  RecordingReporter() {
    this("recording");
  }

  RecordingReporter(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void report(FailureReport report) {
    reports.add(report);
  }

  List<FailureReport> reports() {
    return List.copyOf(reports);
  }

  /** Returns the subjects of the reports, in their order. */
  List<String> subjects() {
    return reports.stream().map(FailureReport::subject).toList();
  }

  List<Throwable> throwables() {
    return reports.stream().map(FailureReport::throwable).toList();
  }
}
