package dev.bobbin.core;

import java.util.List;
import java.util.Objects;

/**
 * Says that pools cannot be wired as they are configured. Thrown while plugins are discovered and
 * while a pool is made, never by a pool that is in use; no thread has been started.
 *
 * <p>All mistakes that could be seen are in it at once. Each of {@link #problems()} is a sentence
 * that names the thing, the value and the way out. What a plugin threw is the cause, and from the
 * second on suppressed.
 */
public final class WiringException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String[] problems;

  WiringException(List<Problem> problems) {
    super(textOf(problems));
    this.problems = problems.stream().map(Problem::sentence).toArray(String[]::new);
    problems.stream().map(Problem::cause).filter(Objects::nonNull).forEach(this::keep);
  }

  /** Throws all of {@code problems} together, if there are any. */
  static void throwIfAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new WiringException(problems);
    }
  }

  /** Returns what is wrong, one sentence or a few for each mistake; never empty. */
  public List<String> problems() {
    return List.of(problems);
  }

  private void keep(Throwable cause) {
    if (getCause() == null) {
      initCause(cause);
    } else {
      addSuppressed(cause);
    }
  }

  private static String textOf(List<Problem> problems) {
    if (problems.size() == 1) {
      return problems.get(0).sentence();
    }
    var text = new StringBuilder("%d mistakes of wiring:".formatted(problems.size()));
    for (int i = 0; i < problems.size(); i++) {
      text.append("%n%d) %s".formatted(i + 1, problems.get(i).sentence()));
    }
    return text.toString();
  }
}
