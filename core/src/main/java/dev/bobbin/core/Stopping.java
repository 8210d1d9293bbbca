package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ways to wait for a {@link Team}'s end, and the report on it. */
final class Stopping {
  /*
   * A stop that may wait does so on the calling thread. One that is called by a thread of the team's
   * own may not: there a timer does what comes later. A stop with a deadline is
   *
   *   quiet (if asked for) -> drain -> give up -> grace -> abandon -> report
   *
   * and is over with the first arrow after which the team has ended. Giving up discards and
   * interrupts; the grace lets what was interrupted end; what then still runs is abandoned: its future
   * fails. No task is taken once the team was given up, so a task seen in a slot after that is the
   * last of its worker.
   *
   * The stage of termination() and the end: who asks puts the stage up and then looks whether the team
   * has ended; the end is entered, then the stage is looked for. So one of the two sees to it. It is
   * completed on a thread of its own, for what depends on it is foreign code: a worker's thread has to
   * die, and a stopping thread to return.
   */
  private static final long FOR_EVER = Long.MAX_VALUE;

  /** How long a stop that gave up waits for what it interrupted. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ThreadPoolConfig config;
  private final Team team;
  private final TaskClock clock;

  /** Those that wait for quiet before they stop. */
  private final Queue<QuietWatch> watches = new ConcurrentLinkedQueue<>();

  /** What the timer has to do and has not done. */
  private final Queue<Later> set = new ConcurrentLinkedQueue<>();

  /** Set once, by the first who asks. */
  private final AtomicReference<@Nullable Termination> termination = new AtomicReference<>();

  Stopping(ThreadPoolConfig config, Team team, TaskClock clock) {
    this.config = config;
    this.team = team;
    this.clock = clock;
  }

  // ------------------------------------------------------------------ stops

  /** Begins a stop and waits for the end and for the threads, whatever interrupts. */
  void stop() {
    team.beginStop();
    if (!team.isOwnThread()) {
      waitFor(deadOr(FOR_EVER));
    }
  }

  /** Begins a stop, waits until the deadline at most, then gives up. */
  StopReport stop(Duration deadline) {
    return stop(Terms.saturatedNanos(deadline), new Beginning());
  }

  /** Waits for quiet, then does what {@link #stop(Duration)} does with what is left of the deadline. */
  StopReport stop(Duration quietPeriod, Duration deadline) {
    var beginning = new Beginning();
    long quiet = Terms.saturatedNanos(quietPeriod);
    long nanos = Terms.saturatedNanos(deadline);
    if (quiet == 0 || team.isStopping()) {
      return stop(nanos, beginning);
    }
    boolean byTimer = team.isOwnThread();
    var watch = new QuietWatch(team, clock, quiet, nanos, byTimer);
    begin(watch);
    if (byTimer) {
      return report(beginning);
    }
    waitFor(overOr(watch, nanos));
    end(watch);
    return stop(watch.left(), beginning);
  }

  private StopReport stop(long nanos, Beginning beginning) {
    team.beginWaiting(); // before the stop, which may end at once
    try {
      team.beginStop();
      if (!team.isOwnThread()) {
        if (!waitFor(deadOr(nanos))) {
          giveUp();
        }
      } else if (nanos == 0) {
        giveUpByTimer();
      } else {
        later(nanos, Stopping::giveUpByTimer);
      }
      return report(beginning);
    } finally {
      team.endWaiting();
    }
  }

  /** Begins a stop and waits; gives up when it is interrupted, and stays so. */
  void close() {
    team.beginStop();
    if (team.isOwnThread()) {
      return;
    }
    try {
      awaitDead(FOR_EVER);
    } catch (InterruptedException interrupt) {
      giveUp();
      Thread.currentThread().interrupt();
    }
  }

  /** Gives up, lets what was interrupted end, and abandons what does not. */
  private void giveUp() {
    team.giveUp();
    if (!waitFor(deadOr(GRACE_NANOS))) {
      team.abandonRunning();
    }
  }

