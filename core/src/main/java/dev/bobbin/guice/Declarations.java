package dev.bobbin.guice;

import com.google.inject.Injector;
import dev.bobbin.core.Plugins;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What all modules of one level of injectors declare together. Immutable. */
final class Declarations {
  private final List<ModuleSpec> modules;
  private final List<DiscoveryModule.Discovered> discovered;
  private final Map<String, DeclaredPool> pools = new LinkedHashMap<>();

  Declarations(List<ModuleSpec> modules, List<DiscoveryModule.Discovered> discovered) {
    this.modules = modules;
    this.discovered = discovered;
    for (ModuleSpec module : modules) {
      for (Located<PoolDeclaration> pool : module.pools()) {
        pools.putIfAbsent(pool.value().name(), new DeclaredPool(pool, module));
      }
    }
  }

  /** Returns what was bound on the injector's own level. */
  static Declarations in(Injector injector) {
    return new Declarations(
        PrivateKeys.all(injector, ModuleSpec.class),
        PrivateKeys.all(injector, DiscoveryModule.Discovered.class));
  }

  /** Returns the names of the pools, each once, in the order of declaration. */
  Set<String> names() {
    return pools.keySet();
  }

  /** Returns the pool of that name; of several, which is a mistake, the first. */
  DeclaredPool pool(String name) {
    DeclaredPool pool = pools.get(name);
    if (pool == null) {
      throw new IllegalArgumentException("No pool '%s' is declared here. Declared: %s."
          .formatted(name, Sentences.quoted(names())));
    }
    return pool;
  }

  /** Returns the pools once each. */
  List<DeclaredPool> pools() {
    return List.copyOf(pools.values());
  }

  /** Returns every declaration, also of one name twice. */
  List<Located<PoolDeclaration>> every() {
    return modules.stream().flatMap(module -> module.pools().stream()).toList();
  }

  /** Returns the declarations of default pools; more than one name is a mistake. */
  List<Located<String>> defaults() {
    return modules.stream().flatMap(module -> module.defaultPools().stream()).toList();
  }

  /** Returns the name of the default pool. Asked only where one was declared. */
  String defaultPool() {
    return defaults().get(0).value();
  }

  /** Returns the deadlines of shutdown hooks; more than one value is a mistake. */
  List<Located<Duration>> shutdownHooks() {
    return modules.stream()
        .flatMap(module -> Stream.ofNullable(module.shutdownHook()))
        .toList();
  }

  Optional<Duration> shutdownHook() {
    return shutdownHooks().stream().map(Located::value).findFirst();
  }

  /** Returns the discovered plugins that a module's pools may use. */
  Plugins pluginsOf(ModuleSpec module) {
    Plugins given = module.plugins();
    return given != null
        ? given
        : discovered.stream()
            .filter(found -> found.settings().equals(module.discovery().value()))
            .map(DiscoveryModule.Discovered::plugins)
            .findFirst()
            .orElseThrow();
  }

  /** One pool, with the module that declares it. */
  record DeclaredPool(Located<PoolDeclaration> declaration, ModuleSpec module) {
    String name() {
      return declaration.value().name();
    }

    StackTraceElement line() {
      return declaration.line();
    }
  }
}
