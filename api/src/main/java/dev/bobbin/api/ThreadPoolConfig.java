package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The description of one pool: plain data, immutable. What is an object (a thread factory, a
 * propagator, a reporter) comes in where the pool is made.
 *
 * <pre>{@code
 * ThreadPoolConfig io = ThreadPoolConfig.builder("io").minWorkers(2).maxWorkers(8).build();
 * }</pre>
 *
 * <p>Serializable through a proxy that rebuilds it with its builder, so that a forged stream meets
 * the same checks.
 */
public final class ThreadPoolConfig implements Serializable {
  /** The {@link #backlogLimit} of a pool whose backlog may grow as long as memory lasts. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  private static final long serialVersionUID = 1L;
  private static final int DEFAULT_MIN = 5;
  private static final int DEFAULT_MAX = 20;
  private static final Duration DEFAULT_PAUSE = Duration.ofMillis(100);

  private final String name;
  private final transient PoolSizes sizes;
  private final String threadFactory;
  private final boolean daemon;
  private final int priority;
  private final Timing timing;
  private final int backlogLimit;
  private final transient Overflow whenFull;
  private final boolean rejectionStackTraces;
  private final @Nullable Duration maxWait;
  private final @Nullable Duration maxRun;
  private final @Nullable Duration keepAlive;
  private final Duration leaveInterval;
  private final String growthPolicy;
  private final Duration growthPause;
  private final @Nullable Integer maxLentWorkers;
  private final Starvation whenStarving;
  private final @Nullable Duration renewAfter;
  private final @Nullable Long renewAfterTasks;
  private final transient Map<String, ContextMode> contextModes;
  private final ContextFailure whenContextFails;
  private final boolean detectContextLeaks;
  private final boolean foldFailures;
  private final Traces submitterTraces;
  private final transient List<String> requiredPlugins;
  private final transient List<String> deniedPlugins;
  private final transient List<String> stopsBefore;

  private ThreadPoolConfig(Builder builder) {
    this.name = builder.name;
    this.sizes = checkedSizes(builder.name, builder.effectiveMin(), builder.effectiveMax());
    this.threadFactory = builder.threadFactory;
    this.daemon = builder.daemon;
    this.priority = builder.priority;
    this.timing = builder.timing;
    this.backlogLimit = builder.backlogLimit;
    this.whenFull = builder.whenFull;
    this.rejectionStackTraces = builder.rejectionStackTraces;
    this.maxWait = builder.maxWait;
    this.maxRun = builder.maxRun;
    this.keepAlive = builder.keepAlive;
    this.leaveInterval = builder.leaveInterval;
    this.growthPolicy = builder.growthPolicy;
    this.growthPause = builder.growthPause;
    this.maxLentWorkers = builder.maxLentWorkers;
    this.whenStarving = builder.whenStarving;
    this.renewAfter = builder.renewAfter;
    this.renewAfterTasks = builder.renewAfterTasks;
    this.contextModes = Collections.unmodifiableMap(new TreeMap<>(builder.contextModes));
    this.whenContextFails = builder.whenContextFails;
    this.detectContextLeaks = builder.detectContextLeaks;
    this.foldFailures = builder.foldFailures;
    this.submitterTraces = builder.submitterTraces;
    this.requiredPlugins = List.copyOf(builder.requiredPlugins);
    this.deniedPlugins = List.copyOf(builder.deniedPlugins);
    this.stopsBefore = List.copyOf(builder.stopsBefore);
    for (String required : requiredPlugins) {
      if (deniedPlugins.contains(required)) {
        throw new IllegalArgumentException(
            "Pool '%s': plugin '%s' is both required and denied. Leave out one of the two."
                .formatted(name, required));
      }
    }
    for (Map.Entry<String, ContextMode> mode : contextModes.entrySet()) {
      if (deniedPlugins.contains(mode.getKey())) {
        throw new IllegalArgumentException(
            "Pool '%s': plugin '%s' is denied, and its context is to be %s. Leave out one of the two."
                .formatted(name, mode.getKey(), mode.getValue()));
      }
    }
    if (stopsBefore.contains(name)) {
      throw new IllegalArgumentException(
          "Pool '%s': it cannot stop before itself. Name another pool.".formatted(name));
    }
  }

  private static PoolSizes checkedSizes(String pool, int minWorkers, int maxWorkers) {
    try {
      return new PoolSizes(minWorkers, maxWorkers);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "Pool '%s': %s".formatted(pool, wrong.getMessage()), wrong);
    }
  }

  /**
   * Returns a builder for a pool of this name, with 5 to 20 workers.
   *
   * @param name 1 to 100 characters: letters, digits, spaces inside, and {@code . _ - : / @ + #}
   * @throws IllegalArgumentException if the name has none or other characters
   */
  public static Builder builder(String name) {
    return new Builder(Names.checkPool(name));
  }

