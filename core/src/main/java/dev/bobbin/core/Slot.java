package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A worker's place in its team, with the cells of the books that its holder writes. A slot is never
 * given up: when its worker has left the next one takes it over, counts included, so that nothing is
 * folded together and nothing can be lost or counted twice meanwhile.
 */
class Slot extends SlotPadding {
  /** Nobody's, or held for a thread in the making. */
  static final int FREE = 0;

  /** Its worker has no task and is on its way to one: it will take, park or leave, and then look. */
  static final int LOOKING = 1;

  /** Its worker holds a task, or the dependents of one. */
  static final int BUSY = 2;

  /** Its worker has published itself as idle. */
  static final int IDLE = 3;

  /**
   * Its worker is at the head of the backlog, about to claim a task or just behind that: nobody must rely on
   * it, as on one that is LOOKING, nor count it as taken by a task, as one that is BUSY.
   */
  static final int TAKING = 4;

  /** Every so many tasks, a power of two, the worker looks around. */
  static final int ROUND = 64;

  /*
   * Field updaters, not var handles: as fast once compiled, and ten times faster while a young program is
   * interpreted. What they lazily set is set with release.
   */
  private static final AtomicIntegerFieldUpdater<Slot> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Slot.class, "state");
  private static final AtomicReferenceFieldUpdater<Slot, @Nullable Runnable> TASK =
      AtomicReferenceFieldUpdater.newUpdater(Slot.class, Runnable.class, "task");
  private static final AtomicLongFieldUpdater<Slot> STARTED_AT = longs("startedAt");
  private static final AtomicLongFieldUpdater<Slot> TAKEN = longs("taken");
  private static final AtomicLongFieldUpdater<Slot> COMPLETED = longs("completed");
  private static final AtomicLongFieldUpdater<Slot> FAILED = longs("failed");
  private static final AtomicLongFieldUpdater<Slot> CANCELLED = longs("cancelled");

  final int index;
  final AtomicReference<@Nullable Worker> holder = new AtomicReference<>();

  /** The slot below this one on the stack of idle workers, plus one; 0 at the bottom. Guarded by the stack's version. */
  volatile int below;

  /** One of the constants. Written by the holder. */
  private volatile int state;

  /** How many tasks had been taken here by the last count of {@link Flow}. Guarded by the team's waking bit. */
  long counted;

  /** Whether a task may have stood behind the one that was taken last. Its holder's alone. */
  boolean mayMoreWait;

  /** Whether the worker is giving up a task that it took too late. Written by the holder. */
  private volatile boolean givingUp;

  /** What the worker runs; written by the holder. */
  private volatile @Nullable Runnable task;

  /** Since when the worker is idle, where there is a keep-alive; written by the holder before {@link #state}. */
  private volatile long idleSince;

  /** When the task began, if it is timed; written by the holder before {@link #task}. */
  private volatile long startedAt = TaskClock.UNTIMED;

  /* The books: written by the holder alone with release, read by anybody, ends first. */
  private volatile long taken;
  private volatile long completed;
  private volatile long failed;
  private volatile long cancelled;

  Slot(int index) {
    this.index = index;
  }

  private static AtomicLongFieldUpdater<Slot> longs(String name) {
    return AtomicLongFieldUpdater.newUpdater(Slot.class, name);
  }

  /**
   * Says that the worker is about to claim a task. Release is enough, since the claim comes next: that is
   * a CAS, and stands as a fence before all that the worker looks at afterwards.
   */
  void taking() {
    STATE.lazySet(this, TAKING);
  }

  /** Enters the task that the worker has claimed into the books. No fence stands behind this. */
  void begin(Runnable task, long startedAt) {
    assert state == TAKING : state;
    STARTED_AT.lazySet(this, startedAt);
    TASK.lazySet(this, task);
    TAKEN.lazySet(this, taken + 1);
    STATE.lazySet(this, BUSY);
  }

  /** Returns whether a round of tasks was taken here. The holder's alone. */
  boolean isRoundOver() {
    return (taken & ROUND - 1) == 0;
  }

  /** Returns whether the worker may have claimed a task that has not ended: what a stop must interrupt. */
  boolean mayHaveTask() {
    int now = state;
    return now == TAKING || now == BUSY;
  }

  /** Says that the worker is busy giving a task up, unrun; a full fence stands behind the write. */
  void beginGivingUp() {
    givingUp = true;
    this.state = BUSY;
  }

  void endGivingUp() {
    givingUp = false;
  }

  boolean isGivingUp() {
    return givingUp;
  }

  /** Takes the task off the books. The slot stays busy. */
  void end(PoolTask.Ending ending) {
    TASK.lazySet(this, null);
    switch (ending) {
      case COMPLETED -> COMPLETED.lazySet(this, completed + 1);
      case FAILED -> FAILED.lazySet(this, failed + 1);
      case CANCELLED -> CANCELLED.lazySet(this, cancelled + 1);
    }
  }

  /**
   * Says that the worker is on its way. Release is enough: who must see it has learned from the
   * worker, through a future or the books, that the task has ended.
   */
  void looking() {
    STATE.lazySet(this, LOOKING);
  }

  void idle() {
    STATE.lazySet(this, IDLE);
  }

  void idleSince(long nanoTime) {
    idleSince = nanoTime;
  }

  long idleSince() {
    return idleSince;
  }

  /** Says that the worker has left; a full fence stands behind the write. */
  void free() {
    this.state = FREE;
  }

  int state() {
    return state;
  }

  @Nullable
  Runnable task() {
    return task;
  }

  long startedAt() {
    return startedAt;
  }

  long taken() {
    return taken;
  }

  long completed() {
    return completed;
  }

  long failed() {
    return failed;
  }

  long cancelled() {
    return cancelled;
  }
}

/**
 * Keeps a slot's fields, which its worker writes with every task, off the cache lines of the slot before
 * it. The JVM lays out the fields of a superclass first.
 */
@SuppressWarnings("unused")
abstract class SlotPadding {
  private long p0;
  private long p1;
  private long p2;
  private long p3;
  private long p4;
  private long p5;
  private long p6;
  private long p7;
}
