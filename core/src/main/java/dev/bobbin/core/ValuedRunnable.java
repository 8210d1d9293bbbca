package dev.bobbin.core;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A {@link Runnable} with the value that its future is to have. */
record ValuedRunnable<T extends @Nullable Object>(Runnable work, T value) implements Callable<T> {
  @Override
  public T call() {
    work.run();
    return value;
  }

  @Override
  public String toString() {
    return Descriptions.of(work);
  }
}
