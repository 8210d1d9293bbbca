package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.PrivateModule;
import com.google.inject.Stage;
import com.google.inject.spi.Element;
import com.google.inject.spi.Elements;
import com.google.inject.spi.Message;
import com.google.inject.util.Modules;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ThreadPoolModuleTest {
  private static ThreadPoolConfig pool(String name) {
    return ThreadPoolConfig.builder(name).minWorkers(1).maxWorkers(2).build();
  }

  private static ThreadPoolModule.Builder module(String... names) {
    ThreadPoolModule.Builder builder = ThreadPoolModule.builder().withoutDiscovery();
    for (String name : names) {
      builder.pool(pool(name));
    }
    return builder;
  }

  private static ThreadPool pool(Injector injector, String name) {
    return injector.getInstance(Key.get(ThreadPool.class, Pools.named(name)));
  }

  private static ExecutorService view(Injector injector, String name) {
    return injector.getInstance(Key.get(ExecutorService.class, Pools.named(name)));
  }

  private static boolean threadsOf(String pool) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("PoolThread-" + pool + "-"));
  }

  /** What an application writes. */
  static final class Client {
    @Inject
    @Pool("io")
    ThreadPool pool;

    @Inject
    @Pool("io")
    ExecutorService service;

    @Inject
    @Pool("io")
    Executor executor;

    @Inject
    PoolOwner owner;
  }

  @Nested
  class Injecting {
    @Test
    void inject_givesOnePoolUnderItsThreeKeys() throws Exception {
      Injector injector = Guice.createInjector(module("io", "cpu").build());
      Client client = injector.getInstance(Client.class);

      try (PoolOwner owner = client.owner) {
        assertSame(pool(injector, "io"), client.pool);
        assertSame(view(injector, "io"), client.service);
        assertSame(client.service, client.executor);
        assertSame(owner, injector.getInstance(PoolOwner.class));
        assertEquals("io", client.pool.name());
        assertEquals("cpu", pool(injector, "cpu").name());
        String worker =
            client.service.submit(() -> Thread.currentThread().getName()).get();
        assertTrue(worker.startsWith("PoolThread-io-"), worker);
        assertEquals(1, client.pool.statistics().completed());
      }
      assertEquals(PoolState.STOPPED, client.pool.state());
    }

    @Test
    void inject_givesNothingWithoutAQualifier_unlessThereIsADefaultPool() {
      Injector injector = Guice.createInjector(module("io").build());

      assertNull(injector.getExistingBinding(Key.get(ThreadPool.class)));
      assertNull(injector.getExistingBinding(Key.get(ExecutorService.class)));
      assertNull(injector.getExistingBinding(Key.get(Executor.class)));
    }

    @Test
    void inject_givesTheDefaultPool_whereNoQualifierIsWritten() {
      Injector injector =
          Guice.createInjector(module("io", "cpu").defaultPool("cpu").build());

      assertSame(pool(injector, "cpu"), injector.getInstance(ThreadPool.class));
      assertSame(view(injector, "cpu"), injector.getInstance(ExecutorService.class));
      assertSame(view(injector, "cpu"), injector.getInstance(Executor.class));
    }

    @Test
    void inject_givesTheOwnerUnderThePoolsQualifierToo() {
      Injector injector = Guice.createInjector(module("io").build());

      assertSame(
          injector.getInstance(PoolOwner.class),
          injector.getInstance(Key.get(PoolOwner.class, Pools.named("io"))));
    }
  }

  @Nested
  class Starting {
    @Test
    void createInjector_startsNoThread_inAnyStage() {
      for (Stage stage : List.of(Stage.DEVELOPMENT, Stage.PRODUCTION)) {
        Injector injector = Guice.createInjector(stage, module("unstarted").build());

        assertEquals(PoolState.NEW, pool(injector, "unstarted").state());
        assertFalse(threadsOf("unstarted"));
      }
    }

    @Test
    void createInjector_startsNoThread_whenItFails() {
      Module fails = new AbstractModule() {
        @Override
        protected void configure() {
          bind(String.class)
              .toProvider(() -> {
                throw new IllegalStateException("no");
              })
              .asEagerSingleton();
        }
      };

      assertThrows(
          CreationException.class,
          () -> Guice.createInjector(Stage.PRODUCTION, module("failed").build(), fails));
      assertFalse(threadsOf("failed"));
    }

    @Test
    void pool_startsWithItsFirstTask() throws Exception {
      Injector injector = Guice.createInjector(module("io").build());

      try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
        assertEquals("done", view(injector, "io").submit(() -> "done").get(30, TimeUnit.SECONDS));
        assertEquals(PoolState.RUNNING, pool(injector, "io").state());
        assertEquals(List.of(pool(injector, "io")), owner.pools());
      }
    }

    @Test
    void pool_waitsForTheOwner_whenStartedByOwnerOnly() throws Exception {
      Injector injector = Guice.createInjector(module("io").startedByOwnerOnly().build());

      try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
        var future = view(injector, "io").submit(() -> "done");
        assertEquals(PoolState.NEW, pool(injector, "io").state());
        assertFalse(future.isDone());

        owner.start();

        assertEquals("done", future.get(30, TimeUnit.SECONDS));
      }
    }
  }

  @Nested
  class AddingUp {
    @Test
    void modules_addUp_whenThereAreSeveral() {
      Injector injector =
          Guice.createInjector(module("io").build(), module("cpu").build());

      assertEquals(
          List.of("io", "cpu"),
          injector.getInstance(PoolOwner.class).pools().stream()
              .map(ThreadPool::name)
              .toList());
    }

    @Test
    void modules_countOnce_whenTheyAreEqual() {
      ThreadPoolConfig io = pool("io");
      ThreadPoolModule one = ThreadPoolModule.builder().pool(io).build();
      ThreadPoolModule other = ThreadPoolModule.builder().pool(io).build();

      assertEquals(one, other);
      assertEquals(one.hashCode(), other.hashCode());
      assertEquals(
          1,
          Guice.createInjector(one, other).getInstance(PoolOwner.class).pools().size());
    }

    @Test
    void modules_serveSeveralInjectors_eachWithItsOwnPools() {
      ThreadPoolModule module = module("io").build();

      assertNotSame(
          pool(Guice.createInjector(module), "io"), pool(Guice.createInjector(module), "io"));
    }

    @Test
    void modules_differ_whenTheySayOtherThings() {
      ThreadPoolModule module = ThreadPoolModule.builder().pool(pool("io")).build();

      assertNotEquals(module, ThreadPoolModule.builder().pool(pool("cpu")).build());
      assertNotEquals(
          module,
          ThreadPoolModule.builder().pool(pool("io")).startedByOwnerOnly().build());
      assertNotEquals(
          module, ThreadPoolModule.builder().pool(pool("io")).denyPlugins("mdc").build());
      assertNotEquals(
          module, ThreadPoolModule.builder().pool(pool("io"), io -> {}).build());
    }

    @Test
    void builder_neverReachesAModuleThatIsMade() {
      ThreadPoolModule.Builder builder = ThreadPoolModule.builder().pool(pool("io"));
      ThreadPoolModule module = builder.build();

      builder.pool(pool("cpu")).defaultPool("io").denyPlugins("mdc");

      assertEquals(ThreadPoolModule.builder().pool(pool("io")).build(), module);
    }

    @Test
    void toString_namesThePools() {
      assertEquals("ThreadPoolModule[io, cpu]", module("io", "cpu").build().toString());
    }
  }

  @Nested
  class Guices {
    @Test
    void elements_areThereWithoutAnInjector_andHoldNoMistake() {
      List<Element> elements =
          Elements.getElements(module("io").defaultPool("io").build());

      assertFalse(elements.isEmpty());
      assertTrue(elements.stream().noneMatch(Message.class::isInstance));
    }

    @Test
    void module_works_whenBindingsMustBeExplicit() {
      Injector injector = Guice.createInjector(module("io").build(), new AbstractModule() {
        @Override
        protected void configure() {
          binder().requireExplicitBindings();
          binder().requireAtInjectOnConstructors();
          binder().requireExactBindingAnnotations();
          binder().disableCircularProxies();
        }
      });

      try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
        owner.start();
        assertEquals(PoolState.RUNNING, pool(injector, "io").state());
      }
    }

    @Test
    void module_works_underOverride() {
      Injector injector =
          Guice.createInjector(Modules.override(module("io").build()).with(new AbstractModule() {
            @Override
            protected void configure() {
              bind(Key.get(Executor.class, Pools.named("io"))).toInstance(Runnable::run);
            }
          }));

      assertEquals("io", pool(injector, "io").name());
    }

    @Test
    void childInjector_usesItsParentsPools() {
      Injector parent = Guice.createInjector(module("io").build());
      Injector child = parent.createChildInjector();

      assertSame(pool(parent, "io"), pool(child, "io"));
      assertSame(parent.getInstance(PoolOwner.class), child.getInstance(Client.class).owner);
    }

    @Test
    void childInjector_hasPoolsAndAnOwnerOfItsOwn_whenItDeclaresSome() {
      Injector parent = Guice.createInjector(module("io").build());
      Injector child =
          parent.createChildInjector(module("cpu").ownerByPoolOnly().build());
      PoolOwner childsOwner = child.getInstance(Key.get(PoolOwner.class, Pools.named("cpu")));

      try (PoolOwner parentsOwner = parent.getInstance(PoolOwner.class)) {
        try (childsOwner) {
          parentsOwner.start();
          childsOwner.start();
          assertEquals(List.of(pool(child, "cpu")), childsOwner.pools());
          assertEquals(List.of(pool(parent, "io")), parentsOwner.pools());
        }
        assertEquals(PoolState.STOPPED, pool(child, "cpu").state());
        assertEquals(PoolState.RUNNING, pool(parent, "io").state());
      }
    }

    @Test
    void privateModules_haveAPoolEach_andExposeWhatTheyLike() {
      Injector injector = Guice.createInjector(
          module("io").build(), new PrivatePool("images"), new PrivatePool("sounds"));

      assertEquals("images", pool(injector, "images").name());
      assertEquals("sounds", pool(injector, "sounds").name());
      PoolOwner images = injector.getInstance(Key.get(PoolOwner.class, Pools.named("images")));
      assertEquals(List.of(pool(injector, "images")), images.pools());
      assertNotSame(images, injector.getInstance(PoolOwner.class));
      assertNull(
          injector.getExistingBinding(Key.get(ExecutorService.class, Pools.named("images"))));
    }

    @Test
    void privateModules_keepTheirOwnerToThemselves_whenNobodyElseHasOne() {
      Injector injector = Guice.createInjector(new PrivateModule() {
        @Override
        protected void configure() {
          install(module("images").build());
          expose(Key.get(ThreadPool.class, Pools.named("images")));
        }
      });

      assertEquals("images", pool(injector, "images").name());
      assertNull(injector.getExistingBinding(Key.get(PoolOwner.class)));
    }
  }

  /** Has a pool of its own, and shows it and its owner. */
  private static final class PrivatePool extends PrivateModule {
    private final String name;

    PrivatePool(String name) {
      this.name = name;
    }

    @Override
    protected void configure() {
      install(module(name).ownerByPoolOnly().build());
      expose(Key.get(ThreadPool.class, Pools.named(name)));
      expose(Key.get(PoolOwner.class, Pools.named(name)));
    }
  }
}