  /** Returns a builder that begins with the values of this configuration. */
  public Builder toBuilder() {
    var builder = new Builder(name);
    builder.minWorkers = sizes.minWorkers();
    builder.maxWorkers = sizes.maxWorkers();
    builder.threadFactory = threadFactory;
    builder.daemon = daemon;
    builder.priority = priority;
    builder.timing = timing;
    builder.backlogLimit = backlogLimit;
    builder.whenFull = whenFull;
    builder.rejectionStackTraces = rejectionStackTraces;
    builder.maxWait = maxWait;
    builder.maxRun = maxRun;
    builder.keepAlive = keepAlive;
    builder.leaveInterval = leaveInterval;
    builder.growthPolicy = growthPolicy;
    builder.growthPause = growthPause;
    builder.maxLentWorkers = maxLentWorkers;
    builder.whenStarving = whenStarving;
    builder.renewAfter = renewAfter;
    builder.renewAfterTasks = renewAfterTasks;
    builder.contextModes.putAll(contextModes);
    builder.whenContextFails = whenContextFails;
    builder.detectContextLeaks = detectContextLeaks;
    builder.foldFailures = foldFailures;
    builder.submitterTraces = submitterTraces;
    builder.requiredPlugins.addAll(requiredPlugins);
    builder.deniedPlugins.addAll(deniedPlugins);
    builder.stopsBefore.addAll(stopsBefore);
    return builder;
  }

  /** Returns the name of the pool. */
  public String name() {
    return name;
  }

  /** Returns the two sizes together. */
  public PoolSizes sizes() {
    return sizes;
  }

  /** Returns the least number of workers. */
  public int minWorkers() {
    return sizes.minWorkers();
  }

  /** Returns the greatest number of workers. */
  public int maxWorkers() {
    return sizes.maxWorkers();
  }

  /** Returns the name of the thread factory plugin. */
  public String threadFactory() {
    return threadFactory;
  }

  /** Returns whether workers are daemon threads. */
  public boolean daemon() {
    return daemon;
  }

  /** Returns the priority of the workers' threads. */
  public int priority() {
    return priority;
  }

  /** Returns for which tasks the clock is read. */
  public Timing timing() {
    return timing;
  }

  /** Returns how many tasks may wait for workers that are all busy; {@link #UNBOUNDED} for any number. */
  public int backlogLimit() {
    return backlogLimit;
  }

  /** Returns what happens to a task for which the backlog has no room. */
  public Overflow whenFull() {
    return whenFull;
  }

  /** Returns whether a refusal carries the stack trace of the submission. */
  public boolean rejectionStackTraces() {
    return rejectionStackTraces;
  }

  /** Returns how long a task may wait for a worker, if that is limited. */
  public Optional<Duration> maxWait() {
    return Optional.ofNullable(maxWait);
  }

  /** Returns how long a task may run, if that is limited. */
  public Optional<Duration> maxRun() {
    return Optional.ofNullable(maxRun);
  }

  /** Returns how long an idle worker above the minimum stays, if that is limited. */
  public Optional<Duration> keepAlive() {
    return Optional.ofNullable(keepAlive);
  }

