package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Folds storms of the same failure: the first is told in full, those that follow are counted, and the count is
 * told at growing intervals. None is lost: what is told in full and what is told as counts are all.
 */
final class FailureFolds {
  /*
   * Failures are the same if they are of one kind and were thrown in the same place, by the frames of the
   * throwable and of its causes. There is a fold for each such print, replaced in one step by whoever comes:
   *
   *   no fold, or one that has been quiet for its whole interval    told in full; a new fold
   *   a fold whose interval is not over                             counted there
   *   a fold with a count whose interval is over                    its count is told, this one included
   *
   * The first that is counted in an interval has an errand set for its end, which tells the count; so does
   * the end of the pool. With each interval that had something to tell the next one doubles.
   *
   * There are so many folds at most; where others are still in use, a failure of a new print is told in full.
   */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST_FOLDS = 200;
  private static final int MOST_FRAMES = 32;
  private static final int MOST_CAUSES = 8;

  private final Consumer<FailureReport> teller;
  private final Errands errands;
  private final LongSupplier clock;
  private final Map<Print, Fold> folds = new ConcurrentHashMap<>();

  /** Set once, at the end of the pool. */
  private volatile boolean over;

  FailureFolds(Consumer<FailureReport> teller, Errands errands, LongSupplier clock) {
    this.teller = teller;
    this.errands = errands;
    this.clock = clock;
  }

  /** What failures have in common that are the same. */
  private record Print(
      Kind kind,
      String text,
      String type,
      List<StackTraceElement> frames,
      @Nullable Print cause) {
    // Written out, as for PoolSizes.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Print that
          && kind == that.kind
          && text.equals(that.text)
          && type.equals(that.type)
          && frames.equals(that.frames)
          && Objects.equals(cause, that.cause);
    }

    @Override
    public int hashCode() {
      return Objects.hash(kind, text, type, frames, cause);
    }

    static Print of(FailureReport report) {
      // Where the pool itself fails, or a plugin, the text says what it is; that of a task says who
      // it is.
      boolean named = report.kind() != Kind.TASK
          && report.kind() != Kind.FUTURE
          && report.kind() != Kind.CALLBACK;
      return of(report.kind(), named ? report.subject() : "", report.throwable(), MOST_CAUSES);
    }

    private static Print of(Kind kind, String text, Throwable thrown, int left) {
      StackTraceElement[] frames = thrown.getStackTrace();
      Throwable cause = left == 0 ? null : thrown.getCause();
      return new Print(
          kind,
          text,
          thrown.getClass().getName(),
          List.of(Arrays.copyOf(frames, Math.min(frames.length, MOST_FRAMES))),
          cause == null ? null : of(kind, "", cause, left - 1));
    }
  }

  /**
   * One storm, or what is left of it.
   *
   * @param end when its interval is over
   * @param interval how long that is
   * @param count how many were counted in it
   * @param last the last of these
   */
  private record Fold(
      long end, long interval, long count, @Nullable FailureReport last) {
    static Fold first(long now) {
      return new Fold(now + FIRST_NANOS, FIRST_NANOS, 0, null);
    }

    Fold with(FailureReport report) {
      return new Fold(end, interval, count + 1, report);
    }

    Fold next(long now) {
      long longer = Math.min(2 * interval, LONGEST_NANOS);
      return new Fold(now + longer, longer, 0, null);
    }

    boolean isOver(long now) {
      return now - end >= 0;
    }

    boolean isQuiet(long now) {
      return count == 0 && isOver(now);
    }
  }

  /** Tells a failure, in full or by counting it. */
  void tell(FailureReport report) {
    FailureReport now = over ? report : fold(report);
    if (now != null) {
      teller.accept(now);
    }
  }

  /** Returns what is to be told now, or null if nothing is. */
  private @Nullable FailureReport fold(FailureReport report) {
    Print print;
    try {
      print = Print.of(report);
    } catch (
        Throwable
            hostile) { // a throwable of the user's may do anything when it is asked for its trace
      return report;
    }
    if (folds.size() >= MOST_FOLDS) {
      long now = clock.getAsLong();
      folds.values().removeIf(fold -> fold.isQuiet(now));
      if (folds.size() >= MOST_FOLDS && !folds.containsKey(print)) {
        return report;
      }
    }
    var step = new Step(report, clock.getAsLong());
    folds.compute(print, (same, fold) -> step.take(fold));
    if (step.opened) {
      setAlarm(print);
    }
    if (over) { // the end has told all that were counted by then: it may have come between
      flush(print, false);
    }
    return step.told;
  }

  /** What one failure makes of its fold. */
  private static final class Step {
    private final FailureReport report;
    private final long now;

    @Nullable
    FailureReport told;

    /** Whether it is the first that is counted in its interval. */
    boolean opened;

    Step(FailureReport report, long now) {
      this.report = report;
      this.now = now;
    }

    Fold take(@Nullable Fold fold) {
      if (fold == null || fold.isQuiet(now)) {
        told = report;
        return Fold.first(now);
      }
      if (fold.isOver(now)) {
        told = report.folded(fold.count + 1);
        return fold.next(now);
      }
      opened = fold.count == 0;
      return fold.with(report);
    }
  }

  private void setAlarm(Print print) {
    Fold fold = folds.get(print);
    if (fold != null) {
      try {
        errands.later(
            Math.max(0, fold.end - clock.getAsLong()), new Flush(errands, this, print, fold.end));
      } catch (Throwable noTimer) {
        // the next of its kind tells the count, or the end does
      }
    }
  }

  /** Tells what was counted and not told, if anything was. */
  private void flush(Print print, boolean goesOn) {
    var told = new @Nullable FailureReport[1];
    folds.computeIfPresent(print, (same, fold) -> {
      if (fold.last == null) {
        return goesOn ? fold : null;
      }
      told[0] = fold.last.folded(fold.count);
      return goesOn ? fold.next(clock.getAsLong()) : null;
    });
    if (told[0] != null) {
      teller.accept(told[0]);
    }
  }

  /** Tells all that was counted, and folds no more: the pool has ended. */
  void end() {
    over = true;
    for (Print print : folds.keySet()) {
      flush(print, false);
    }
  }

  /** Tells what was counted in the interval that has this end, if nobody has. */
  private void flush(Print print, long end) {
    Fold fold = folds.get(print);
    if (fold != null && fold.end == end) {
      flush(print, true);
    }
  }

  /** The end of an interval in which something was counted. Keeps nothing alive that it would tell. */
  private static final class Flush extends Errands.Errand {
    private final WeakReference<FailureFolds> of;
    private final Print print;
    private final long end;

    Flush(Errands errands, FailureFolds of, Print print, long end) {
      super(errands);
      this.of = new WeakReference<>(of);
      this.print = print;
      this.end = end;
    }

    @Override
    void due(Team team) {
      FailureFolds still = of.get();
      if (still != null && !still.over) { // a pool that has ended makes no thread
        super.due(team);
      }
    }

    @Override
    void act(Team team) {
      FailureFolds still = of.get();
      if (still != null) {
        still.flush(print, end);
      }
    }
  }
}
