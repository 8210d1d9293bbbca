package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.WorkerThreadFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {
  private static final String PREFIX = TestPlugins.class.getName() + "$";

  @TempDir
  Path folder;

  private Plugins.Builder propagators(String... classNames) {
    String[] lines = List.of(classNames).stream().map(PREFIX::concat).toArray(String[]::new);
    return Plugins.builder()
        .classLoader(
            new ServiceFolder(folder).with(ContextPropagator.class, lines).loader());
  }

  private static List<String> names(Plugins plugins, PluginKind kind) {
    return plugins.known(kind).stream().map(KnownPlugin::name).toList();
  }

  private static String blanked(String text) {
    return text.replaceAll("file:[^ )]*", "file:*");
  }

  @Nested
  class Finding {
    @Test
    void discover_findsTheShippedThreadFactories() {
      assertEquals(
          List.of("platform", "virtual"), names(Plugins.discover(), PluginKind.THREAD_FACTORY));
    }

    @Test
    void none_hasTheShippedPluginsAndNothingElse() {
      Plugins none = Plugins.none();

      assertEquals(List.of("platform", "virtual"), names(none, PluginKind.THREAD_FACTORY));
      assertEquals(
          List.of("after-wait", "at-once", "limited-rate"), names(none, PluginKind.GROWTH_POLICY));
      assertEquals(5, none.known().size());
    }

    @Test
    void build_ordersByOrderThenName() {
      Plugins plugins = propagators("Alpha", "Beta", "Aardvark").build();

      assertEquals(
          List.of("beta", "aardvark", "alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
    }

    @Test
    void build_looksWithTheContextClassLoaderFirst_whenNoneIsGiven() throws IOException {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      try (URLClassLoader loader = new ServiceFolder(folder)
          .with(ContextPropagator.class, PREFIX + "Alpha")
          .loader()) {
        thread.setContextClassLoader(loader);

        Plugins plugins = Plugins.discover();

        assertEquals(List.of("alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
        assertEquals(List.of("platform", "virtual"), names(plugins, PluginKind.THREAD_FACTORY));
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    @Test
    void build_works_whenThereIsNoContextClassLoader() {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      try {
        thread.setContextClassLoader(null);

        assertEquals(
            List.of("platform", "virtual"), names(Plugins.discover(), PluginKind.THREAD_FACTORY));
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    @Test
    void build_keepsTwoOfOneName_whenTheirKindsDiffer() {
      var services = new ServiceFolder(folder)
          .with(ContextPropagator.class, PREFIX + "Alpha")
          .with(FailureReporter.class, PREFIX + "Reporter");

      Plugins plugins = Plugins.builder().classLoader(services.loader()).build();

      assertEquals(List.of("alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
      assertEquals(List.of("alpha"), names(plugins, PluginKind.FAILURE_REPORTER));
    }

    @Test
    void build_countsAClassOnce_whenItIsListedTwice() {
      Plugins plugins = propagators("Alpha", "Alpha").build();

      assertEquals(List.of("alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
    }

    @Test
    void build_keepsAnUnavailableOneWithItsReason() {
      Plugins plugins = propagators("Unavailable", "Alpha").build();

      KnownPlugin unavailable = plugins.known(PluginKind.CONTEXT_PROPAGATOR).get(0);
      assertEquals("the library 'lib' is absent", unavailable.unavailable());
      assertFalse(unavailable.available());
    }

    @Test
    void build_logsOneLine() {
      try (var log = new LogCapture(Plugins.class)) {
        Plugins plugins =
            propagators("Unavailable", "Beta", "Alpha").deny("alpha").build();

        assertEquals(List.of(plugins.toString()), log.messages(Level.FINE));
        assertEquals(List.of(), log.messages(Level.WARNING));
        assertTrue(
            plugins
                .toString()
                .replaceAll(" \\d+\\.[^ ,;\\]]+", "") // the version, which a jar tells
                .endsWith(
                    "; context propagators: beta, unavailable (unavailable: the library 'lib' is absent); no failure reporters; growth policies: after-wait, at-once, limited-rate; no pool listeners; denied: alpha]"),
            plugins.toString());
        assertTrue(plugins.toString().startsWith("Plugins[thread factories: platform"));
      }
    }
  }

  @Nested
  class Denying {
    @Test
    void deny_leavesOutByName() {
      Plugins plugins = propagators("Alpha", "Beta").deny("beta").build();

      assertEquals(List.of("alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
      assertTrue(plugins.isDenied("beta"));
    }

    @Test
    void deny_doesNotEvenInstantiate_whenGivenAClassName() {
      int before = TestPlugins.Beta.MADE.get();

      Plugins plugins = propagators("Alpha", "Beta").deny(PREFIX + "Beta").build();

      assertEquals(List.of("alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
      assertEquals(before, TestPlugins.Beta.MADE.get());
    }

    @ParameterizedTest
    @CsvSource({"Throwing", "Abstract", "HiddenConstructor", "NotPublic", "Gone"})
    void deny_isAWayOut_whenAProviderIsBroken(String broken) {
      Plugins plugins = propagators(broken, "Alpha").deny(PREFIX + broken).build();

      assertEquals(List.of("alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
    }

    @Test
    void deny_isAWayOut_whenTwoHaveOneName() {
      Plugins plugins =
          propagators("Alpha", "SecondAlpha").deny(PREFIX + "Alpha").build();

      assertSame(
          TestPlugins.SecondAlpha.class,
          plugins.known(PluginKind.CONTEXT_PROPAGATOR).get(0).plugin().getClass());
    }

    @Test
    void deny_warns_whenNothingHasThatName() {
      try (var log = new LogCapture(Plugins.class)) {
        propagators("Alpha").deny("alhpa", "no\nsuch").build();

        assertEquals(
            List.of(
                "No plugin was found under the denied names 'alhpa', 'no?such'. Found: 'platform', 'virtual', 'alpha', 'after-wait', 'at-once', 'limited-rate'."),
            log.messages(Level.WARNING));
      }
    }

    @Test
    void deny_leavesOutAShippedThreadFactory() {
      Plugins plugins = Plugins.builder().deny("virtual").build();

      assertEquals(List.of("platform"), names(plugins, PluginKind.THREAD_FACTORY));
    }
  }

  @Nested
  class Mistakes {
    private List<String> problemsOf(String... classNames) {
      var thrown =
          assertThrows(WiringException.class, () -> propagators(classNames).build());
      return thrown.problems().stream().map(PluginsTest::blanked).toList();
    }

    @Test
    void build_namesClassPlaceAndWayOut_whenAConstructorThrows() {
      assertEquals(
          List.of(
              "Context propagator dev.bobbin.core.TestPlugins$Throwing (in file:*) could not be made: java.lang.IllegalStateException: no license?found. Mend it, take it off the class path, deny it by its class name, or discover leniently."),
          problemsOf("Throwing"));
    }

    @Test
    void build_namesTheServiceFile_whenAClassIsUnknown() {
      assertEquals(
          List.of(
              "A context propagator could not be loaded: java.util.ServiceConfigurationError: dev.bobbin.spi.ContextPropagator: Provider dev.bobbin.core.TestPlugins$Gone not found. It is listed in file:* Mend it, take it off the class path, deny it by its class name, or discover leniently."),
          problemsOf("Gone"));
    }

    @ParameterizedTest
    @CsvSource({
      "Abstract, could not be made: java.lang.InstantiationException",
      "HiddenConstructor, Unable to get public no-arg constructor",
      "NotPublic, could not be made: java.lang.IllegalAccessException",
      "NoPlugin, not a subtype",
    })
    void build_saysWhy_whenAProviderCannotBeMade(String className, String why) {
      List<String> problems = problemsOf(className);

      assertEquals(1, problems.size());
      assertTrue(problems.get(0).contains(PREFIX + className), problems.get(0));
      assertTrue(problems.get(0).contains(why), problems.get(0));
    }

    @ParameterizedTest
    @CsvSource({
      "NullName, its name() failed with java.lang.NullPointerException: name() returned null",
      "NameThrows, its name() failed with java.lang.UnsupportedOperationException: nameless",
      "OrderThrows, its order() failed with java.lang.NoClassDefFoundError: com/acme/Order",
      "UnavailableThrows, its unavailable() failed with java.lang.IllegalStateException: who knows",
    })
    void build_saysWhy_whenAPluginDoesNotAnswer(String className, String why) {
      assertEquals(
          List.of("Context propagator %s (in file:*) cannot be used: %s. Mend it or leave it out."
              .formatted(PREFIX + className, why)),
          problemsOf(className));
    }

    @Test
    void build_makesAHostileNameSafe() {
      List<String> problems = problemsOf("HostileName");

      assertEquals(1, problems.size());
      assertTrue(
          problems
              .get(0)
              .startsWith(
                  "Context propagator dev.bobbin.core.TestPlugins$HostileName (in file:*) has a wrong name. Plugin name 'mdc?2026-01-01 ERROR ${jndi:ldap://x} %s' cannot be used."),
          problems.get(0));
      assertFalse(problems.get(0).contains("\n"));
    }

    @Test
    void build_namesBothClasses_whenTwoHaveOneName() {
      assertEquals(
          List.of(
              "2 context propagators are named 'alpha': dev.bobbin.core.TestPlugins$Alpha (in file:*) and dev.bobbin.core.TestPlugins$SecondAlpha (in file:*). Leave one on the class path, or deny the others by class name."),
          problemsOf("Alpha", "SecondAlpha"));
    }

    @Test
    void build_namesAllProblemsAtOnce_whenThereAreSeveral() {
      var thrown = assertThrows(
          WiringException.class,
          () -> propagators("Gone", "Throwing", "Alpha", "SecondAlpha", "NullName")
              .build());

      assertEquals(4, thrown.problems().size());
      assertTrue(thrown.getMessage().startsWith("4 mistakes of wiring:"), thrown.getMessage());
      for (String problem : thrown.problems()) {
        assertTrue(thrown.getMessage().contains(problem));
      }
      assertTrue(thrown.getCause() != null && thrown.getSuppressed().length > 0);
    }

    @Test
    void build_ends_whenTheClassLoaderItselfIsBroken() {
      var broken = new ClassLoader(null) {
        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
          throw new IOException("disk on fire");
        }
      };

      var thrown = assertThrows(
          WiringException.class, () -> Plugins.builder().classLoader(broken).build());

      assertEquals(PluginKind.values().length, thrown.problems().size());
      assertTrue(thrown.getMessage().contains("It is listed in a service file."));
    }

    @Test
    void lenient_warnsAndKeepsTheOthers_whenSomeAreBroken() {
      try (var log = new LogCapture(Plugins.class)) {
        Plugins plugins = propagators(
                "Gone", "Throwing", "NullName", "Alpha", "SecondAlpha", "Beta")
            .lenient()
            .build();

        assertEquals(List.of("beta", "alpha"), names(plugins, PluginKind.CONTEXT_PROPAGATOR));
        assertSame(
            TestPlugins.Alpha.class,
            plugins.known(PluginKind.CONTEXT_PROPAGATOR).get(1).plugin().getClass());
        assertEquals(4, log.messages(Level.WARNING).size());
      }
    }

    @Test
    void lenient_findsAllThatIsGood_whenTheBrokenOneComesFirst() {
      var services = new ServiceFolder(folder)
          .with(WorkerThreadFactory.class, "no.such.Class", PREFIX + "Threads");

      try (var log = new LogCapture(Plugins.class)) {
        Plugins plugins =
            Plugins.builder().classLoader(services.loader()).lenient().build();

        assertEquals(
            List.of("platform", "test-threads", "virtual"),
            names(plugins, PluginKind.THREAD_FACTORY));
        assertEquals(1, log.messages(Level.WARNING).size());
      }
    }
  }
}
