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
      return Set.of(detached.ancestors);
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
    for (StackTraceElement frame : trace(cause)) {
      text.append(System.lineSeparator()).append("  ").append(frame);
    }
    return text.toString();
  }

  private static StackTraceElement[] trace(Throwable cause) {
    try {
      StackTraceElement[] trace = cause.getStackTrace();
      return trace == null ? new StackTraceElement[0] : trace;
    } catch (Throwable thrown) {
      return new StackTraceElement[0];
    }
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

  /** Stands for a throwable of which only the texts are kept, also when it goes through a stream. */
  private static final class Detached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final String[] ancestors;
    final String brief;
    final String full;

    Detached(Throwable cause) {
      super(message(cause), null, false, false);
      this.ancestors = ancestorsOf(cause).toArray(String[]::new);
      this.brief = FailureText.brief(cause);
      this.full = FailureText.full(cause);
    }

    @Override
    public @Nullable String toString() {
      return full.lines().findFirst().orElse("");
    }
  }
}
