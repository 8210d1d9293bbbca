package dev.bobbin.core;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An outcome on its way to a callback that is called on another executor. */
final class Delivery<T extends @Nullable Object> implements Runnable {
  /*
   * Whoever takes the callback decides: the executor, which calls it, or the worker that was told
   * that the executor does not take it, after which nobody does.
   */
  private final AtomicReference<@Nullable OutcomeCallback<T>> callback;
  private final Class<?> callbackType;
  private final TaskRunner runner;
  private final PoolTask task;

  /** Written by the worker before the hand-over, then by whoever took the callback. */
  private @Nullable Outcome<T> outcome;

  Delivery(OutcomeCallback<T> callback, Outcome<T> outcome, TaskRunner runner, PoolTask task) {
    this.callback = new AtomicReference<>(callback);
    this.callbackType = callback.getClass();
    this.outcome = outcome;
    this.runner = runner;
    this.task = task;
  }

  /** Hands this over. What the executor throws is reported, and so is a failure that is lost by it. */
  void handTo(Executor executor, @Nullable CapturedContexts context, @Nullable Slot slot) {
    try {
      executor.execute(this);
    } catch (Throwable notTaken) {
      boolean lost = callback.getAndSet(null) != null;
      runner.report(Kind.CALLBACK, callbackType, notTaken, task, context, slot);
      if (lost
          && outcome instanceof Outcome.Failure<T> failure
          && !(failure.cause() instanceof TaskDiscardedException)) {
        runner.report(Kind.TASK, task, failure.cause(), task, context, slot);
      }
    }
  }

  @Override
  public void run() {
    OutcomeCallback<T> taken = callback.getAndSet(null);
    Outcome<T> told = outcome;
    if (taken == null || told == null) {
      return; // it was run before, or given up
    }
    outcome = null;
    try {
      taken.onOutcome(told);
    } catch (Throwable thrown) {
      runner.report(Kind.CALLBACK, callbackType, thrown, task, null, null);
    }
  }
}