  /** Returns the least time between two workers that leave since they had nothing to do. */
  public Duration leaveInterval() {
    return leaveInterval;
  }

  /** Returns the name of the plugin that decides when the pool grows. */
  public String growthPolicy() {
    return growthPolicy;
  }

  /** Returns how long the shipped growth policies pause before the pool grows. */
  public Duration growthPause() {
    return growthPause;
  }

  /** Returns how many workers the pool lends at most to tasks that block. */
  public int maxLentWorkers() {
    return maxLentWorkers == null
        ? Math.min(maxWorkers(), PoolSizes.LIMIT - maxWorkers())
        : maxLentWorkers;
  }

  /** Returns what happens when a worker waits for its own pool and no other is free. */
  public Starvation whenStarving() {
    return whenStarving;
  }

  /** Returns the age at which a worker is replaced by a new one, if there is one. */
  public Optional<Duration> renewAfter() {
    return Optional.ofNullable(renewAfter);
  }

  /** Returns after how many tasks a worker is replaced by a new one, if after any. */
  public OptionalLong renewAfterTasks() {
    return renewAfterTasks == null ? OptionalLong.empty() : OptionalLong.of(renewAfterTasks);
  }

  /**
   * Returns what is done with the context of each propagator that one was named for, by the propagators'
   * names, in their order; with that of any other, {@link ContextMode#PROPAGATE}.
   */
  public Map<String, ContextMode> contextModes() {
    return contextModes;
  }

  /** Returns what becomes of a task one of whose contexts fails before it has run. */
  public ContextFailure whenContextFails() {
    return whenContextFails;
  }

  /** Returns whether the pool looks for what tasks and propagators leave behind on workers. */
  public boolean detectContextLeaks() {
    return detectContextLeaks;
  }

  /** Returns whether failures that are the same are told once in full, and then as counts. */
  public boolean foldFailures() {
    return foldFailures;
  }

  /** Returns for which tasks the stack of their submitter is kept. */
  public Traces submitterTraces() {
    return submitterTraces;
  }

  /** Returns the names of the plugins without which the pool must not be made. */
  public List<String> requiredPlugins() {
    return requiredPlugins;
  }

  /** Returns the names of the discovered plugins that this pool does without. */
  public List<String> deniedPlugins() {
    return deniedPlugins;
  }

