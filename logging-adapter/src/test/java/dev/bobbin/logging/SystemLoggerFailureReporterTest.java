package dev.bobbin.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.testkit.FailureReporterContract;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reporter on the System.Logger of the JDK, which writes to java.util.logging. */
class SystemLoggerFailureReporterTest extends FailureReporterContract {
  /** One that finds no SLF4J: where that is at work it is not available. */
  private static final FailureReporter WITHOUT_SLF4J =
      PluginLoadingTest.found(HidingClassLoader.withoutSlf4j()).get("system-logger");

  private final Logger logger = Logger.getLogger("dev.bobbin.failures");
  private final RecordingHandler log = new RecordingHandler();
  private final FailureReporter reporter = new SystemLoggerFailureReporter();

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(log);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(log);
    logger.setLevel(null);
    logger.setUseParentHandlers(true);
  }

  @Override
  protected FailureReporter reporter() {
    return WITHOUT_SLF4J;
  }

  @Override
  protected List<String> told() {
    return log.records.stream()
        .map(record -> text(record) + " " + record.getThrown())
        .toList();
  }

  private LogRecord recordOf(FailureReport report) {
    reporter.report(report);
    assertEquals(1, log.records.size());
    return log.records.get(0);
  }

  private static String text(LogRecord record) {
    return new SimpleFormatter().formatMessage(record);
  }

  @Test
  void report_writesOneRecordWithEverything() {
    LogRecord record = recordOf(Reports.full());

    assertEquals(Level.SEVERE, record.getLevel());
    assertEquals("dev.bobbin.failures", record.getLoggerName());
    assertEquals(
        "A task failed in pool 'io' on PoolThread-io-3: settle accounts, waited 12 ms, ran 345 ms"
            + " tenant=acme pool=not ours",
        text(record));
    assertSame(Reports.THROWN, record.getThrown());
  }

  @Test
  void report_leavesOutWhatIsUnknown() {
    assertEquals("A plugin failed in pool 'io'", text(recordOf(Reports.bare())));
  }

  @Test
  void report_writesHarmlessTexts_whenNamesAreHostile() {
    assertEquals(
        "A callback failed in pool 'io' on H: H H=H".replace("H", Reports.HARMLESS),
        text(recordOf(Reports.hostile())));
  }

  @Test
  void report_cutsTexts_whenTheyAreEndless() {
    assertTrue(text(recordOf(Reports.endless())).length() < 4_200);
  }

  @Test
  void report_writesOneRecordForEachFailure() {
    for (int i = 0; i < 1_000; i++) {
      reporter.report(Reports.full());
    }

    assertEquals(1_000, log.records.size());
  }

  @Test
  void report_writesNothing_whenTheLoggerIsOff() {
    logger.setLevel(Level.OFF);

    reporter.report(Reports.full());

    assertEquals(List.of(), log.records);
  }

  @Test
  void report_namesTheParameter_whenItIsNull() {
    assertEquals(
        "report",
        assertThrows(NullPointerException.class, () -> reporter.report(null)).getMessage());
  }
}
