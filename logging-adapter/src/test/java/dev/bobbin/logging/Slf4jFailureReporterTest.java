package dev.bobbin.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.testkit.FailureReporterContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class Slf4jFailureReporterTest extends FailureReporterContract {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.bobbin.failures");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final FailureReporter reporter = new Slf4jFailureReporter();

  @BeforeEach
  void listen() {
    logger.setAdditive(false);
    logger.addAppender(log);
    log.start();
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setLevel(null);
    logger.setAdditive(true);
  }

  @Override
  protected FailureReporter reporter() {
    return reporter;
  }

  @Override
  protected List<String> told() {
    return log.list.stream()
        .map(event -> event.getFormattedMessage()
            + " "
            + ((ThrowableProxy) event.getThrowableProxy()).getThrowable())
        .toList();
  }

  private ILoggingEvent eventOf(FailureReport report) {
    reporter.report(report);
    assertEquals(1, log.list.size());
    return log.list.get(0);
  }

  private static List<KeyValuePair> pairs(Object... keysAndValues) {
    var pairs = new ArrayList<KeyValuePair>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      pairs.add(new KeyValuePair((String) keysAndValues[i], keysAndValues[i + 1]));
    }
    return pairs;
  }

  @Test
  void report_writesOneEventWithEverything() {
    ILoggingEvent event = eventOf(Reports.full());

    assertEquals(Level.ERROR, event.getLevel());
    assertEquals("dev.bobbin.failures", event.getLoggerName());
    assertEquals(
        "A task failed in pool 'io' on PoolThread-io-3: settle accounts, waited 12 ms, ran 345 ms"
            + " tenant=acme pool=not ours",
        event.getFormattedMessage());
    assertSame(Reports.THROWN, ((ThrowableProxy) event.getThrowableProxy()).getThrowable());
    assertEquals(
        pairs(
            "kind", "task",
            "pool", "io",
            "worker", "PoolThread-io-3",
            "subject", "settle accounts",
            "waitedMillis", 12L,
            "ranMillis", 345L,
            "context.tenant", "acme",
            "context.pool", "not ours"),
        event.getKeyValuePairs());
  }

  @Test
  void report_leavesOutWhatIsUnknown() {
    ILoggingEvent event = eventOf(Reports.bare());

    assertEquals("A plugin failed in pool 'io'", event.getFormattedMessage());
    assertEquals(pairs("kind", "plugin", "pool", "io"), event.getKeyValuePairs());
  }

  @Test
  void report_writesHarmlessTexts_whenNamesAreHostile() {
    ILoggingEvent event = eventOf(Reports.hostile());

    assertEquals(
        "A callback failed in pool 'io' on H: H H=H".replace("H", Reports.HARMLESS),
        event.getFormattedMessage());
    assertNull(event.getArgumentArray());
    assertEquals(
        pairs(
            "kind",
            "callback",
            "pool",
            "io",
            "worker",
            Reports.HARMLESS,
            "subject",
            Reports.HARMLESS,
            "context." + Reports.HARMLESS,
            Reports.HARMLESS),
        event.getKeyValuePairs());
  }

  @Test
  void report_cutsTexts_whenTheyAreEndless() {
    ILoggingEvent event = eventOf(Reports.endless());

    assertTrue(event.getFormattedMessage().length() < 4_200);
    for (KeyValuePair pair : event.getKeyValuePairs()) {
      assertTrue(pair.key.length() < 1_020 && pair.value.toString().length() < 1_020, pair.key);
    }
  }

  @Test
  void report_writesOneEventForEachFailure() {
    for (int i = 0; i < 1_000; i++) {
      reporter.report(Reports.full());
    }

    assertEquals(1_000, log.list.size());
  }

  @Test
  void report_writesNothing_whenTheLoggerIsOff() {
    logger.setLevel(Level.OFF);

    reporter.report(Reports.full());

    assertEquals(List.of(), log.list);
  }

  @Test
  void report_writesTheTextAsItIs_whenTheBackEndKnowsNoKeyValuePairs() {
    var backEnd = new PlainLogger();

    Slf4j.log(Reports.hostile(), backEnd);

    assertEquals(1, backEnd.lines.size());
    String line = backEnd.lines.get(0);
    assertTrue(line.startsWith("ERROR kind=callback pool=io worker=" + Reports.HARMLESS), line);
    assertTrue(
        line.endsWith("A callback failed in pool 'io' on H: H H=H".replace("H", Reports.HARMLESS)),
        line);
    assertEquals(List.of(Reports.THROWN), backEnd.thrown);
  }

  @Test
  void report_namesTheParameter_whenItIsNull() {
    assertEquals(
        "report",
        assertThrows(NullPointerException.class, () -> reporter.report(null)).getMessage());
  }
}
