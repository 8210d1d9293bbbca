package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Has the workers of a team replaced by new ones when they are old enough, one at a time. */
final class Renewals {
  /*
   * OVERVIEW
   *
   * A worker asks after a task. If no renewal is under way, its own is, until it is over:
   *
   *   ASKED -> READY   the comer's body has begun
   *   ASKED -> OVER    no thread could be made, or the goer has left, or the team is stopping
   *   READY -> OVER    the goer has left; or both are needed for the minimum, or the team is stopping
   *
   * From before ASKED until OVER the sizes allow one worker more than the maximum, for the comer and for
   * nobody else (Sizes.most, which no other maker of threads goes by). An errand makes the comer, since
   * the factory is foreign code. The goer leaves at its next point between two tasks, by a CAS that keeps
   * the minimum; if it is idle it is woken for that, out of the middle of the stack. Whoever may wake
   * an idle worker looks for it: the comer when it has begun, the goer when it has parked, and all others.
   *
   * `underWay` is set before the sizes allow the comer and cleared after they no longer do: so it is one
   * at a time. A worker whose renewal came to nothing asks again after as many tasks, or as long, again.
   * Who finds another's renewal under way asks after its next task, and sees whether that one is
   * stuck: by a thread that died before it began, or by an Error at its end.
   */
  private final Team team;
  private final ExtraWorkers rule;
  private final Errands errands;
  private final Seams seams;
  private final AtomicReference<@Nullable Renewal> underWay = new AtomicReference<>();

  Renewals(Team team, ExtraWorkers rule, Errands errands, Seams seams) {
    this.team = team;
    this.rule = rule;
    this.errands = errands;
    this.seams = seams;
  }

  /** Is told by a worker that it has begun. */
  void begun(Worker worker) {
    restart(worker);
    Renewal renewal = worker.comesBy();
    if (renewal != null) {
      worker.setArrived();
      renewal.setReady();
    }
  }

  private void restart(Worker worker) {
    worker.tasks = 0;
    worker.since = rule.renewsByAge() ? seams.nanoTime() : 0;
  }

  /** Is told by a worker that a task of its has ended; the clock is read only if the age counts. */
  void afterTask(Worker worker) {
    worker.tasks++;
    boolean old = worker.tasks >= rule.renewAfterTasks()
        || (rule.renewsByAge() && seams.nanoTime() - worker.since >= rule.renewAfterNanos());
    if (old) {
      Renewal other = underWay.get();
      if (other == null) {
        ask(worker);
      } else if (other.isLeftOver()) {
        end(other);
      } else if (other.mustBury()) {
        errands.add(new Burial(errands));
      }
    }
  }

  private void ask(Worker worker) {
    var renewal = new Renewal(errands, worker);
    if (team.isStopping() || !underWay.compareAndSet(null, renewal)) {
      return;
    }
    restart(worker);
    worker.renewal = renewal;
    boolean asked = false;
    try {
      asked = team.beginRenewing();
    } finally {
      if (!asked) {
        worker.renewal = null;
        underWay.set(null);
      }
    }
    if (asked) {
      errands.add(renewal);
    }
  }

  /** Ends a renewal, if it is under way. */
  void end(Renewal renewal) {
    if (renewal.end(team::endRenewing)) {
      underWay.set(null);
    }
  }

  /** Returns the worker that is to go now and waits to be woken, or null if there is none. */
  @Nullable
  Worker idleGoer() {
    Renewal renewal = underWay.get();
    if (renewal == null || !renewal.isReady()) {
      return null;
    }
    Worker goer = renewal.goer();
    return goer.isParked() && !goer.isWoken() ? goer : null;
  }

  /** Returns whether a worker that holds no task is to go, and will take none. */
  boolean isGoerFree() {
    Renewal renewal = underWay.get();
    return renewal != null && renewal.isReady() && !renewal.goer().slot().mayHaveTask();
  }

  /** Gives the place of a dead thread back, and tells of it. */
  private static final class Burial extends Errands.Errand {
    Burial(Errands errands) {
      super(errands);
    }

    @Override
    void act(Team team) {
      team.seeToStillborn();
    }
  }
}
