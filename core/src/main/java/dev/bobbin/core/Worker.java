package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One worker: the body of one thread, from the place that was reserved for it until it has left. The
 * {@link Team} decides everything; this class only holds what is the worker's own.
 */
final class Worker implements Runnable {
  /*
   * The claim of the body, by CAS:
   *
   *   MADE -> BEGUN       by the thread that the worker was made for, when it runs the body first
   *   MADE -> ABANDONED   by whoever finds that the thread cannot be made or has ended without it
   *
   * A second run of the body, or one on another thread, does nothing.
   */
  private static final int MADE = 0;
  private static final int BEGUN = 1;
  private static final int ABANDONED = 2;

  /* The parking: PARKED by the worker before it pushes its slot, one of the others by whoever popped it. */
  private static final int ACTIVE = 0;
  private static final int PARKED = 1;
  private static final int WOKEN = 2;
  private static final int WOKEN_TO_LEAVE = 3;

  /** For a number of tasks that was not asked for lately. */
  static final long UNKNOWN = -1;

  private final Team team;
  private final String name;
  private final Slot slot;
  private final AtomicInteger claim = new AtomicInteger(MADE);

  /** Written by the maker before it starts the thread. */
  private volatile @Nullable Thread thread;

  private volatile int parking = ACTIVE;

  /** Its own thread's alone. */
  private boolean counted;

  /** What its thread was like when the body began. Its own thread's alone. */
  private @Nullable ThreadLook look;

  /** Whether this worker is the one that the word's waking bit stands for. Its own thread's alone. */
  boolean holdsWaking;

  /** Whether it was woken to leave, when it was last. Its own thread's alone. */
  private boolean wokenToLeave;

  /** Until when it looks on for a task although it found none; 0 if it does not. Its own thread's alone. */
  private long lingersUntil;

  /** Whether it has looked since it lingers. Its own thread's alone. */
  private boolean looked;

  /** How many tasks the others had taken by its last look at them, and itself, and when; see Flow. Its own thread's alone. */
  long takenByOthers = UNKNOWN;

  long takenByItself;

  long lookedAt;

  /** Whether one worker more is lent while this one blocks. Its own thread's alone. */
  boolean hasLoan;

  /** What it has last asked to be replaced by. Its own thread's alone. */
  @Nullable
  Renewal renewal;

  /** How many tasks it has run since it began or asked for its renewal last. Its own thread's alone. */
  long tasks;

  /** When it began, or asked for its renewal last, if that is asked for. Its own thread's alone. */
  long since;

  /** In whose place it comes, if in anybody's. Written by the maker before it starts the thread. */
  private @Nullable Renewal comesBy;

  Worker(Team team, String name, Slots slots) {
    this.team = team;
    this.name = name;
    this.slot = slots.claim(this);
  }

  @Override
  public void run() {
    if (Thread.currentThread() == thread && begin()) {
      look = ThreadLook.ofCurrentIfItTells();
      team.work(this);
    }
  }

  /** Claims the body; false if it was claimed before or the worker was given up. */
  boolean begin() {
    return claim.compareAndSet(MADE, BEGUN);
  }

  /** Gives the worker up; false if its body has begun or somebody did so before. */
  boolean abandon() {
    return claim.compareAndSet(MADE, ABANDONED);
  }

  /** Returns whether the thread has ended without having begun the body. */
  boolean isStillborn() {
    Thread made = thread;
    return made != null && claim.get() == MADE && made.getState() == Thread.State.TERMINATED;
  }

  void madeFor(Thread thread) {
    this.thread = thread;
  }

  void comesBy(@Nullable Renewal renewal) {
    comesBy = renewal;
    if (renewal != null) {
      renewal.comer(this);
    }
  }

  @Nullable
  Renewal comesBy() {
    return comesBy;
  }

  /** Lets go of what it was told of the one in whose place it came. */
  void setArrived() {
    comesBy = null;
  }

  /** Returns whether it has left its team. */
  boolean hasLeft() {
    return slot.holder.get() != this;
  }

  /** Makes the thread what it was before the task, where the task has changed it. */
  void restoreThread() {
    if (look != null) {
      look.restore();
    }
  }

  /** Returns the thread; null until it was made. */
  @Nullable
  Thread thread() {
    return thread;
  }

  /** Returns the name that the pool wants its thread to have. */
  String name() {
    return name;
  }

  /** Returns the name that its thread has, whatever its factory made of it, fit for one line. */
  String threadName() {
    Thread made = thread;
    return made == null ? name : FailureReport.printable(made.getName());
  }

  Slot slot() {
    return slot;
  }

  /** Says that the worker is about to publish itself as idle. */
  void setParked() {
    counted = false;
    takenByOthers = UNKNOWN;
    lingersUntil = 0;
    parking = PARKED;
  }

  /** Returns whether the worker, when parked, has been counted as idle. */
  boolean isCounted() {
    return counted;
  }

  void setCounted() {
    counted = true;
  }

  boolean isParked() {
    return parking != ACTIVE;
  }

  boolean isWoken() {
    return parking >= WOKEN;
  }

  void setWoken() {
    parking = WOKEN;
  }

  /** Wakes it, so that it leaves if it finds no task. */
  void setWokenToLeave() {
    parking = WOKEN_TO_LEAVE;
  }

  void beginLinger(long until) {
    lingersUntil = until == 0 ? 1 : until;
    looked = false;
  }

  /** Notes that it has looked for a task; returns whether for the first time since it lingers. */
  boolean noteLook() {
    boolean first = !looked;
    looked = true;
    return first;
  }

  long lingersUntil() {
    return lingersUntil;
  }

  boolean isLingering() {
    return lingersUntil != 0;
  }

  void endLinger() {
    lingersUntil = 0;
  }

  /** Says that it has set the word's waking bit for itself. */
  void setWaking() {
    holdsWaking = true;
    wokenToLeave = false; // if it was once, it has taken a task since
  }

  /** Returns whether it is the one that was woken to leave, and has not taken a task since. */
  boolean isToLeave() {
    return holdsWaking && wokenToLeave;
  }

  void setActive() {
    wokenToLeave = parking == WOKEN_TO_LEAVE;
    parking = ACTIVE;
  }

  @Override
  public String toString() {
    return "worker " + name;
  }
}
