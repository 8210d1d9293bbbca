package dev.bobbin.guice;

import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.core.WiringException;
import java.util.List;

/** Makes the pools of one level of injectors from what modules declare and applications bind. */
final class PoolMaker {
  private final Injector injector;
  private final Declarations declarations;

  PoolMaker(Injector injector, Declarations declarations) {
    this.injector = injector;
    this.declarations = declarations;
  }

  /**
   * Returns a new pool; starts nothing.
   *
   * @throws ProvisionException with the sentences that say why it cannot be made
   */
  ThreadPool make(String name) {
    Declarations.DeclaredPool pool = declarations.pool(name);
    ThreadPools.Builder builder = ThreadPools.builder(pool.declaration().value().config())
        .plugins(declarations.pluginsOf(pool.module()));
    if (!pool.module().startedByOwnerOnly()) {
      builder.startOnFirstTask();
    }
    customize(builder, pool);
    new BoundPlugins(injector, name).addTo(builder);
    try {
      return builder.build();
    } catch (WiringException mistakes) {
      throw new ProvisionException(Sentences.of(pool.line(), mistakes));
    }
  }

  private static void customize(ThreadPools.Builder builder, Declarations.DeclaredPool pool) {
    try {
      pool.module().eachPool().forEach(customizer -> customizer.accept(builder));
      pool.declaration().value().customizer().accept(builder);
    } catch (RuntimeException thrown) {
      throw new ProvisionException(
          List.of(Sentences.customizerFailed(pool.line(), pool.name(), thrown)));
    }
  }
}
