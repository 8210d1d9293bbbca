package dev.bobbin.core;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The propagators of one pool, outermost first, resolved once. An empty plan costs nothing. */
final class ContextPlan {
  private final ContextPropagator[] propagators;
  private final FailureReports reports;

  ContextPlan(List<ContextPropagator> propagators, FailureReports reports) {
    this.propagators = propagators.toArray(ContextPropagator[]::new);
    this.reports = reports;
  }

  /** Returns whether nothing is ever carried. */
  boolean isEmpty() {
    return propagators.length == 0;
  }

  /** Returns the calling thread's context, or null if there is nothing to carry. Never throws. */
  @Nullable
  CapturedContexts capture() {
    CapturedContexts captured = null;
    for (ContextPropagator propagator : propagators) {
      CapturedContext context = capture(propagator);
      if (context != null) {
        if (captured == null) {
          captured = new CapturedContexts(propagators.length, reports);
        }
        captured.add(propagator, context);
      }
    }
    return captured;
  }

  private @Nullable CapturedContext capture(ContextPropagator propagator) {
    try {
      return propagator.capture();
    } catch (Throwable thrown) {
      reports.plugin(
          propagator, "threw while it captured a context; the task goes without it", thrown);
      return null;
    }
  }
}
