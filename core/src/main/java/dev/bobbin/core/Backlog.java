package dev.bobbin.core;

import dev.bobbin.api.Priority;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that were accepted and that no worker has taken yet. Those that wait for a worker stand
 * in one {@link Lane} per priority, first in, first out; those held back by their key stand in {@link
 * Lines} until their turn has come.
 */
class Backlog {
  /*
   * A backlog of tasks of normal priority without keys is its one lane, and costs a read more. The
   * other lanes are made when first needed, by a CAS from null; closing puts a closed lane where none
   * was made, by a CAS too, so that no lane is missed.
   *
   * Takers prefer the highest lane. Every eighth take begins below it, in turn with the normal and
   * with the lowest lane, so that while all lanes are full at least one task in sixteen is taken of
   * each. Counting takes and not time needs no clock, and ages what waits just as fast as the pool works.
   *
   * A task whose key is free goes into its lane at once. One that is held back is counted in `held`
   * before it is asked whether the backlog is closed; so a stop that closes and then looks at `held`
   * sees it, or it is refused. When its turn comes it goes into its lane, whatever the bound; if that
   * is closed by then, among the late, which takers look at last. Only then is it off `held`: who sees
   * none held, and then looks at lanes and the late, has missed nothing.
   */
  private static final int FIRST_CAPACITY = 64;
  private static final int LARGEST_CAPACITY = 1024;
  private static final int LEVELS = Priority.values().length;
  private static final int NORMAL = Priority.NORMAL.ordinal();
  private static final int LOWEST = LEVELS - 1;
  private static final int TURN = 8;

  private final int capacity;
  private final int largest;
  private final Lane normal;

  /** By level; the normal one is always there. Elements change once, from null. */
  private final AtomicReferenceArray<@Nullable Lane> lanes = new AtomicReferenceArray<>(LEVELS);

  /** Whether there are more lanes than the normal one. Goes from false to true once. */
  private volatile boolean levelled;

  /** How many tasks were asked for since the backlog has levels. */
  private final AtomicInteger turns = new AtomicInteger();

  private final Lines lines = new Lines(this);

  Backlog() {
    this(FIRST_CAPACITY, LARGEST_CAPACITY);
  }

  /** Makes a backlog whose pieces, of this many tasks, are as small as a test wants them. */
  Backlog(int capacity) {
    this(capacity, capacity);
  }

  private Backlog(int capacity, int largest) {
    this.capacity = capacity;
    this.largest = largest;
    this.normal = new Lane(capacity, largest);
    lanes.setPlain(NORMAL, normal);
  }

  /**
   * Puts a task in at the end of its lane, or of its key's line if another of that key is under way,
   * and returns true; or returns false if the backlog is closed.
   */
  boolean append(Runnable task) {
    Ticket ticket = ticketOf(task);
    if (ticket == null) {
      return normal.append(task);
    }
    return ticket.terms.key() == null
        ? lane(ticket).append(task)
        : lines.enter((PoolTask) task, ticket);
  }

  /** Puts a task whose turn has come into its lane; false if that is closed. */
  boolean appendToLane(PoolTask task, Ticket ticket) {
    return lane(ticket).append(task);
  }

  private Lane lane(Ticket ticket) {
    int level = ticket.terms.level();
    Lane lane = lanes.get(level);
    if (lane == null) {
      lane = new Lane(capacity, largest);
      levelled = true; // before anything can be in it
      if (!lanes.compareAndSet(level, null, lane)) {
        return lane(ticket);
      }
    }
    return lane;
  }

  /** Takes the task out whose turn it is, or returns null if none waits. It may be one that was cancelled. */
  @Nullable
  Runnable poll() {
    return poll(null);
  }

  /** Does so for the worker of this slot, which is taking before the task is claimed, and looking if none was. */
  @Nullable
  Runnable poll(@Nullable Slot taker) {
    Runnable task = levelled ? pollByTurn(taker) : normal.poll(taker);
    if (task == null) {
      task = pollLate(taker);
    } else if (taker != null
        && levelled) { // asked behind the claim: else the first of a new lane is missed
      taker.mayMoreWait = true;
    }
    return task;
  }

  private @Nullable Runnable pollLate(@Nullable Slot taker) {
    Runnable task = lines.pollLate();
    if (taker != null && task != null) {
      taker.taking();
      VarHandle.fullFence();
      taker.mayMoreWait = true;
    } else if (taker != null) {
      taker.looking();
    }
    return task;
  }

  private @Nullable Runnable pollByTurn(@Nullable Slot taker) {
    int turn = turns.getAndIncrement(); // which comes to be negative
    if (Math.floorMod(turn, TURN) == TURN - 1) {
      int first = Math.floorMod(Math.floorDiv(turn, TURN), 2) == 0 ? NORMAL : LOWEST;
      Runnable task = pollOf(first, taker);
      if (task == null) {
        task = pollOf(NORMAL + LOWEST - first, taker);
      }
      if (task != null) {
        return task;
      }
    }
    for (int level = 0; level < LEVELS; level++) {
      Runnable task = pollOf(level, taker);
      if (task != null) {
        return task;
      }
    }
    return null;
  }

