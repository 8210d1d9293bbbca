package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The pool on top of a {@link Team}: checks what comes in, gives tasks their form, and tells of it. */
final class Pool extends Submissions implements Team.Host {
  private static final System.Logger LOG = System.getLogger(ThreadPool.class.getName());

  private final ThreadPoolConfig config;
  private final WorkerThreadFactory threadFactory;
  private final @Nullable ClassLoader contextClassLoader;
  private final boolean startsOnFirstTask;
  private final @Nullable PoolGrowth growth;
  private final FailureReports reports;
  private final ContextPlan plan;
  private final @Nullable OverflowPolicy overflowPolicy;
  private final TaskClock clock;
  private final TaskRunner runner;
  private final Team team;
  private final Stopping stopping;

  /** What is asked for every task, or null if nothing is. */
  private final @Nullable Terms terms;

  /** Whether the wait for a pool never started was warned of; set once. */
  private final AtomicBoolean warnedOfNew = new AtomicBoolean();

  /** Whether a maximum of 0 was warned of; set once. */
  private final AtomicBoolean warnedOfZero = new AtomicBoolean();

  Pool(
      ThreadPoolConfig config,
      Wiring wiring,
      @Nullable ClassLoader contextClassLoader,
      boolean startsOnFirstTask,
      @Nullable OverflowPolicy overflowPolicy,
      Seams seams) {
    this.config = config;
    this.threadFactory = wiring.threadFactory();
    this.contextClassLoader = contextClassLoader;
    this.startsOnFirstTask = startsOnFirstTask;
    this.growth = wiring.growth();
    this.reports = new FailureReports(config.name(), wiring.failureReporters());
    this.plan = new ContextPlan(wiring.contextPropagators(), reports);
    this.clock = new TaskClock(
        growth != null && growth.asksForWaits() ? Timing.ON : config.timing(), seams::nanoTime);
    this.overflowPolicy = overflowPolicy;
    this.team = new Team(
        config.name(),
        config.sizes(),
        config.backlogLimit(),
        this,
        clock,
        seams,
        seams.newBacklog());
    this.runner = new TaskRunner(config.name(), reports, clock, team);
    this.stopping = new Stopping(config, team, clock);
    this.terms = Terms.of(config);
  }

  Team team() {
    return team;
  }

  // ------------------------------------------------------------------ submission

  @Override
  Pool pool() {
    return this;
  }

  @Override
  @Nullable
  Terms terms() {
    return terms;
  }

  @Nullable
  Terms terms(TaskOptions options) {
    return Terms.of(config, options);
  }

  ContextPlan plan() {
    return plan;
  }

  TaskClock clock() {
    return clock;
  }

  /**
   * Returns an executor that runs tasks here in the context that the calling thread has now, whoever
   * hands them over and when; with an empty plan this is the pool itself.
   */
  Executor executorForCaller() {
    if (plan.isEmpty()) {
      return this;
    }
    CapturedContexts context = plan.capture();
    return task -> executeIn(context, requireNonNull(task, "task"));
  }

  /** Refuses before a context is captured and a task made for nothing; the team decides for good. */
  void requireOpen() {
    if (team.isStopping() && !dropsSilently()) {
      throw refusal(RejectionReason.STOPPING, null);
    }
  }

  /**
   * Takes a task on, or does with it what is to be done where there is no room; throws what its
   * submitter is to get.
   */
  void admit(Runnable task) {
    try {
      if (!handOver(task)) {
        overflow(task);
      }
    } catch (TaskRejectedException refusal) {
      if (refusal.reason() != RejectionReason.STOPPING || !dropsSilently()) {
        throw refusal;
      }
      drop(task, refusal);
    }
  }

  /** Returns whether the configuration drops what cannot be taken, before and after a stop. */
  private boolean dropsSilently() {
    return config.whenFull().kind() == Overflow.Kind.DISCARD_SILENTLY;
  }

