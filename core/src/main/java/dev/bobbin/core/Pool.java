package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ContextFailedException;
import dev.bobbin.api.ContextWrapper;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStarvedException;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.Starvation;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.TaskEvent;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The pool that the user holds: checks what comes in, gives tasks their form, and tells of it. What
 * the workers need of it is the {@link PoolHost}'s, which does not know this.
 */
final class Pool extends Submissions {
  /*
   * A pool that nobody holds any more is forgotten, and then stopped, see ForgottenPools. Whoever is
   * inside one of the methods that matter for that holds it, by a fence at its end: the compiler might
   * let go of it as soon as its fields were read.
   */
  private static final System.Logger LOG = System.getLogger(ThreadPool.class.getName());

  /** Of so many tasks one is sampled. */
  private static final int SAMPLE = 64;

  private final ThreadPoolConfig config;
  private final boolean startsOnFirstTask;
  private final PoolHost host;
  private final ContextPlan plan;
  private final ContextWrapper contextWrapper;
  private final @Nullable OverflowPolicy overflowPolicy;
  private final Team team;

  /** Those to tell, or null if there is none. */
  private final @Nullable Listeners listeners;

  private final Stopping stopping;

  /** What is asked for every task, or null if nothing is. */
  private final @Nullable Terms terms;

  /** What looks at workers that wait for this pool's own tasks, or null if nothing does. */
  private final @Nullable StarvationWatch starvation;

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
    this.startsOnFirstTask = startsOnFirstTask;
    this.host = new PoolHost(config, wiring, contextClassLoader, seams);
    this.plan =
        new ContextPlan(wiring.contextPropagators(), config.whenContextFails(), host.reports());
    this.contextWrapper = new PoolContextWrapper(plan);
    this.overflowPolicy = overflowPolicy;
    this.team = host.team();
    this.stopping = host.stopping();
    this.listeners = host.listeners();
    this.terms = Terms.of(config);
    this.starvation = config.whenStarving() == Starvation.IGNORE
        ? null
        : new StarvationWatch(config.name(), config.whenStarving(), team);
    host.watchedBy(seams.watch(this, host));
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

  /** Returns what a task needs to have beside its work, if something is asked for it or listens. */
  @Nullable
  Ticket ticketFor(@Nullable Terms asked) {
    SubmitterTrace submitter = submitterTrace();
    return listeners == null && submitter == null
        ? Ticket.of(asked)
        : Ticket.of(asked, listeners == null ? null : new TaskMark(), submitter);
  }

  /** Returns the calling thread's stack, if it is to be kept for this task. */
  private @Nullable SubmitterTrace submitterTrace() {
    boolean kept = switch (config.submitterTraces()) {
      case OFF -> false;
      case SAMPLED -> ThreadLocalRandom.current().nextInt(SAMPLE) == 0;
      case ON -> true;
    };
    return kept ? new SubmitterTrace() : null;
  }

  ContextPlan plan() {
    return plan;
  }

  /** Returns how many failed futures nobody has looked at, of those that are neither collected nor reported. */
  int unseenFailures() {
    return host.unseen().size();
  }

  /** Enters the failure of a future that nobody has looked at so far. */
  UnseenFailures.Failure noteUnseen(CompletableFuture<?> future, FailureReport report) {
    return host.unseen().note(future, report);
  }

  TaskClock clock() {
    return host.clock();
  }

  @Override
  public ContextWrapper contextWrapper() {
    return contextWrapper;
  }

