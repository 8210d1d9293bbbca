package dev.bobbin.guice;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Scopes;
import com.google.inject.multibindings.OptionalBinder;
import dev.bobbin.api.ThreadPool;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * Binds what one module declares.
 *
 * <p>Two modules may declare one pool by mistake, and neither sees the other. So every binding here
 * is equal to the other module's of the same key, and Guice keeps one of them in silence; the
 * specifications themselves have a key each, and {@link PoolHub} finds them all and complains in
 * our own words.
 */
final class ModuleBindings {
  private final ModuleSpec spec;

  ModuleBindings(ModuleSpec spec) {
    this.spec = spec;
  }

  void bindIn(Binder binder) {
    Binder here = binder.withSource(spec.discovery().line());
    here.install(new HubModule());
    here.bind(PrivateKeys.make(ModuleSpec.class)).toInstance(spec);
    if (spec.plugins() == null) {
      here.install(new DiscoveryModule(spec.discovery()));
    }
    if (!spec.ownerByPoolOnly()) {
      bindOwner(here, Key.get(PoolOwner.class));
    }
    for (Located<PoolDeclaration> pool : spec.pools()) {
      bindPool(binder.withSource(pool.line()), pool.value().name());
    }
    for (Located<String> name : spec.defaultPools()) {
      bindDefault(binder.withSource(name.line()));
    }
  }

  private static void bindPool(Binder binder, String name) {
    Pool named = Pools.named(name);
    PluginKeys.REPLACEABLE.forEach(
        type -> OptionalBinder.newOptionalBinder(binder, Key.get(type, named)));
    binder
        .bind(Key.get(ThreadPool.class, named))
        .toProvider(new PoolProvider(name))
        .in(Scopes.SINGLETON);
    Key<ExecutorService> view = Key.get(ExecutorService.class, named);
    binder.bind(view).toProvider(new ViewProvider(name)).in(Scopes.SINGLETON);
    binder.bind(Key.get(Executor.class, named)).to(view);
    bindOwner(binder, Key.get(PoolOwner.class, named));
  }

  private static void bindOwner(Binder binder, Key<PoolOwner> key) {
    binder.bind(key).toProvider(new OwnerProvider()).in(Scopes.SINGLETON);
  }

  private static void bindDefault(Binder binder) {
    bindDefault(binder, ThreadPool.class);
    bindDefault(binder, ExecutorService.class);
    bindDefault(binder, Executor.class);
  }

  private static <T> void bindDefault(Binder binder, Class<T> type) {
    binder.bind(type).toProvider(new DefaultPoolProvider<>(type)).in(Scopes.SINGLETON);
  }
}
