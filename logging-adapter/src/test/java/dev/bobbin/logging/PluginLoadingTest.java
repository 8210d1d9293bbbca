package dev.bobbin.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bobbin.spi.FailureReporter;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That the plugins of this module are found, and that just one of them is available anywhere. */
@Isolated("sets a system property")
class PluginLoadingTest {
  private static final String VERBOSITY = "slf4j.internal.verbosity";
  private static final ClassLoader HERE = PluginLoadingTest.class.getClassLoader();

  private final String verbosity = System.getProperty(VERBOSITY, "");

  /** Has SLF4J say nothing, on the console, of a missing back end. */
  @BeforeEach
  void quiet() {
    System.setProperty(VERBOSITY, "ERROR");
  }

  @AfterEach
  void restore() {
    if (verbosity.isEmpty()) {
      System.clearProperty(VERBOSITY);
    } else {
      System.setProperty(VERBOSITY, verbosity);
    }
  }

  /** Returns the reporters that a class loader finds, under their names. */
  static Map<String, FailureReporter> found(ClassLoader loader) {
    var found = new TreeMap<String, FailureReporter>();
    for (FailureReporter reporter : ServiceLoader.load(FailureReporter.class, loader)) {
      found.put(reporter.name(), reporter);
      assertEquals(0, reporter.order());
    }
    return found;
  }

  private static void assertUnavailable(String slf4j, String systemLogger, ClassLoader loader) {
    var why = new TreeMap<String, Optional<String>>();
    found(loader).forEach((name, reporter) -> why.put(name, reporter.unavailable()));
    assertEquals(
        Map.of(
            "slf4j",
            Optional.ofNullable(slf4j),
            "system-logger",
            Optional.ofNullable(systemLogger)),
        why);
  }

  @Test
  void slf4j_isFoundByServiceLoader() {
    assertEquals(Slf4jFailureReporter.class, found(HERE).get("slf4j").getClass());
  }

  @Test
  void systemLogger_isFoundByServiceLoader() {
    assertEquals(
        SystemLoggerFailureReporter.class, found(HERE).get("system-logger").getClass());
  }

  @Test
  void systemLogger_isUnavailable_whenSlf4jIsAtWork() {
    assertUnavailable(null, "SLF4J is at work here, and the reporter 'slf4j' writes to it", HERE);
  }

  @Test
  void slf4j_isUnavailable_whenSlf4jIsAbsent() {
    assertUnavailable(
        "SLF4J 2 is not on the class path; add org.slf4j:slf4j-api and a back end",
        null,
        HidingClassLoader.withoutSlf4j());
  }

  @Test
  void slf4j_isUnavailable_whenSlf4jIsTooOld() {
    assertUnavailable(
        "SLF4J 2 is not on the class path; add org.slf4j:slf4j-api and a back end",
        null,
        HidingClassLoader.withSlf4jOne());
  }

  @Test
  void slf4j_isUnavailable_whenSlf4jHasNoBackEnd() {
    assertUnavailable(
        "SLF4J writes nothing here; add a logging back end, such as Logback",
        null,
        HidingClassLoader.withoutLoggingBackEnd());
  }

  @Test
  void systemLogger_reports_whenSlf4jIsAbsent() {
    var reporter = found(HidingClassLoader.withoutSlf4j()).get("system-logger");
    assertNotSame(SystemLoggerFailureReporter.class, reporter.getClass());
    var logger = Logger.getLogger("dev.bobbin.failures");
    var log = new RecordingHandler();
    logger.setUseParentHandlers(false);
    logger.addHandler(log);
    try {
      reporter.report(Reports.full());
    } finally {
      logger.removeHandler(log);
      logger.setUseParentHandlers(true);
    }
    assertEquals(1, log.records.size());
    assertSame(Reports.THROWN, log.records.get(0).getThrown());
  }
}
