package dev.bobbin.benchmarks;

/**
 * A piece of work that is done to a pool again and again. Implemented by the loads; called by {@link
 * LoadBenchmark}, on one thread. Only {@link #run} is measured.
 */
interface Batch {
  /** Makes ready for the next run. */
  default void prepare() throws Exception {}

  /** Does the work and returns when all its tasks have run. */
  void run() throws Exception;

  /**
   * Makes sure that each task of the run ran exactly once, and clears up after it.
   *
   * @return how many tasks ran
   * @throws IllegalStateException if it was not each, or not once
   */
  long finish() throws Exception;

  /**
   * Returns how long the tasks of the run took from their submission to their begin, all together, if
   * that is the time of this load. Defaults to 0, for loads whose time is that of the run.
   */
  default long latencyNanos() {
    return 0;
  }

  /** Ends the pool. */
  void end() throws Exception;
}
