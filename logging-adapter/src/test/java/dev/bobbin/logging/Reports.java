package dev.bobbin.logging;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The reports that the tests of both reporters use. */
final class Reports {
  static final Throwable THROWN = new IllegalStateException("the disk is full");

  /** What a careless or an ill-willed user can put into a text. */
  static final String HOSTILE =
      "a\nb\r\n\u001b[31mc\u0000\u2028d\u202e {} {0} %s %n %d ${jndi:ldap://x}";

  /** The same, made safe. */
  static final String HARMLESS = "a?b???[31mc??d? {} {0} %s %n %d ${jndi:ldap://x}";

  private Reports() {}

  static FailureReport full() {
    var context = new LinkedHashMap<String, String>();
    context.put("tenant", "acme");
    context.put("pool", "not ours");
    return FailureReport.builder(Kind.TASK, "io", THROWN)
        .worker("PoolThread-io-3")
        .subject("settle accounts")
        .context(context)
        .waited(Duration.ofMillis(12))
        .ran(Duration.ofMillis(345))
        .build();
  }

  static FailureReport onlyPool() {
    return FailureReport.builder(Kind.TASK, "io", THROWN).build();
  }

  static FailureReport bare() {
    return FailureReport.builder(Kind.PLUGIN, "io", THROWN).build();
  }

  static FailureReport hostile() {
    return FailureReport.builder(Kind.CALLBACK, "io", THROWN)
        .worker(HOSTILE)
        .subject(HOSTILE)
        .context(Map.of(HOSTILE, HOSTILE))
        .build();
  }

  static FailureReport endless() {
    String text = "x".repeat(10_000);
    return FailureReport.builder(Kind.TASK, "io", THROWN)
        .worker(text)
        .subject(text)
        .context(Map.of(text, text))
        .build();
  }
}
