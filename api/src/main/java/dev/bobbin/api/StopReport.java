package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stop found and left: how many tasks ran, which never did, and which would not end.
 * Immutable.
 *
 * <p>Ran (now or still running) and discarded are disjoint, and together they are what was accepted
 * and not cancelled while it waited. Reports are made by pools; the {@link #builder(String) builder}
 * is there for them and for tests.
 */
public final class StopReport {
  private final String pool;
  private final boolean stopped;
  private final long ran;
  private final List<Runnable> discarded;
  private final List<RunningTask> running;

  private StopReport(Builder builder) {
    this.pool = builder.pool;
    this.stopped = builder.stopped;
    this.ran = builder.ran;
    this.discarded = List.copyOf(builder.discarded);
    this.running = List.copyOf(builder.running);
  }

  /** Returns a builder of the report on the named pool. */
  public static Builder builder(String pool) {
    return new Builder(requireNonNull(pool, "pool"));
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns whether the pool had stopped, every task ended and every worker gone. */
  public boolean stopped() {
    return stopped;
  }

  /** Returns how many tasks had run to their end, normally or not, in the whole life of the pool. */
  public long ran() {
    return ran;
  }

  /**
   * Returns the tasks that were given up without being run, in the order of their submission: for
   * {@code execute} and {@code callInThread} the very object that was given, otherwise the work
   * without its future or callback, which have been told already.
   */
  public List<Runnable> discarded() {
    return discarded;
  }

  /**
   * Returns the tasks that had not ended when the report was made, with all that depends on them: a
   * worker that is held up by the stages of a future whose task is over is listed too.
   */
  public List<RunningTask> running() {
    return running;
  }

  /** Returns the report as sentences, the tasks that would not end by worker, task and age. */
  @Override
  public String toString() {
    var text = new StringBuilder("Pool '%s' ".formatted(pool));
    text.append(stopped ? "has stopped" : "has not stopped yet");
    text.append(": %d ran, %d discarded, %d still running"
        .formatted(ran, discarded.size(), running.size()));
    running.forEach(task -> text.append("; ").append(task));
    return text.toString();
  }

  /** One task that had not ended when a {@link StopReport} was made. Immutable. */
  public static final class RunningTask {
    private final String worker;
    private final String task;
    private final Duration age;
    private final boolean ageExact;

    private RunningTask(String worker, String task, Duration age, boolean ageExact) {
      this.worker = requireNonNull(worker, "worker");
      this.task = requireNonNull(task, "task");
      this.age = requireNonNull(age, "age");
      this.ageExact = ageExact;
    }

    /** Returns the name of the worker's thread. */
    public String worker() {
      return worker;
    }

    /** Returns the text of the task, safe to print in one line. */
    public String task() {
      return task;
    }

    /** Returns for how long the task had run; if {@link #ageExact} is false, at least so long. */
    public Duration age() {
      return age;
    }

    /** Returns whether the age was measured from the task's beginning, which takes timing. */
    public boolean ageExact() {
      return ageExact;
    }

    @Override
    public String toString() {
      return "%s runs %s for %s%d ms"
          .formatted(worker, task, ageExact ? "" : "at least ", age.toMillis());
    }
  }

  /** Collects one report. Not for use by several threads. */
  public static final class Builder {
    private final String pool;
    private final List<Runnable> discarded = new ArrayList<>();
    private final List<RunningTask> running = new ArrayList<>();
    private boolean stopped;
    private long ran;

    private Builder(String pool) {
      this.pool = pool;
    }

    /** Sets whether the pool has stopped. Defaults to false. */
    public Builder stopped(boolean stopped) {
      this.stopped = stopped;
      return this;
    }

    /** Sets how many tasks ran to their end. Defaults to 0. */
    public Builder ran(long ran) {
      this.ran = ran;
      return this;
    }

    /** Adds tasks that were given up. Defaults to none. */
    public Builder discarded(List<? extends Runnable> tasks) {
      discarded.addAll(tasks);
      return this;
    }

    /** Adds a task that had not ended. Defaults to none. */
    public Builder running(String worker, String task, Duration age, boolean ageExact) {
      running.add(new RunningTask(worker, task, age, ageExact));
      return this;
    }

    /** Returns the report. */
    public StopReport build() {
      return new StopReport(this);
    }
  }
}
