package dev.bobbin.core;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work with the context of who wrapped it, in which it runs wherever it is run. A pool puts no other around
 * it.
 */
@SuppressWarnings("ComparableType") // it compares the work, with whatever that compares itself
final class ContextualWork<T extends @Nullable Object>
    implements Runnable, Callable<T>, Supplier<T>, Comparable<Object> {
  // One class for all forms: to ask for a class is cheap, for an interface it is not, see
  // PoolTask.of.

  private final CapturedContexts contexts;
  private final Callable<? extends T> work;

  /** Whether it was ever run, or is given up. Set by any thread. */
  private final AtomicBoolean begun = new AtomicBoolean();

  ContextualWork(CapturedContexts contexts, Callable<? extends T> work) {
    this.contexts = contexts;
    this.work = work;
  }

  @Override
  public void run() {
    new Call().inContext();
  }

  @Override
  public T call() {
    var call = new Call();
    call.inContext();
    return call.value();
  }

  @Override
  public T get() {
    return call();
  }

  /** Tells the contexts, unless this was ever run, that it never is. */
  void release() {
    if (begun.compareAndSet(false, true)) {
      contexts.discarded();
    }
  }

  /** Compares the work with other work, wrapped or not, for executors that put it into an order. */
  @Override
  public int compareTo(Object other) {
    return compare(unwrapped(this), unwrapped(other));
  }

  @SuppressWarnings("unchecked") // fails as it would without the wrapping
  private static int compare(Object one, Object other) {
    return ((Comparable<Object>) one).compareTo(other);
  }

  /** Returns what the user gave: the work inside of what Bobbin has put around it. */
  static Object unwrapped(Object work) {
    if (work instanceof ContextualWork<?> contextual) {
      return unwrapped(contextual.work);
    }
    if (work instanceof SuppliedWork<?> supplied) {
      return unwrapped(supplied.work());
    }
    return work instanceof ValuedRunnable<?> valued ? unwrapped(valued.work()) : work;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other; // whatever the order is
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return Descriptions.of(work);
  }

  /** One run: the body that never throws, and what became of it. */
  private final class Call implements Runnable {
    private @Nullable Object value;
    private @Nullable Throwable thrown;

    void inContext() {
      begun.set(true);
      contexts.run(this);
      if (thrown != null) {
        throw Call.<RuntimeException>unchecked(thrown);
      }
    }

    @Override
    public void run() {
      try {
        value = work.call();
      } catch (Throwable failure) {
        thrown = failure;
      }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // it is what the work returned
    T value() {
      return (T) value;
    }

    @SuppressWarnings("unchecked") // the work's own checked exceptions pass as they are
    private static <X extends Throwable> X unchecked(Throwable failure) throws X {
      throw (X) failure;
    }
  }
}
