package dev.bobbin.core;

import dev.bobbin.api.ContextMode;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.WiringPlan.HandedOver;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides once what one pool is made of, and collects every reason why it cannot be. */
final class WiringResolver {
  private static final Logger LOGGER = System.getLogger(WiringPlan.class.getName());

  private final ThreadPoolConfig config;
  private final Plugins plugins;
  private final @Nullable WorkerThreadFactory replacement;
  private final @Nullable GrowthPolicy growthPolicy;
  private final List<KnownPlugin> own = new ArrayList<>();
  private final List<KnownPlugin> candidates = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  WiringResolver(
      ThreadPoolConfig config,
      Plugins plugins,
      List<HandedOver> handedOver,
      @Nullable WorkerThreadFactory replacement,
      @Nullable GrowthPolicy growthPolicy) {
    this.config = config;
    this.plugins = plugins;
    this.replacement = replacement;
    this.growthPolicy = growthPolicy;
    handedOver.forEach(this::takeOwn);
    if (growthPolicy != null) {
      takeOwn(new HandedOver(PluginKind.GROWTH_POLICY, growthPolicy));
    }
  }

  Wiring resolve() {
    takeDiscovered();
    candidates.sort(KnownPlugin.ORDER);
    warnOfUnknownDenied();
    config.requiredPlugins().forEach(this::checkRequired);
    WorkerThreadFactory threadFactory = replacement == null ? chosenThreadFactory() : replacement;
    PoolGrowth growth = growth();
    List<ContextPropagator> propagators = contextPropagators();
    if (threadFactory == null || !problems.isEmpty()) {
      throw new WiringException(problems);
    }
    return new Wiring(
        threadFactory,
        propagators,
        usable(PluginKind.FAILURE_REPORTER, FailureReporter.class),
        growth,
        usable(PluginKind.POOL_LISTENER, PoolListener.class));
  }

  private void takeOwn(HandedOver given) {
    try {
      KnownPlugin plugin = KnownPlugin.of(given.kind(), given.plugin());
      KnownPlugin namesake = namesakeIn(own, plugin);
      if (namesake != null) {
        problem("two %s named '%s' were handed over: %s and %s. Leave one out, or rename it."
            .formatted(plugin.kind().many(), plugin.name(), namesake.origin(), plugin.origin()));
        return;
      }
      if (!plugin.available()) {
        problem(
            "%s, which was handed over, cannot work here: %s. Leave it out, or mend what it lacks."
                .formatted(plugin.words(), plugin.unavailable()));
      }
      own.add(plugin);
      candidates.add(plugin);
    } catch (KnownPlugin.Unusable unusable) {
      problems.add(new Problem(
          inPool(Words.uncapitalized(unusable.problem().sentence())),
          unusable.problem().cause()));
    }
  }

  private void takeDiscovered() {
    for (KnownPlugin plugin : plugins.known()) {
      if (config.deniedPlugins().contains(plugin.name())) {
        continue;
      }
      KnownPlugin winner = namesakeIn(own, plugin);
      if (winner == null) {
        candidates.add(plugin);
      } else if (winner.plugin().getClass() != plugin.plugin().getClass()) {
        LOGGER.log(
            Level.INFO,
            inPool("%s handed over takes the place of the discovered one: %s instead of %s."
                .formatted(winner.words(), winner.origin(), plugin.origin())));
      }
    }
  }

  private void warnOfUnknownDenied() {
    for (String denied : config.deniedPlugins()) {
      if (plugins.known().stream().noneMatch(named(denied)) && !plugins.isDenied(denied)) {
        LOGGER.log(
            Level.WARNING,
            inPool("denied plugin '%s' was not found anyway. Found: %s."
                .formatted(denied, namesOf(plugins.known()))));
      }
    }
  }

  private void checkRequired(String required) {
    List<KnownPlugin> matches = candidates.stream().filter(named(required)).toList();
    if (matches.isEmpty()) {
      problem(
          plugins.isDenied(required)
              ? "required plugin '%s' was found, but discovery denies it. Leave out one of the two."
                  .formatted(required)
              : ("required plugin '%s' was not found. Found: %s."
                      + " Put its jar on the class path, bind it, or hand it over.")
                  .formatted(required, namesOf(candidates)));
    } else if (matches.stream().noneMatch(KnownPlugin::available)) {
      KnownPlugin first = matches.get(0);
      if (!own.contains(first)) { // then it has been said
        problem("required %s cannot work here: %s. Mend what it lacks, or do not require it."
            .formatted(first.words(), first.unavailable()));
      }
    }
  }

  private @Nullable WorkerThreadFactory chosenThreadFactory() {
    KnownPlugin chosen = chosen(PluginKind.THREAD_FACTORY, config.threadFactory());
    return chosen == null ? null : (WorkerThreadFactory) chosen.plugin();
  }

  /** Returns what decides when the pool grows, or null if it grows at once or cannot be made. */
  private @Nullable PoolGrowth growth() {
    KnownPlugin chosen = growthPolicy == null
        ? chosen(PluginKind.GROWTH_POLICY, config.growthPolicy())
        : handedOver(growthPolicy);
    if (chosen == null || !chosen.available()) {
      return null; // and it has been said why
    }
    try {
      return PoolGrowth.of((GrowthPolicy) chosen.plugin(), config);
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError thrown) {
      problems.add(new Problem(
          inPool("%s (%s) could not be set up for it: %s. Mend it, or choose another."
              .formatted(chosen.words(), chosen.origin(), Words.of(thrown))),
          thrown));
      return null;
    }
  }

