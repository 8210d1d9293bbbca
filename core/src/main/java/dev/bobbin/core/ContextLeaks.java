package dev.bobbin.core;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Looks for what tasks, and propagators, leave behind: asks each propagator what the thread has before and
 * after, and reports the difference. For tests; it costs a capture and a description for each look.
 */
final class ContextLeaks {
  private static final String UNKNOWN = "(could not be told)";

  private final List<ContextPropagator> propagators;
  private final FailureReports reports;

  ContextLeaks(List<ContextPropagator> propagators, FailureReports reports) {
    this.propagators = List.copyOf(propagators);
    this.reports = reports;
  }

  /** Runs the body of a task, inside its contexts: what it changes and leaves so is the task's leak. */
  void watchTask(Object task, Runnable body) {
    List<Map<String, String>> before = look();
    body.run();
    List<Map<String, String>> after = look();
    for (int i = 0; i < before.size(); i++) {
      if (!Objects.equals(before.get(i), after.get(i))) {
        leak("task %s left something behind in context '%s': %s became %s"
            .formatted(Descriptions.of(task), nameOf(i), before.get(i), after.get(i)));
      }
    }
  }

  /** Runs a task with all its contexts: what is not as it was before is the leak of a propagator. */
  void watchContexts(Object task, Runnable run) {
    List<Map<String, String>> before = look();
    run.run();
    List<Map<String, String>> after = look();
    for (int i = 0; i < before.size(); i++) {
      if (!Objects.equals(before.get(i), after.get(i))) {
        leak("context '%s' was not put back after task %s: %s became %s"
            .formatted(nameOf(i), Descriptions.of(task), before.get(i), after.get(i)));
      }
    }
  }

  private String nameOf(int index) {
    return FailureReports.nameOf(propagators.get(index));
  }

  private void leak(String text) {
    reports.about(Kind.CONTEXT, text, null);
  }

  /** Returns what the calling thread has of each kind. */
  private List<Map<String, String>> look() {
    List<Map<String, String>> present = new ArrayList<>();
    for (ContextPropagator propagator : propagators) {
      try {
        present.add(Map.copyOf(propagator.present()));
      } catch (Throwable thrown) {
        present.add(Map.of(UNKNOWN, thrown.getClass().getName()));
      }
    }
    return present;
  }
}
