package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a {@link Backlog} that are held back since another task of their key is under way: one
 * line per key, which exists while a task of that key waits or runs.
 */
final class Lines {
  /*
   * A line is active from its first task on. The task that makes it so, and later each one whose turn
   * comes, is its head: it leaves the line for its lane, and is under way until it has ended, run or
   * unrun. Whoever ended it calls release, once: that makes the next one head, or, if there is none,
   * takes the line out of the map and marks it dead; who had found it there begins again.
   *
   * A held task is HELD in its ticket until one of these takes it from there by CAS, and counts it off:
   * release, which makes it head; a cancel or expiry, which leaves a tombstone; a stop that discards.
   *
   * A line's lock guards its fields. It is held for a few instructions, and never while foreign code is
   * called. The map calls equals of the keys, which is foreign: who gives a key answers for its being
   * quick. The hash code is asked for once, by the submitter, so that a line is found again whatever
   * becomes of its key, and what a key throws is its submitter's. A dead line that could not be taken
   * out of the map all the same stays there until the next submission with its key.
   */
  private static final int FEWEST_TO_SWEEP = 32;

  private final Backlog backlog;
  private final Map<Key, Line> byKey = new ConcurrentHashMap<>();

  /** How many tasks are held back, or about to be. */
  private final AtomicInteger held = new AtomicInteger();

  /** Tasks whose turn came when their lane was closed. */
  private final Queue<PoolTask> late = new ConcurrentLinkedQueue<>();

  /** Goes from false to true once. */
  private volatile boolean closed;

  /** Whether a task with a key was ever submitted: else nobody need look here. Goes to true once. */
  private volatile boolean used;

  Lines(Backlog backlog) {
    this.backlog = backlog;
  }

  /** Puts a task into the line of its key, or, if it is the first, into its lane; false if closed. */
  boolean enter(PoolTask task, Ticket ticket) {
    used = true;
    held.incrementAndGet(); // before asking whether all is closed
    boolean entered = false;
    Line begun = null;
    try {
      Key key = null;
      while (!closed) {
        key = key == null ? Key.of(ticket) : key;
        Line line = byKey.computeIfAbsent(key, Line::new);
        ticket.hold(line);
        if (line.enter(task)) {
          ticket.setHeldBack();
          entered = true;
          return true;
        }
        if (line.begin()) {
          begun = line;
          entered = dispatch(task, ticket);
          return true; // or somebody has ended it meanwhile, and has counted it off
        }
        removeIfDead(line);
      }
      return false;
    } finally {
      if (!entered) {
        if (begun == null) {
          held.decrementAndGet();
        } else { // ended, or the stack is exhausted: others of the key must not wait
          letNextGo(begun);
        }
      }
    }
  }

  /** Makes a task that needs no lane the head of its line; false if another is under way. */
  boolean enterAlone(Ticket ticket) {
    var key = Key.of(ticket);
    for (; ; ) {
      Line line = byKey.computeIfAbsent(key, Line::new);
      if (line.isActive()) {
        return false;
      }
      if (line.begin()) {
        ticket.beHead(line);
        return true;
      }
      removeIfDead(line);
    }
  }

  /** Does what {@link #release} is about to do: nobody need wait for it. */
  private void removeIfDead(Line line) {
    if (line.isDead()) {
      byKey.remove(line.key, line);
    }
  }

  /** Lets a head go into its lane, if nobody ended it meanwhile; returns whether it did. */
  private boolean dispatch(PoolTask task, Ticket ticket) {
    if (!ticket.goAhead()) {
      return false;
    }
    try {
      if (!backlog.appendToLane(task, ticket)) {
        late.add(task);
      }
    } finally {
      held.decrementAndGet();
    }
    return true;
  }

  /** Takes a held task off the count; false if it is not held, or not any more. */
  boolean leave(Ticket ticket) {
    Line line = ticket.line();
    if (line == null || !ticket.leaveLine()) {
      return false;
    }
    held.decrementAndGet();
    line.sweepIfWorthwhile();
    return true;
  }

