package dev.bobbin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.Plugin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every {@link FailureReporter} must do. A test of one extends this, and says how to read what the
 * reporter has told.
 */
public abstract class FailureReporterContract extends PluginContract {
  private static final int THREADS = 4;
  private static final int FOR_EACH = 50;

  /** Called by JUnit. */
  protected FailureReporterContract() {}

  /** Returns the reporter. */
  protected abstract FailureReporter reporter();

  /**
   * Returns what the reporter has told since the test began, in order: for each report one text, which is
   * its message, followed by what the throwable's {@code toString} gives.
   */
  protected abstract List<String> told();

  @Override
  final Plugin plugin() {
    return reporter();
  }

  private static FailureReport.Builder report(Kind kind) {
    return FailureReport.builder(kind, "io", new IllegalStateException("the disk is full"));
  }

  @Test
  void report_tellsWhatIsInIt() {
    reporter()
        .report(report(Kind.TASK)
            .worker("PoolThread-io-3")
            .subject("settle accounts")
            .context(Map.of("tenant", "acme"))
            .waited(Duration.ofMillis(12))
            .ran(Duration.ofMillis(345))
            .build());

    assertEquals(1, told().size(), () -> told().toString());
    String text = told().get(0);
    for (String part : List.of(
        "io",
        "PoolThread-io-3",
        "settle accounts",
        "tenant",
        "acme",
        "12",
        "345",
        "the disk is full")) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
  }

  @Test
  void report_takesEveryKind_withNothingButWhatMustBeThere() {
    for (Kind kind : Kind.values()) {
      reporter().report(report(kind).build());
    }

    assertEquals(Kind.values().length, told().size(), () -> told().toString());
  }

  /** Names of tasks and values of contexts come from users: none of them makes a second line of a log. */
  @Test
  void report_isOneLine_whateverTheTextsAre() {
    String hostile = "a\nb\r\n\u001b[31mc\u0000\u2028d\u202e {} %s ${jndi:ldap://x}";

    reporter()
        .report(report(Kind.CALLBACK)
            .worker(hostile)
            .subject(hostile)
            .context(Map.of(hostile, hostile))
            .build());

    String text = told().get(0);
    assertFalse(
        text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e),
        () -> "not fit for one line of a log: " + text);
  }

  @Test
  void report_takesAThrowableThatIsItsOwnCause() {
    var first = new IllegalStateException("first");
    var second = new IllegalArgumentException("second", first);
    first.initCause(second);

    reporter().report(FailureReport.builder(Kind.TASK, "io", first).build());

    assertEquals(1, told().size(), () -> told().toString());
  }

  @Test
  void report_tellsEachFailure_whenManyThreadsReportAtOnce() {
    Threads.runAtOnce(THREADS, () -> {
      for (int i = 0; i < FOR_EACH; i++) {
        reporter().report(report(Kind.TASK).subject("task " + i).build());
      }
    });

    assertEquals(THREADS * FOR_EACH, told().size());
  }
}