  /** Returns the names of the pools that an owner stops only after this one. */
  public List<String> stopsBefore() {
    return stopsBefore;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ThreadPoolConfig that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  @Override
  public String toString() {
    return "ThreadPoolConfig['%s', workers %d to %d, threads '%s'%s, priority %d, timing %s, backlog %s, when full %s%s, wait %s, run %s, keep-alive %s (one leaves per %s), growth '%s' (pause %s), lends %d, when starving %s, renews %s, contexts %s (when one fails %s%s), %s storms of failures, submitters' traces %s, requires %s, denies %s, stops before %s]"
        .formatted(
            name,
            minWorkers(),
            maxWorkers(),
            threadFactory,
            daemon ? " (daemon)" : "",
            priority,
            timing,
            backlogLimit == UNBOUNDED ? "unbounded" : backlogLimit,
            whenFull,
            rejectionStackTraces ? "" : " (no stack traces)",
            said(maxWait),
            said(maxRun),
            said(keepAlive),
            leaveInterval,
            growthPolicy,
            growthPause,
            maxLentWorkers(),
            whenStarving,
            renewal(),
            contextModes,
            whenContextFails,
            detectContextLeaks ? ", leaks are looked for" : "",
            foldFailures ? "folds" : "tells each of",
            submitterTraces,
            requiredPlugins,
            deniedPlugins,
            stopsBefore);
  }

  private static Object said(@Nullable Duration limit) {
    return limit == null ? "unlimited" : limit;
  }

  private String renewal() {
    if (renewAfter == null && renewAfterTasks == null) {
      return "never";
    }
    String age = renewAfter == null ? "" : "after " + renewAfter;
    String tasks = renewAfterTasks == null ? "" : "after " + renewAfterTasks + " tasks";
    return age.isEmpty() || tasks.isEmpty() ? age + tasks : age + " or " + tasks;
  }

  private List<Object> parts() {
    return List.of(
        name,
        sizes,
        threadFactory,
        daemon,
        priority,
        timing,
        backlogLimit,
        whenFull,
        rejectionStackTraces,
        maxWait(),
        maxRun(),
        keepAlive(),
        leaveInterval,
        growthPolicy,
        growthPause,
        maxLentWorkers(),
        whenStarving,
        renewAfter(),
        renewAfterTasks(),
        contextModes,
        whenContextFails,
        detectContextLeaks,
        foldFailures,
        submitterTraces,
        requiredPlugins,
        deniedPlugins,
        stopsBefore);
  }

  private Object writeReplace() {
    return new Form(this);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("A ThreadPoolConfig is read through its serialized form only");
  }

  /** For which tasks the clock is read; two readings cost about as much as passing the task. */
  public enum Timing {
    /** For none; reports leave out how long a task waited and ran. */
    OFF,
    /** For one task in 64. */
    SAMPLED,
    /** For every task. */
    ON
  }

  /** For which tasks the stack of the thread that submitted them is kept. */
  public enum Traces {
    /** For none. */
    OFF,
    /** For one task in 64, at random. */
    SAMPLED,
    /** For every task. */
    ON
  }

  /** What goes into a stream in place of a configuration. */
  private static final class Form implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final int minWorkers;
    private final int maxWorkers;
    private final String threadFactory;
    private final boolean daemon;
    private final int priority;
    private final String timing;
    private final int backlogLimit;
    private final String whenFull;
    private final Duration blockAtMost;
    private final boolean rejectionStackTraces;
    private final @Nullable Duration maxWait;
    private final @Nullable Duration maxRun;
    private final @Nullable Duration keepAlive;
    private final Duration leaveInterval;
    private final String growthPolicy;
    private final Duration growthPause;
    private final @Nullable Integer maxLentWorkers;
    private final String whenStarving;
    private final @Nullable Duration renewAfter;
    private final @Nullable Long renewAfterTasks;
    private final String[] contextPropagators;
    private final String[] contextModes;
    private final String whenContextFails;
    private final boolean detectContextLeaks;
    private final boolean foldFailures;
    private final String submitterTraces;
    private final String[] requiredPlugins;
    private final String[] deniedPlugins;
    private final String[] stopsBefore;

    Form(ThreadPoolConfig config) {
      this.name = config.name;
      this.minWorkers = config.minWorkers();
      this.maxWorkers = config.maxWorkers();
      this.threadFactory = config.threadFactory;
      this.daemon = config.daemon;
      this.priority = config.priority;
      this.timing = config.timing.name();
      this.backlogLimit = config.backlogLimit;
      this.whenFull = config.whenFull.kind().name();
      this.blockAtMost = config.whenFull.atMost();
      this.rejectionStackTraces = config.rejectionStackTraces;
      this.maxWait = config.maxWait;
      this.maxRun = config.maxRun;
      this.keepAlive = config.keepAlive;
      this.leaveInterval = config.leaveInterval;
      this.growthPolicy = config.growthPolicy;
      this.growthPause = config.growthPause;
      this.maxLentWorkers = config.maxLentWorkers;
      this.whenStarving = config.whenStarving.name();
      this.renewAfter = config.renewAfter;
      this.renewAfterTasks = config.renewAfterTasks;
      this.contextPropagators = config.contextModes.keySet().toArray(String[]::new);
      this.contextModes =
          config.contextModes.values().stream().map(ContextMode::name).toArray(String[]::new);
      this.whenContextFails = config.whenContextFails.name();
      this.detectContextLeaks = config.detectContextLeaks;
      this.foldFailures = config.foldFailures;
      this.submitterTraces = config.submitterTraces.name();
      this.requiredPlugins = config.requiredPlugins.toArray(String[]::new);
      this.deniedPlugins = config.deniedPlugins.toArray(String[]::new);
      this.stopsBefore = config.stopsBefore.toArray(String[]::new);
    }

    private Object readResolve() throws InvalidObjectException {
      try {
        Builder builder = builder(name)
            .minWorkers(minWorkers)
            .maxWorkers(maxWorkers)
            .threadFactory(threadFactory)
            .daemon(daemon)
            .priority(priority)
            .timing(Timing.valueOf(timing))
            .backlogLimit(backlogLimit)
            .whenFull(Overflow.of(Overflow.Kind.valueOf(whenFull), blockAtMost))
            .rejectionStackTraces(rejectionStackTraces)
            .leaveInterval(leaveInterval)
            .growthPolicy(growthPolicy)
            .growthPause(growthPause)
            .whenStarving(Starvation.valueOf(whenStarving))
            .whenContextFails(ContextFailure.valueOf(whenContextFails))
            .detectContextLeaks(detectContextLeaks)
            .foldFailures(foldFailures)
            .submitterTraces(Traces.valueOf(submitterTraces))
            .requirePlugins(requiredPlugins)
            .denyPlugins(deniedPlugins)
            .stopsBefore(stopsBefore);
        for (int i = 0; i < contextPropagators.length; i++) {
          builder.contextMode(contextPropagators[i], ContextMode.valueOf(contextModes[i]));
        }
        if (maxWait != null) {
          builder.maxWait(maxWait);
        }
        if (maxRun != null) {
          builder.maxRun(maxRun);
        }
        if (keepAlive != null) {
          builder.keepAlive(keepAlive);
        }
        if (maxLentWorkers != null) {
          builder.maxLentWorkers(maxLentWorkers);
        }
        if (renewAfter != null) {
          builder.renewAfter(renewAfter);
        }
        if (renewAfterTasks != null) {
          builder.renewAfterTasks(renewAfterTasks);
        }
        return builder.build();
      } catch (RuntimeException wrong) {
        var refused = new InvalidObjectException(
            "The stream holds no valid ThreadPoolConfig: " + wrong.getMessage());
        refused.initCause(wrong);
        throw refused;
      }
    }
  }

