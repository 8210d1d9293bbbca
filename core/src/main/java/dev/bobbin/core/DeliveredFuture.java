package dev.bobbin.core;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.spi.FailureReport;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
  private static final VarHandle WAKERS = wakersField();

  /** The future to which the thread adds what wakes those who wait. */
  private static final ThreadLocal<@Nullable DeliveredFuture<?>> ADDING_WAKER = new ThreadLocal<>();

  private final Pool pool;
  private final AtomicReference<@Nullable PoolFuture<T>> task;

  /** Whether somebody has looked at this or depends on it. Set once, by any thread. */
  private volatile boolean looked;

  /** How many dependents are there to wake those who wait. Changed by adding. */
  private volatile int wakers;

  /** The failure that nobody has looked at. Written by who completes this. */
  private volatile UnseenFailures.@Nullable Failure unseen;

  DeliveredFuture(Pool pool, Executor deliverOn, PoolFuture<T> task) {
    super(deliverOn);
    this.pool = pool;
    this.task = new AtomicReference<>(task);
    task.beBehind();
    task.whenComplete(this::ended);
  }

  private static VarHandle wakersField() {
    try {
      return MethodHandles.lookup().findVarHandle(DeliveredFuture.class, "wakers", int.class);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  private void ended(T value, @Nullable Throwable failure) {
    PoolFuture<T> ended = task.getAndSet(null);
    if (ended == null) {
      return;
    }
    try {
      FailureReport report = failure == null ? null : ended.reportOf(failure); // if nobody looks
      deliverOn.execute(() -> end(value, report));
    } catch (Throwable notTaken) {
      endUndelivered(ended, failure, notTaken);
    }
  }

  private void end(T value, @Nullable FailureReport report) {
    if (report == null) {
      super.complete(value);
    } else {
      fail(report);
    }
  }

  /** Completes this with a failure; false if it was complete. */
  private boolean fail(FailureReport report) {
    Throwable failure = report.throwable();
    boolean alone = getNumberOfDependents() <= wakers; // when it is complete, it has none
    boolean failed = super.completeExceptionally(failure);
    if (failed && alone && !isToldElsewhere(failure)) {
      reportUnlessSeen(report);
    }
    return failed;
  }

  /** Returns whether this is of a stop, which tells of it, or of a refusal, which is to be silent. */
  private static boolean isToldElsewhere(Throwable failure) {
    return failure instanceof TaskRejectedException
        || failure instanceof TaskAbandonedException
        || failure instanceof TaskDiscardedException discarded
            && discarded.reason() == RejectionReason.STOPPING;
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
    if (super.isCompletedExceptionally()) {
      look();
    }
  }

  @Override
  void addWaker(CompletableFuture<Boolean> waitedFor) {
    WAKERS.getAndAdd(this, 1);
    ADDING_WAKER.set(this);
    try {
      super.addWaker(waitedFor);
    } finally {
      ADDING_WAKER.remove();
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    if (ADDING_WAKER.get() != this) {
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

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public T resultNow() {
    if (!isDone()) {
      throw new IllegalStateException("The task has not ended.");
    }
    see();
    if (super.isCompletedExceptionally()) {
      throw new IllegalStateException("The task has not ended with a value.");
    }
    return super.getNow(null);
  }

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public Throwable exceptionNow() {
    if (!super.isCompletedExceptionally() || isCancelled()) {
      throw new IllegalStateException(
          isDone() ? "The task has not failed." : "The task has not ended.");
    }
    try {
      join();
      throw new AssertionError("a failed future gave a value");
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause();
      return cause == null ? failed : cause;
    }
  }

  /** Ends this on the spot. What the work threw is reported if the future cannot tell it. */
  private void endUndelivered(
      PoolFuture<T> ended, @Nullable Throwable failure, Throwable notTaken) {
    if (failure instanceof TaskDiscardedException || failure instanceof TaskRejectedException) {
      fail(ended.reportOf(failure));
    } else if (fail(ended.reportOf(notTaken)) && failure != null) {
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
