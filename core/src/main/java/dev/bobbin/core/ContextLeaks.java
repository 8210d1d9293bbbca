package dev.bobbin.core;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;

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
    watch(
        body,
        (context, change) -> "task %s left something behind in context '%s': %s"
            .formatted(Descriptions.of(task), context, change));
  }

  /** Runs a task with all its contexts: what is not as it was before is the leak of a propagator. */
  void watchContexts(Object task, Runnable run) {
    watch(
        run,
        (context, change) -> "context '%s' was not put back after task %s: %s"
            .formatted(context, Descriptions.of(task), change));
  }

  private void watch(Runnable run, BinaryOperator<String> text) {
    List<Map<String, String>> before = look();
    run.run();
    List<Map<String, String>> after = look();
    for (int i = 0; i < before.size(); i++) {
      if (!Objects.equals(before.get(i), after.get(i))) {
        String change = before.get(i) + " became " + after.get(i);
        String context = FailureReports.nameOf(propagators.get(i));
        reports.about(Kind.CONTEXT, text.apply(context, change), null);
      }
    }
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
