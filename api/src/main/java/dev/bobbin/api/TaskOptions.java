package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What single tasks want beyond what their pool does for all: a priority, limits of time, a name for
 * reports, a key that keeps them in order. Immutable. Given to a pool by {@link ThreadPool#with}.
 *
 * <pre>{@code
 * ThreadPool urgent = pool.with(TaskOptions.builder().priority(Priority.HIGH).name("ping").build());
 * }</pre>
 *
 * <p>What an option leaves open is as the pool has it.
 */
public final class TaskOptions {
  private static final TaskOptions NONE = builder().build();

  private final @Nullable Priority priority;
  private final @Nullable Duration maxWait;
  private final @Nullable Duration maxRun;
  private final @Nullable String name;
  private final @Nullable Object key;

  private TaskOptions(Builder builder) {
    this.priority = builder.priority;
    this.maxWait = builder.maxWait;
    this.maxRun = builder.maxRun;
    this.name = builder.name;
    this.key = builder.key;
  }

  /** Returns options that leave everything open. */
  public static TaskOptions none() {
    return NONE;
  }

  /** Returns a builder that leaves everything open. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that begins with these options. */
  public Builder toBuilder() {
    var builder = new Builder();
    builder.priority = priority;
    builder.maxWait = maxWait;
    builder.maxRun = maxRun;
    builder.name = name;
    builder.key = key;
    return builder;
  }

  /** Returns these options, with what they leave open taken from {@code base}. */
  public TaskOptions over(TaskOptions base) {
    requireNonNull(base, "base");
    var builder = base.toBuilder();
    if (priority != null) {
      builder.priority = priority;
    }
    if (maxWait != null) {
      builder.maxWait = maxWait;
    }
    if (maxRun != null) {
      builder.maxRun = maxRun;
    }
    if (name != null) {
      builder.name = name;
    }
    if (key != null) {
      builder.key = key;
    }
    return builder.build();
  }

  /** Returns the level, if one is set; else it is {@link Priority#NORMAL}. */
  public Optional<Priority> priority() {
    return Optional.ofNullable(priority);
  }

  /** Returns how long a task may wait for a worker, if that is set. */
  public Optional<Duration> maxWait() {
    return Optional.ofNullable(maxWait);
  }

  /** Returns how long a task may run, if that is set. */
  public Optional<Duration> maxRun() {
    return Optional.ofNullable(maxRun);
  }

  /** Returns the text for reports, if one is set. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** Returns the key whose tasks run one after another, if one is set. */
  public Optional<Object> key() {
    return Optional.ofNullable(key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskOptions that
        && priority == that.priority
        && Objects.equals(maxWait, that.maxWait)
        && Objects.equals(maxRun, that.maxRun)
        && Objects.equals(name, that.name)
        && Objects.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(priority, maxWait, maxRun, name, key);
  }

  /** Returns what is set, the key by its class alone since it is the user's own. */
  @Override
  public String toString() {
    return "TaskOptions[priority %s, wait %s, run %s, name %s, key %s]"
        .formatted(
            said(priority),
            said(maxWait),
            said(maxRun),
            said(name),
            said(key == null ? null : key.getClass().getName()));
  }

  private static Object said(@Nullable Object value) {
    return value == null ? "open" : value;
  }

  /** Collects options. Not for use by several threads. */
  public static final class Builder {
    private @Nullable Priority priority;
    private @Nullable Duration maxWait;
    private @Nullable Duration maxRun;
    private @Nullable String name;
    private @Nullable Object key;

    private Builder() {}

    /** Sets the level. Defaults to {@link Priority#NORMAL}. */
    public Builder priority(Priority priority) {
      this.priority = requireNonNull(priority, "priority");
      return this;
    }

    /**
     * Sets how long a task may wait, for a worker and for its key, from its acceptance on; see {@link
     * ThreadPoolConfig.Builder#maxWait}. Wins over the pool's own limit, be it shorter or longer.
     * Defaults to that of the pool.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxWait(Duration maxWait) {
      this.maxWait = Durations.checkPositive("maxWait", maxWait);
      return this;
    }

    /**
     * Sets how long the work of a task may run; see {@link ThreadPoolConfig.Builder#maxRun}. Wins over
     * the pool's own limit, be it shorter or longer. A task that its submitter runs is limited
     * likewise: the submitter's thread is interrupted, while it runs that task only. Defaults to that
     * of the pool.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxRun(Duration maxRun) {
      this.maxRun = Durations.checkPositive("maxRun", maxRun);
      return this;
    }

    /**
     * Sets the text by which failure reports, stop reports and dumps tell the task. Defaults to what
     * the task itself says or, if it says nothing, its class.
     *
     * @param name not blank; what is not fit for a line of a log is replaced where it is printed
     * @throws IllegalArgumentException if it is blank
     */
    public Builder name(String name) {
      if (requireNonNull(name, "name").isBlank()) {
        throw new IllegalArgumentException(
            "A task's name must not be blank. Leave it out instead.");
      }
      this.name = name;
      return this;
    }

    /**
     * Sets the key: tasks of one pool with equal keys run one after another, in the order of their
     * acceptance, on whatever worker. Defaults to none.
     *
     * @param key with quick {@code equals} and {@code hashCode} that do not change; kept while tasks
     *     of it wait or run
     */
    public Builder key(Object key) {
      this.key = requireNonNull(key, "key");
      return this;
    }

    /** Returns the options. */
    public TaskOptions build() {
      return new TaskOptions(this);
    }
  }
}