  private @Nullable Runnable pollOf(int level, @Nullable Slot taker) {
    Lane lane = lanes.get(level);
    return lane == null ? null : lane.poll(taker);
  }

  /**
   * Takes the oldest task out of the lowest lane in which one waits, if that is not above {@code
   * level}; null if there is none. It may be one that was cancelled.
   */
  @Nullable
  Runnable pollOldest(int level) {
    for (int lowest = LOWEST; lowest >= level; lowest--) {
      Runnable task = pollOf(lowest, null);
      if (task != null) {
        return task;
      }
    }
    return null;
  }

  /** Takes a task out that is held back by its key, of whatever key; null if there is none. */
  @Nullable
  PoolTask pollHeld() {
    return lines.pollHeld();
  }

  /** Returns whether a task waits for a worker that was not cancelled. */
  boolean hasWaiting() {
    return hasMoreThan(0);
  }

  /** Returns whether more than {@code count} tasks wait for a worker that were not cancelled. */
  boolean hasMoreThan(int count) {
    int seen = normal.countUpTo(count + 1);
    if (seen <= count && levelled) {
      for (int level = 0; level < LEVELS && seen <= count; level++) {
        Lane lane = lanes.get(level);
        if (level != NORMAL && lane != null) {
          seen += lane.countUpTo(count + 1 - seen);
        }
      }
    }
    return seen > count || seen + lines.countLate() > count;
  }

  /** Returns whether any task is held back by its key. */
  boolean hasHeld() {
    return lines.hasHeld();
  }

  /** Refuses every later append. */
  void close() {
    lines.close();
    for (int level = 0; level < LEVELS; level++) {
      Lane lane = lanes.get(level);
      if (lane == null) {
        var closed = new Lane(1);
        closed.close();
        lane = lanes.compareAndSet(level, null, closed) ? null : lanes.get(level);
      }
      if (lane != null) {
        lane.close();
      }
    }
  }

  /**
   * Returns whether the backlog is closed and holds nothing any more. Clears out what was cancelled,
   * since there may be no taker left to do so.
   */
  boolean finish() {
    if (lines.hasHeld()) {
      return false;
    }
    for (int level = 0; level < LEVELS; level++) {
      Lane lane = lanes.get(level);
      if (lane == null || !lane.finish()) {
        return false;
      }
    }
    return lines.countLate() == 0;
  }

  /** Takes this very task out, wherever it stands, and returns whether it was still there. */
  boolean remove(Runnable task) {
    Ticket ticket = ticketOf(task);
    if (ticket == null) {
      return normal.remove(task);
    }
    return lines.leave(ticket) || lane(ticket).remove(task) || lines.removeLate(task);
  }

  /**
   * Notes that a task was cancelled where it stands; those that were are cleared out once they
   * outnumber those that wait.
   */
  void noteCancelled(Runnable task) {
    Ticket ticket = ticketOf(task);
    if (ticket == null) {
      normal.noteCancelled();
    } else if (!lines.leave(ticket)) {
      lane(ticket).noteCancelled();
    }
  }

  /**
   * Lets the next task of this task's key wait for a worker, now that this one has ended, run or
   * unrun.
   *
   * @return whether a task waits that did not before
   */
  boolean release(Runnable task) {
    Ticket ticket = ticketOf(task);
    return ticket != null && lines.release(ticket);
  }

  /**
   * Enters a task that its submitter is about to run itself, as the one of its key that is under way;
   * false if another is.
   */
  boolean enterAlone(Runnable task) {
    Ticket ticket = ticketOf(task);
    return ticket == null || ticket.terms.key() == null || lines.enterAlone(ticket);
  }

  /** Returns of the tasks that wait in their lanes under the limit of the pool the one that expires first. */
  @Nullable
  Ticket firstToExpire() {
    Ticket first = normal.firstToExpire();
    if (levelled) {
      for (int level = 0; level < LEVELS; level++) {
        Lane lane = lanes.get(level);
        Ticket ticket = lane == null ? null : lane.firstToExpire();
        if (ticket != null && (first == null || ticket.expiresAt() - first.expiresAt() < 0)) {
          first = ticket;
        }
      }
    }
    return first;
  }

  /**
   * Returns when of the tasks that wait in their lanes the first was submitted, by their own account, or
   * {@link TaskClock#UNTIMED} if none tells. Of each lane it asks the first.
   */
  long firstSubmission() {
    long first = normal.firstSubmission();
    if (levelled) {
      for (int level = 0; level < LEVELS; level++) {
        Lane lane = level == NORMAL ? null : lanes.get(level);
        long time = lane == null ? TaskClock.UNTIMED : lane.firstSubmission();
        if (time != TaskClock.UNTIMED && (first == TaskClock.UNTIMED || time - first < 0)) {
          first = time;
        }
      }
    }
    return first;
  }

  /** Takes out, from the head of each lane on, what has expired under the limit of the pool. */
  void takeExpired(long now, Consumer<PoolTask> taker) {
    for (int level = 0; level < LEVELS; level++) {
      Lane lane = lanes.get(level);
      if (lane != null) {
        lane.takeExpired(now, taker);
      }
    }
  }

  static @Nullable Ticket ticketOf(Runnable task) {
    PoolTask own = PoolTask.of(task);
    return own == null ? null : own.ticket();
  }
}
