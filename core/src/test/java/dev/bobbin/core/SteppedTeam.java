package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.spi.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A {@link Team} driven by hand, with the simplest of hosts, whose books the harness keeps as well. */
final class SteppedTeam extends Stepped implements Team.Host {
  private static final int CAPACITY = 4; // small, so that tests cross the seams of the queue

  private final HookedBacklog backlog = new HookedBacklog(CAPACITY);
  private final Team team;
  private final @Nullable HandPolicy policy;
  private final List<String> pluginReports = new ArrayList<>();
  private final List<Throwable> exceptions = new ArrayList<>();
  private final List<ThreadCreationException> threadFailures = new ArrayList<>();
  private final List<Throwable> defects = new ArrayList<>();
  private final List<Runnable> discarded = new ArrayList<>();
  private final List<Runnable> beforeRuns = new ArrayList<>();
  private Runnable whenReporting = () -> {};
  private @Nullable Runnable whenWent;
  private @Nullable Runnable lastAccepted;
  private long accepted;
  private long refused;
  private long cutShort;
  private long completed;
  private long failed;
  private long cancelled;
  private int running;

  private SteppedTeam(
      int min, int max, KeepAlive.Rule staying, ExtraWorkers extras, @Nullable HandPolicy policy) {
    this.policy = policy;
    allow(max);
    this.team = new Team(
        "stepped",
        new PoolSizes(min, max),
        ThreadPoolConfig.UNBOUNDED,
        this,
        new TaskClock(Timing.OFF, this::nanoTime),
        this,
        backlog,
        staying,
        extras);
  }

  /** Returns a team that was not started. */
  static SteppedTeam made(int min, int max) {
    return made(min, max, KeepAlive.Rule.FOR_EVER);
  }

  /** Returns a team that was not started, whose idle workers stay for so long. */
  static SteppedTeam made(int min, int max, KeepAlive.Rule staying) {
    return new SteppedTeam(min, max, staying, ExtraWorkers.NONE, null);
  }

  /** Returns a team that was not started and may have more workers than its maximum. */
  static SteppedTeam made(int min, int max, ExtraWorkers extras) {
    return new SteppedTeam(min, max, KeepAlive.Rule.FOR_EVER, extras, null);
  }

  /** Returns a running team whose minimum has begun and is parked. */
  static SteppedTeam started(int min, int max) {
    return started(made(min, max));
  }

  /** Returns a running team whose minimum has begun and is parked, and whose idle stay for so long. */
  static SteppedTeam started(int min, int max, KeepAlive.Rule staying) {
    return started(made(min, max, staying));
  }

  /** Returns a running team whose minimum has begun and is parked, and which may have more workers. */
  static SteppedTeam started(int min, int max, ExtraWorkers extras) {
    return started(made(min, max, extras));
  }

  /** Returns a team that was not started, with all of that; it asks the policy, if there is one. */
  static SteppedTeam made(
      int min, int max, KeepAlive.Rule staying, ExtraWorkers extras, @Nullable HandPolicy policy) {
    return new SteppedTeam(min, max, staying, extras, policy);
  }

  /** Returns a running team that asks this policy, whose minimum has begun and is parked. */
  static SteppedTeam started(int min, int max, HandPolicy policy) {
    var extras = new ExtraWorkers(max, ExtraWorkers.NEVER, ExtraWorkers.NEVER);
    return started(new SteppedTeam(min, max, KeepAlive.Rule.FOR_EVER, extras, policy));
  }

  private static SteppedTeam started(SteppedTeam stepped) {
    stepped.start();
    stepped.runAll();
    return stepped;
  }

  /** Returns a running team with that many idle workers, and a minimum of 0. */
  static SteppedTeam withIdle(int workers, int max) {
    SteppedTeam stepped = started(0, max);
    for (int i = 0; i < workers; i++) {
      stepped.startWorker();
    }
    stepped.runAll();
    return stepped;
  }

  @Override
  Team team() {
    return team;
  }

  HookedBacklog backlog() {
    return backlog;
  }