  private @Nullable KnownPlugin handedOver(GrowthPolicy policy) {
    return own.stream().filter(plugin -> plugin.plugin() == policy).findFirst().orElse(null);
  }

  /** Returns the plugin of a kind of which a pool uses one. */
  private @Nullable KnownPlugin chosen(PluginKind kind, String name) {
    List<KnownPlugin> choice =
        candidates.stream().filter(plugin -> plugin.kind() == kind).toList();
    KnownPlugin chosen = choice.stream().filter(named(name)).findFirst().orElse(null);
    if (chosen == null) {
      problem(missing(kind, name, choice));
    } else if (!chosen.available() && !own.contains(chosen)) {
      problem("%s '%s' cannot work here: %s. Choose another: %s."
          .formatted(kind.one(), name, chosen.unavailable(), availableIn(choice)));
    }
    return chosen;
  }

  private String missing(PluginKind kind, String name, List<KnownPlugin> choice) {
    if (config.deniedPlugins().contains(name)) {
      return "%s '%s' is both chosen and denied. Choose another: %s, or do not deny it."
          .formatted(kind.one(), name, availableIn(choice));
    }
    if (plugins.isDenied(name)) {
      return "%s '%s' was found, but discovery denies it. Choose another: %s, or do not deny it."
          .formatted(kind.one(), name, availableIn(choice));
    }
    return "%s '%s' was not found. Choose one of those found: %s, or add a plugin of that name."
        .formatted(kind.one(), name, availableIn(choice));
  }

  /** Returns the propagators in the modes that the configuration chooses. */
  private List<ContextPropagator> contextPropagators() {
    List<KnownPlugin> found = candidates.stream()
        .filter(plugin -> plugin.kind() == PluginKind.CONTEXT_PROPAGATOR)
        .toList();
    config.contextModes().forEach((name, mode) -> checkMode(name, mode, found));
    List<ContextPropagator> inModes = new ArrayList<>();
    for (KnownPlugin plugin : found) {
      ContextPropagator inMode = plugin.available() ? inMode(plugin) : null;
      if (inMode != null) {
        inModes.add(inMode);
      }
    }
    return inModes;
  }

  private void checkMode(String name, ContextMode mode, List<KnownPlugin> found) {
    KnownPlugin plugin = found.stream().filter(named(name)).findFirst().orElse(null);
    if (plugin == null) {
      problem(
          "context propagator '%s', which is to %s, was not found. Found: %s. Name one of these, or put its jar on the class path, bind it, or hand it over."
              .formatted(name, mode, namesOf(found)));
    } else if (!plugin.available() && mode != ContextMode.UNCHANGED && !own.contains(plugin)) {
      problem(
          "%s, which is to %s, cannot work here: %s. Mend what it lacks, or name no mode for it."
              .formatted(plugin.words(), mode, plugin.unavailable()));
    }
  }

  /** Returns what the pool is to use of a propagator, or null if nothing, or if it cannot do what it is to. */
  private @Nullable ContextPropagator inMode(KnownPlugin plugin) {
    ContextMode mode = config.contextModes().getOrDefault(plugin.name(), ContextMode.PROPAGATE);
    try {
      var propagator = (ContextPropagator) plugin.plugin();
      boolean asked = mode == ContextMode.CLEAR || mode == ContextMode.DETACH;
      if (asked && !propagator.modes().contains(mode)) {
        problem("%s (%s) cannot %s. It can: %s. Choose one of these, or UNCHANGED."
            .formatted(plugin.words(), plugin.origin(), mode, new TreeSet<>(propagator.modes())));
        return null;
      }
      return PropagatorInMode.of(propagator, mode);
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError thrown) {
      problems.add(new Problem(
          inPool("%s (%s) could not be set up to %s: %s. Mend it, or deny it."
              .formatted(plugin.words(), plugin.origin(), mode, Words.of(thrown))),
          thrown));
      return null;
    }
  }

  private <T extends Plugin> List<T> usable(PluginKind kind, Class<T> type) {
    return candidates.stream()
        .filter(plugin -> plugin.kind() == kind && plugin.available())
        .map(plugin -> type.cast(plugin.plugin()))
        .toList();
  }

  private void problem(String sentence) {
    problems.add(new Problem(inPool(sentence)));
  }

  private String inPool(String sentence) {
    return "Pool '%s': %s".formatted(config.name(), sentence);
  }

  private static String availableIn(Collection<KnownPlugin> plugins) {
    return namesOf(plugins.stream().filter(KnownPlugin::available).toList());
  }

  private static String namesOf(Collection<KnownPlugin> plugins) {
    Set<String> names = new LinkedHashSet<>();
    plugins.forEach(plugin -> names.add(plugin.name()));
    return Words.quoted(names);
  }

  private static Predicate<KnownPlugin> named(String name) {
    return plugin -> plugin.name().equals(name);
  }

  private static @Nullable KnownPlugin namesakeIn(List<KnownPlugin> some, KnownPlugin plugin) {
    return some.stream()
        .filter(other -> other.kind() == plugin.kind() && other.name().equals(plugin.name()))
        .findFirst()
        .orElse(null);
  }
}
