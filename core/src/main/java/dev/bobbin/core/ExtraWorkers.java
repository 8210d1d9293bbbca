package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;

/**
 * When a team has workers beside those that its sizes allow.
 *
 * @param maxLent how many may be lent at once in place of workers that block
 * @param renewAfterNanos the age at which a worker is replaced, or {@link #NEVER}
 * @param renewAfterTasks after how many tasks a worker is replaced, or {@link #NEVER}
 */
record ExtraWorkers(int maxLent, long renewAfterNanos, long renewAfterTasks) {
  static final long NEVER = Long.MAX_VALUE;

  static final ExtraWorkers NONE = new ExtraWorkers(0, NEVER, NEVER);

  static ExtraWorkers of(ThreadPoolConfig config) {
    return new ExtraWorkers(
        config.maxLentWorkers(),
        config.renewAfter().map(Terms::saturatedNanos).orElse(NEVER),
        config.renewAfterTasks().orElse(NEVER));
  }

  /** Returns whether workers are replaced at all. */
  boolean renews() {
    return renewsByAge() || renewAfterTasks != NEVER;
  }

  boolean renewsByAge() {
    return renewAfterNanos != NEVER;
  }
}
