package dev.bobbin.guice;

import dev.bobbin.api.ThreadPool;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A pool as it is injected under {@link ExecutorService}: everything but its end, which is its
 * owner's affair.
 */
final class PoolView implements ExecutorService {
  private final ThreadPool pool;

  PoolView(ThreadPool pool) {
    this.pool = pool;
  }

  @Override
  public void shutdown() {
    throw notYours("shutdown");
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw notYours("shutdownNow");
  }

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public void close() {
    throw notYours("close");
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(timeout, unit);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public <T> Future<T> submit(Callable<T> task) {
    return pool.submit(task);
  }

  @Override
  public <T> Future<T> submit(Runnable task, T result) {
    return pool.submit(task, result);
  }

  @Override
  public Future<?> submit(Runnable task) {
    return pool.submit(task);
  }

  @Override
  public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return pool.invokeAll(tasks);
  }

  @Override
  public <T> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return pool.invokeAll(tasks, timeout, unit);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return pool.invokeAny(tasks);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return pool.invokeAny(tasks, timeout, unit);
  }

  @Override
  public String toString() {
    return "View of " + pool;
  }

  private IllegalStateException notYours(String verb) {
    return new IllegalStateException(
        ("Pool '%s': an injected executor refuses %s, since others use the pool too. Its PoolOwner"
                + " stops it: call PoolOwner.close() where the application ends, or inject the"
                + " ThreadPool itself.")
            .formatted(pool.name(), verb));
  }
}
