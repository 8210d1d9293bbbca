package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended: a {@link Success} with a value, or a {@link Failure} with a cause. Immutable, so
 * it may be handed from thread to thread.
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T extends @Nullable Object> {

  /** Returns the outcome of work that returned {@code value}, which may be null. */
  static <T extends @Nullable Object> Outcome<T> success(T value) {
    return new Success<>(value);
  }

  /** Returns the outcome of work that threw {@code cause}. */
  static <T extends @Nullable Object> Outcome<T> failure(Throwable cause) {
    return new Failure<>(cause);
  }

  /** Returns whether the work returned a value. */
  boolean isSuccess();

  /** Returns the value. Throws the cause itself, with its own trace, if this is a failure. */
  T get() throws Throwable;

  /** Returns what {@code onSuccess} makes of the value, or {@code onFailure} of the failure. */
  <R extends @Nullable Object> R fold(
      Function<? super T, ? extends R> onSuccess,
      Function<? super Failure<T>, ? extends R> onFailure);

  /**
   * The work returned a value.
   *
   * @param value what the work returned; null if it returned null or returns nothing
   * @param <T> the type of the value
   */
  record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
    @Override
    public boolean isSuccess() {
      return true;
    }

    @Override
    public T get() {
      return value;
    }

    @Override
    public <R extends @Nullable Object> R fold(
        Function<? super T, ? extends R> onSuccess,
        Function<? super Failure<T>, ? extends R> onFailure) {
      return onSuccess.apply(value);
    }

    // Written out, as for PoolSizes.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Success<?> that && Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Objects.hashCode(value);
    }
  }

  /**
   * The work threw, or was given up by the pool.
   *
   * @param cause what the work threw, the very object, or why the pool gave it up
   * @param <T> the type of the value that did not come
   */
  record Failure<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {
    /** Checks that there is a cause. */
    public Failure {
      requireNonNull(cause, "cause");
    }

    @Override
    public boolean isSuccess() {
      return false;
    }

    @Override
    public T get() throws Throwable {
      throw cause;
    }

    @Override
    public <R extends @Nullable Object> R fold(
        Function<? super T, ? extends R> onSuccess,
        Function<? super Failure<T>, ? extends R> onFailure) {
      return onFailure.apply(this);
    }

    // Written out, as for PoolSizes.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Failure<?> that && cause.equals(that.cause);
    }

    @Override
    public int hashCode() {
      return cause.hashCode();
    }

    /** Returns the first of {@code types} that the cause is an instance of, or null if none is. */
    @SafeVarargs
    public final @Nullable Class<? extends Throwable> check(Class<? extends Throwable>... types) {
      for (Class<? extends Throwable> type : types) {
        if (type.isInstance(cause)) {
          return type;
        }
      }
      return null;
    }

    /**
     * Returns the first of {@code typeNames} that is the fully qualified name of the cause's class
     * or of one of its superclasses, or null. Works across class loaders and on a {@link #detached}
     * failure.
     */
    public @Nullable String check(String... typeNames) {
      var ancestors = FailureText.ancestorsOf(cause);
      for (String typeName : typeNames) {
        if (ancestors.contains(typeName)) {
          return typeName;
        }
      }
      return null;
    }

    /** Returns like {@link #check(Class...)}, but throws the cause itself if none matches. */
    @SafeVarargs
    public final Class<? extends Throwable> trap(Class<? extends Throwable>... types)
        throws Throwable {
      Class<? extends Throwable> match = check(types);
      if (match == null) {
        throw cause;
      }
      return match;
    }

    /** Returns the cause's message; never throws, whatever the cause does when it is asked. */
    public String message() {
      return FailureText.message(cause);
    }

    /** Returns the class and message of the cause and one line a frame; never throws. */
    public String brief() {
      return FailureText.brief(cause);
    }

    /** Returns the whole trace, causes and suppressed ones included; never throws. */
    public String full() {
      return FailureText.full(cause);
    }

    /**
     * Returns a failure with the same texts and type names that keeps neither the cause nor anything
     * it refers to alive. {@link #check(String...)} answers as before; {@link #check(Class...)} sees
     * only the stand-in.
     */
    public Failure<T> detached() {
      return new Failure<>(FailureText.detach(cause));
    }
  }
}
