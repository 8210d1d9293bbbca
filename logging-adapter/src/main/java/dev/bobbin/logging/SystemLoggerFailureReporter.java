package dev.bobbin.logging;

import static java.util.Objects.requireNonNull;

import com.google.auto.service.AutoService;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Writes each failure to the {@link System.Logger} of the JDK, under the name {@code system-logger}:
 * one record at level error, of the logger {@code dev.bobbin.failures}, with the throwable.
 *
 * <p>The message is one line of text that says what {@link Slf4jFailureReporter} says in text and in
 * key-value pairs, made safe in the same way.
 *
 * <p>Unavailable where SLF4J is at work, that is, wherever {@link Slf4jFailureReporter} is available:
 * so one failure is one line in the log.
 */
@AutoService(FailureReporter.class)
public final class SystemLoggerFailureReporter implements FailureReporter {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public SystemLoggerFailureReporter() {}

  @Override
  public String name() {
    return "system-logger";
  }

  @Override
  public Optional<String> unavailable() {
    return Slf4jPresence.whyAbsent().isPresent()
        ? Optional.empty()
        : Optional.of("SLF4J is at work here, and the reporter 'slf4j' writes to it");
  }

  @Override
  public void report(FailureReport report) {
    requireNonNull(report, "report");
    // Asked for each time: failures are rare, and the JDK may forget a logger that is configured
    // anew.
    // The form without parameters, which takes the text for a text and not for a pattern.
    System.getLogger(FailureLog.NAME).log(Level.ERROR, report.toString(), report.story());
  }
}