  /** Collects the values of one configuration. Not for use by several threads. */
  public static final class Builder {
    private final String name;
    private @Nullable Integer minWorkers;
    private @Nullable Integer maxWorkers;
    private String threadFactory = "platform";
    private boolean daemon;
    private int priority = Thread.NORM_PRIORITY;
    private Timing timing = Timing.OFF;
    private int backlogLimit = UNBOUNDED;
    private Overflow whenFull = Overflow.refuse();
    private boolean rejectionStackTraces = true;
    private @Nullable Duration maxWait;
    private @Nullable Duration maxRun;
    private @Nullable Duration keepAlive;
    private Duration leaveInterval = DEFAULT_PAUSE;
    private String growthPolicy = "at-once";
    private Duration growthPause = DEFAULT_PAUSE;
    private @Nullable Integer maxLentWorkers;
    private Starvation whenStarving = Starvation.WARN;
    private @Nullable Duration renewAfter;
    private @Nullable Long renewAfterTasks;
    private final Map<String, ContextMode> contextModes = new HashMap<>();
    private ContextFailure whenContextFails = ContextFailure.RUN;
    private boolean detectContextLeaks;
    private boolean foldFailures = true;
    private Traces submitterTraces = Traces.OFF;
    private final Set<String> requiredPlugins = new LinkedHashSet<>();
    private final Set<String> deniedPlugins = new LinkedHashSet<>();
    private final Set<String> stopsBefore = new LinkedHashSet<>();

    private Builder(String name) {
      this.name = name;
    }

    private int effectiveMin() {
      if (minWorkers != null) {
        return minWorkers;
      }
      return maxWorkers == null ? DEFAULT_MIN : Math.max(0, Math.min(DEFAULT_MIN, maxWorkers));
    }

