package dev.bobbin.spi;

/**
 * Is told of each failure that nobody else is told of. Implemented by authors of plugins; called by
 * the pool on the thread where the failure happened, most often a worker, inside the submitter's
 * context if the failure is a task's.
 *
 * <p>Every reporter of a pool gets every failure. If one throws, the others are still called; what no
 * reporter took is written to standard error. Called by several threads at once, with no lock held.
 */
public interface FailureReporter extends Plugin {
  /** Reports one failure. Returning normally means that it was taken. */
  void report(FailureReport report);
}
