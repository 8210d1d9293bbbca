package dev.bobbin.context;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The key of one value in a {@link Context}. Made by applications and libraries, most often once, in
 * a static final field; safe for use by many threads.
 *
 * <p>A key is equal to itself alone. Two libraries that both call a key {@code user} therefore never
 * see each other's value, and a value always has the type of its key. The name is for reports only.
 *
 * <p>A key may have a default, which is one for the whole process: set at any time, it is seen at
 * once by all threads, and inside contexts that were captured before, wherever the context says
 * nothing about the key.
 *
 * @param <T> the type of the value
 */
public final class ContextKey<T> {
  private final String name;

  /** Written and read without a lock; null stands for no default. */
  private volatile @Nullable Default<T> standard;

  private ContextKey(String name) {
    this.name = name;
  }

  /**
   * Returns a new key, unlike any other.
   *
   * @param name what reports of failures call it
   * @throws IllegalArgumentException if the name is blank
   */
  public static <T> ContextKey<T> named(String name) {
    requireNonNull(name, "name");
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "A context key must have a name, was '%s'. Give the word that reports are to show."
              .formatted(SafeText.printable(name)));
    }
    return new ContextKey<>(name);
  }

  /** Returns the name, as it was given. */
  public String name() {
    return name;
  }

  /** Returns the value in the calling thread's context, else the default, else null. */
  public @Nullable T get() {
    return Context.current().get(this);
  }

  /**
   * Sets the default for all threads of the process, at once. It may be null: unlike no default at
   * all, it then wins over the fallback of {@link Context#get(ContextKey, Object)}.
   */
  public void setDefault(@Nullable T value) {
    standard = new Default<>(value);
  }

  /** Takes the default away. Does nothing if there is none. */
  public void removeDefault() {
    standard = null;
  }

  @Nullable
  T defaultOr(@Nullable T fallback) {
    Default<T> found = standard;
    return found == null ? fallback : found.value();
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }

  /** A default that may be null. */
  private record Default<T>(@Nullable T value) {}
}
