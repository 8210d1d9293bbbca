package dev.bobbin.api;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a pool's context to where the pool is not: wraps work so that it runs, on whatever thread and as
 * often as it is run, in the context of the thread that has wrapped it, and leaves that thread as it was.
 * Got from {@link ThreadPool#contextWrapper}; may be used by many threads at once, also before the pool is
 * started and after it has stopped. Users do not implement it, and methods may be added.
 *
 * <p>The context is what the pool's propagators carry, in the modes of its configuration. Where there is
 * nothing to carry, what was given is returned as it is; so is what was wrapped before. A pool that is
 * given wrapped work does not put its submitter's context around it, only around its callback. What wrapped work throws passes as it
 * is. A propagator that throws is reported by the pool's reporters, and the work runs.
 *
 * <p>Wrapped work is {@linkplain Comparable comparable} as the work is, and has its text.
 */
public interface ContextWrapper {
  /** Returns what runs {@code work} in the calling thread's context of now. */
  Runnable wrap(Runnable work);

  /** Returns what calls {@code work} in the calling thread's context of now. */
  <T extends @Nullable Object> Callable<T> wrap(Callable<T> work);

  /** Returns what asks {@code supplier} in the calling thread's context of now. */
  <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> supplier);

  /** Returns what tells {@code consumer} in the calling thread's context of now. */
  <T extends @Nullable Object> Consumer<T> wrapConsumer(Consumer<T> consumer);

  /**
   * Returns an executor that has {@code executor} run each task in the context of the thread that submits it
   * there.
   */
  Executor wrap(Executor executor);

  /**
   * Returns an executor service that has {@code executor} run each task in the context of the thread that
   * submits it there. All else, its end included, is that of {@code executor}.
   */
  ExecutorService wrap(ExecutorService executor);
}
