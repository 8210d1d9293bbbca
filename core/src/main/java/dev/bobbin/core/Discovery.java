package dev.bobbin.core;

import dev.bobbin.spi.Plugin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader.Provider;
import java.util.Set;

/**
 * One look for plugins: collects what is there, what was denied and what is wrong. Used once, by
 * one thread.
 */
final class Discovery {
  /** The packages of the plugins that come with Bobbin, which are always there. */
  private static final Map<PluginKind, String> SHIPPED = new EnumMap<>(Map.of(
      PluginKind.THREAD_FACTORY, "dev.bobbin.spi.threads",
      PluginKind.GROWTH_POLICY, "dev.bobbin.spi.growth"));

  private static final String WAY_OUT =
      "Mend it, take it off the class path, deny it by its class name, or discover leniently.";

  private final Set<String> denied;
  private final Set<String> deniedAndFound = new LinkedHashSet<>();
  private final Set<String> classNames = new LinkedHashSet<>();
  private final List<KnownPlugin> plugins = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  Discovery(Set<String> denied) {
    this.denied = denied;
  }

  /** Takes the plugins that come with Bobbin, and no other. */
  void takeShipped() {
    SHIPPED.forEach((kind, shipped) -> new ServiceScan(
            Plugin.class.getClassLoader(),
            provider -> {
              if (provider.type().getPackageName().equals(shipped)
                  && classNames.add(provider.type().getName())) {
                make(kind, provider);
              }
            },
            (listing, thrown) -> {}) // not one of ours; who looks for others will hear of it
        .scan(kind));
  }

  /** Takes what the loaders find; of two classes of one name the first loader's. */
  void look(List<ClassLoader> loaders) {
    for (PluginKind kind : PluginKind.values()) {
      var seen = new LinkedHashSet<>(classNames);
      var failures = new LinkedHashSet<String>();
      for (ClassLoader loader : loaders) {
        new ServiceScan(
                loader,
                provider -> {
                  if (seen.add(provider.type().getName())) {
                    make(kind, provider);
                  }
                },
                (listing, thrown) -> {
                  if (failures.add(Words.of(thrown))) {
                    notLoaded(kind, listing, thrown);
                  }
                })
            .scan(kind);
      }
    }
  }

  /** Drops all but the first of those with one name, and says so for each such name. */
  void dropNamesakes() {
    for (int i = 0; i < plugins.size(); i++) {
      KnownPlugin first = plugins.get(i);
      List<KnownPlugin> namesakes = plugins.subList(i + 1, plugins.size()).stream()
          .filter(other -> isNamesake(first, other))
          .toList();
      if (!namesakes.isEmpty()) {
        problems.add(namesakes(first, namesakes));
        plugins.removeIf(other -> other != first && isNamesake(first, other));
      }
    }
  }

  /** Returns what was found and may be used or not, in order. */
  List<KnownPlugin> plugins() {
    var sorted = new ArrayList<>(plugins);
    Collections.sort(sorted, KnownPlugin.ORDER);
    return List.copyOf(sorted);
  }

  List<Problem> problems() {
    return problems;
  }

  /** Returns those of the denied names that something was found under. */
  Set<String> deniedAndFound() {
    return deniedAndFound;
  }

  private void make(PluginKind kind, Provider<? extends Plugin> provider) {
    Class<? extends Plugin> type = provider.type();
    if (isDenied(type.getName())) {
      return;
    }
    Plugin plugin;
    try {
      plugin = provider.get();
    } catch (ServiceConfigurationError | LinkageError | RuntimeException thrown) {
      Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
      problems.add(new Problem(
          "%s %s could not be made: %s. %s"
              .formatted(kind.atFront(), Words.origin(type), Words.of(cause), WAY_OUT),
          cause));
      return;
    }
    take(kind, plugin);
  }

  private void take(PluginKind kind, Plugin plugin) {
    try {
      String name = KnownPlugin.nameOf(kind, plugin);
      if (!isDenied(name)) {
        plugins.add(KnownPlugin.of(kind, plugin, name));
      }
    } catch (KnownPlugin.Unusable unusable) {
      problems.add(unusable.problem());
    }
  }

  private void notLoaded(PluginKind kind, String listing, Throwable thrown) {
    String failure = Words.of(thrown);
    for (String name : denied) {
      if (name.indexOf('.') > 0 && failure.contains(name)) {
        deniedAndFound.add(name);
        return;
      }
    }
    problems.add(new Problem(
        "A %s could not be loaded: %s. It is listed in %s. %s"
            .formatted(kind.one(), failure, listing, WAY_OUT),
        thrown));
  }

  private boolean isDenied(String name) {
    return denied.contains(name) && (deniedAndFound.add(name) || deniedAndFound.contains(name));
  }

  private static boolean isNamesake(KnownPlugin one, KnownPlugin other) {
    return one.kind() == other.kind() && one.name().equals(other.name());
  }

  private static Problem namesakes(KnownPlugin first, List<KnownPlugin> others) {
    var classes = new StringBuilder(first.origin());
    others.forEach(other -> classes.append(" and ").append(other.origin()));
    return new Problem(
        "%d %s are named '%s': %s. Leave one on the class path, or deny the others by class name."
            .formatted(others.size() + 1, first.kind().many(), first.name(), classes));
  }
}
