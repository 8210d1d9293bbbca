package dev.bobbin.api;

/**
 * Where a pool stands in its life, which runs in the order of these constants and never back.
 *
 * <p>One exception: a {@link ThreadPool#start start} for which not one thread could be made puts the
 * pool back to {@link #NEW} before it throws.
 */
public enum PoolState {
  /** Made, not started: tasks are accepted and wait; there is no thread. */
  NEW,
  /** Started: tasks are accepted and run. */
  RUNNING,
  /** A stop has begun: new tasks are refused, accepted ones are run to their end or given up. */
  STOPPING,
  /** Every task has ended and no worker is left. A stopped pool stays stopped. */
  STOPPED
}