  /**
   * Makes the next of the line the head, if it is the head that has ended; returns whether there was
   * one.
   */
  boolean release(Ticket ticket) {
    return ticket.isAhead() && letNextGo(requireNonNull(ticket.line(), "line"));
  }

  private boolean letNextGo(Line line) {
    for (; ; ) {
      PoolTask next = line.next();
      if (next == null) {
        try {
          byKey.remove(line.key, line);
        } catch (Throwable thrown) {
          // by a key with the same hash code, or at the end of the stack; see above
        }
        return false;
      }
      if (dispatch(next, requireNonNull(next.ticket(), "ticket"))) {
        return true;
      }
    }
  }

  @Nullable
  PoolTask pollLate() {
    return used ? late.poll() : null;
  }

  boolean removeLate(Runnable task) {
    return used && late.remove(task);
  }

  int countLate() {
    if (!used) {
      return 0;
    }
    int count = 0;
    for (PoolTask task : late) {
      if (!task.isGone()) {
        count++;
      }
    }
    return count;
  }

  boolean hasHeld() {
    return used && held.get() > 0;
  }

  /** Takes out a held task, which nobody else can take then; null if there is none. */
  @Nullable
  PoolTask pollHeld() {
    if (used) {
      for (Line line : byKey.values()) {
        for (PoolTask task = line.pollHeld(); task != null; task = line.pollHeld()) {
          if (requireNonNull(task.ticket(), "ticket").leaveLine()) {
            held.decrementAndGet();
            return task;
          }
        }
      }
    }
    return null;
  }

  void close() {
    closed = true;
  }

  /** A key with the hash code that it had when a task was submitted with it. */
  private static final class Key {
    private final Object given;
    private final int hash;

    private Key(Object given) {
      this.given = given;
      this.hash = given.hashCode();
    }

    static Key of(Ticket ticket) {
      return new Key(requireNonNull(ticket.terms.key(), "key"));
    }

    @Override
    public boolean equals(Object other) {
      return this == other
          || (other instanceof Key that && hash == that.hash && given.equals(that.given));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** The tasks of one key. */
  static final class Line {
    private final Key key;
    private final ReentrantLock lock = new ReentrantLock();

    /** Held tasks and the tombstones of some that were. Guarded by the lock. */
    private final Deque<PoolTask> tasks = new ArrayDeque<>();

    /** Whether a head is under way. Guarded by the lock. */
    private boolean active;

    /** Whether this line is out of the map, or about to be. Guarded by the lock. */
    private boolean dead;

    /** How many tasks left since the last sweep. Guarded by the lock. */
    private int tombstones;

    Line(Key key) {
      this.key = key;
    }

    /** Puts a task in at the end; false if there is no head it would wait for, or the line is dead. */
    boolean enter(PoolTask task) {
      lock.lock();
      try {
        return active && !dead && tasks.add(task);
      } finally {
        lock.unlock();
      }
    }

    /** Says that a head is under way; false if one is already, or the line is dead. */
    boolean begin() {
      lock.lock();
      try {
        if (active || dead) {
          return false;
        }
        active = true;
        return true;
      } finally {
        lock.unlock();
      }
    }

    boolean isActive() {
      lock.lock();
      try {
        return active && !dead;
      } finally {
        lock.unlock();
      }
    }

    boolean isDead() {
      lock.lock();
      try {
        return dead;
      } finally {
        lock.unlock();
      }
    }

    /** Takes out the one whose turn it is; without any the line dies. */
    @Nullable
    PoolTask next() {
      lock.lock();
      try {
        PoolTask next = tasks.poll();
        dead = next == null;
        return next;
      } finally {
        lock.unlock();
      }
    }

    @Nullable
    PoolTask pollHeld() {
      lock.lock();
      try {
        return tasks.poll();
      } finally {
        lock.unlock();
      }
    }

    void sweepIfWorthwhile() {
      lock.lock();
      try {
        if (++tombstones >= FEWEST_TO_SWEEP && tombstones > tasks.size() / 2) {
          tasks.removeIf(task -> !requireNonNull(task.ticket(), "ticket").isHeld());
          tombstones = 0;
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