    private int effectiveMax() {
      if (maxWorkers != null) {
        return maxWorkers;
      }
      return minWorkers == null ? DEFAULT_MAX : Math.max(DEFAULT_MAX, minWorkers);
    }

    /**
     * Sets how many workers a running pool keeps; 0 to the maximum. Defaults to 5, or to the maximum
     * where that is set to less.
     */
    public Builder minWorkers(int minWorkers) {
      this.minWorkers = minWorkers;
      return this;
    }

    /**
     * Sets how many workers the pool has at most; the minimum to {@link PoolSizes#LIMIT}. With 0
     * tasks wait for ever. Defaults to 20, or to the minimum where that is set to more.
     */
    public Builder maxWorkers(int maxWorkers) {
      this.maxWorkers = maxWorkers;
      return this;
    }

    /**
     * Sets which plugin makes the threads, by its name. Ignored if the pool is made with a thread
     * factory object. Defaults to {@code "platform"}; {@code "virtual"} is the other that is shipped.
     *
     * @throws IllegalArgumentException if it is not a plugin's name: lower-kebab, as {@code my-threads}
     */
    public Builder threadFactory(String pluginName) {
      this.threadFactory = Names.checkPlugin(pluginName);
      return this;
    }

    /** Sets whether workers are daemon threads. Defaults to false. */
    public Builder daemon(boolean daemon) {
      this.daemon = daemon;
      return this;
    }

    /**
     * Sets the priority of the workers' threads. Defaults to {@link Thread#NORM_PRIORITY}.
     *
     * @throws IllegalArgumentException if it is not between {@link Thread#MIN_PRIORITY} and {@link
     *     Thread#MAX_PRIORITY}
     */
    public Builder priority(int priority) {
      if (priority < Thread.MIN_PRIORITY || priority > Thread.MAX_PRIORITY) {
        throw new IllegalArgumentException("Pool '%s': priority must be from %d to %d, was %d."
            .formatted(name, Thread.MIN_PRIORITY, Thread.MAX_PRIORITY, priority));
      }
      this.priority = priority;
      return this;
    }

    /** Sets for which tasks the clock is read. Defaults to {@link Timing#OFF}. */
    public Builder timing(Timing timing) {
      this.timing = requireNonNull(timing, "timing");
      return this;
    }

    /**
     * Sets how many tasks may wait for workers that are all busy. Tasks for which a worker is free or
     * can still be made do not count, so the pool grows to its maximum before it refuses; with 0 a
     * task is accepted only if there is a worker for it. Before a start, when there are no workers, no
     * more than this may wait. Defaults to {@link #UNBOUNDED}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder backlogLimit(int backlogLimit) {
      if (backlogLimit < 0) {
        throw new IllegalArgumentException(
            "Pool '%s': backlogLimit must not be negative, was %d. Give 0 or more, or UNBOUNDED."
                .formatted(name, backlogLimit));
      }
      this.backlogLimit = backlogLimit;
      return this;
    }

    /**
     * Sets what happens to a task for which the backlog has no room. Asked only if the pool was given
     * no {@link OverflowPolicy}. Defaults to {@link Overflow#refuse}.
     */
    public Builder whenFull(Overflow whenFull) {
      this.whenFull = requireNonNull(whenFull, "whenFull");
      return this;
    }

    /**
     * Sets whether a refusal carries the stack trace of the submission, which costs more than all
     * else of it. Defaults to true.
     */
    public Builder rejectionStackTraces(boolean rejectionStackTraces) {
      this.rejectionStackTraces = rejectionStackTraces;
      return this;
    }

