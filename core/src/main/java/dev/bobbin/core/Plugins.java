package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.Plugin;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The plugins that were found on the class path, or module path, with {@link
 * java.util.ServiceLoader}. Immutable. Made by an application, or by a door of Bobbin for it, and
 * handed to where pools are made; one may serve any number of pools.
 *
 * <p>The thread factories and growth policies that come with Bobbin ({@code platform} and {@code
 * virtual}; {@code at-once}, {@code after-wait} and {@code limited-rate}) are always among them. The order is stable: {@link Plugin#order}, then name. A plugin that says it is {@link
 * Plugin#unavailable unavailable} is kept with its reason and not used. What was found is logged in
 * one line, at level debug; {@link #toString} returns the same line.
 *
 * <p>A provider that cannot be loaded, made or asked, one whose name is not a plugin's name, and
 * two of one kind and name are mistakes; unless discovery is {@linkplain Builder#lenient lenient}
 * they are thrown, all together, as a {@link WiringException}. None of them hides the other
 * plugins.
 *
 * <p>Finding a plugin loads its class and calls its constructor, which must do nothing; no time
 * limit guards against one that hangs.
 */
public final class Plugins {
  private static final Logger LOGGER = System.getLogger(Plugins.class.getName());

  private final List<KnownPlugin> known;
  private final Set<String> denied;

  private Plugins(List<KnownPlugin> known, Set<String> denied) {
    this.known = List.copyOf(known);
    this.denied = new LinkedHashSet<>(denied);
  }

  /**
   * Returns what is found with the default settings.
   *
   * @throws WiringException if something that was found cannot be used
   */
  public static Plugins discover() {
    return builder().build();
  }

  /** Returns a builder that says where to look and what to leave out. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns no discovered plugins: nothing but those that come with Bobbin. The same
   * object each time.
   */
  public static Plugins none() {
    return None.PLUGINS;
  }

  /** Returns those of one kind, the unavailable too, in order. */
  List<KnownPlugin> known(PluginKind kind) {
    return known.stream().filter(plugin -> plugin.kind() == kind).toList();
  }

  /** Returns all, in order. */
  List<KnownPlugin> known() {
    return known;
  }

  /** Returns whether something of this name was found and denied. */
  boolean isDenied(String name) {
    return denied.contains(name);
  }

  /** Returns what was found, kind by kind in order, with versions; what is not used with why. */
  @Override
  public String toString() {
    var line = new StringJoiner("; ", "Plugins[", "]");
    for (PluginKind kind : PluginKind.values()) {
      var names = new StringJoiner(", ", kind.many() + ": ", "").setEmptyValue("no " + kind.many());
      for (KnownPlugin plugin : known(kind)) {
        String reason = plugin.unavailable();
        names.add(
            plugin.nameAndVersion() + (reason == null ? "" : " (unavailable: " + reason + ")"));
      }
      line.add(names.toString());
    }
    if (!denied.isEmpty()) {
      line.add("denied: " + String.join(", ", denied));
    }
    return line.toString();
  }

  /** Made when first asked for. */
  private static final class None {
    static final Plugins PLUGINS = make();

    private static Plugins make() {
      var discovery = new Discovery(Set.of());
      discovery.takeShipped();
      return new Plugins(discovery.plugins(), Set.of());
    }
  }

  /** Says where to look for plugins and what to leave out. Not for use by several threads. */
  public static final class Builder {
    private @Nullable ClassLoader loader;
    private final Set<String> denied = new LinkedHashSet<>();
    private boolean lenient;

    private Builder() {}

    /**
     * Sets the one class loader to look with. Defaults to two: the context class loader of the
     * thread that calls {@link #build}, and then the one that loaded {@link Plugin}; a class that
     * both find counts once.
     */
    public Builder classLoader(ClassLoader loader) {
      this.loader = requireNonNull(loader, "loader");
      return this;
    }

    /**
     * Adds plugins to leave out, by plugin name or by class name. One denied by class name is not
     * even instantiated; one denied by its own name is asked for that name and nothing else. A name
     * under which nothing is found is warned of. Defaults to none.
     */
    public Builder deny(String... names) {
      for (String name : names) {
        denied.add(requireNonNull(name, "name"));
      }
      return this;
    }

    /**
     * Makes warnings of what would be errors: broken providers are left out, and of two with one
     * name the first that was found is kept. Defaults to strict.
     */
    public Builder lenient() {
      this.lenient = true;
      return this;
    }

    /**
     * Looks for plugins, and logs in one line what was found.
     *
     * @throws WiringException if something that was found cannot be used, unless {@link #lenient}
     */
    public Plugins build() {
      var discovery = new Discovery(denied);
      discovery.takeShipped();
      discovery.look(loaders());
      discovery.dropNamesakes();
      if (!lenient) {
        WiringException.throwIfAny(discovery.problems());
      }
      for (Problem problem : discovery.problems()) {
        LOGGER.log(Level.WARNING, problem.sentence(), problem.cause());
      }
      var plugins = new Plugins(discovery.plugins(), discovery.deniedAndFound());
      warnOfUnknownNames(plugins);
      LOGGER.log(Level.DEBUG, plugins::toString);
      return plugins;
    }

    private List<ClassLoader> loaders() {
      if (loader != null) {
        return List.of(loader);
      }
      var loaders = new ArrayList<ClassLoader>();
      loaders.add(Thread.currentThread().getContextClassLoader());
      loaders.add(Plugin.class.getClassLoader());
      return loaders.stream().filter(Objects::nonNull).distinct().toList();
    }

    private void warnOfUnknownNames(Plugins plugins) {
      var unknown = new LinkedHashSet<>(denied);
      unknown.removeAll(plugins.denied);
      if (!unknown.isEmpty()) {
        LOGGER.log(
            Level.WARNING,
            "No plugin was found under the denied names %s. Found: %s."
                .formatted(
                    Words.quoted(unknown.stream().map(FailureReport::printable).toList()),
                    Words.quoted(plugins.known.stream().map(KnownPlugin::name).toList())));
      }
    }
  }
}
