package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The ways to give work to a pool: each gives the task its form and hands it to the {@link Pool}. */
abstract class Submissions extends AbstractExecutorService implements ThreadPool {
  /** Returns the pool that runs what is submitted here. */
  abstract Pool pool();

  /** Returns what is asked for every task submitted here, or null if nothing is. */
  abstract @Nullable Terms terms();

  /** Returns what was asked for by views, without what the pool's configuration says. */
  TaskOptions options() {
    return TaskOptions.none();
  }

  @Override
  public void execute(Runnable task) {
    requireNonNull(task, "task");
    Pool pool = pool();
    pool.requireOpen();
    if (task instanceof PoolFuture<?> future && future.belongsTo(pool)) {
      admit(future);
      return;
    }
    executeIn(pool.capture(task), task);
  }

  /** Runs the task in this context, not in that of the calling thread. */
  final void executeIn(@Nullable CapturedContexts context, Runnable task) {
    Pool pool = pool();
    long submittedAt = pool.clock().submission();
    Terms terms = terms();
    Ticket ticket = pool.ticketFor(terms);
    boolean asItIs = context == null
        && ticket == null
        && submittedAt == TaskClock.UNTIMED
        && PoolTask.of(task) == null;
    if (asItIs) {
      pool.admit(task);
    } else {
      admit(pool, new PlainTask(task, context, submittedAt, ticket));
    }
  }

  private static void admit(Pool pool, WorkTask task) {
    try {
      pool.admit(task);
    } catch (Throwable refused) {
      task.dropContext();
      throw refused;
    }
  }

  @Override
  public void callInThread(Runnable work) {
    execute(requireNonNull(work, "work"));
  }

  @Override
  public <T extends @Nullable Object> void callInThreadWithCallback(
      OutcomeCallback<? super T> callback, Callable<? extends T> work) {
    admit(requireNonNull(callback, "callback"), requireNonNull(work, "work"), null);
  }

  private <T extends @Nullable Object> void admit(
      OutcomeCallback<? super T> callback,
      Callable<? extends T> work,
      @Nullable Executor deliverOn) {
    Pool pool = pool();
    pool.requireOpen();
    admit(
        pool,
        new CallbackTask<T>(
            callback,
            work,
            pool.capture(callback), // wrapped work has its own, in which the callback is not
            pool.clock().submission(),
            pool().ticketFor(terms()),
            deliverOn));
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> task) {
    requireNonNull(task, "task");
    pool().requireOpen();
    PoolFuture<T> future = newTaskFor(task);
    admit(future);
    return future;
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(Runnable task, T result) {
    return submit(new ValuedRunnable<>(requireNonNull(task, "task"), result));
  }

  @Override
  public CompletableFuture<?> submit(Runnable task) {
    return this.<@Nullable Object>submit(
        new ValuedRunnable<@Nullable Object>(requireNonNull(task, "task"), null));
  }

  @Override
  protected <T extends @Nullable Object> PoolFuture<T> newTaskFor(Callable<T> work) {
    return new PoolFuture<>(pool(), work, pool().ticketFor(terms()));
  }

  @Override
  protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable work, T value) {
    return newTaskFor(new ValuedRunnable<>(work, value));
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return invokeAll(checked(tasks), Long.MAX_VALUE);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return invokeAll(checked(tasks), Math.max(0, requireNonNull(unit, "unit").toNanos(timeout)));
  }

  /** As inherited; but that this waits for the futures is no look at them. */
  private <T extends @Nullable Object> List<Future<T>> invokeAll(
      List<Callable<T>> tasks, long nanos) throws InterruptedException {
    long began = System.nanoTime();
    var futures = new ArrayList<PoolFuture<T>>(tasks.size());
    for (Callable<T> task : tasks) {
      PoolFuture<T> future = newTaskFor(task);
      future.beInBatch();
      futures.add(future);
    }
    boolean inTime = false;
    try {
      inTime = runAll(futures, nanos, began);
    } finally {
      if (!inTime) {
        futures.forEach(future -> future.cancel(true));
      }
    }
    return new ArrayList<>(futures);
  }

  /** Runs the futures and waits for them; false if the time was up before. */
  private <T extends @Nullable Object> boolean runAll(
      List<PoolFuture<T>> futures, long nanos, long began) throws InterruptedException {
    for (PoolFuture<T> future : futures) {
      if (nanos - (System.nanoTime() - began) <= 0) {
        return false;
      }
      execute(future);
    }
    for (PoolFuture<T> future : futures) {
      if (!future.awaitInBatch(nanos - (System.nanoTime() - began))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return new FirstOf<>(this, atLeastOne(checked(tasks))).get(Long.MAX_VALUE);
    } catch (TimeoutException never) {
      throw new AssertionError("an endless wait was over", never);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    var any = new FirstOf<>(this, atLeastOne(checked(tasks)));
    return any.get(requireNonNull(unit, "unit").toNanos(timeout));
  }

  /** Returns a copy, so that a missing task is found before another has been submitted. */
  private static <T> List<Callable<T>> checked(Collection<? extends Callable<T>> tasks) {
    var copy = new ArrayList<Callable<T>>(requireNonNull(tasks, "tasks"));
    copy.forEach(task -> requireNonNull(task, "task"));
    return copy;
  }

  private <T> List<Callable<T>> atLeastOne(List<Callable<T>> tasks) {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException(
          "Pool '%s': invokeAny needs at least one task, was given none.".formatted(name()));
    }
    return tasks;
  }

  /** Takes a future on, as the task that it is, with the context of now. */
  private void admit(PoolFuture<?> future) {
    Pool pool = pool();
    future.submit(pool.capture(future.work()), pool.clock().submission());
    try {
      pool.admit(future);
    } catch (Throwable refused) {
      future.refused();
      throw refused;
    }
  }

  // ------------------------------------------------------------------ delivery

  @Override
  public <T extends @Nullable Object> void callInThreadWithCallback(
      OutcomeCallback<? super T> callback, Callable<? extends T> work, Executor deliverOn) {
    admit(
        requireNonNull(callback, "callback"),
        requireNonNull(work, "work"),
        requireNonNull(deliverOn, "deliverOn"));
  }

  @Override
  @SuppressWarnings("unchecked") // work that gives a subtype of T gives a T
  public <T extends @Nullable Object> CompletableFuture<T> deferToThread(
      Executor deliverOn, Callable<? extends T> work) {
    requireNonNull(deliverOn, "deliverOn");
    requireNonNull(work, "work");
    pool().requireOpen();
    PoolFuture<T> task = newTaskFor((Callable<T>) work);
    var future = new DeliveredFuture<>(pool(), deliverOn, task);
    admit(task);
    return future;
  }

  @Override
  public void callMultipleInThread(List<? extends Runnable> works) {
    execute(new WorkList(works));
  }

  // ------------------------------------------------------------------ views

  @Override
  public ThreadPool with(TaskOptions options) {
    return new PoolWith(pool(), requireNonNull(options, "options").over(options()));
  }

  @Override
  public ThreadPool inOrder(Object key) {
    return with(TaskOptions.builder().key(requireNonNull(key, "key")).build());
  }
}
