package dev.bobbin.guice;

import com.google.inject.spi.Message;
import dev.bobbin.core.WiringException;
import dev.bobbin.spi.FailureReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The wording of what can be wrong between modules: one method for each mistake. */
final class Sentences {
  private Sentences() {}

  static Message poolDeclaredTwice(String pool, List<StackTraceElement> lines) {
    return at(
        lines.get(1),
        "Pool '%s' is declared %s: %s. Keep one, or give them different names."
            .formatted(pool, times(lines.size()), places(lines)));
  }

  static Message severalDefaultPools(List<Located<String>> defaults) {
    return at(
        defaults.get(1).line(),
        "Several pools are declared the default: %s. Keep one."
            .formatted(defaults.stream()
                .map(pool -> "'%s' at %s".formatted(pool.value(), pool.line()))
                .collect(Collectors.joining(" and "))));
  }

  static Message defaultPoolUndeclared(Located<String> pool, Collection<String> declared) {
    return at(
        pool.line(),
        ("Pool '%s' is declared the default, but there is no such pool. Declared: %s."
                + " Declare it, or name one of those.")
            .formatted(pool.value(), quoted(declared)));
  }

  static Message stopsBeforeUndeclared(
      StackTraceElement line, String pool, String other, Collection<String> declared) {
    return at(
        line,
        ("Pool '%s' stops before pool '%s', but there is no such pool. Declared: %s."
                + " Declare it, or name one of those.")
            .formatted(pool, other, quoted(declared)));
  }

  static Message stopsInACircle(StackTraceElement line, List<String> circle) {
    return at(
        line,
        "Pools stop before one another in a circle: %s. Take out one stopsBefore."
            .formatted(circle.stream()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(" before "))));
  }

  static Message pluginsForUndeclaredPool(Object source, String pool, Collection<String> declared) {
    return at(
        source,
        ("Plugins are bound for pool '%s', but there is no such pool. Declared: %s."
                + " Declare it, or bind them for one of those.")
            .formatted(pool, quoted(declared)));
  }

  static Message pluginsOutOfSight(Object source, String pool) {
    return at(
        source,
        ("Plugins are bound for pool '%s' in a private module or child injector, where the pool"
                + " does not see them. Bind them where it is declared.")
            .formatted(pool));
  }

  static Message severalShutdownHooks(List<Located<Duration>> hooks) {
    return at(
        hooks.get(1).line(),
        "Shutdown hooks with different deadlines are declared: %s. Keep one."
            .formatted(hooks.stream()
                .map(hook -> "%s at %s".formatted(hook.value(), hook.line()))
                .collect(Collectors.joining(" and "))));
  }

  static Message customizerFailed(StackTraceElement line, String pool, RuntimeException thrown) {
    return new Message(
        List.of(line),
        "Pool '%s': what the module does with the pool's builder failed with %s. Mend it."
            .formatted(pool, FailureReport.printable(thrown.toString())),
        thrown);
  }

  /**
   * Returns what core found wrong, with the line that asked for it. The first bears what a plugin
   * threw, if one threw, so that its trace is printed once.
   */
  static List<Message> of(StackTraceElement line, WiringException mistakes) {
    var messages = new ArrayList<Message>();
    for (String problem : mistakes.problems()) {
      boolean bearsCause = messages.isEmpty() && mistakes.getCause() != null;
      messages.add(new Message(List.of(line), problem, bearsCause ? mistakes : null));
    }
    return messages;
  }

  /** Returns "'a', 'b'", or "none". */
  static String quoted(Collection<String> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  private static Message at(Object source, String text) {
    return new Message(List.of(source), text, null);
  }

  private static String times(int count) {
    return count == 2 ? "twice" : count + " times";
  }

  private static String places(List<StackTraceElement> lines) {
    return lines.stream().map(line -> "at " + line).collect(Collectors.joining(" and "));
  }
}
