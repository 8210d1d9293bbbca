package dev.bobbin.core;

import dev.bobbin.api.ThreadCreationException;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a team has to have done at its time and may not do on the timer's thread, since it calls
 * foreign code: it is done on one daemon thread per team, which comes when there is something to do
 * and ends when there is nothing left. While it works it is an insider of the team.
 */
final class Errands implements Runnable {
  /*
   * Errands wait on a stack whose links are the errands themselves, so that the timer's thread needs
   * no memory to add one. `working` is true from before the thread is made until it has found nothing:
   *
   *   who adds       pushes, then brings `working` from false to true, and then makes the thread
   *   the thread     takes all, does them oldest first, and again; then writes false, then looks once more
   *
   * Each writes before it reads, so an errand is seen by one of the two. If the thread cannot be made,
   * `working` is false again and the errands stay; the timer tries again, and so does the next who adds.
   * Nobody is told of that before there is a thread that may call the reporters.
   *
   * An errand that waits here has claimed nothing: what it is about is still on the team's books, or
   * over. So the end does not wait for those; it waits for the one that is being done.
   */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Team team;
  private final Seams seams;
  private final String threadName;

  /** The errand added last, or null. */
  private final AtomicReference<@Nullable Errand> last = new AtomicReference<>();

  private final AtomicBoolean working = new AtomicBoolean();
  private final AtomicBoolean retrying = new AtomicBoolean();

  /** The last failure to make a thread that was not reported yet. */
  private final AtomicReference<@Nullable ThreadCreationException> failure =
      new AtomicReference<>();

  /** The thread that is doing errands. Written by it. */
  private volatile @Nullable Thread thread;

  Errands(Team team, String pool, Seams seams) {
    this.team = team;
    this.seams = seams;
    this.threadName = "PoolThread-" + pool + "-errands";
  }

  /** Has the errand done as soon as can be. Called by any thread; calls no foreign code, never throws. */
  void add(Errand errand) {
    Errand before;
    do {
      before = last.get();
      errand.before = before;
    } while (!last.compareAndSet(before, errand));
    begin();
  }

  /**
   * Has the errand done after so many nanoseconds. Throws what the machine throws if the timer has no
   * thread and gets none.
   */
  Alarm later(long nanos, Errand errand) {
    return seams.schedule(nanos, errand);
  }

  /** Notes that the timer's thread could not be made; that is reported by an errand. */
  void noteWithoutTimer(Throwable thrown) {
    fail("the thread of the timer", thrown);
    begin();
  }

  private void fail(String what, Throwable thrown) {
    failure.set(new ThreadCreationException(
        "Pool '%s': %s could not be made. Limits of time are kept late until it can."
            .formatted(team.name(), what),
        thrown));
  }

  private boolean isAnythingToDo() {
    return last.get() != null || failure.get() != null;
  }

  /** Makes the thread, if there is something to do and nobody at it. */
  private void begin() {
    if (isAnythingToDo() && working.compareAndSet(false, true)) {
      try {
        seams.startErrands(this, team.errandThread(this, threadName));
      } catch (Throwable noThread) {
        giveBack(noThread);
      }
    }
  }

  private void giveBack(Throwable thrown) {
    try {
      fail("thread '" + threadName + "'", thrown);
      if (retrying.compareAndSet(false, true)) {
        seams.schedule(RETRY_NANOS, new Retry(this));
      }
    } catch (Throwable unable) { // the heap is exhausted: the next who adds tries again
      retrying.set(false);
    }
    working.set(false);
  }

  /** The body of the thread. */
  @Override
  public void run() {
    do {
      try {
        team.inside(this::doAll);
      } catch (Throwable thrown) { // the heap is exhausted
        giveBack(thrown);
        return;
      }
      working.set(false);
    } while (isAnythingToDo() && working.compareAndSet(false, true));
  }

  private void doAll() {
    thread = Thread.currentThread();
    try {
      while (isAnythingToDo()) {
        ThreadCreationException unreported = failure.getAndSet(null);
        if (unreported != null) {
          team.reportThread(unreported);
        }
        for (Errand errand = takeAll(); errand != null; errand = errand.leaveChain()) {
          team.doErrand(errand);
        }
      }
    } finally {
      thread = null;
    }
  }

  /** Takes all that wait and returns the oldest, whose link leads to the next. */
  private @Nullable Errand takeAll() {
    Errand oldest = null;
    for (Errand errand = last.getAndSet(null); errand != null; ) {
      Errand before = errand.before;
      errand.before = oldest;
      oldest = errand;
      errand = before;
    }
    return oldest;
  }

  /** Returns the thread that is doing errands just now, if there is one and it is not the calling one. */
  @Nullable
  Thread otherThread() {
    Thread doing = thread;
    return doing == Thread.currentThread() ? null : doing;
  }

  /**
   * Something to do on an errand's thread, once; as a {@link Runnable}, which the timer runs, it goes
   * there. Knows its team weakly, so that a time far away keeps no pool alive.
   */
  abstract static class Errand implements Runnable {
    private final WeakReference<Errands> errands;

    /** The next in the chain. Written by who adds it, then by who took it. */
    private @Nullable Errand before;

    Errand(Errands errands) {
      this.errands = new WeakReference<>(errands);
    }

    /** Called on the timer's thread. */
    @Override
    public final void run() {
      Errands to = errands.get();
      if (to != null) {
        due(to.team);
      }
    }

    /** Has it done, now that its time has come. Called on the timer's thread: calls nothing foreign. */
    void due(Team team) {
      team.errands().add(this);
    }

    /** Does it. May throw anything. */
    abstract void act(Team team);

    private @Nullable Errand leaveChain() {
      Errand next = before;
      before = null;
      return next;
    }
  }

  /** Tries again to make the thread. */
  private static final class Retry implements Runnable {
    private final WeakReference<Errands> errands;

    Retry(Errands errands) {
      this.errands = new WeakReference<>(errands);
    }

    @Override
    public void run() {
      Errands waiting = errands.get();
      if (waiting != null) {
        waiting.retrying.set(false);
        waiting.begin();
      }
    }
  }
}
