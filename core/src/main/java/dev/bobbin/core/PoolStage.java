package dev.bobbin.core;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A task's future, or a stage behind one. What is asynchronous here and names no executor runs on the
 * pool, in the context of the thread that added it, without the options of any view.
 */
class PoolStage<T extends @Nullable Object> extends WatchedFuture<T> {
  /*
   * Each of the methods below hands its stage to the pool as a task of its own kind, since a pool that
   * gives up what CompletableFuture itself submits has no way to complete the stage behind it.
   * Whoever asks for defaultExecutor gets the plain executor: the pool, or one that carries the
   * context of the thread that asked.
   */
  final Pool pool;

  PoolStage(Pool pool) {
    this.pool = pool;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new PoolStage<>(pool);
  }

  // ------------------------------------------------------------------ waiting

  @Override
  public T get() throws InterruptedException, ExecutionException {
    Worker replaced = isDone() ? null : pool.beforeWait(task());
    int counted = beginWait();
    try {
      return super.get();
    } catch (ExecutionException | CancellationException told) {
      see();
      throw told;
    } finally {
      endWait(counted);
      pool.afterWait(replaced);
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    Worker replaced = isDone() || timeout <= 0 ? null : pool.beforeWait(task());
    int counted = beginWait();
    try {
      return super.get(timeout, unit);
    } catch (ExecutionException | CancellationException told) {
      see();
      throw told;
    } finally {
      endWait(counted);
      pool.afterWait(replaced);
    }
  }

  @Override
  public T join() {
    Worker replaced = isDone() ? null : pool.beforeWait(task());
    int counted = beginWait();
    try {
      return joinAtOnce();
    } catch (CompletionException | CancellationException told) {
      see();
      throw told;
    } finally {
      endWait(counted);
      pool.afterWait(replaced);
    }
  }

  /** Joins what is about to be complete: nobody is told of this wait. */
  final T joinAtOnce() {
    return super.join();
  }

  /** Gets what is about to be complete, or what is waited for without a look: nobody is told of this wait. */
  final void getAtOnce(long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    super.get(nanos, TimeUnit.NANOSECONDS);
  }

  /** Returns the task that completes this, if it is known. */
  @Nullable
  PoolFuture<?> task() {
    return null;
  }

  /** Is called just before the calling thread becomes a dependent; returns what to give to endWait. */
  int beginWait() {
    return 0;
  }

  void endWait(int counted) {}

  // ------------------------------------------------------------------ asynchronous stages

  @Override
  public Executor defaultExecutor() {
    return pool.executorForCaller();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    return ReadOnlyStage.of(this);
  }

  @Override
  public <U> CompletableFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.thenApplyAsync(fn, task));
  }

  @Override
  public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> action) {
    var task = new StageTask(pool, action);
    return task.completing(super.thenAcceptAsync(action, task));
  }

  @Override
  public CompletableFuture<Void> thenRunAsync(Runnable action) {
    var task = new StageTask(pool, action);
    return task.completing(super.thenRunAsync(action, task));
  }

  @Override
  public <U, V> CompletableFuture<V> thenCombineAsync(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.<U, V>thenCombineAsync(other, fn, task));
  }

  @Override
  public <U> CompletableFuture<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    var task = new StageTask(pool, action);
    return task.completing(super.<U>thenAcceptBothAsync(other, action, task));
  }

  @Override
  public CompletableFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action) {
    var task = new StageTask(pool, action);
    return task.completing(super.runAfterBothAsync(other, action, task));
  }

  @Override
  public <U> CompletableFuture<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.applyToEitherAsync(other, fn, task));
  }

  @Override
  public CompletableFuture<Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    var task = new StageTask(pool, action);
    return task.completing(super.acceptEitherAsync(other, action, task));
  }

  @Override
  public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
    var task = new StageTask(pool, action);
    return task.completing(super.runAfterEitherAsync(other, action, task));
  }

  @Override
  public <U> CompletableFuture<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.thenComposeAsync(fn, task));
  }

  @Override
  public CompletableFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action) {
    var task = new StageTask(pool, action);
    return task.completing(super.whenCompleteAsync(action, task));
  }

  @Override
  public <U> CompletableFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.<U>handleAsync(fn, task));
  }

  @Override
  public CompletableFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.exceptionallyAsync(fn, task));
  }

  @Override
  public CompletableFuture<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    var task = new StageTask(pool, fn);
    return task.completing(super.exceptionallyComposeAsync(fn, task));
  }
}