  /**
   * Returns the calling thread's context for this work, or null if there is nothing to carry.
   *
   * @throws TaskRejectedException if it cannot be captured and the configuration says so
   */
  @Nullable
  CapturedContexts capture(Object work) {
    CapturedContexts contexts = plan.captureFor(work);
    ContextFailedException failure =
        contexts == null || !plan.refusesTasks() ? null : contexts.failure();
    if (failure != null) {
      CapturedContexts.discard(contexts);
      TaskRejectedException refusal = refusal(RejectionReason.CONTEXT, failure.getCause());
      tellRefused(refusal);
      throw refusal;
    }
    return contexts;
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
      TaskRejectedException refusal = refusal(RejectionReason.STOPPING, null);
      tellRefused(refusal);
      throw refusal;
    }
  }

  private void tellRefused(TaskRejectedException refusal) {
    if (listeners != null) {
      listeners.refused(refusal);
    }
  }

  /**
   * Takes a task on, or does with it what is to be done where there is no room; throws what its
   * submitter is to get.
   */
  void admit(Runnable task) {
    if (listeners != null) {
      team.checkHeadroomToEnd(); // for them to be told; nothing has happened yet
    }
    TaskRejectedException dropped;
    try {
      dropped = handOver(task) ? null : overflow(task);
    } catch (TaskRejectedException refusal) {
      if (refusal.reason() != RejectionReason.STOPPING || !dropsSilently()) {
        tellRefused(refusal);
        throw refusal;
      }
      dropped = refusal;
    }
    Reference.reachabilityFence(this);
    if (dropped != null) {
      tellRefused(dropped);
      drop(task, dropped);
    } else if (listeners != null && task instanceof PoolTask own) {
      listeners.submitted(own);
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

  /** Does what is to be done where there is no room; returns why the task was dropped, if it was. */
  private @Nullable TaskRejectedException overflow(Runnable task) {
    Overflow overflow = chooseOverflow(task);
    switch (overflow.kind()) {
      case REFUSE -> throw refusal(RejectionReason.BACKLOG_FULL, null);
      case DISCARD_SILENTLY -> {
        return refusal(RejectionReason.BACKLOG_FULL, null);
      }
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
    return null;
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
    } else if (task instanceof WorkTask own) {
      own.dropContext();
    }
  }

  private static TaskOptions optionsOf(Runnable task) {
    Ticket ticket = Backlog.ticketOf(task);
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
    host.reports()
        .task(Kind.TASK, task, thrown, null, null, null, Ticket.submitterOf(task.ticket()));
  }

  void noteCancelled(PoolFuture<?> task) {
    team.noteCancelled(task);
    if (listeners != null) {
      listeners.endedUnrun(task, TaskEvent.Ending.CANCELLED, null);
    }
  }

  /**
   * Is told that the calling thread is about to wait for this task, or for something behind tasks of this
   * pool. Costs other threads than the pool's own one look.
   *
   * @return the worker that the calling thread is, if another was lent in its place: to be given to
   *     {@link #afterWait}
   * @throws PoolStarvedException if the configuration says so and the wait may never end
   */
  @Nullable
  Worker beforeWait(@Nullable PoolFuture<?> task) {
    warnIfNeverStarted();
    return starvation == null ? null : starvation.beforeWait(task);
  }

  void afterWait(@Nullable Worker replaced) {
    if (replaced != null) {
      team.takeBack(replaced);
    }
  }

  /** Warns once that somebody waits for a task of a pool that nobody has started. */
  private void warnIfNeverStarted() {
    if (team.state() == PoolState.NEW
        && !startsOnFirstTask
        && warnedOfNew.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "Pool ''{0}'' was never started, and thread ''{1}'' waits for one of its tasks. Call start().",
          name(),
          FailureReport.printable(Thread.currentThread().getName()));
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
    if (listeners != null && listeners.thrown() > 0) {
      LOG.log(
          Level.INFO,
          "Pool ''{0}'': its listeners have thrown {1} times",
          name(),
          listeners.thrown());
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
    try {
      return team.startWorker();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int prestart(int workers) {
    int most = sizes().maxWorkers();
    if (workers < 0 || workers > most) {
      throw new IllegalArgumentException(
          "Pool '%s': prestart takes 0 to the maximum of %d workers, was %d. Give such a number, or raise the maximum with adjustPoolSize first."
              .formatted(name(), most, workers));
    }
    try {
      int made = 0;
      if (team.isNew()) {
        start();
        made = team.countWorkers();
      }
      return made + team.prestart(workers);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean stopAWorker() {
    try {
      return team.dismissWorker();
    } finally {
      Reference.reachabilityFence(this);
    }
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

  // ------------------------------------------------------------------ blocking

  @Override
  public <T extends @Nullable Object> T callBlocking(Callable<? extends T> call) throws Exception {
    requireNonNull(call, "call");
    Worker worker = team.caller();
    boolean lent = worker != null && team.lend(worker);
    try {
      return call.call();
    } finally {
      afterWait(lent ? worker : null);
    }
  }

  @Override
  public void runBlocking(Runnable call) {
    requireNonNull(call, "call");
    Worker worker = team.caller();
    boolean lent = worker != null && team.lend(worker);
    try {
      call.run();
    } finally {
      afterWait(lent ? worker : null);
    }
  }

  // ------------------------------------------------------------------ start and stop

  @Override
  public void start() {
    try {
      if (startsOnFirstTask) {
        team.startForTasks();
      } else {
        team.start();
      }
      warnIfNoWorkers();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void stop() {
    try {
      stopping.stop();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public StopReport stop(Duration deadline) {
    try {
      return stopping.stop(checked("deadline", deadline));
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return stopping.stop(quietPeriod, deadline);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return team.idleWatch().await(Terms.saturatedNanos(atMost));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void shutdown() {
    try {
      team.beginShutdown();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    try {
      return team.giveUp();
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return stopping.await(requireNonNull(unit, "unit").toNanos(timeout));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    try {
      stopping.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
