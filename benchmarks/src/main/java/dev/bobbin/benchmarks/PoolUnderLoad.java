package dev.bobbin.benchmarks;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A running pool, of whatever kind. Called by the loads; one class implements it per kind of pool. */
interface PoolUnderLoad {
  /** Hands over a task, in the way that the pool itself has for it. */
  void execute(Runnable task);

  /** Hands over a task with a future. Defaults to a {@link FutureTask}, for pools that have no more. */
  default <T> Future<T> submit(Callable<T> task) {
    var future = new FutureTask<>(task);
    execute(future);
    return future;
  }

  /**
   * Has {@code callback} told of the outcome of {@code work} on the worker, right after it. Defaults to
   * a task that does just that, the cheapest form that a pool without callbacks leaves to its users.
   */
  default <T> void call(OutcomeCallback<T> callback, Callable<T> work) {
    execute(() -> {
      Outcome<T> outcome;
      try {
        outcome = Outcome.success(work.call());
      } catch (Exception failure) {
        outcome = Outcome.failure(failure);
      }
      callback.onOutcome(outcome);
    });
  }

  /** Changes the sizes, without waiting until that is done. Defaults to refusing. */
  default void resize(Sizes sizes) {
    throw new UnsupportedOperationException(getClass().getSimpleName());
  }

  /** Returns the pool itself, for those who weigh it. */
  Object pool();

  /** Ends the pool and waits for its workers. */
  void end() throws Exception;
}