  // ------------------------------------------------------------------ calls

  void start() {
    act(team::start);
  }

  /** Submits the task; it counts as accepted if the team does not refuse it. */
  void submit(Runnable task) {
    act(() -> {
      try {
        team.submit(task);
        lastAccepted = task;
        accepted++;
      } catch (TaskRejectedException refusal) {
        refused++;
        throw refusal;
      } catch (StackOverflowError struck) {
        cutShort++;
        throw struck;
      }
    });
  }

  /** Submits a task that does nothing but tell what became of it. */
  HandTask submit(String name) {
    var task = new HandTask(name, () -> {});
    submit(task);
    return task;
  }

  /** Returns whether this was the last task to be accepted. */
  boolean accepted(HandTask task) {
    return lastAccepted == task;
  }

  boolean cancel(HandTask task) {
    return act(() -> {
      boolean won = task.cancel(team);
      if (won) {
        cancelled++;
      }
      return won;
    });
  }

  /** Cancels a task in the middle of its submission; the books are looked at after that. */
  void cancelUnsettled(HandTask task) {
    check(task.cancel(team), "nobody has claimed " + task);
    cancelled++;
  }

  CompletionStage<PoolSizes> resize(int min, int max) {
    allow(max);
    return act(() -> team.adjust(sizes -> new PoolSizes(min, max)));
  }

  /** Sets the bound of the backlog, and leaves the sizes alone. */
  void limit(int limit) {
    act(() -> team.adjust(sizes -> sizes, limit));
  }

  /** Runs the task on this thread, as a submitter does for which there was no room. */
  void runInCaller(Runnable task) {
    act(() -> {
      try {
        check(team.runInCaller(task), "nobody is at a task of its key");
        accepted++;
      } catch (TaskRejectedException refusal) {
        refused++;
        throw refusal;
      }
    });
  }

  /** Has the worker whose task runs announce that it blocks; called inside a task. */
  boolean lend() {
    allow(view().sizes().most + 1);
    return act(() -> team.lend(current()));
  }

  /** Ends the loan of the worker whose task runs. */
  void takeBack() {
    act(() -> team.takeBack(current()));
  }

  boolean startWorker() {
    return act(team::startWorker);
  }

  int prestart(int workers) {
    return act(() -> team.prestart(workers));
  }

  boolean dismissWorker() {
    return act(team::dismissWorker);
  }

  /** Has the oldest task of that level or a lower one give its place up. */
  boolean discardOldest(Priority level) {
    return act(() -> {
      try {
        return team.discardOldest(level.ordinal());
      } catch (TaskRejectedException refusal) {
        refused++;
        throw refusal;
      }
    });
  }

  void beginStop() {
    act(team::beginStop);
  }

  List<Runnable> giveUp() {
    return act(team::giveUp);
  }

  /** Does this in the middle of the team's own code, the next time that it passes this point. */
  void at(HookedBacklog.Point where, Runnable action) {
    at(1, where, action);
  }

  /** Does this in the middle of the team's own code, the given time that it passes this point. */
  void at(int time, HookedBacklog.Point where, Runnable action) {
    backlog.atThe(time, where, () -> unsettled(action));
  }

  /**
   * Has that many workers take a task each, does this while all of them are at it, and lets them end
   * the one after the other, the last to begin first.
   */
  void whileBusy(int workers, Runnable action) {
    if (workers == 0) {
      action.run();
      return;
    }
    var taken = new boolean[1];
    submit(() -> {
      taken[0] = true;
      whileBusy(workers - 1, action);
    });
    while (!taken[0] && stepAny()) {}
    check(taken[0], "somebody takes the task");
  }

  // ------------------------------------------------------------------ seeing

  PoolStatistics statistics() {
    return team.statistics();
  }

  /** Returns what tasks have thrown, in that order. */
  List<Throwable> exceptions() {
    return exceptions;
  }

  /** Returns the reports of threads that could not be made. */
  List<ThreadCreationException> threadFailures() {
    return threadFailures;
  }

