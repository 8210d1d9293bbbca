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
  private static final String UNTOLD =
      "A pool has a failure to report and not the memory to tell what it was.";

  private final String pool;
  private final List<FailureReporter> reporters;

  /** What folds storms, or null if nothing does. Written before the pool is anybody's. */
  private @Nullable FailureFolds folds;

  FailureReports(String pool, List<FailureReporter> reporters) {
    this.pool = pool;
    this.reporters = List.copyOf(reporters);
  }

  /** Has storms folded from now on. */
  void foldWith(FailureFolds folding) {
    folds = folding;
  }

  /** Tells what was folded and not told. */
  void end() {
    if (folds != null) {
      folds.end();
    }
  }

  /** Returns the name of the pool. */
  String pool() {
    return pool;
  }

  /** Reports what a task or a callback threw. */
  void task(
      Kind kind,
      Object subject,
      Throwable thrown,
      @Nullable CapturedContexts context,
      @Nullable Duration waited,
      @Nullable Duration ran,
      @Nullable Throwable submitter) {
    try {
      tell(FailureReport.builder(kind, pool, thrown)
          .worker(Thread.currentThread().getName())
          .subject(Descriptions.of(subject))
          .context(context == null ? Map.of() : context.describe())
          .waited(waited)
          .ran(ran)
          .submitter(submitter)
          .build());
    } catch (Throwable unable) {
      lastResort(kind.name(), thrown);
    }
  }

  /** Reports what a plugin did wrong. */
  void plugin(Plugin plugin, String what, @Nullable Throwable thrown) {
    try {
      about(Kind.PLUGIN, "plugin '" + nameOf(plugin) + "' " + what, thrown);
    } catch (Throwable unable) { // for want of memory or of stack, as below
      lastResort(what, thrown == null ? unable : thrown);
    }
  }

  /** Reports a thread that could not be made, or a defect of the pool's own. */
  void about(Kind kind, String subject, @Nullable Throwable thrown) {
    try {
      Throwable told = thrown == null ? new IllegalStateException(subject) : thrown;
      tell(FailureReport.builder(kind, pool, told)
          .worker(Thread.currentThread().getName())
          .subject(subject)
          .build());
    } catch (Throwable unable) {
      lastResort(subject, thrown == null ? unable : thrown);
    }
  }

  static String nameOf(Plugin plugin) {
    try {
      return String.valueOf(plugin.name());
    } catch (Throwable thrown) {
      return plugin.getClass().getName();
    }
  }

  /** Reports what was put together before. */
  void tell(FailureReport report) {
    if (folds == null) {
      tellAll(report);
    } else {
      folds.tell(report);
    }
  }

  /** Tells all reporters, in any case. */
  void tellAll(FailureReport report) {
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
      lastResort(report.toString(), report.story());
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
      lastWords();
    }
  }

  /** Says, with next to no memory, that there was not enough for more. */
  private static void lastWords() {
    try {
      System.err.println(UNTOLD);
    } catch (Throwable unable) {
      // standard error is broken too: there is nobody left to tell
    }
  }
}
