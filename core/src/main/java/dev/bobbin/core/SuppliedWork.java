package dev.bobbin.core;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link Supplier} in the form of other work. */
record SuppliedWork<T extends @Nullable Object>(Supplier<T> work) implements Callable<T> {
  @Override
  public T call() {
    return work.get();
  }

  @Override
  public String toString() {
    return Descriptions.of(work);
  }
}