  /** Hands a task to the team; false if the backlog has no room for it. */
  private boolean handOver(Runnable task) {
    if (startsOnFirstTask && team.state() == PoolState.NEW) {
      try {
        start();
      } catch (ThreadCreationException failure) {
        throw refusal(RejectionReason.NO_THREAD, failure);
      } catch (IllegalStateException stopped) {
        throw refusal(RejectionReason.STOPPING, null);
      }
    }
    if (!team.submit(task)) {
      return false;
    }
    if (startsOnFirstTask
        && team.isNew()) { // a start that this task trusted in has failed meanwhile
      try {
        start();
      } catch (IllegalStateException failed) {
        // the task was given up with the reason, or is the stop's to see to
      }
    }
    return true;
  }

  // ------------------------------------------------------------------ when there is no room

  private void overflow(Runnable task) {
    Overflow overflow = chooseOverflow(task);
    switch (overflow.kind()) {
      case REFUSE -> throw refusal(RejectionReason.BACKLOG_FULL, null);
      case DISCARD_SILENTLY -> drop(task, refusal(RejectionReason.BACKLOG_FULL, null));
      case BLOCK -> submitWithin(task, Terms.saturatedNanos(overflow.atMost()));
      case DISCARD_OLDEST -> {
        do {
          if (!team.discardOldest(levelOf(task))) {
            throw refusal(RejectionReason.BACKLOG_FULL, null);
          }
        } while (!handOver(task));
      }
      case RUN_IN_CALLER -> {
        if (!team.runInCaller(task)) {
          throw refusal(RejectionReason.BACKLOG_FULL, null);
        }
      }
    }
  }

  private Overflow chooseOverflow(Runnable task) {
    if (overflowPolicy == null) {
      return config.whenFull();
    }
    Overflow chosen;
    try {
      chosen = overflowPolicy.onOverflow(this, optionsOf(task));
    } catch (Throwable thrown) {
      throw refusal(RejectionReason.BACKLOG_FULL, thrown);
    }
    if (chosen == null) {
      throw refusal(
          RejectionReason.BACKLOG_FULL,
          new NullPointerException("Overflow policy '%s' returned null. Return an Overflow."
              .formatted(overflowPolicy.getClass().getName())));
    }
    return chosen;
  }

  private void submitWithin(Runnable task, long nanos) {
    if (team.isOwnThread()) {
      throw refusal(RejectionReason.BACKLOG_FULL, null);
    }
    long began = System.nanoTime();
    do {
      try {
        if (!team.awaitRoom(nanos - (System.nanoTime() - began))) {
          throw refusal(RejectionReason.BACKLOG_FULL, null);
        }
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        throw refusal(RejectionReason.BACKLOG_FULL, interrupt);
      }
    } while (!handOver(task));
  }

  private void drop(Runnable task, TaskRejectedException refusal) {
    if (task instanceof PoolFuture<?> future) {
      future.drop(refusal);
    } else if (task instanceof StageTask stage) {
      stage.giveUp(refusal);
    }
  }

  private static TaskOptions optionsOf(Runnable task) {
    Ticket ticket = task instanceof PoolTask own ? own.ticket() : null;
    return ticket == null ? TaskOptions.none() : ticket.terms.options();
  }

  private static int levelOf(Runnable task) {
    return optionsOf(task).priority().orElse(Priority.NORMAL).ordinal();
  }

  private TaskRejectedException refusal(RejectionReason reason, @Nullable Throwable cause) {
    return team.refusal(reason, cause);
  }

  /** Reports what a task threw whose outcome cannot be delivered where it was to be told. */
  void reportUndelivered(PoolTask task, Throwable thrown) {
    reports.task(Kind.TASK, task, thrown, null, null, null);
  }

  void noteCancelled(PoolFuture<?> task) {
    team.noteCancelled(task);
  }

