package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.bobbin.spi.ContextPropagator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That the plugins of this module are found, with and without the libraries they serve. */
@Isolated("sets a system property")
class PluginLoadingTest {
  private static final ClassLoader HERE = PluginLoadingTest.class.getClassLoader();

  /** Returns why each propagator that is found is unavailable, or empty, under its name. */
  private static Map<String, Optional<String>> found(ClassLoader loader) {
    var found = new TreeMap<String, Optional<String>>();
    for (ContextPropagator propagator : ServiceLoader.load(ContextPropagator.class, loader)) {
      found.put(propagator.name(), propagator.unavailable());
      assertEquals(0, propagator.order());
    }
    return found;
  }

  private static ContextPropagator load(String name, ClassLoader loader) {
    List<ContextPropagator> found = new ArrayList<>();
    ServiceLoader.load(ContextPropagator.class, loader).forEach(found::add);
    return found.stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void bobbinContext_isFoundByServiceLoader() {
    assertEquals(BobbinContextPropagator.class, load("bobbin-context", HERE).getClass());
  }

  @Test
  void slf4jMdc_isFoundByServiceLoader() {
    assertEquals(Slf4jMdcPropagator.class, load("slf4j-mdc", HERE).getClass());
  }

  @Test
  void micrometerContext_isFoundByServiceLoader() {
    assertEquals(
        MicrometerContextPropagator.class, load("micrometer-context", HERE).getClass());
  }

  @Test
  void openTelemetryContext_isFoundByServiceLoader() {
    assertEquals(
        OpenTelemetryContextPropagator.class,
        load("opentelemetry-context", HERE).getClass());
  }

  @Test
  void propagators_areAvailable_whenTheirLibrariesAreThere() {
    assertEquals(
        Map.of(
            "bobbin-context", Optional.empty(),
            "micrometer-context", Optional.empty(),
            "opentelemetry-context", Optional.empty(),
            "slf4j-mdc", Optional.empty()),
        found(HERE));
  }

  /** That this one says why, all the others being as they are with everything there. */
  private static void assertAlone(String name, String why, ClassLoader without) {
    var expected = found(HERE);
    expected.put(name, Optional.of(why));
    assertEquals(expected, found(without));
    assertNotSame(load(name, HERE).getClass(), load(name, without).getClass());
  }

  @Test
  void slf4jMdc_loadsAndSaysWhy_whenSlf4jIsAbsent() {
    assertAlone(
        "slf4j-mdc",
        "SLF4J is not on the class path; add org.slf4j:slf4j-api 2 and a back end",
        HidingClassLoader.without("org.slf4j."));
  }

  @Test
  void micrometerContext_loadsAndSaysWhy_whenMicrometerIsAbsent() {
    assertAlone(
        "micrometer-context",
        "Micrometer's context propagation is not on the class path; add io.micrometer:context-propagation",
        HidingClassLoader.without("io.micrometer."));
  }

  @Test
  void openTelemetryContext_loadsAndSaysWhy_whenOpenTelemetryIsAbsent() {
    assertAlone(
        "opentelemetry-context",
        "OpenTelemetry is not on the class path; add io.opentelemetry:opentelemetry-api",
        HidingClassLoader.without("io.opentelemetry."));
  }

  @Test
  void slf4jMdc_saysWhy_whenTheMdcKeepsNothing() {
    String before = System.getProperty("slf4j.internal.verbosity");
    System.setProperty(
        "slf4j.internal.verbosity", "ERROR"); // Not a word about the missing back end
    try {
      assertEquals(
          Optional.of(
              "SLF4J's MDC keeps nothing here; add a logging back end that has one, such as Logback"),
          found(HidingClassLoader.withoutLoggingBackEnd()).get("slf4j-mdc"));
    } finally {
      if (before == null) {
        System.clearProperty("slf4j.internal.verbosity");
      } else {
        System.setProperty("slf4j.internal.verbosity", before);
      }
    }
  }
}
