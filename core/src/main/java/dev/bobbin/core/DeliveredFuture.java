package dev.bobbin.core;

import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The future of {@code deferToThread}, which completes on an executor of the caller's choice. */
final class DeliveredFuture<T extends @Nullable Object> extends DeliveredStage<T> {
  /*
   * Behind it stands the future of the task itself, which the pool sees to. Whoever takes that out of
   * `task` decides what becomes of the outcome:
   *
   *   the worker, or who gave the task up    hands it to the executor, which completes this
   *   whoever cancels or completes this      takes the task out of the backlog, or interrupts it; the
   *                                          late outcome is dropped and the executor not bothered
   *
   * This future may still be cancelled or completed while its outcome waits on the executor: whoever
   * completes a future first has completed it. The hand-over is foreign code, run as a dependent
   * of the task's future: after the context and the books, on a worker that stays busy.
   */
  private final Pool pool;
  private final AtomicReference<@Nullable PoolFuture<T>> task;

  DeliveredFuture(Pool pool, Executor deliverOn, PoolFuture<T> task) {
    super(deliverOn);
    this.pool = pool;
    this.task = new AtomicReference<>(task);
    task.whenComplete(this::ended);
  }

  private void ended(T value, @Nullable Throwable failure) {
    PoolFuture<T> ended = task.getAndSet(null);
    if (ended == null) {
      return;
    }
    try {
      deliverOn.execute(() -> end(value, failure));
    } catch (Throwable notTaken) {
      endUndelivered(ended, failure, notTaken);
    }
  }

  private void end(T value, @Nullable Throwable failure) {
    if (failure == null) {
      super.complete(value);
    } else {
      super.completeExceptionally(failure);
    }
  }

  /** Ends this on the spot. What the work threw is reported if the future cannot tell it. */
  private void endUndelivered(
      PoolFuture<T> ended, @Nullable Throwable failure, Throwable notTaken) {
    if (failure instanceof TaskDiscardedException || failure instanceof TaskRejectedException) {
      super.completeExceptionally(failure);
    } else if (super.completeExceptionally(notTaken) && failure != null) {
      pool.reportUndelivered(ended, failure);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    PoolFuture<T> open = task.getAndSet(null);
    if (open != null) {
      open.cancel(mayInterruptIfRunning);
    }
    return super.cancel(mayInterruptIfRunning);
  }

  @Override
  public boolean complete(T value) {
    withdraw();
    return super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable cause) {
    withdraw();
    return super.completeExceptionally(cause);
  }

  private void withdraw() {
    PoolFuture<T> open = task.getAndSet(null);
    if (open != null) {
      open.withdraw();
    }
  }

  @Override
  @Nullable
  Worker beforeWait() {
    return pool.beforeWait(task.get());
  }

  @Override
  void afterWait(@Nullable Worker replaced) {
    pool.afterWait(replaced);
  }
}