  /** Does the same without waiting. */
  private void giveUpByTimer() {
    team.giveUp();
    later(GRACE_NANOS, stopping -> stopping.team.abandonRunning());
  }

  /** Has an errand do this after a while, unless the team has ended or is forgotten by then. */
  private void later(long nanos, Consumer<Stopping> action) {
    Errands errands = team.errands();
    var later = new Later(errands, this, action);
    set.add(later);
    try {
      later.alarm = errands.later(nanos, later);
    } catch (Throwable noTimer) {
      errands.noteWithoutTimer(noTimer);
    }
    if (team.hasEnded()) { // perhaps before the alarm was there to be seen
      cancelAlarms();
    }
  }

  /** Takes out of the timer what a team that has ended left there: it may be days early. */
  private void cancelAlarms() {
    for (Later later : set) {
      Alarm alarm = later.alarm;
      if (alarm != null) {
        alarm.cancel();
        set.remove(later);
      }
    }
  }

  // ------------------------------------------------------------------ quiet

  private void begin(QuietWatch watch) {
    watches.add(watch);
    lookLater(watch);
    if (team.isStopping()) { // who stopped it may have come too early to see the watch
      end(watch);
    }
  }

  private void lookLater(QuietWatch watch) {
    var weakly = new WeakReference<>(watch);
    later(watch.untilNextLook(), stopping -> {
      QuietWatch still = weakly.get();
      if (still != null) {
        stopping.look(still);
      }
    });
  }

  private void look(QuietWatch watch) {
    if (!watches.contains(watch)) {
      return; // it is over
    }
    if (watch.look()) {
      end(watch);
    } else {
      lookLater(watch);
    }
  }

  /** Ends the watch, once; whoever waits for it, or else the timer, goes on. */
  private void end(QuietWatch watch) {
    if (watches.remove(watch)) {
      watch.end();
      if (watch.isByTimer()) {
        team.beginStop();
        later(watch.left(), Stopping::giveUpByTimer);
      }
    }
  }

  /** A stop has begun, which ends all waiting for quiet. Called on the thread that began it. */
  void begun() {
    watches.forEach(this::end);
  }

  // ------------------------------------------------------------------ waiting

  boolean await(long nanos) throws InterruptedException {
    return team.awaitEnd(nanos);
  }

  private boolean awaitDead(long nanos) throws InterruptedException {
    long began = System.nanoTime();
    if (!team.awaitEnd(nanos)) {
      return false;
    }
    team.join(nanos - (System.nanoTime() - began));
    return true;
  }

  /** Returns a wait for the end and the threads whose time, from now, runs on when it is interrupted. */
  private Wait deadOr(long nanos) {
    long began = System.nanoTime();
    return () -> awaitDead(Math.max(0, nanos - (System.nanoTime() - began)));
  }

  /** Returns a wait for the end of the watch, in the same way. */
  private static Wait overOr(QuietWatch watch, long nanos) {
    long began = System.nanoTime();
    return () -> watch.await(Math.max(0, nanos - (System.nanoTime() - began)));
  }

