package dev.bobbin.logging;

import static dev.bobbin.spi.FailureReport.printable;
import static java.util.Objects.requireNonNull;

import dev.bobbin.spi.FailureReport;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The one place that touches SLF4J. Fails to link, at the first call, where SLF4J 2 is absent. */
final class Slf4j {
  private Slf4j() {}

  /** Returns whether there is a back end that writes what it is given. */
  static boolean writes() {
    // SLF4J 1 has no such class, and cannot do what log does.
    requireNonNull(LoggingEventBuilder.class);
    return !(LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory);
  }

  static void log(FailureReport report) {
    log(requireNonNull(report, "report"), LoggerFactory.getLogger(FailureLog.NAME));
  }

  static void log(FailureReport report, Logger logger) {
    LoggingEventBuilder event = logger.atError().setCause(report.story());
    event = event.addKeyValue("kind", report.kind().name().toLowerCase(Locale.ROOT));
    event = addText(event, "pool", report.pool());
    event = addText(event, "worker", report.worker());
    event = addText(event, "subject", report.subject());
    if (report.waited().isPresent()) {
      event = event.addKeyValue("waitedMillis", report.waited().get().toMillis());
    }
    if (report.ran().isPresent()) {
      event = event.addKeyValue("ranMillis", report.ran().get().toMillis());
    }
    if (report.isFolded()) {
      event = event.addKeyValue("folded", report.count());
    }
    for (var entry : report.context().entrySet()) {
      event =
          event.addKeyValue("context." + printable(entry.getKey()), printable(entry.getValue()));
    }
    // A text without arguments, in which no back end looks for places to fill.
    event.log(report.toString());
  }

  private static LoggingEventBuilder addText(LoggingEventBuilder event, String key, String text) {
    return text.isEmpty() ? event : event.addKeyValue(key, printable(text));
  }
}