    /**
     * Sets how long a task may wait, for a worker and for its key, from its acceptance on. One that
     * has waited so long never runs: it is discarded, and its future or callback gets a {@link
     * TaskDiscardedException} of reason {@link RejectionReason#EXPIRED}; one that has neither is
     * reported. In a pool that was not started tasks wait, too. The clock is then read for each task.
     * Times beyond 292 years are no limit. Defaults to no limit.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxWait(Duration maxWait) {
      this.maxWait = Durations.checkPositive("Pool '%s': maxWait".formatted(name), maxWait);
      return this;
    }

    /**
     * Sets how long the work of a task may run, its context and callback apart. Then that very task is
     * interrupted, and never another, and its future fails at once with a {@link
     * TaskTimedOutException}. The task may run on; it counts as running until it ends, and then as
     * completed or failed by how it ended. A callback is told when the work has ended: a failure with
     * that exception, whatever the work returned. A task without either is reported then. Defaults to
     * no limit.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxRun(Duration maxRun) {
      this.maxRun = Durations.checkPositive("Pool '%s': maxRun".formatted(name), maxRun);
      return this;
    }

    /**
     * Sets how long a worker above the minimum stays without a task before it leaves. The worker that
     * was idle for longest goes first, since the one that went idle last is used first; nobody leaves
     * within that time after somebody asked for workers. Defaults to for ever.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder keepAlive(Duration keepAlive) {
      this.keepAlive = Durations.checkPositive("Pool '%s': keepAlive".formatted(name), keepAlive);
      return this;
    }

    /**
     * Sets the least time between two workers that leave since they had nothing to do; zero for no
     * such limit. Defaults to 100 milliseconds.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder leaveInterval(Duration leaveInterval) {
      this.leaveInterval =
          Durations.checkNotNegative("Pool '%s': leaveInterval".formatted(name), leaveInterval);
      return this;
    }

    /**
     * Sets which plugin decides when the pool grows, by its name. Ignored if the pool is made with a
     * growth policy object. Defaults to {@code "at-once"}; {@code "after-wait"} lets it grow only when
     * a task has waited for the {@link #growthPause}, {@code "limited-rate"} by one worker per pause.
     *
     * @throws IllegalArgumentException if it is not a plugin's name
     */
    public Builder growthPolicy(String pluginName) {
      this.growthPolicy = Names.checkPlugin(pluginName);
      return this;
    }

    /**
     * Sets how long the policies {@code "after-wait"} and {@code "limited-rate"} pause. Defaults to 100
     * milliseconds.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder growthPause(Duration growthPause) {
      this.growthPause =
          Durations.checkNotNegative("Pool '%s': growthPause".formatted(name), growthPause);
      return this;
    }

    /**
     * Sets how many workers beyond the maximum the pool lends at most, at one time, to tasks that
     * announce that they block; 0 to lend none. Defaults to the maximum that this configuration sets.
     *
     * @throws IllegalArgumentException if it is not between 0 and {@link PoolSizes#LIMIT}
     */
    public Builder maxLentWorkers(int maxLentWorkers) {
      if (maxLentWorkers < 0 || maxLentWorkers > PoolSizes.LIMIT) {
        throw new IllegalArgumentException(
            "Pool '%s': maxLentWorkers must be from 0 to %d, was %d. Give 0 to lend none."
                .formatted(name, PoolSizes.LIMIT, maxLentWorkers));
      }
      this.maxLentWorkers = maxLentWorkers;
      return this;
    }

    /**
     * Sets what happens when a worker waits for a future of this pool while no other worker is free
     * and none can be made. Defaults to {@link Starvation#WARN}.
     */
    public Builder whenStarving(Starvation whenStarving) {
      this.whenStarving = requireNonNull(whenStarving, "whenStarving");
      return this;
    }

