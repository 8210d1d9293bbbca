package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.PrivateModule;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.LogCapture;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.ServiceFolder;
import dev.bobbin.core.TestPlugins;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.WorkerThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake of wiring, with the text and the line that a user sees. */
class WiringMistakesTest {
  private static final String PREFIX = TestPlugins.class.getName() + "$";

  @TempDir
  Path folder;

  private static ThreadPoolConfig pool(String name) {
    return ThreadPoolConfig.builder(name).minWorkers(0).maxWorkers(1).build();
  }

  private static ThreadPoolModule.Builder module() {
    return ThreadPoolModule.builder().plugins(Plugins.builder().deny("virtual").build());
  }

  private static void assertMistakes(String file, Module... modules) {
    var thrown = assertThrows(CreationException.class, () -> Guice.createInjector(modules));
    Golden.assertMistakes(file, thrown.getErrorMessages());
  }

  private <T> T findingServices(Class<?> service, String[] classNames, Callable<T> work)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    String[] lines = Arrays.stream(classNames).map(PREFIX::concat).toArray(String[]::new);
    thread.setContextClassLoader(new ServiceFolder(folder).with(service, lines).loader());
    try (var quiet = new LogCapture(Guice.class)) {
      T result = work.call();
      assertEquals(List.of(), quiet.messages(Level.SEVERE));
      return result;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void assertMistakesFinding(
      Class<?> service, String[] classNames, String file, Module... modules) throws Exception {
    findingServices(service, classNames, () -> {
      assertMistakes(file, modules);
      return null;
    });
  }

  /** Declares "io", as an application's module would. */
  private static final class FirstModule extends AbstractModule {
    @Override
    protected void configure() {
      install(module().pool(pool("io")).build());
    }
  }

  /** Declares "io" once more. */
  private static final class SecondModule extends AbstractModule {
    @Override
    protected void configure() {
      install(module().pool(pool("io")).pool(pool("cpu")).build());
    }
  }

  @Nested
  class Names {
    @Test
    void createInjector_complains_whenOneModuleDeclaresAPoolTwice() {
      assertMistakes(
          "pool-twice-in-one-module", module().pool(pool("io")).pool(pool("io")).build());
    }

    @Test
    void createInjector_complainsOnce_whenTwoModulesDeclareOnePool() {
      assertMistakes("pool-twice-in-two-modules", new FirstModule(), new SecondModule());
    }

    @Test
    void createInjector_complains_whenTheDefaultPoolIsNotDeclared() {
      assertMistakes(
          "default-pool-undeclared", module().pool(pool("io")).defaultPool("oi").build());
    }

    @Test
    void createInjector_complains_whenTwoPoolsAreTheDefault() {
      assertMistakes(
          "two-default-pools",
          module().pool(pool("io")).defaultPool("io").build(),
          module().pool(pool("cpu")).defaultPool("cpu").build());
    }

    @Test
    void createInjector_isContent_whenTwoModulesNameOneDefault() {
      Injector injector = assertDoesNotThrow(() -> Guice.createInjector(
          module().pool(pool("io")).defaultPool("io").build(),
          module().pool(pool("cpu")).defaultPool("io").build()));

      assertEquals("io", injector.getInstance(ThreadPool.class).name());
    }

    @Test
    void createInjector_complains_whenAPoolStopsBeforeOneThatIsNotDeclared() {
      assertMistakes(
          "stops-before-undeclared",
          module()
              .pool(ThreadPoolConfig.builder("web").stopsBefore("db").build())
              .build());
    }

    @Test
    void createInjector_complains_whenPoolsStopBeforeOneAnotherInACircle() {
      assertMistakes(
          "stop-circle",
          module()
              .pool(ThreadPoolConfig.builder("in").stopsBefore("web").build())
              .pool(ThreadPoolConfig.builder("web").stopsBefore("db").build())
              .pool(ThreadPoolConfig.builder("db").stopsBefore("web").build())
              .build());
    }

    @Test
    void createInjector_complains_whenShutdownHooksDisagree() {
      assertMistakes(
          "two-shutdown-hooks",
          module().pool(pool("io")).shutdownHook(Duration.ofSeconds(3)).build(),
          module().pool(pool("cpu")).shutdownHook(Duration.ofSeconds(4)).build());
    }
  }

  @Nested
  class Chosen {
    @Test
    void createInjector_complains_whenTheThreadFactoryIsUnknown() {
      assertMistakes(
          "unknown-thread-factory",
          module()
              .pool(ThreadPoolConfig.builder("io").threadFactory("fast").build())
              .build());
    }

    @Test
    void createInjector_complains_whenTheThreadFactoryIsUnavailable() throws Exception {
      assertMistakesFinding(
          WorkerThreadFactory.class,
          new String[] {"UnavailableThreads"},
          "unavailable-thread-factory",
          ThreadPoolModule.builder()
              .denyPlugins("virtual")
              .pool(
                  ThreadPoolConfig.builder("io").threadFactory("absent-threads").build())
              .build());
    }

    @Test
    void createInjector_complains_whenTheThreadFactoryIsDenied() {
      assertMistakes(
          "denied-thread-factory",
          module()
              .pool(ThreadPoolConfig.builder("io").threadFactory("virtual").build())
              .build());
    }

    @Test
    void createInjector_complains_whenTheGrowthPolicyIsUnknown() {
      assertMistakes(
          "unknown-growth-policy",
          module()
              .pool(ThreadPoolConfig.builder("io").growthPolicy("slow").build())
              .build());
    }

    @Test
    void createInjector_complains_whenARequiredPluginIsUnknown() {
      assertMistakes(
          "required-plugin-unknown",
          module()
              .pool(ThreadPoolConfig.builder("io").requirePlugins("mdc").build())
              .build());
    }

    @Test
    void createInjector_complains_whenARequiredPluginIsUnavailable() throws Exception {
      assertMistakesFinding(
          ContextPropagator.class,
          new String[] {"Unavailable"},
          "required-plugin-unavailable",
          ThreadPoolModule.builder()
              .pool(ThreadPoolConfig.builder("io").requirePlugins("unavailable").build())
              .build());
    }

    @Test
    void createInjector_complains_whenTwoPluginsOfOneNameAreHandedOver() {
      assertMistakes(
          "two-handed-over",
          module()
              .eachPool(each -> each.contextPropagator(TestPlugins.propagator("own", 0)))
              .pool(pool("io"), io -> io.contextPropagator(TestPlugins.propagator("own", 1)))
              .build());
    }

    @Test
    void createInjector_complains_whenAPluginHandedOverIsUnavailable() {
      assertMistakes(
          "handed-over-unavailable",
          module()
              .pool(pool("io"), io -> io.contextPropagator(new TestPlugins.Unavailable()))
              .build());
    }

    @Test
    void createInjector_complains_whenACustomizerThrows() {
      assertMistakes(
          "customizer-throws",
          module()
              .pool(pool("io"), io -> {
                throw new IllegalStateException("no settings");
              })
              .build());
    }
  }

  @Nested
  class Found {
    @Test
    void createInjector_complainsOnce_whenADiscoveredPluginIsBroken() throws Exception {
      assertMistakesFinding(
          ContextPropagator.class,
          new String[] {"Throwing", "Alpha", "NullName"},
          "broken-providers",
          ThreadPoolModule.builder().pool(pool("io")).build(),
          ThreadPoolModule.builder().pool(pool("cpu")).build());
    }

    @Test
    void createInjector_complains_whenTwoDiscoveredPluginsHaveOneName() throws Exception {
      assertMistakesFinding(
          ContextPropagator.class,
          new String[] {"Alpha", "SecondAlpha"},
          "two-discovered",
          ThreadPoolModule.builder().pool(pool("io")).build());
    }

    @Test
    void createInjector_isContent_whenDiscoveryIsLenientOrOff() throws Exception {
      findingServices(ContextPropagator.class, new String[] {"Alpha", "SecondAlpha"}, () -> {
        try (var log = new LogCapture(Plugins.class)) {
          Guice.createInjector(
              ThreadPoolModule.builder().lenientDiscovery().pool(pool("io")).build(),
              ThreadPoolModule.builder().withoutDiscovery().pool(pool("cpu")).build(),
              ThreadPoolModule.builder()
                  .denyPlugins(PREFIX + "Alpha")
                  .pool(pool("db"))
                  .build());
          return log.messages(Level.WARNING).size();
        }
      });
    }
  }

  @Nested
  class Bound {
    @Test
    void createInjector_complains_whenPluginsAreBoundForAPoolThatIsNotDeclared() {
      assertMistakes(
          "plugins-for-undeclared-pool", module().pool(pool("io")).build(), new AbstractModule() {
            @Override
            protected void configure() {
              PluginBinder.forPool(binder(), "oi")
                  .addContextPropagator()
                  .toInstance(TestPlugins.propagator("own", 0));
            }
          });
    }

    @Test
    void createInjector_complains_whenPluginsAreBoundAndNoPoolIsDeclaredAtAll() {
      assertMistakes("plugins-without-pools", new AbstractModule() {
        @Override
        protected void configure() {
          PluginBinder.forPool(binder(), "io").threadFactory().toInstance(Thread::new);
        }
      });
    }

    @Test
    void createInjector_complains_whenPluginsAreBoundWhereThePoolDoesNotSeeThem() {
      assertMistakes(
          "plugins-out-of-sight", module().pool(pool("io")).build(), new PrivateModule() {
            @Override
            protected void configure() {
              PluginBinder.forPool(binder(), "io")
                  .addContextPropagator()
                  .toInstance(TestPlugins.propagator("own", 0));
            }
          });
    }

    private final Module bindsAPropagator = new AbstractModule() {
      @Override
      protected void configure() {
        PluginBinder.forAllPools(binder())
            .addContextPropagator()
            .toInstance(TestPlugins.propagator("own", 0));
      }
    };

    private final ThreadPoolModule requiresAnother = module()
        .pool(ThreadPoolConfig.builder("io").requirePlugins("own", "other").build())
        .build();

    @Test
    void getInstance_complains_whenBoundPluginsLackARequiredOne() {
      Injector injector = Guice.createInjector(requiresAnother, bindsAPropagator);

      var thrown = assertThrows(
          ProvisionException.class,
          () -> injector.getInstance(Key.get(ThreadPool.class, Pools.named("io"))));

      Golden.assertMistakes("required-plugin-not-bound", thrown.getErrorMessages());
    }

    @Test
    void createInjector_complains_whenBoundPluginsLackARequiredOne_inProduction() {
      var thrown = assertThrows(
          CreationException.class,
          () -> Guice.createInjector(Stage.PRODUCTION, requiresAnother, bindsAPropagator));

      // Pool, view and owner of a pool are made for themselves, and Guice tells of each.
      assertTrue(
          thrown.getMessage().contains("required plugin 'other' was not found"),
          thrown.getMessage());
    }
  }

  @Test
  void createInjector_tellsAllMistakesAtOnce_whenThereAreSeveral() {
    assertMistakes(
        "many-mistakes",
        module()
            .pool(pool("io"))
            .pool(ThreadPoolConfig.builder("cpu")
                .threadFactory("fast")
                .stopsBefore("db")
                .build())
            .pool(
                ThreadPoolConfig.builder("web").requirePlugins("mdc", "tenant").build())
            .defaultPool("oi")
            .build(),
        new FirstModule());
  }

  @Test
  void toString_ofTheErrorShowsTheCallersLine_inGuicesOwnText() {
    var thrown = assertThrows(
        CreationException.class, () -> Guice.createInjector(new FirstModule(), new SecondModule()));

    assertTrue(
        thrown.getMessage().contains("1) Pool 'io' is declared twice: at "), thrown.getMessage());
    assertTrue(
        thrown.getMessage().contains("SecondModule.configure(WiringMistakesTest.java:"),
        thrown.getMessage());
    assertTrue(thrown.getMessage().contains("1 error"), thrown.getMessage());
  }

  @Test
  void build_refuses_whenItSaysHowToDiscoverAndThatNothingIs() {
    var thrown = assertThrows(
        IllegalStateException.class,
        () -> ThreadPoolModule.builder().withoutDiscovery().denyPlugins("mdc").build());

    assertEquals(
        "denyPlugins and lenientDiscovery say how to discover plugins, but plugins or"
            + " withoutDiscovery was called, so nothing is discovered. Leave out one of the two,"
            + " or use Plugins.builder().",
        thrown.getMessage());
  }

  @Test
  void shutdownHook_refuses_whenTheDeadlineIsNegative() {
    var thrown = assertThrows(
        IllegalArgumentException.class,
        () -> ThreadPoolModule.builder().shutdownHook(Duration.ofSeconds(-1)));

    assertEquals(
        "The deadline of a shutdown hook must not be negative, was PT-1S.", thrown.getMessage());
  }
}
