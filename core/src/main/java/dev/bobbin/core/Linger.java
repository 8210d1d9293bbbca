package dev.bobbin.core;

/**
 * Whether a worker that finds no task looks on for a while before it parks. To wake a parked thread
 * takes both who wakes it and the thread itself longer than many a task; a worker that is still looking
 * when the next task comes costs neither.
 */
final class Linger {
  /*
   * A worker that lingers is on its way: it holds the waking bit, so that nobody is woken meanwhile, or
   * another holds it that holds back, see Flow. It looks once a step, and parks when the time is over.
   *
   * Whether that pays is learned from how it went. After a time in vain the next worker to find nothing
   * parks at once, after another the next three, then seven, and so on up to MOST_SKIPPED; the first
   * task that comes in time begins this anew. So where tasks come at long intervals all that lingering
   * takes is a sixty-fourth of its time for each.
   *
   * Where tasks come so fast that the first look already finds one, a worker that takes each at once is in
   * the producer's way: both want the same cache lines for each task. So it is patient, and leaves
   * twice as much time before its first look with each such find, up to MOST_PATIENT moments, and
   * half as much with each time that the first look was in vain.
   *
   * The numbers are hints that every worker reads and writes as it likes; a lost update makes a
   * worker linger once more, or once less.
   */
  private static final int MOST_SKIPPED = 63;

  /** Some microseconds. */
  private static final int MOST_PATIENT = 32;

  private final Seams seams;

  /** How many were to park at once after the last time in vain; 0 if a task has come in time since. */
  private int skipsAfterMiss;

  /** How many are still to park at once. */
  private int skips;

  /** How many moments pass before the first look. */
  private int patience = 1;

  Linger(Seams seams) {
    this.seams = seams;
  }

  /** Returns whether a worker that finds nothing should look on. */
  boolean isWorthwhile() {
    if (seams.lingerNanos() == 0) {
      return false;
    }
    int left = skips;
    if (left > 0) {
      skips = left - 1;
      return false;
    }
    return true;
  }

  void begin(Worker worker) {
    worker.beginLinger(seams.nanoTime() + seams.lingerNanos());
    for (int i = patience; i > 0; i--) {
      seams.spin();
    }
  }

  /** Spends a moment; false if the time of this worker, which is lingering, is over. */
  boolean goesOn(Worker worker) {
    if (seams.nanoTime() - worker.lingersUntil() >= 0) {
      worker.endLinger();
      skipsAfterMiss = Math.min(2 * skipsAfterMiss + 1, MOST_SKIPPED);
      skips = skipsAfterMiss;
      return false;
    }
    if (worker.noteLook()) {
      patience = Math.max(1, patience / 2);
    }
    seams.spin();
    return true;
  }

  /** Notes that the worker has found a task. */
  void found(Worker worker) {
    if (worker.isLingering()) {
      if (worker.noteLook()) {
        patience = Math.min(2 * patience, MOST_PATIENT);
      }
      worker.endLinger();
      skipsAfterMiss = 0;
    }
  }
}
