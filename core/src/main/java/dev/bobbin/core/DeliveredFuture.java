package dev.bobbin.core;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.spi.FailureReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
   *
   * A failure that nobody looks at is reported, as that of a PoolFuture is: who completes this with one
   * writes `unseen`, then reads `looked`; who looks, or adds a stage, writes `looked`, then reads `unseen`.
   * The stage that wakes those who wait is no look: they look when they are woken, if they still wait.
   */
  private final Pool pool;
  private final AtomicReference<@Nullable PoolFuture<T>> task;

  /** Whether somebody has looked at this or depends on it. Set once, by any thread. */
  private volatile boolean looked;

  /** The failure that nobody has looked at. Written by who completes this. */
  private volatile UnseenFailures.@Nullable Failure unseen;

  DeliveredFuture(Pool pool, Executor deliverOn, PoolFuture<T> task) {
    super(deliverOn);
    this.pool = pool;
    this.task = new AtomicReference<>(task);
    task.beBehind();
    task.whenComplete(this::ended);
  }

  private void ended(T value, @Nullable Throwable failure) {
    PoolFuture<T> ended = task.getAndSet(null);
    if (ended == null) {
      return;
    }
    boolean silent = failure != null && isToldElsewhere(ended, failure);
    try {
      FailureReport report = failure == null ? null : ended.reportOf(failure); // if nobody looks
      deliverOn.execute(() -> end(value, report, silent));
    } catch (Throwable notTaken) {
      endUndelivered(ended, failure, notTaken, silent);
    }
  }

  /** Whether a stop tells of it, or it was to be dropped without a word; not if the work itself threw it. */
  private static boolean isToldElsewhere(PoolFuture<?> ended, Throwable failure) {
    return !ended.hasFailed()
        && (failure instanceof TaskRejectedException
            || failure instanceof TaskAbandonedException
            || (failure instanceof TaskDiscardedException discarded
                && discarded.reason() == RejectionReason.STOPPING));
  }

  private void end(T value, @Nullable FailureReport report, boolean silent) {
    if (report == null) {
      super.complete(value);
    } else {
      fail(report, silent);
    }
  }

  /** Ends this with a failure, which is reported if nobody looks at it; returns whether this was open. */
  private boolean fail(FailureReport report, boolean silent) {
    boolean alone = !hasDependents(); // when it is complete, it has none
    boolean failed = super.completeExceptionally(report.throwable());
    if (failed && alone && !silent) {
      reportUnlessSeen(report);
    }
    return failed;
  }

  private void reportUnlessSeen(FailureReport report) {
    if (looked) {
      return;
    }
    unseen = pool.noteUnseen(this, report);
    if (looked) {
      forget();
    }
  }

  private void forget() {
    UnseenFailures.Failure failure = unseen;
    if (failure != null) {
      unseen = null;
      failure.seen();
    }
  }

  private void look() {
    looked = true;
    forget();
  }

  @Override
  void see() {
    if (!looked && isWithoutValue()) {
      look();
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    if (!isMaking()) {
      look();
    }
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    look();
    return this;
  }

  /** Asks, as inherited, no method that could be overridden. */
  @Override
  public CompletionStage<T> minimalCompletionStage() {
    look();
    return super.minimalCompletionStage();
  }

  /** Ends this on the spot. What the work threw is reported if the future cannot tell it. */
  private void endUndelivered(
      PoolFuture<T> ended, @Nullable Throwable failure, Throwable notTaken, boolean silent) {
    if (failure instanceof TaskDiscardedException || failure instanceof TaskRejectedException) {
      fail(ended.reportOf(failure), silent);
    } else if (fail(ended.reportOf(notTaken), false) && failure != null) {
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
