package dev.bobbin.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
class DeliveredStage<T extends @Nullable Object> extends WatchedFuture<T> {
  /*
   * A thread that waits in the get or join of a CompletableFuture runs, once it is complete, what
   * depends on it. Those who wait here wait for a future on which nothing else depends, and which is
   * completed as one dependent among others.
   */
  final Executor deliverOn;

  private static final VarHandle MAKER;

  static {
    try {
      MAKER = MethodHandles.lookup().findVarHandle(DeliveredStage.class, "maker", Thread.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** What those who wait here wait for, once somebody does. Written by the maker. */
  private volatile @Nullable CompletableFuture<Boolean> ended;

  /** Who is making {@link #ended} just now. Whoever writes itself here by CAS writes null afterwards. */
  private volatile @Nullable Thread maker;

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

  /** Returns whether something depends on this beside those who wait in it. */
  final boolean hasDependents() {
    while (maker != null) {
      Thread.onSpinWait();
    }
    int own = ended == null ? 0 : 1;
    return getNumberOfDependents() > own;
  }

  /** Returns whether the calling thread is just making what it will wait for: that is no look. */
  final boolean isMaking() {
    return maker == Thread.currentThread();
  }

  private CompletableFuture<Boolean> ended() {
    CompletableFuture<Boolean> waitedFor = ended;
    while (waitedFor == null) {
      if (MAKER.compareAndSet(this, null, Thread.currentThread())) {
        try {
          waitedFor = ended == null ? makeEnded() : ended;
        } finally {
          maker = null;
        }
      } else {
        Thread.onSpinWait();
        waitedFor = ended;
      }
    }
    return waitedFor;
  }

  private CompletableFuture<Boolean> makeEnded() {
    var made = new CompletableFuture<Boolean>();
    whenComplete((value, failure) -> made.complete(true));
    ended = made;
    return made;
  }
}
