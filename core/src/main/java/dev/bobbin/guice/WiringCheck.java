package dev.bobbin.guice;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.spi.Message;
import dev.bobbin.api.ThreadPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Collects what is wrong between the modules of one level of injectors, without making anything.
 */
final class WiringCheck {
  private final Injector injector;
  private final Declarations declarations;
  private final List<Message> messages = new ArrayList<>();

  WiringCheck(Injector injector, Declarations declarations) {
    this.injector = injector;
    this.declarations = declarations;
  }

  List<Message> messages() {
    checkNames();
    checkDefaults();
    checkStopOrder();
    checkShutdownHooks();
    checkPluginBindings();
    return messages;
  }

  private void checkNames() {
    var lines = new LinkedHashMap<String, List<StackTraceElement>>();
    for (Located<PoolDeclaration> pool : declarations.every()) {
      lines.computeIfAbsent(pool.value().name(), name -> new ArrayList<>()).add(pool.line());
    }
    lines.forEach((name, places) -> {
      if (places.size() > 1) {
        messages.add(Sentences.poolDeclaredTwice(name, places));
      }
    });
  }

  private void checkDefaults() {
    List<Located<String>> defaults = declarations.defaults().stream().distinct().toList();
    if (defaults.size() > 1) {
      messages.add(Sentences.severalDefaultPools(defaults));
    }
    for (Located<String> pool : defaults) {
      if (injector.getExistingBinding(keyOf(pool.value())) == null) {
        messages.add(Sentences.defaultPoolUndeclared(pool, declarations.names()));
      }
    }
  }

  private void checkStopOrder() {
    for (Declarations.DeclaredPool pool : declarations.pools()) {
      for (String other : pool.declaration().value().config().stopsBefore()) {
        if (!declarations.names().contains(other)) {
          messages.add(Sentences.stopsBeforeUndeclared(
              pool.line(), pool.name(), other, declarations.names()));
        }
      }
    }
    List<String> circle = stopOrder(declarations).circle();
    if (!circle.isEmpty()) {
      messages.add(Sentences.stopsInACircle(declarations.pool(circle.get(0)).line(), circle));
    }
  }

  private void checkShutdownHooks() {
    var hooks = declarations.shutdownHooks().stream().distinct().toList();
    if (hooks.size() > 1) {
      messages.add(Sentences.severalShutdownHooks(hooks));
    }
  }

  /** One complaint for each pool, at the first of its bindings. */
  private void checkPluginBindings() {
    Map<String, Object> sources = new TreeMap<>();
    injector.getBindings().forEach((key, binding) -> {
      if (key.getAnnotation() instanceof Pool pool && PluginKeys.isRead(key.getTypeLiteral())) {
        sources.putIfAbsent(pool.value(), binding.getSource());
      }
    });
    sources.forEach((pool, source) -> {
      if (isPoolHere(pool)) {
        return;
      }
      messages.add(
          injector.getExistingBinding(keyOf(pool)) == null
              ? Sentences.pluginsForUndeclaredPool(source, pool, declarations.names())
              : Sentences.pluginsOutOfSight(source, pool));
    });
  }

  /** Declared on this level, or exposed to it by a private module, which then sees this level. */
  private boolean isPoolHere(String name) {
    return injector.getBindings().containsKey(keyOf(name));
  }

  private static Key<ThreadPool> keyOf(String pool) {
    return Key.get(ThreadPool.class, Pools.named(pool));
  }

  static StopOrder stopOrder(Declarations declarations) {
    return new StopOrder(
        declarations.names(),
        declarations.pools().stream()
            .collect(Collectors.toMap(
                Declarations.DeclaredPool::name,
                pool -> pool.declaration().value().config().stopsBefore())));
  }
}
