package dev.bobbin.core;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code invokeAny}. Each of its tasks is a future of the pool, so that the call hears of
 * one that is given up, and one that it cancels leaves the backlog. For the calling thread alone.
 */
final class FirstOf<T extends @Nullable Object> {
  private final Submissions pool;
  private final Iterator<Callable<T>> tasks;
  private final List<CompletableFuture<T>> submitted;
  private final BlockingQueue<CompletableFuture<T>> ended = new LinkedBlockingQueue<>();

  FirstOf(Submissions pool, List<Callable<T>> tasks) {
    this.pool = pool;
    this.tasks = tasks.iterator();
    this.submitted = new ArrayList<>(tasks.size());
  }

  /**
   * Returns the first value, and cancels the other tasks, however this ends.
   *
   * @throws ExecutionException if no task had a value: the last failure
   */
  T get(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
    long began = System.nanoTime();
    try {
      for (int failed = 0; ; failed++) {
        CompletableFuture<T> next = next(Math.max(0, nanos) - (System.nanoTime() - began));
        try {
          return next.get();
        } catch (ExecutionException | CancellationException failure) {
          if (failed + 1 == submitted.size() && !tasks.hasNext()) {
            throw failure instanceof ExecutionException itself
                ? itself
                : new ExecutionException(failure);
          }
        }
      }
    } finally {
      submitted.forEach(future -> future.cancel(true));
    }
  }

  /** Submits what is left until a task has ended, then waits for one. */
  private CompletableFuture<T> next(long nanos) throws InterruptedException, TimeoutException {
    CompletableFuture<T> next = ended.poll();
    while (next == null && tasks.hasNext()) {
      CompletableFuture<T> future = pool.submit(tasks.next());
      submitted.add(future);
      future.whenComplete((value, failure) -> ended.add(future));
      next = ended.poll();
    }
    if (next == null) {
      next = await(nanos);
    }
    if (next == null) {
      throw new TimeoutException("Pool '%s': none of %d tasks had a value in time."
          .formatted(pool.name(), submitted.size()));
    }
    return next;
  }

  private @Nullable CompletableFuture<T> await(long nanos) throws InterruptedException {
    Worker replaced = nanos > 0 ? pool.pool().beforeWait(null) : null;
    try {
      return ended.poll(nanos, TimeUnit.NANOSECONDS);
    } finally {
      pool.pool().afterWait(replaced);
    }
  }
}
