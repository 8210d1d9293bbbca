package dev.bobbin.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A future that is told when somebody looks at how it has failed. What waits tells it so itself, since that differs;
 * dependents call {@code newIncompleteFuture} or {@code toCompletableFuture}.
 */
abstract class WatchedFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  /*
   * Whoever asks whether this is complete, and is told no, has not looked: so each asks once, and is
   * answered by that. state() of newer JDKs reads the result itself; its type is not there on 17.
   */

  /** Is called when somebody is about to be told how this has ended, which it has. */
  void see() {}

  @Override
  public T getNow(T valueIfAbsent) {
    if (!isDone()) {
      return valueIfAbsent;
    }
    see();
    return super.getNow(valueIfAbsent);
  }

  @Override
  public boolean isCompletedExceptionally() {
    boolean failed = isWithoutValue();
    if (failed) {
      see();
    }
    return failed;
  }

  /** Returns whether this has ended with anything but a value; that is no look. */
  final boolean isWithoutValue() {
    return super.isCompletedExceptionally();
  }

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public T resultNow() {
    requireDone();
    see();
    if (isWithoutValue()) {
      throw new IllegalStateException("The task has not ended with a value.");
    }
    return super.join();
  }

  /** Overrides a method that newer JDKs have. */
  @SuppressWarnings("MissingOverride")
  public Throwable exceptionNow() {
    requireDone();
    see();
    if (!isWithoutValue() || isCancelled()) {
      throw new IllegalStateException("The task has not failed.");
    }
    try {
      super.join();
      throw new AssertionError("a failed future gave a value");
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause();
      return cause == null ? failed : cause;
    }
  }

  private void requireDone() {
    if (!isDone()) {
      throw new IllegalStateException("The task has not ended.");
    }
  }
}
