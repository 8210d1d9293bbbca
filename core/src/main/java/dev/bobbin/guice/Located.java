package dev.bobbin.guice;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A value and the line of source that gave it. Two are equal if their values are.
 *
 * @param line the first line outside of {@link ThreadPoolModule} that led here
 */
record Located<T>(T value, StackTraceElement line) {
  private static final Set<String> OURS = Set.of(
      Located.class.getName(),
      ThreadPoolModule.class.getName(),
      ThreadPoolModule.Builder.class.getName());

  /** Returns the value with the line of the caller's caller's … source. */
  static <T> Located<T> here(T value) {
    return new Located<>(
        value,
        StackWalker.getInstance()
            .walk(frames -> frames.filter(Predicate.not(Located::isOurs)).findFirst())
            .map(StackFrame::toStackTraceElement)
            .orElseThrow());
  }

  private static boolean isOurs(StackFrame frame) {
    return OURS.contains(frame.getClassName());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Located<?> that && value.equals(that.value());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "%s at %s".formatted(value, line);
  }
}
