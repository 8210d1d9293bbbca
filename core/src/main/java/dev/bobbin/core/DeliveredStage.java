package dev.bobbin.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future of {@code deferToThread}, or a stage behind one. What is asynchronous here and names no
 * executor runs where the future completes, and nothing runs on a thread that waits.
 */
class DeliveredStage<T extends @Nullable Object> extends CompletableFuture<T> {
  /*
   * A thread that waits in the get or join of a CompletableFuture runs, once it is complete, what
   * depends on it. Those who wait here wait for a future on which nothing else depends, and which is
   * completed as one dependent among others.
   */
  final Executor deliverOn;

  /** What those who wait here wait for, once somebody does; of two made at once both are completed. */
  private volatile @Nullable CompletableFuture<Boolean> ended;

  DeliveredStage(Executor deliverOn) {
    this.deliverOn = deliverOn;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new DeliveredStage<>(deliverOn);
  }

  @Override
  public Executor defaultExecutor() {
    return deliverOn;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      Worker replaced = beforeWait();
      try {
        ended().get();
      } finally {
        afterWait(replaced);
      }
    }
    see();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!isDone()) {
      Worker replaced = timeout > 0 ? beforeWait() : null;
      try {
        ended().get(timeout, unit);
      } finally {
        afterWait(replaced);
      }
    }
    see();
    return super.get();
  }

  @Override
  public T join() {
    if (!isDone()) {
      Worker replaced = beforeWait();
      try {
        ended().join();
      } finally {
        afterWait(replaced);
      }
    }
    see();
    return super.join();
  }

  /** Is told that the calling thread is about to wait; see {@link Pool#beforeWait}. */
  @Nullable
  Worker beforeWait() {
    return null;
  }

  void afterWait(@Nullable Worker replaced) {}

  /** Is called when somebody looks at how this has ended, if it has. */
  void see() {}

  private CompletableFuture<Boolean> ended() {
    CompletableFuture<Boolean> waitedFor = ended;
    if (waitedFor == null) {
      var made = new CompletableFuture<Boolean>();
      ended = made;
      addWaker(made);
      waitedFor = made;
    }
    return waitedFor;
  }

  /** Has this completed, as one dependent among others, when the future is complete. */
  void addWaker(CompletableFuture<Boolean> waitedFor) {
    whenComplete((value, failure) -> waitedFor.complete(true));
  }
}