  /** Waits through interrupts, and leaves the flag set if there was one. */
  private static boolean waitFor(Wait wait) {
    boolean interrupted = Thread.interrupted();
    try {
      for (; ; ) {
        try {
          return wait.await();
        } catch (InterruptedException interrupt) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // ------------------------------------------------------------------ the termination stage

  /** Returns the stage that tells of the end, made now if nobody has asked before. */
  CompletionStage<StopReport> termination() {
    Termination asked = termination.get();
    if (asked == null) {
      team.beginWaiting(); // until it is told, so that the report has what was discarded
      asked = new Termination();
      if (!termination.compareAndSet(null, asked)) {
        team.endWaiting();
        asked = requireNonNull(termination.get());
      }
      if (team.hasEnded()) {
        tell(asked);
      }
    }
    return asked.stage();
  }

  /** The team has ended. Called on the thread that ended it. */
  void ended() {
    Termination asked = termination.get();
    if (asked != null) {
      tell(asked);
    }
    cancelAlarms();
  }

  private void tell(Termination asked) {
    if (asked.claim()) {
      Runnable told = () -> {
        waitFor(deadOr(FOR_EVER));
        complete(asked);
      };
      try {
        var thread = new Thread(null, told, "PoolTermination-" + config.name(), 0, false);
        thread.setDaemon(config.daemon());
        thread.start();
      } catch (Throwable noThread) { // better here, and before the threads are dead, than never
        complete(asked);
      }
    }
  }

  private void complete(Termination asked) {
    StopReport report;
    try {
      report = report(new Beginning());
    } finally {
      team.endWaiting(); // before anybody goes on
    }
    asked.complete(report);
  }

  // ------------------------------------------------------------------ the report

  private StopReport report(Beginning beginning) {
    StopReport.Builder report = StopReport.builder(config.name()).stopped(team.hasEnded());
    long now = clock.now();
    int listed = 0;
    for (Slot slot : team.slots()) {
      Worker worker = slot.holder.get();
      if (worker != null) {
        listed += list(slot, worker.threadName(), beginning, now, report);
      }
    }
    Thread errands = team.errands().otherThread();
    if (errands != null) {
      String text = "what depends on tasks that were given up";
      report.running(errands.getName(), text, Duration.ZERO, false);
    }
    for (CallerSlot slot : team.callers()) {
      listed += list(slot, slot.threadName(), beginning, now, report);
    }
    // What was taken is listed or has run; it may have ended since it was listed, or before.
    long ran = Math.max(0, team.taken() - listed);
    return report.ran(ran).discarded(team.givenUp()).build();
  }

  /** Adds what runs in this slot to the report; returns how many tasks that are. */
  private static int list(
      Slot slot, String thread, Beginning beginning, long now, StopReport.Builder report) {
    Runnable task = slot.task();
    if (task == null && slot.state() != Slot.BUSY) {
      return 0;
    }
    boolean givingUp = slot.isGivingUp();
    String text = givingUp
        ? "what depends on a task that has expired"
        : task == null ? "the stages of a future whose task is over" : printable(task);
    long startedAt = slot.startedAt();
    boolean exact = startedAt != TaskClock.UNTIMED && !givingUp;
    long least = !givingUp && beginning.isAtTheSame(slot) ? now - beginning.at : 0;
    report.running(thread, text, Duration.ofNanos(exact ? now - startedAt : least), exact);
    return givingUp ? 0 : 1; // what has expired was not taken
  }

  static String printable(@Nullable Runnable task) {
    return task == null ? "nothing" : FailureReport.printable(Descriptions.of(task));
  }

  /** What the workers were at when a stop began. */
  private final class Beginning {
    final long at = clock.now();

    /** How many tasks each worker that was busy had taken in its slot: the last one it was at. */
    private final Map<Slot, Long> busy = new HashMap<>();

    Beginning() {
      for (Slot slot : team.slots()) {
        note(slot);
      }
      team.callers().forEach(this::note);
    }

    private void note(Slot slot) {
      if (slot.state() == Slot.BUSY) {
        busy.put(slot, slot.taken());
      }
    }

    /** Returns whether the slot's worker is still at what it was at then. */
    boolean isAtTheSame(Slot slot) {
      Long taken = busy.get(slot);
      return taken != null && taken == slot.taken();
    }
  }

  /** What a stop that may not wait leaves to the timer. */
  private static final class Later extends Errands.Errand {
    private final WeakReference<Stopping> stopping;
    private final Consumer<Stopping> action;

    /** Written by the thread that sets it, which then looks whether the team has ended. */
    private volatile @Nullable Alarm alarm;

    Later(Errands errands, Stopping stopping, Consumer<Stopping> action) {
      super(errands);
      this.stopping = new WeakReference<>(stopping);
      this.action = action;
    }

    @Override
    void act(Team team) {
      Stopping still = stopping.get();
      if (still != null) {
        still.set.remove(this);
        if (!team.hasEnded()) {
          action.accept(still);
        }
      }
    }
  }

  /** One way to wait. */
  private interface Wait {
    boolean await() throws InterruptedException;
  }
}
