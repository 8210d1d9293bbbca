package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/**
 * How fast a team's tasks are taken, by how many. Where one more worker would only be in the way of those
 * that take them, a worker holds back for a while.
 */
final class Flow {
  /*
   * Tasks that do next to nothing do not get done faster by two workers: all that these do is to take
   * tasks, and for each the cache line goes from one processor to the other and back. It is not known
   * beforehand how long a task takes. So it is measured and, where that does not tell, tried.
   *
   * The pace is how long the team takes for a task; multiplied by the workers that take tasks, and can run at
   * once, it is what a worker spends on one, waiting for cache lines included. The constants say where that is
   * so little that one worker more, or one of those there are, is most likely in the way.
   *
   * A worker that was woken compares before it takes its first task: if since it was called, which is
   * some time ago, FEWEST tasks and more were taken, at such a pace, it holds back. It pauses, and keeps the
   * waking bit, so that nobody else is woken. Then it compares again. After HELD_NANOS it goes to
   * work all the same, so that what is known of sharing is of the tasks of now.
   *
   * A worker at work looks after every round of tasks whether others have taken half as many meanwhile.
   * If so the pace is noted as the shared one. If it is such a pace the worker steps back: it sets the waking
   * bit, pauses, and compares. If the others are not much slower without it, it holds back as one that was
   * woken does. Else it goes to work again, and nobody tries this anew before some time has passed, which doubles with
   * every trial in vain. Where the bit is another's who holds back, it goes idle instead.
   *
   * Nobody holds back while the team is much slower than at the shared pace.
   *
   * Who holds back is on its way, as the team's invariant has it: its pauses are bounded, and as soon as
   * tasks take longer, or one does not end, it takes the next. It must not pause while all others are idle, or a
   * task that comes then waits for it. It writes `holding`, then reads in the word whether others are
   * active, and only then pauses; a worker counts itself idle in the word, or takes itself out of it, then
   * reads `holding`, and ends the pause. One of the two sees the other.
   *
   * Only what workers take counts: it is taken from the head, so what waits there does not wait for long.
   * What submitters run themselves goes past all that wait, for as long as they like.
   */

  /** So few say nothing of the pace. */
  private static final int FEWEST = 32;

  /** A task that takes one worker longer than this, with all that the pool does about it, is worth another. */
  private static final long ALONE_NANOS = 250;

  /** The same for workers that share tasks, which makes each of these take longer. */
  private static final long SHARED_NANOS = 400;

  /**
   * The same where as many are at work as can run at once: then another helps only where tasks block, and that
   * takes microseconds.
   */
  private static final long FULL_NANOS = 2_000;

  /** Where workers that share tasks spend no more than this on one it is worth a trial whether fewer do as well. */
  private static final long TRIED_NANOS = 1_000;

  private static final long PAUSE_NANOS = 200_000;

  /** For how long a worker stays away without going to see. */
  private static final long HELD_NANOS = 20_000_000;

  /** How soon after a trial in vain there may be another, at first and at most. */
  private static final long SOONEST_NANOS = 1_000_000;

  private static final long LATEST_NANOS = 20_000_000;

  /** What is not known: slower than any pace, and small enough to be multiplied. */
  private static final long UNKNOWN_PACE = Long.MAX_VALUE / 4;

  private final Team team;
  private final Seams seams;

  /** How many tasks workers had taken, and when. Guarded by the team's waking bit. */
  private long taken;

  private long time;

  /** How many workers have taken tasks between the last two counts. Guarded by the team's waking bit. */
  private int takers;

  /** When the worker that holds back, or did so last, began to. Guarded by the team's waking bit. */
  private long heldSince;

  /** Whether it has stepped back to try, and has not compared yet. Guarded by the team's waking bit. */
  private boolean trying;

  /** The shared pace before that. Guarded by the team's waking bit. */
  private long paceBefore;

  /** How long nobody tries after the next trial in vain. Guarded by the team's waking bit. */
  private long penalty = SOONEST_NANOS;

