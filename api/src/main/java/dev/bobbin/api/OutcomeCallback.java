package dev.bobbin.api;

import org.jspecify.annotations.Nullable;

/**
 * Is told how a task ended. Implemented by applications; called by the pool.
 *
 * <p>Called exactly once for every accepted task: on the worker that ran it, right after the work,
 * inside the submitter's context, with the work and its arguments already released. For a task that
 * the pool gave up without running, called on the thread that gave it up, with an {@link
 * Outcome.Failure} whose cause is a {@link TaskDiscardedException}. If the submitter named an executor
 * for the callback, it is called there instead, outside the submitter's context.
 *
 * <p>A worker counts as busy until the callback that it calls returns. What a callback throws is
 * reported once and costs nothing else; the callback is not called again.
 *
 * <p>Memory consistency effects: what a thread does before it submits a task happens-before the
 * work, which happens-before the callback.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface OutcomeCallback<T extends @Nullable Object> {
  /** Receives the outcome of the task. */
  void onOutcome(Outcome<T> outcome);
}
