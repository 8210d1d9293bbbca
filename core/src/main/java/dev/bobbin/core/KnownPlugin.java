package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.Plugin;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that has answered: its name, order and reason are asked once, here, and then known. So
 * nothing that a plugin says later can change a decision that was made.
 *
 * @param unavailable why the plugin cannot work here, or null if it can
 */
record KnownPlugin(
    PluginKind kind,
    Plugin plugin,
    String name,
    int order,
    @Nullable String unavailable) {

  /** Kind by kind, lower order first, ties by name. */
  static final Comparator<KnownPlugin> ORDER = Comparator.comparing(KnownPlugin::kind)
      .thenComparingInt(KnownPlugin::order)
      .thenComparing(KnownPlugin::name);

  /**
   * Returns the plugin's own name, checked.
   *
   * @throws Unusable if it has none, a wrong one, or throws
   */
  static String nameOf(PluginKind kind, Plugin plugin) throws Unusable {
    String name = ask(kind, plugin, "name()", plugin::name);
    try {
      return checkedName(name);
    } catch (IllegalArgumentException wrong) {
      throw new Unusable(new Problem(
          "%s %s has a wrong name. %s"
              .formatted(kind.atFront(), Words.origin(plugin.getClass()), wrong.getMessage()),
          wrong));
    }
  }

  /**
   * Returns what the plugin says of itself.
   *
   * @throws Unusable if one of its answers is null, or it throws
   */
  static KnownPlugin of(PluginKind kind, Plugin plugin) throws Unusable {
    return of(kind, plugin, nameOf(kind, plugin));
  }

  /** Returns what the plugin of this name says of itself, as {@link #of(PluginKind, Plugin)}. */
  static KnownPlugin of(PluginKind kind, Plugin plugin, String name) throws Unusable {
    Integer order = ask(kind, plugin, "order()", plugin::order);
    Optional<String> reason = ask(kind, plugin, "unavailable()", plugin::unavailable);
    return new KnownPlugin(
        kind, plugin, name, order, reason.map(KnownPlugin::given).orElse(null));
  }

  /** Returns the name if it is one that a plugin may have: the configuration has the same rule. */
  static String checkedName(String name) {
    ThreadPoolConfig.builder("any").requirePlugins(name);
    return name;
  }

  boolean available() {
    return unavailable == null;
  }

  /** Returns "context propagator 'mdc'". */
  String words() {
    return "%s '%s'".formatted(kind.one(), name);
  }

  /** Returns the class and where it came from. */
  String origin() {
    return Words.origin(plugin.getClass());
  }

  /** Returns the name with the version that the plugin's jar or module tells, if it tells one. */
  String nameAndVersion() {
    Class<?> type = plugin.getClass();
    String version = type.getPackage().getImplementationVersion();
    if (version == null && type.getModule().isNamed()) {
      version = type.getModule().getDescriptor().rawVersion().orElse(null);
    }
    return version == null ? name : name + " " + FailureReport.printable(version);
  }

  private static String given(String reason) {
    return reason.isBlank() ? "it gives no reason" : Words.clause(reason);
  }

  private static <T> T ask(PluginKind kind, Plugin plugin, String what, Answer<T> answer)
      throws Unusable {
    try {
      return requireNonNull(answer.get(), () -> what + " returned null");
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError thrown) {
      throw new Unusable(new Problem(
          "%s %s cannot be used: its %s failed with %s. Mend it or leave it out."
              .formatted(kind.atFront(), Words.origin(plugin.getClass()), what, Words.of(thrown)),
          thrown));
    }
  }

  /** One of a plugin's methods. */
  private interface Answer<T> {
    @Nullable
    T get();
  }

  /** Says why a plugin cannot be asked what it is. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Unusable(Problem problem) {
      super(problem.sentence(), problem.cause());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
