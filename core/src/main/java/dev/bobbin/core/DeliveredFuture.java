package dev.bobbin.core;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    task.whenComplete(this::ended);
  }

  private void ended(T value, @Nullable Throwable failure) {
    PoolFuture<T> ended = task.getAndSet(null);
    if (ended == null) {
      return;
    }
    try {
      String text = ended.description();
      deliverOn.execute(() -> end(value, failure, text));
    } catch (Throwable notTaken) {
      endUndelivered(ended, failure, notTaken);
    }
  }

  private void end(T value, @Nullable Throwable failure, String text) {
    if (failure == null) {
      super.complete(value);
    } else if (super.completeExceptionally(failure)) {
      reportUnlessSeen(failure, text);
    }
  }

  private void reportUnlessSeen(Throwable failure, String text) {
    boolean told = failure instanceof TaskDiscardedException discarded
        && discarded.reason() == RejectionReason.STOPPING; // the stop tells of it
    if (told || looked || getNumberOfDependents() > 0) {
      return;
    }
    unseen = pool.noteUnseen(
        this,
        FailureReport.builder(Kind.FUTURE, pool.name(), failure)
            .worker(Thread.currentThread().getName())
            .subject(text)
            .build());
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
    if (super.isCompletedExceptionally()) {
      look();
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    look();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    look();
    return this;
  }

  @Override
  public T getNow(T valueIfAbsent) {
    try {
      return super.getNow(valueIfAbsent);
    } catch (CompletionException | CancellationException told) {
      see(); // not before: it may fail in between
      throw told;
    }
  }

  @Override
  public boolean isCompletedExceptionally() {
    boolean failed = super.isCompletedExceptionally();
    if (failed) {
      see();
    }
    return failed;
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
