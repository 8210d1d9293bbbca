package dev.bobbin.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code minimalCompletionStage} returns: nothing but a stage, as that of {@link
 * CompletableFuture}, whose asynchronous dependents run on the pool as well.
 */
final class ReadOnlyStage<T extends @Nullable Object> extends PoolStage<T> {
  private ReadOnlyStage(Pool pool) {
    super(pool);
  }

  static <T extends @Nullable Object> CompletionStage<T> of(PoolStage<T> origin) {
    var stage = new ReadOnlyStage<T>(origin.pool);
    origin.whenComplete(stage::end);
    return stage;
  }

  private void end(T value, @Nullable Throwable failure) {
    if (failure == null) {
      super.complete(value);
    } else {
      super.completeExceptionally(
          failure instanceof CompletionException ? failure : new CompletionException(failure));
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new ReadOnlyStage<>(pool);
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    return this;
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    var future = new PoolStage<T>(pool);
    whenComplete((value, failure) -> {
      if (failure == null) {
        future.complete(value);
      } else {
        future.completeExceptionally(failure);
      }
    });
    return future;
  }

  // ------------------------------------------------------------------ what a stage has not

  private static UnsupportedOperationException onlyAStage() {
    return new UnsupportedOperationException(
        "This is a stage and no future. Call toCompletableFuture() for one.");
  }

  @Override
  public T get() {
    throw onlyAStage();
  }

  @Override
  public T get(long timeout, TimeUnit unit) {
    throw onlyAStage();
  }

  @Override
  public T getNow(T valueIfAbsent) {
    throw onlyAStage();
  }

  @Override
  public T join() {
    throw onlyAStage();
  }

  @Override
  public boolean complete(T value) {
    throw onlyAStage();
  }

  @Override
  public boolean completeExceptionally(Throwable cause) {
    throw onlyAStage();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    throw onlyAStage();
  }

  @Override
  public void obtrudeValue(T value) {
    throw onlyAStage();
  }

  @Override
  public void obtrudeException(Throwable cause) {
    throw onlyAStage();
  }

  @Override
  public boolean isDone() {
    throw onlyAStage();
  }

  @Override
  public boolean isCancelled() {
    throw onlyAStage();
  }

  @Override
  public boolean isCompletedExceptionally() {
    throw onlyAStage();
  }

  @Override
  public int getNumberOfDependents() {
    throw onlyAStage();
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    throw onlyAStage();
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
    throw onlyAStage();
  }

  @Override
  public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    throw onlyAStage();
  }

  @Override
  public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
    throw onlyAStage();
  }

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public T resultNow() {
    throw onlyAStage();
  }

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public Throwable exceptionNow() {
    throw onlyAStage();
  }
}
