package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/**
 * How fast a team's tasks are taken. Where that is faster than one more worker could help with, a
 * worker that was woken holds back for a while.
 */
final class Flow {
  /*
   * Tasks that do next to nothing do not get done faster by two workers: all that these do is to take
   * tasks, and for each the cache line moves from one processor to the other and back. Nor is it known
   * beforehand how long a task takes. So a worker is woken for each that waits, as ever, but before it
   * takes its first it compares: if since it was called, which is some time ago, FEWEST tasks and more were
   * taken, and one every EACH_NANOS or faster, it pauses, and compares again. While it does it keeps the
   * waking bit, so nobody else is woken: of many workers one or two work, and one holds back.
   *
   * It is on its way, as the team's invariant has it: its pauses are bounded, and as soon as tasks take
   * longer, or one does not end, it takes the next. It must not pause while all others are idle, or a
   * task that comes then waits for it. It writes `holding`, then reads in the word whether others are
   * active, and only then pauses; a worker counts itself idle in the word, or takes itself out of it, then
   * reads `holding`, and ends the pause. One of the two sees the other.
   *
   * Only what workers take counts: it is taken from the head, so what waits there does not wait for long.
   * What submitters run themselves goes past all that wait, for as long as they like.
   */

  /** So few say nothing of the pace. */
  private static final int FEWEST = 32;

  /** A task that takes longer than this, with all that the pool does about it, is worth a worker. */
  private static final long EACH_NANOS = 250;

  private static final long PAUSE_NANOS = 200_000;

  private final Team team;
  private final Seams seams;

  /** How many tasks workers had taken, and when. Guarded by the team's waking bit. */
  private long taken;

  private long time;

  /** The worker that pauses, or is about to. Written by the one that holds the waking bit. */
  private volatile @Nullable Worker holding;

  Flow(Team team, Seams seams) {
    this.team = team;
    this.seams = seams;
  }

  /** Begins to measure: a worker is being woken. Called by whoever has set the waking bit. */
  void begin() {
    measureFrom(team.takenByWorkers(), seams.nanoTime());
  }

  private void measureFrom(long takenByNow, long now) {
    taken = takenByNow;
    time = now;
  }

  /** Has the worker, which holds the waking bit, pause if the flow is so fast; returns whether it did. */
  boolean holdsBack(Worker worker) {
    long takenByNow = team.takenByWorkers();
    long flowed = takenByNow - taken;
    if (flowed < FEWEST) {
      return false;
    }
    long now = seams.nanoTime();
    long nanos = now - time;
    measureFrom(takenByNow, now);
    if (nanos / flowed > EACH_NANOS) {
      return false;
    }
    holding = worker;
    try {
      if (!team.hasActiveBeside(worker)) {
        return false;
      }
      seams.pause(worker, PAUSE_NANOS);
      return true;
    } finally {
      holding = null;
    }
  }

  /** Ends the pause of the worker that holds back, if one does: another has counted itself idle, or has left. */
  void join() {
    Worker paused = holding;
    if (paused != null) {
      seams.unpark(paused);
    }
  }
}
