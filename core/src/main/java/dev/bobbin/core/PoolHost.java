package dev.bobbin.core;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of a pool know of it: how its tasks are run, its threads made and its failures
 * reported. It does not know the {@link Pool} that the user holds, so that one can be collected while
 * workers wait; nothing here, nor anything that it reaches, may.
 */
final class PoolHost implements Team.Host {
  private final ThreadPoolConfig config;
  private final WorkerThreadFactory threadFactory;
  private final @Nullable ClassLoader contextClassLoader;
  private final @Nullable PoolGrowth growth;
  private final FailureReports reports;
  private final TaskClock clock;

  /** Those to tell, or null if there is none. */
  private final @Nullable Listeners listeners;

  private final Team team;
  private final TaskRunner runner;
  private final Stopping stopping;
  private final UnseenFailures unseen;

  /** What notices that the pool is forgotten. Written before the pool is anybody's. */
  private ForgottenPools.@Nullable Trace trace;

  PoolHost(
      ThreadPoolConfig config,
      Wiring wiring,
      @Nullable ClassLoader contextClassLoader,
      Seams seams) {
    this.config = config;
    this.threadFactory = wiring.threadFactory();
    this.contextClassLoader = contextClassLoader;
    this.reports = new FailureReports(config.name(), wiring.failureReporters());
    this.growth = wiring.growth();
    boolean timed =
        growth != null && growth.asksForWaits() || !wiring.listeners().isEmpty();
    this.clock = new TaskClock(timed ? Timing.ON : config.timing(), seams::nanoTime);
    this.listeners = Listeners.of(config.name(), wiring.listeners(), reports, clock);
    this.team = new Team(
        config.name(),
        config.sizes(),
        config.backlogLimit(),
        this,
        clock,
        seams,
        seams.newBacklog(),
        KeepAlive.Rule.of(config),
        ExtraWorkers.of(config));
    this.runner = new TaskRunner(
        config.name(),
        reports,
        clock,
        team,
        listeners,
        config.detectContextLeaks()
            ? new ContextLeaks(wiring.contextPropagators(), reports)
            : null);
    this.stopping = new Stopping(config, team, clock);
    this.unseen = new UnseenFailures(reports, team);
    if (config.foldFailures()) {
      reports.foldWith(new FailureFolds(reports::tellAll, team.errands(), seams::nanoTime));
    }
  }

  ThreadPoolConfig config() {
    return config;
  }

  FailureReports reports() {
    return reports;
  }

  TaskClock clock() {
    return clock;
  }

  Team team() {
    return team;
  }

  @Nullable
  Listeners listeners() {
    return listeners;
  }

  Stopping stopping() {
    return stopping;
  }

  void watchedBy(ForgottenPools.@Nullable Trace watcher) {
    trace = watcher;
    if (watcher != null) {
      unseen.watchedBy(watcher);
    }
  }

  UnseenFailures unseen() {
    return unseen;
  }

  @Override
  public void run(Runnable task, Slot slot) {
    runner.run(task, slot);
  }

  @Override
  public TaskRejectedException refusal(
      RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
    return new TaskRejectedException(
        config.name(), reason, statistics, cause, config.rejectionStackTraces());
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
    if (trace != null) {
      trace.stopped();
    }
  }

  @Override
  public void ended() {
    try {
      unseen.tellAll();
      reports.end();
    } finally { // for want of memory a report may be lost, but not the end
      stopping.ended();
      stateChanged();
    }
  }

  @Override
  public void stateChanged() {
    if (trace != null && team.state() == PoolState.RUNNING) {
      trace.started();
    }
    if (listeners != null) {
      listeners.stateChanged(team::state);
    }
  }

  @Override
  public boolean isListened() {
    return listeners != null;
  }

  @Override
  public void threadBegins() {
    if (trace != null) {
      trace.workerCame();
    }
    if (listeners != null) {
      listeners.workerCame();
    }
  }

  @Override
  public void threadEnds() {
    if (trace != null) {
      trace.workerWent();
    }
  }

  @Override
  public void workerWent() {
    if (listeners != null) {
      listeners.workerWent();
    }
  }

  @Override
  public void resized(Sizes before, Sizes after) {
    if (listeners != null) {
      listeners.resized(before, after);
    }
  }

  @Override
  public Thread newThread(Worker worker) {
    return threadFactory.newThread(
        WorkerThreadSettings.builder(config.name(), worker.name())
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
            .formatted(config.name(), FailureReports.nameOf(threadFactory), what, worker.name()),
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
