package dev.bobbin.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
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

  private static final VarHandle STATE = field("state", int.class);
  private static final VarHandle TASK = field("task", Runnable.class);
  private static final VarHandle STARTED_AT = field("startedAt", long.class);
  private static final VarHandle TAKEN = field("taken", long.class);
  private static final VarHandle COMPLETED = field("completed", long.class);
  private static final VarHandle FAILED = field("failed", long.class);
  private static final VarHandle CANCELLED = field("cancelled", long.class);

  final int index;
  final AtomicReference<@Nullable Worker> holder = new AtomicReference<>();

  /** The slot below this one on the stack of idle workers, plus one; 0 at the bottom. Guarded by the stack's version. */
  volatile int below;

  /** One of the constants. Written by the holder. */
  private volatile int state;

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

  /* The books: written by the holder alone with release, read by anybody with acquire, ends first. */
  private long taken;
  private long completed;
  private long failed;
  private long cancelled;

  Slot(int index) {
    this.index = index;
  }

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Slot.class, name, type);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  /**
   * Says that the worker is about to claim a task. Release is enough, since the claim comes next: that is
   * a CAS, and stands as a fence before all that the worker looks at afterwards.
   */
  void taking() {
    STATE.setRelease(this, TAKING);
  }

  /** Enters the task that the worker has claimed into the books. No fence stands behind this. */
  void begin(Runnable task, long startedAt) {
    assert state == TAKING : state;
    STARTED_AT.setRelease(this, startedAt);
    TASK.setRelease(this, task);
    TAKEN.setRelease(this, taken + 1);
    STATE.setRelease(this, BUSY);
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
    TASK.setRelease(this, null);
    switch (ending) {
      case COMPLETED -> COMPLETED.setRelease(this, completed + 1);
      case FAILED -> FAILED.setRelease(this, failed + 1);
      case CANCELLED -> CANCELLED.setRelease(this, cancelled + 1);
    }
  }

  /**
   * Says that the worker is on its way. Release is enough: who must see it has learned from the
   * worker, through a future or the books, that the task has ended.
   */
  void looking() {
    STATE.setRelease(this, LOOKING);
  }

  void idle() {
    STATE.setRelease(this, IDLE);
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
    return (long) TAKEN.getAcquire(this);
  }

  long completed() {
    return (long) COMPLETED.getAcquire(this);
  }

  long failed() {
    return (long) FAILED.getAcquire(this);
  }

  long cancelled() {
    return (long) CANCELLED.getAcquire(this);
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
