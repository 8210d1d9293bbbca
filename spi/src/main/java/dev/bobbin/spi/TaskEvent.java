package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.TaskOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to one task. Immutable. Made by pools and read by {@link PoolListener
 * listeners}; the {@link #builder builder} is there for both and for tests.
 *
 * <p>It refers to the task as long as it is kept: keep what you read from it instead.
 */
public final class TaskEvent {
  /** Stands for a time that is not known. */
  private static final long UNKNOWN = -1;

  private final String pool;
  private final Object task;
  private final Supplier<String> description;
  private final TaskOptions options;
  private final long waited;
  private final long ran;
  private final @Nullable Ending ending;
  private final @Nullable Throwable cause;

  private TaskEvent(Builder builder) {
    this.pool = builder.pool;
    this.task = builder.task;
    this.description = builder.description;
    this.options = builder.options;
    this.waited = builder.waited;
    this.ran = builder.ran;
    this.ending = builder.ending;
    this.cause = builder.cause;
  }

  /**
   * Returns a builder of an event.
   *
   * @param pool the name of the pool
   * @param task what is the same for all events of one task
   */
  public static Builder builder(String pool, Object task) {
    return new Builder(requireNonNull(pool, "pool"), requireNonNull(task, "task"));
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /**
   * Returns what tells the task from others: the very same object in all events of it, with the
   * equality of {@link Object}. It says nothing else and keeps nothing of the task alive, so it may be
   * a key in a map, from {@link PoolListener#submitted} or {@link PoolListener#taken} to {@link
   * PoolListener#ended}.
   */
  public Object task() {
    return task;
  }

  /**
   * Returns the text of the task, as reports of its failure have it: the name that was asked for it,
   * or the text of its work, or, when the work was let go of, its class. Made now, by the user's code
   * if the work has a {@code toString} of its own; {@link FailureReport#printable} makes it safe.
   */
  public String description() {
    return description.get();
  }

  /** Returns what views asked for the task: priority, key, name and limits. */
  public TaskOptions options() {
    return options;
  }

  /**
   * Returns how long the task had waited when it was taken or, unrun, ended: from its submission, the
   * wait of its submitter for room included. Empty in {@link PoolListener#submitted}.
   */
  public Optional<Duration> waited() {
    return duration(waited);
  }

  /**
   * Returns how long the task has run, its callback and what listeners did when it was taken
   * included. Empty unless it has run and ended.
   */
  public Optional<Duration> ran() {
    return duration(ran);
  }

  private static Optional<Duration> duration(long nanos) {
    return nanos == UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  /** Returns how the task ended; empty unless it has. */
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  /**
   * Returns what the work of a task that failed has thrown, the very object, or why one was discarded,
   * a {@link dev.bobbin.api.TaskDiscardedException}. Empty for any other.
   */
  public Optional<Throwable> cause() {
    return Optional.ofNullable(cause);
  }

  /** Returns the event in one line, without the text of the task, which might be long in the making. */
  @Override
  public String toString() {
    var text = new StringBuilder("Task of pool '")
        .append(FailureReport.printable(pool))
        .append("'");
    ending().ifPresent(how -> text.append(", ").append(how));
    waited().ifPresent(time -> text.append(", waited ").append(time.toMillis()).append(" ms"));
    ran().ifPresent(time -> text.append(", ran ").append(time.toMillis()).append(" ms"));
    return text.toString();
  }

  /** How a task ended, as the pool counts it. */
  public enum Ending {
    /** The work returned; or it was that of a stage, which tells its own failures. */
    COMPLETED,
    /** The work threw. */
    FAILED,
    /** It was cancelled, or its future completed by a user, before it ran or while it did. */
    CANCELLED,
    /** The pool gave it up unrun: by a stop, since it expired, or for another task. */
    DISCARDED
  }

  /** Collects one event. Not for use by several threads. */
  public static final class Builder {
    private final String pool;
    private final Object task;
    private Supplier<String> description = () -> "";
    private TaskOptions options = TaskOptions.none();
    private long waited = UNKNOWN;
    private long ran = UNKNOWN;
    private @Nullable Ending ending;
    private @Nullable Throwable cause;

    private Builder(String pool, Object task) {
      this.pool = pool;
      this.task = task;
    }

    /** Sets what is asked for the text of the task. Defaults to the empty text. */
    public Builder description(Supplier<String> description) {
      this.description = requireNonNull(description, "description");
      return this;
    }

    /** Sets what views asked for the task. Defaults to {@link TaskOptions#none()}. */
    public Builder options(TaskOptions options) {
      this.options = requireNonNull(options, "options");
      return this;
    }

    /** Sets how long the task waited, in nanoseconds; less than 0 counts as 0. Defaults to unknown. */
    public Builder waitedNanos(long nanos) {
      this.waited = Math.max(0, nanos);
      return this;
    }

    /** Sets how long the task ran, in nanoseconds; less than 0 counts as 0. Defaults to unknown. */
    public Builder ranNanos(long nanos) {
      this.ran = Math.max(0, nanos);
      return this;
    }

    /** Sets how the task ended. Defaults to not ended. */
    public Builder ending(Ending ending) {
      this.ending = requireNonNull(ending, "ending");
      return this;
    }

    /** Sets why it failed or was discarded. Defaults to none. */
    public Builder cause(@Nullable Throwable cause) {
      this.cause = cause;
      return this;
    }

    /** Returns the event. */
    public TaskEvent build() {
      return new TaskEvent(this);
    }
  }
}