  /** When there may be a trial again. Written by the one that holds the waking bit. */
  private volatile long notBefore;

  /** The pace when workers shared tasks last. Written by any of them. */
  private volatile long sharedPace = UNKNOWN_PACE;

  /** The worker that pauses, or is about to. Written by the one that holds the waking bit. */
  private volatile @Nullable Worker holding;

  Flow(Team team, Seams seams) {
    this.team = team;
    this.seams = seams;
    this.notBefore = seams.nanoTime();
  }

  /** Begins to measure: a worker is being woken. Called by whoever has set the waking bit. */
  void begin() {
    taken = count();
    time = seams.nanoTime();
    heldSince = time;
    trying = false;
  }

  /** Returns how many tasks workers took so far, and finds out how many of them took any since the last count. */
  private long count() {
    long sum = 0;
    takers = 0;
    for (Slot slot : team.slots()) {
      long now = slot.taken();
      if (now != slot.counted) {
        slot.counted = now;
        takers++;
      }
      sum += now;
    }
    return sum;
  }

  /**
   * Has the worker, which holds the waking bit and was woken or has stepped back, pause if the others do
   * well without it; returns whether it did.
   */
  boolean holdsBack(Worker worker) {
    long before = taken;
    long since = time;
    long now = seams.nanoTime();
    taken = count();
    time = now;
    long flowed = taken - before;
    long pace = flowed < FEWEST ? UNKNOWN_PACE : (now - since) / flowed;
    boolean well = areEnough(pace);
    if (trying) {
      trying = false;
      well &= pace <= paceBefore + paceBefore / 4;
      penalty = well ? SOONEST_NANOS : Math.min(2 * penalty, LATEST_NANOS);
      notBefore = now + penalty;
    }
    return well && now - heldSince < HELD_NANOS && pause(worker);
  }

  /** Returns whether by all that is known those that make such a pace need no other. */
  private boolean areEnough(long pace) {
    if (pace > sharedPace + sharedPace / 2) {
      return false;
    }
    if (takers <= 1) {
      return pace <= ALONE_NANOS;
    }
    return spent(takers, pace) <= (takers >= seams.processors() ? FULL_NANOS : SHARED_NANOS);
  }

  /** Returns what each of so many workers that make such a pace spends on a task, if it runs. */
  private long spent(int active, long pace) {
    return pace * Math.min(active, seams.processors());
  }

  /**
   * Returns whether the worker, which has taken a round of tasks, has shared them with others, and should
   * try how these do without it.
   */
  boolean isCrowded(Worker worker) {
    long ownBefore = worker.takenByItself;
    long othersBefore = worker.takenByOthers;
    long before = worker.lookedAt;
    long now = seams.nanoTime();
    worker.takenByItself = worker.slot().taken();
    worker.takenByOthers = team.takenByWorkers() - worker.takenByItself;
    worker.lookedAt = now;
    long own = worker.takenByItself - ownBefore;
    long others = worker.takenByOthers - othersBefore;
    if (othersBefore == Worker.UNKNOWN || own == 0 || others < FEWEST) {
      return false;
    }
    long pace = (now - before) / (own + others);
    sharedPace = pace;
    return now - notBefore >= 0 && spent(team.countActive(), pace) <= TRIED_NANOS;
  }

  /** Has the worker, which has just set the waking bit, pause and then compare. */
  void stepBack(Worker worker) {
    worker.takenByOthers = Worker.UNKNOWN; // what they take meanwhile is not shared
    begin();
    trying = true;
    paceBefore = sharedPace;
    pause(worker);
  }

  private boolean pause(Worker worker) {
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

  /** Returns whether a worker holds back just now. */
  boolean isHolding() {
    return holding != null;
  }

  /** Ends the pause of the worker that holds back, if one does: another has counted itself idle, or has left. */
  void join() {
    Worker paused = holding;
    if (paused != null) {
      seams.unpark(paused);
    }
  }
}
