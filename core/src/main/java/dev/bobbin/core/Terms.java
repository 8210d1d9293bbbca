package dev.bobbin.core;

import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for the tasks of a pool or of one of its views, resolved once: their options over the
 * limits of the configuration. Where nothing is asked for there are no terms.
 *
 * @param options what the views say, for those who ask
 * @param level the index of the priority, 0 for the highest
 * @param key the key that keeps tasks in order, or null
 * @param name the text for reports, or null for that of the work
 * @param maxWait the longest wait in nanoseconds, or {@link #NO_LIMIT}
 * @param ownWait whether the longest wait is of the options, not of the pool
 * @param maxRun the longest run, or null for no limit
 * @param maxRunNanos the same in nanoseconds, or {@link #NO_LIMIT}
 */
record Terms(
    TaskOptions options,
    int level,
    @Nullable Object key,
    @Nullable String name,
    long maxWait,
    boolean ownWait,
    @Nullable Duration maxRun,
    long maxRunNanos) {
  static final long NO_LIMIT = Long.MAX_VALUE;

  /** For tasks that need a ticket though nothing is asked for them. */
  static final Terms NONE = new Terms(
      TaskOptions.none(), Priority.NORMAL.ordinal(), null, null, NO_LIMIT, false, null, NO_LIMIT);

  /** Returns what a pool asks for all its tasks, or null if that is nothing. */
  static @Nullable Terms of(ThreadPoolConfig config) {
    return of(config, TaskOptions.none());
  }

  /** Returns what these options ask for, over what the pool asks for all tasks, or null. */
  static @Nullable Terms of(ThreadPoolConfig config, TaskOptions options) {
    Optional<Duration> wait = options.maxWait().or(config::maxWait);
    Optional<Duration> run = options.maxRun().or(config::maxRun);
    if (wait.isEmpty() && run.isEmpty() && options.equals(TaskOptions.none())) {
      return null;
    }
    return new Terms(
        options,
        options.priority().orElse(Priority.NORMAL).ordinal(),
        options.key().orElse(null),
        options.name().orElse(null),
        wait.map(Terms::saturatedNanos).orElse(NO_LIMIT),
        options.maxWait().isPresent(),
        run.orElse(null),
        run.map(Terms::saturatedNanos).orElse(NO_LIMIT));
  }

  /** Returns the nanoseconds of a duration, or as many as there can be. */
  static long saturatedNanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }
}
