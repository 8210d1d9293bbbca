package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.Plugin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells every reporter of one pool of each failure, each of them guarded; what none of them took goes
 * to standard error. No method throws.
 */
final class FailureReports {
  private final String pool;
  private final List<FailureReporter> reporters;

  FailureReports(String pool, List<FailureReporter> reporters) {
    this.pool = pool;
    this.reporters = List.copyOf(reporters);
  }

  /** Reports what a task or a callback threw. */
  void task(
      Kind kind,
      Object subject,
      Throwable thrown,
      @Nullable CapturedContexts context,
      @Nullable Duration waited,
      @Nullable Duration ran) {
    try {
      tell(FailureReport.builder(kind, pool, thrown)
          .worker(Thread.currentThread().getName())
          .subject(Descriptions.of(subject))
          .context(context == null ? Map.of() : context.describe())
          .waited(waited)
          .ran(ran)
          .build());
    } catch (Throwable unable) {
      lastResort(kind + " failed", thrown);
    }
  }

  /** Reports what a plugin did wrong. */
  void plugin(Plugin plugin, String what, @Nullable Throwable thrown) {
    about(Kind.PLUGIN, "plugin '" + nameOf(plugin) + "' " + what, thrown);
  }

  /** Reports a thread that could not be made, or a defect of the pool's own. */
  void about(Kind kind, String subject, @Nullable Throwable thrown) {
    Throwable told = thrown == null ? new IllegalStateException(subject) : thrown;
    try {
      tell(FailureReport.builder(kind, pool, told)
          .worker(Thread.currentThread().getName())
          .subject(subject)
          .build());
    } catch (Throwable unable) {
      lastResort(subject, told);
    }
  }

  static String nameOf(Plugin plugin) {
    try {
      return String.valueOf(plugin.name());
    } catch (Throwable thrown) {
      return plugin.getClass().getName();
    }
  }

  private void tell(FailureReport report) {
    var took = new ArrayList<FailureReporter>(reporters.size());
    var broken = new ArrayList<FailureReport>(0);
    for (FailureReporter reporter : reporters) {
      try {
        reporter.report(report);
        took.add(reporter);
      } catch (Throwable thrown) {
        broken.add(FailureReport.builder(Kind.PLUGIN, pool, thrown)
            .worker(Thread.currentThread().getName())
            .subject("plugin '" + nameOf(reporter) + "' threw while it reported a failure")
            .build());
      }
    }
    if (took.isEmpty()) {
      lastResort(report.toString(), report.throwable());
    }
    for (FailureReport failure : broken) {
      boolean told = false;
      for (FailureReporter reporter : took) {
        told |= tellQuietly(reporter, failure);
      }
      if (!told) {
        lastResort(failure.toString(), failure.throwable());
      }
    }
  }

  private static boolean tellQuietly(FailureReporter reporter, FailureReport failure) {
    try {
      reporter.report(failure);
      return true;
    } catch (Throwable thrown) {
      return false; // it took the first report and broke on this one: standard error is next
    }
  }

  private static void lastResort(String text, Throwable thrown) {
    try {
      var story = new StringWriter();
      thrown.printStackTrace(new PrintWriter(story.append(text).append(System.lineSeparator())));
      System.err.print(story); // in one piece, so that several do not mix
    } catch (Throwable unable) {
      // standard error is broken too: there is nobody left to tell
    }
  }
}