  /** Returns what was reported of plugins, with what they threw. */
  List<String> pluginReports() {
    return pluginReports;
  }

  /** Returns what was reported as thrown by the team's own code, or by what it calls on its behalf. */
  List<Throwable> defects() {
    return defects;
  }

  /** Returns the tasks that were given up, in that order. */
  List<Runnable> discarded() {
    return discarded;
  }

  /** Does this each time that a worker has taken a task and not begun to run it. */
  void whenTaken(Runnable action) {
    beforeRuns.add(action);
  }

  /** Does this in the middle of each report of a thread that could not be made. */
  void whenReporting(Runnable action) {
    whenReporting = action;
  }

  /** Does this on behalf of a listener each time that a worker has left. */
  void whenWent(Runnable action) {
    whenWent = action;
  }

  @Override
  int running() {
    return running;
  }

  @Override
  int backlogged() {
    return backlog.count();
  }

  @Override
  void checkBooks(PoolStatistics numbers) {
    long takenBack = numbers.accepted() - accepted;
    check(0 <= takenBack && takenBack <= cutShort, "accepted counts the submissions that returned");
    check(numbers.refused() == refused, "refused counts the submissions that threw");
    check(numbers.completed() == completed, "completed counts the tasks that returned");
    check(numbers.failed() == failed, "failed counts the tasks that threw");
    check(numbers.cancelled() == cancelled, "cancelled counts the cancels that won");
    check(
        numbers.discarded() == discarded.size() + takenBack,
        "discarded counts the tasks given up, and those that an Error took back");
    check(numbers.busy() == running, "busy counts the workers that run a task");
  }

  // ------------------------------------------------------------------ as the host

  @Override
  public void run(Runnable task, Slot slot) {
    running++;
    beforeRuns.forEach(Runnable::run);
    PoolTask.Ending ending = PoolTask.Ending.COMPLETED;
    try {
      task.run();
      completed++;
    } catch (AssertionError wrong) {
      throw wrong;
    } catch (Throwable thrown) {
      exceptions.add(thrown);
      failed++;
      ending = PoolTask.Ending.FAILED;
    }
    slot.end(ending);
    running--;
    team.ended(task);
  }

  @Override
  public TaskRejectedException refusal(
      RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
    return new TaskRejectedException("stepped", reason, statistics, cause);
  }

  @Override
  public void discard(Runnable task, RejectionReason reason, @Nullable Throwable cause) {
    discarded.add(task);
    if (task instanceof HandTask own) {
      unsettled(() -> own.noteDiscarded(reason));
    }
  }

  @Override
  public boolean isListened() {
    return whenWent != null;
  }

  @Override
  public void workerWent() {
    if (whenWent != null) {
      unsettled(whenWent);
    }
  }

  @Override
  public @Nullable Thread newThread(Worker worker) {
    allow(view().sizes().max); // a loan may have raised it, and what is done here may lower it
    return factory().newThread(worker, worker.name());
  }

  @Override
  public ThreadCreationException threadFailure(
      Worker worker, String what, @Nullable Throwable thrown) {
    return new ThreadCreationException("the factory " + what, thrown);
  }

  @Override
  public void reportThread(ThreadCreationException failure) {
    threadFailures.add(failure);
    unsettled(whenReporting);
  }

  @Override
  public @Nullable PoolGrowth growth() {
    return policy == null
        ? null
        : PoolGrowth.of(policy, ThreadPoolConfig.builder("stepped").build());
  }

  @Override
  boolean saidNo() {
    return policy != null && policy.saidNo();
  }

  @Override
  public void reportPlugin(Plugin plugin, String what, @Nullable Throwable thrown) {
    pluginReports.add(plugin.name() + " " + what + ": " + thrown);
  }

  @Override
  public void reportDefect(Throwable thrown) {
    if (thrown instanceof StackOverflowError) {
      defects.add(thrown);
      struck(true); // by a test; the look that was cut short is made up for at the next take
    } else {
      throw new AssertionError("the team's own code threw", thrown);
    }
  }
}