  /** Warns once that somebody waits for a task of a pool that nobody has started. */
  void warnIfNeverStarted() {
    if (team.state() == PoolState.NEW
        && !startsOnFirstTask
        && warnedOfNew.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "Pool ''{0}'' was never started, and thread ''{1}'' waits for one of its tasks. Call start().",
          name(),
          Thread.currentThread().getName());
    }
  }

  // ------------------------------------------------------------------ seeing

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public PoolState state() {
    return team.state();
  }

  @Override
  public PoolSizes sizes() {
    return team.sizes();
  }

  @Override
  public PoolStatistics statistics() {
    return team.statistics();
  }

  @Override
  public void dumpStats() {
    LOG.log(Level.INFO, "Pool ''{0}'': {1}", name(), statistics());
    for (Slot slot : team.slots()) {
      Worker worker = slot.holder.get();
      if (worker != null) {
        Runnable task = slot.task();
        LOG.log(
            Level.INFO,
            "Pool ''{0}'': {1} {2}",
            name(),
            worker.threadName(),
            task == null ? "has no task" : "runs " + Stopping.printable(task));
      }
    }
    for (CallerSlot slot : team.callers()) {
      LOG.log(
          Level.INFO,
          "Pool ''{0}'': {1}, who submitted it, runs {2}",
          name(),
          slot.threadName(),
          Stopping.printable(slot.task()));
    }
  }

  @Override
  public String toString() {
    return "ThreadPool['%s', %s]".formatted(name(), statistics());
  }

  // ------------------------------------------------------------------ sizes

  @Override
  public CompletionStage<PoolSizes> adjustPoolSize(int minWorkers, int maxWorkers) {
    PoolSizes target = checkedSizes(minWorkers, maxWorkers);
    return adjustPoolSize(sizes -> target);
  }

  private PoolSizes checkedSizes(int minWorkers, int maxWorkers) {
    try {
      return new PoolSizes(minWorkers, maxWorkers);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "Pool '%s': %s".formatted(name(), wrong.getMessage()), wrong);
    }
  }

  @Override
  public CompletionStage<PoolSizes> adjustPoolSize(UnaryOperator<PoolSizes> change) {
    CompletionStage<PoolSizes> inForce = team.adjust(requireNonNull(change, "change"));
    warnIfNoWorkers();
    return inForce;
  }

  @Override
  public CompletionStage<PoolSizes> adjustPoolSize(
      int minWorkers, int maxWorkers, int backlogLimit) {
    PoolSizes target = checkedSizes(minWorkers, maxWorkers);
    if (backlogLimit < 0) {
      throw new IllegalArgumentException(
          "Pool '%s': backlogLimit must not be negative, was %d. Give 0 or more, or UNBOUNDED."
              .formatted(name(), backlogLimit));
    }
    CompletionStage<PoolSizes> inForce = team.adjust(sizes -> target, backlogLimit);
    warnIfNoWorkers();
    return inForce;
  }

  @Override
  public int backlogLimit() {
    return team.backlogLimit();
  }

  @Override
  public boolean startAWorker() {
    return team.startWorker();
  }

  @Override
  public boolean stopAWorker() {
    return team.dismissWorker();
  }

  private void warnIfNoWorkers() {
    if (state() == PoolState.RUNNING
        && sizes().maxWorkers() == 0
        && warnedOfZero.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "Pool ''{0}'' has a maximum of 0 workers: its tasks wait until the maximum is raised.",
          name());
    }
  }

  // ------------------------------------------------------------------ start and stop

  @Override
  public void start() {
    if (startsOnFirstTask) {
      team.startForTasks();
    } else {
      team.start();
    }
    warnIfNoWorkers();
  }

  @Override
  public void stop() {
    stopping.stop();
  }

  @Override
  public StopReport stop(Duration deadline) {
    return stopping.stop(checked("deadline", deadline));
  }

  @Override
  public StopReport stop(Duration quietPeriod, Duration deadline) {
    checked("quiet period", requireNonNull(quietPeriod, "quietPeriod"));
    checked("deadline", deadline);
    if (quietPeriod.compareTo(deadline) > 0) {
      throw new IllegalArgumentException(
          "Pool '%s': the quiet period of a stop must not be longer than its deadline, was %s with deadline %s. Give a longer deadline."
              .formatted(name(), quietPeriod, deadline));
    }
    return stopping.stop(quietPeriod, deadline);
  }

  private Duration checked(String what, Duration duration) {
    if (requireNonNull(duration, what).isNegative()) {
      throw new IllegalArgumentException(
          "Pool '%s': the %s of a stop must not be negative, was %s. Give Duration.ZERO %s."
              .formatted(
                  name(),
                  what,
                  duration,
                  what.equals("deadline") ? "to give up at once" : "to refuse tasks at once"));
    }
    return duration;
  }

  @Override
  public CompletionStage<StopReport> termination() {
    return stopping.termination();
  }

  @Override
  public boolean awaitIdle(Duration atMost) throws InterruptedException {
    if (requireNonNull(atMost, "atMost").isNegative()) {
      throw new IllegalArgumentException(
          "Pool '%s': the time to wait for idleness must not be negative, was %s. Give Duration.ZERO to look only."
              .formatted(name(), atMost));
    }
    if (team.isOwnThread()) {
      throw new IllegalStateException(
          "Pool '%s': thread '%s' is one of the pool's own and would wait for itself. Call awaitIdle from another thread."
              .formatted(name(), Thread.currentThread().getName()));
    }
    return team.idleWatch().await(Terms.saturatedNanos(atMost));
  }

  @Override
  public void shutdown() {
    team.beginShutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return team.giveUp();
  }

  @Override
  public boolean isShutdown() {
    return team.isStopping();
  }

  @Override
  public boolean isTerminated() {
    return team.hasEnded();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return stopping.await(requireNonNull(unit, "unit").toNanos(timeout));
  }

  @Override
  public void close() {
    stopping.close();
  }

  // ------------------------------------------------------------------ for the team

  @Override
  public void run(Runnable task, Slot slot) {
    runner.run(task, slot);
  }

  @Override
  public TaskRejectedException refusal(
      RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
    return new TaskRejectedException(
        name(), reason, statistics, cause, config.rejectionStackTraces());
  }

  @Override
  public void discard(Runnable task, RejectionReason reason, @Nullable Throwable cause) {
    runner.discard(task, reason, cause);
  }

  @Override
  public void abandon(Runnable task) {
    runner.abandon(task);
  }

  @Override
  public void stopBegun() {
    stopping.begun();
  }

  @Override
  public void ended() {
    stopping.ended();
  }

  @Override
  public Thread newThread(Worker worker) {
    return threadFactory.newThread(
        WorkerThreadSettings.builder(name(), worker.name())
            .daemon(config.daemon())
            .priority(config.priority())
            .contextClassLoader(contextClassLoader)
            .build(),
        worker);
  }

  @Override
  public ThreadCreationException threadFailure(
      Worker worker, String what, @Nullable Throwable thrown) {
    return new ThreadCreationException(
        "Pool '%s': thread factory '%s' %s when %s was needed. It must return a new thread that runs the given body and was not started."
            .formatted(name(), FailureReports.nameOf(threadFactory), what, worker.name()),
        thrown);
  }

  @Override
  public void reportThread(ThreadCreationException failure) {
    reports.about(Kind.THREAD, "a worker's thread could not be made", failure);
  }

  @Override
  public Thread errandThread(Runnable body, String threadName) {
    Thread thread = Team.Host.super.errandThread(body, threadName);
    thread.setContextClassLoader(contextClassLoader);
    return thread;
  }

  @Override
  public @Nullable PoolGrowth growth() {
    return growth;
  }

  @Override
  public void reportPlugin(Plugin plugin, String what, @Nullable Throwable thrown) {
    reports.plugin(plugin, what, thrown);
  }

  @Override
  public void reportDefect(Throwable thrown) {
    reports.about(Kind.POOL, "a worker's own code threw; the worker goes on", thrown);
  }
}
