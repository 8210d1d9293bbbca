package dev.bobbin.api;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The texts of a throwable, made so that a hostile {@code getMessage} or {@code toString} harms nobody. */
final class FailureText {
  private FailureText() {}

  static Set<String> ancestorsOf(Throwable cause) {
    if (cause instanceof Detached detached) {
      return detached.ancestors;
    }
    var names = new LinkedHashSet<String>();
    for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
      names.add(type.getName());
    }
    return names;
  }

  static String message(Throwable cause) {
    try {
      return String.valueOf(cause.getMessage());
    } catch (Throwable thrown) {
      return "(its getMessage threw " + thrown.getClass().getName() + ")";
    }
  }

  static String brief(Throwable cause) {
    if (cause instanceof Detached detached) {
      return detached.brief;
    }
    var text = new StringBuilder(cause.getClass().getName()).append(": ").append(message(cause));
    for (StackTraceElement frame : cause.getStackTrace()) {
      text.append(System.lineSeparator()).append("  ").append(frame);
    }
    return text.toString();
  }

  static String full(Throwable cause) {
    if (cause instanceof Detached detached) {
      return detached.full;
    }
    try {
      var text = new StringWriter();
      cause.printStackTrace(new PrintWriter(text, true));
      return text.toString();
    } catch (Throwable thrown) {
      return brief(cause);
    }
  }

  static Throwable detach(Throwable cause) {
    return cause instanceof Detached ? cause : new Detached(cause);
  }

  /** Stands for a throwable of which only the texts are kept. */
  private static final class Detached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient Set<String> ancestors;
    final transient String brief;
    final transient String full;

    Detached(Throwable cause) {
      super(message(cause), null, false, false);
      this.ancestors = Set.copyOf(ancestorsOf(cause));
      this.brief = FailureText.brief(cause);
      this.full = FailureText.full(cause);
    }

    @Override
    public @Nullable String toString() {
      return full.lines().findFirst().orElse("");
    }
  }
}
