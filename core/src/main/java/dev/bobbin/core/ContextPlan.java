package dev.bobbin.core;

import dev.bobbin.api.ContextFailedException;
import dev.bobbin.api.ContextFailure;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The propagators of one pool, outermost first, resolved once. An empty plan costs nothing. */
final class ContextPlan {
  private final ContextPropagator[] propagators;
  private final ContextFailure whenFails;
  private final FailureReports reports;

  ContextPlan(
      List<ContextPropagator> propagators, ContextFailure whenFails, FailureReports reports) {
    this.propagators = propagators.toArray(ContextPropagator[]::new);
    this.whenFails = whenFails;
    this.reports = reports;
  }

  /** Returns whether nothing is ever carried. */
  boolean isEmpty() {
    return propagators.length == 0;
  }

  /** Returns the calling thread's context, or null if there is nothing to carry. Never throws. */
  @Nullable
  CapturedContexts capture() {
    return isEmpty() ? null : captureAll();
  }

  /**
   * Returns the calling thread's context for this work, or null if there is nothing to carry or the work
   * brings a context of its own. Never throws.
   */
  @Nullable
  CapturedContexts captureFor(Object work) {
    return isEmpty() || isContextual(work) ? null : captureAll();
  }

  private static boolean isContextual(Object work) {
    return work instanceof ContextualWork<?> || work instanceof ContextualConsumer<?>;
  }

  private @Nullable CapturedContexts captureAll() {
    CapturedContext first = capture(0);
    @Nullable CapturedContext[] others = null;
    for (int i = 1; i < propagators.length; i++) {
      CapturedContext context = capture(i);
      if (context != null) {
        if (others == null) {
          others = new @Nullable CapturedContext[propagators.length - 1];
        }
        others[i - 1] = context;
      }
    }
    return first == null && others == null ? null : new CapturedContexts(this, first, others);
  }

  private @Nullable CapturedContext capture(int index) {
    try {
      return propagators[index].capture();
    } catch (Throwable thrown) {
      complain(
          index,
          whenFails == ContextFailure.RUN
              ? "threw while it captured a context; the task goes without it"
              : "threw while it captured a context; the task does not run",
          thrown);
      return whenFails == ContextFailure.RUN ? null : new Uncaptured(failure(index, thrown));
    }
  }

  /** Returns whether a task is not to run where one of its contexts cannot be put into force. */
  boolean failsTasks() {
    return whenFails != ContextFailure.RUN;
  }

  /** Returns whether a task is to be refused where one of its contexts could not be captured. */
  boolean refusesTasks() {
    return whenFails == ContextFailure.REFUSE;
  }

  /** Returns what a task fails with that does not run since this propagator failed. */
  ContextFailedException failure(int index, @Nullable Throwable thrown) {
    return new ContextFailedException(
        reports.pool(), FailureReports.nameOf(propagators[index]), thrown);
  }

  /** Reports what the propagator of this index did wrong with a context of its own. Never throws. */
  void complain(int index, String what, @Nullable Throwable thrown) {
    reports.plugin(propagators[index], what, thrown);
  }
}
