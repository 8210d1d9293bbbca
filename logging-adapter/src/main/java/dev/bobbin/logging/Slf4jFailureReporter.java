package dev.bobbin.logging;

import com.google.auto.service.AutoService;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.util.Optional;

/**
 * Writes each failure to SLF4J 2, under the name {@code slf4j}: one event at level error, of the
 * logger {@code dev.bobbin.failures}, with the throwable.
 *
 * <p>The message says it all in one line of text. Beside it are key-value pairs for those who search:
 * {@code kind}, {@code pool}, {@code worker} and {@code subject}; {@code waitedMillis} and {@code
 * ranMillis}, numbers, where the pool reads the clock; and {@code context.<key>} for each key of the
 * submitter's context. What is empty or unknown is left out.
 *
 * <p>Texts are shown without line breaks and control characters and cut to 1,000 characters, and are
 * never taken for patterns. The throwable is handed over as it is: how its message and its trace are
 * laid out is the back end's business.
 *
 * <p>Unavailable where SLF4J is absent or writes nothing: with no back end, or with {@code slf4j-nop}.
 */
@AutoService(FailureReporter.class)
public final class Slf4jFailureReporter implements FailureReporter {
  // No name of SLF4J is in this class: it must load where there is none. All of them are in Slf4j.

  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public Slf4jFailureReporter() {}

  @Override
  public String name() {
    return "slf4j";
  }

  @Override
  public Optional<String> unavailable() {
    return Slf4jPresence.whyAbsent();
  }

  @Override
  public void report(FailureReport report) {
    Slf4j.log(report);
  }
}
