package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ContextWrapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Wraps work in the context that the plan of one pool carries. */
final class PoolContextWrapper implements ContextWrapper {
  private final ContextPlan plan;

  PoolContextWrapper(ContextPlan plan) {
    this.plan = plan;
  }

  @Override
  public Runnable wrap(Runnable work) {
    CapturedContexts contexts = plan.captureFor(requireNonNull(work, "work"));
    return contexts == null
        ? work
        : new ContextualWork<@Nullable Object>(
            contexts, new ValuedRunnable<@Nullable Object>(work, null));
  }

  @Override
  public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
    CapturedContexts contexts = plan.captureFor(requireNonNull(work, "work"));
    return contexts == null ? work : new ContextualWork<>(contexts, work);
  }

  @Override
  public <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> supplier) {
    CapturedContexts contexts = plan.captureFor(requireNonNull(supplier, "supplier"));
    return contexts == null
        ? supplier
        : new ContextualWork<>(contexts, new SuppliedWork<>(supplier));
  }

  @Override
  public <T extends @Nullable Object> Consumer<T> wrapConsumer(Consumer<T> consumer) {
    CapturedContexts contexts = plan.captureFor(requireNonNull(consumer, "consumer"));
    return contexts == null ? consumer : new ContextualConsumer<>(contexts, consumer);
  }

  @Override
  public Executor wrap(Executor executor) {
    requireNonNull(executor, "executor");
    return plan.isEmpty() ? executor : task -> handOver(executor, requireNonNull(task, "task"));
  }

  private void handOver(Executor executor, Runnable task) {
    handOver(task, wrap(task), wrapped -> {
      executor.execute(wrapped);
      return wrapped;
    });
  }

  /** Hands wrapped work over, and lets go of its context if it is refused. */
  private static <W, R> R handOver(W task, W wrapped, Function<W, R> executor) {
    try {
      return executor.apply(wrapped);
    } catch (Throwable refused) {
      release(task, wrapped);
      throw refused;
    }
  }

  /** Notes that work which was wrapped here may never be run: it was refused, or left out. */
  private static void release(Object work, Object wrapped) {
    if (wrapped != work && wrapped instanceof ContextualWork<?> own) {
      own.release();
    }
  }

  @Override
  public ExecutorService wrap(ExecutorService executor) {
    requireNonNull(executor, "executor");
    return plan.isEmpty() ? executor : new Wrapping(executor);
  }

  /** Wraps each task, and hands it over; all else is the other's. */
  private final class Wrapping implements ExecutorService {
    private final ExecutorService executor;

    Wrapping(ExecutorService executor) {
      this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
      handOver(executor, task);
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
      return handOver(task, wrap(task), wrapped -> executor.submit(wrapped));
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
      return handOver(task, wrap(task), wrapped -> executor.submit(wrapped, result));
    }

    @Override
    public Future<?> submit(Runnable task) {
      return handOver(task, wrap(task), wrapped -> executor.submit(wrapped));
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
        Collection<? extends Callable<T>> tasks) throws InterruptedException {
      var all = new All<T>(tasks);
      try {
        return executor.invokeAll(all.wrapped);
      } finally {
        all.release();
      }
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
        Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
        throws InterruptedException {
      var all = new All<T>(tasks);
      try {
        return executor.invokeAll(all.wrapped, timeout, unit);
      } finally {
        all.release();
      }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
        throws InterruptedException, ExecutionException {
      var all = new All<T>(tasks);
      try {
        return executor.invokeAny(all.wrapped);
      } finally {
        all.release();
      }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
        Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      var all = new All<T>(tasks);
      try {
        return executor.invokeAny(all.wrapped, timeout, unit);
      } finally {
        all.release();
      }
    }

    /** The tasks of one call, of which none is begun any more when that is over. */
    private final class All<T extends @Nullable Object> {
      private final List<Callable<T>> tasks;
      final List<Callable<T>> wrapped = new ArrayList<>();

      All(Collection<? extends Callable<T>> tasks) {
        this.tasks = new ArrayList<>(tasks);
        this.tasks.forEach(task -> requireNonNull(task, "task"));
        this.tasks.forEach(task -> wrapped.add(wrap(task)));
      }

      void release() {
        for (int i = 0; i < wrapped.size(); i++) {
          PoolContextWrapper.release(tasks.get(i), wrapped.get(i));
        }
      }
    }

    /** Overrides a method that newer JDKs have, and calls that of the other, which need not be theirs. */
    @SuppressWarnings("MissingOverride")
    public void close() {
      try {
        ((AutoCloseable) executor).close();
      } catch (RuntimeException thrown) {
        throw thrown;
      } catch (Exception thrown) { // which those JDKs' executors do not declare
        throw new IllegalStateException(thrown);
      }
    }

    @Override
    public void shutdown() {
      executor.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
      return executor.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
      return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return executor.awaitTermination(timeout, unit);
    }

    @Override
    public String toString() {
      return executor + " in the context of the submitter";
    }
  }
}