    /**
     * Sets the age at which a worker is replaced by a new one, so that what tasks have left on its
     * thread goes with it. It is asked when a task has ended: an idle worker stays until its next
     * task. One worker at a time is replaced, the new one first. Defaults to never.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder renewAfter(Duration renewAfter) {
      this.renewAfter =
          Durations.checkPositive("Pool '%s': renewAfter".formatted(name), renewAfter);
      return this;
    }

    /**
     * Sets after how many tasks a worker is replaced, as {@link #renewAfter(Duration)} does. Defaults
     * to never.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder renewAfterTasks(long renewAfterTasks) {
      if (renewAfterTasks < 1) {
        throw new IllegalArgumentException(
            "Pool '%s': renewAfterTasks must be positive, was %d. Leave it out for no renewal."
                .formatted(name, renewAfterTasks));
      }
      this.renewAfterTasks = renewAfterTasks;
      return this;
    }

    /**
     * Sets what is done with the context of one propagator, by its name. Defaults to {@link
     * ContextMode#PROPAGATE} for every propagator. A pool is not made if it has no such propagator, or one
     * that cannot do that.
     *
     * @throws IllegalArgumentException if it is not a plugin's name, or was given another mode before
     */
    public Builder contextMode(String propagatorName, ContextMode mode) {
      Names.checkPlugin(propagatorName);
      requireNonNull(mode, "mode");
      ContextMode before = contextModes.putIfAbsent(propagatorName, mode);
      if (before != null && before != mode) {
        throw new IllegalArgumentException(
            "Pool '%s': context propagator '%s' is to %s and to %s. Leave out one of the two."
                .formatted(name, propagatorName, before, mode));
      }
      return this;
    }

    /**
     * Sets what becomes of a task one of whose contexts cannot be captured, or not be put into force on the
     * worker. Defaults to {@link ContextFailure#RUN}.
     */
    public Builder whenContextFails(ContextFailure whenContextFails) {
      this.whenContextFails = requireNonNull(whenContextFails, "whenContextFails");
      return this;
    }

    /**
     * Sets whether the pool looks, before and after each task, at what the worker has of each kind of context,
     * and reports what a task or a propagator has left behind, by the names of both. For tests: it costs
     * more than passing the task. Defaults to false.
     */
    public Builder detectContextLeaks(boolean detectContextLeaks) {
      this.detectContextLeaks = detectContextLeaks;
      return this;
    }

    /**
     * Sets whether a storm of failures that are the same, of one kind and thrown in the same place, is told as
     * one in full and then as counts, after a second and then at growing intervals, a minute at most. No
     * failure is left out of the counts. Defaults to true.
     */
    public Builder foldFailures(boolean foldFailures) {
      this.foldFailures = foldFailures;
      return this;
    }

    /**
     * Sets for which tasks the stack of their submitter is kept, so that the report of a failure tells where the
     * task came from. It costs more than passing the task, by far. Defaults to {@link Traces#OFF}.
     */
    public Builder submitterTraces(Traces submitterTraces) {
      this.submitterTraces = requireNonNull(submitterTraces, "submitterTraces");
      return this;
    }

    /**
     * Adds plugins without which the pool must not be made, by their names. Defaults to none.
     *
     * @throws IllegalArgumentException if one is not a plugin's name
     */
    public Builder requirePlugins(String... pluginNames) {
      for (String pluginName : pluginNames) {
        requiredPlugins.add(Names.checkPlugin(pluginName));
      }
      return this;
    }

    /**
     * Adds discovered plugins that this pool does without, by their names. Defaults to none.
     *
     * @throws IllegalArgumentException if one is not a plugin's name
     */
    public Builder denyPlugins(String... pluginNames) {
      for (String pluginName : pluginNames) {
        deniedPlugins.add(Names.checkPlugin(pluginName));
      }
      return this;
    }

    /**
     * Adds pools that an owner stops only after this one, since this one's tasks use them. Defaults
     * to none; pools then stop in the reverse order of their declaration.
     *
     * @throws IllegalArgumentException if one is not a pool's name
     */
    public Builder stopsBefore(String... poolNames) {
      for (String poolName : poolNames) {
        stopsBefore.add(Names.checkPool(poolName));
      }
      return this;
    }

    /**
     * Returns the configuration.
     *
     * @throws IllegalArgumentException if the minimum is negative or greater than the maximum, the
     *     maximum greater than {@link PoolSizes#LIMIT}, a plugin denied that is required or whose context
     *     has a mode, or the pool named among those it stops before
     */
    public ThreadPoolConfig build() {
      return new ThreadPoolConfig(this);
    }
  }
}
