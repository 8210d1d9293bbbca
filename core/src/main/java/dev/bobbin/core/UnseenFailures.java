package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import java.lang.ref.PhantomReference;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one pool's futures that nobody has looked at yet. Each is reported once: when its future
 * is collected, or at the end of the pool; unless somebody looks at it before.
 */
final class UnseenFailures {
  /*
   * A failure is a phantom reference to its future, which holds it in turn, so that whoever looks at the
   * future finds it. It is in `open` until somebody takes it out, which decides what becomes of it:
   *
   *   who looks at the future          forgets it
   *   the thread that waits for what   has an errand of the team report it, since reporters are foreign
   *   is collected, see ForgottenPools   code
   *   the end of the team              reports all that are left, before a stop returns that waits for the end
   *                                    and is not called by a reporter
   *
   * It keeps neither its future nor the Pool alive, but what was thrown; and what watches for forgotten
   * pools keeps it, so that it is not collected together with its future.
   */
  private final FailureReports reports;
  private final Team team;
  private final Set<Failure> open = ConcurrentHashMap.newKeySet();

  /** What sees to failures whose future is collected. Written before the pool is anybody's. */
  private ForgottenPools.@Nullable Trace watcher;

  UnseenFailures(FailureReports reports, Team team) {
    this.reports = reports;
    this.team = team;
  }

  void watchedBy(ForgottenPools.Trace trace) {
    watcher = trace;
  }

  /** Enters the failure of a future. */
  Failure note(CompletableFuture<?> future, FailureReport report) {
    var failure = new Failure(this, future, report);
    if (watcher != null) {
      watcher.keep(failure); // before anybody can take it out
    }
    open.add(failure);
    return failure;
  }

  /** Returns how many there are. */
  int size() {
    return open.size();
  }

  /** Reports all that are left. Never throws. */
  void tellAll() {
    open.forEach(Failure::tell);
  }

  /** One of them. */
  static final class Failure extends PhantomReference<CompletableFuture<?>>
      implements ForgottenPools.Collected {
    private final UnseenFailures of;
    private final FailureReport report;

    private Failure(UnseenFailures of, CompletableFuture<?> future, FailureReport report) {
      super(future, of.watcher == null ? null : of.watcher.queue());
      this.of = of;
      this.report = report;
    }

    private boolean take() {
      boolean taken = of.open.remove(this);
      if (taken) {
        clear();
        if (of.watcher != null) {
          of.watcher.letGo(this);
        }
      }
      return taken;
    }

    /** Somebody has looked at the future. Returns whether that came before any report. */
    boolean seen() {
      return take();
    }

    private void tell() {
      if (take()) {
        of.reports.tell(report);
      }
    }

    @Override
    public void collected() {
      if (of.open.contains(this)) {
        Errands errands = of.team.errands();
        errands.add(new Tell(errands, this));
      }
    }
  }

  /** Reports one. */
  private static final class Tell extends Errands.Errand {
    private final Failure failure;

    Tell(Errands errands, Failure failure) {
      super(errands);
      this.failure = failure;
    }

    @Override
    void act(Team team) {
      failure.tell();
    }
  }
}
