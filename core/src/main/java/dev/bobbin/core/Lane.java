package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one priority in a {@link Backlog}: a FIFO queue for many producers and many takers
 * that can be closed.
 *
 * <p>The technique is that of Correia and Ramalhete's FAAArrayQueue: segments of an array, one
 * fetch-and-add a side.
 */
final class Lane {
  /*
   * A segment is an array of slots with two indices. A producer reserves a slot by adding to
   * `appended` and fills it by one CAS; a taker reserves a slot by adding to `taken` and empties it
   * by one exchange, which leaves TAKEN there for ever:
   *
   *   null -> task     by the producer that reserved the slot
   *   task -> TAKEN    by the taker that reserved it, by remove, by a sweep or an expiry: the claim
   *   null -> TAKEN    by a taker that came before its producer, or by finish: the slot is burnt
   *
   * A producer whose slot was burnt has put in nothing and tries the next. Each claim is one atomic
   * step on the slot, so no task is taken twice. A taker looks before it adds: else an empty queue
   * would burn slots.
   *
   * Order. A task is in the queue when its CAS succeeded. Takers reserve slots in the order of their
   * indices, so of two tasks the one in the lower slot is reserved first; a producer that appends
   * after another's append returned gets a higher slot. Hence FIFO.
   *
   * A head that stands at burnt slots, since what was there was taken out by others than takers, is
   * moved on by trim, which adds to `taken` only where TAKEN stands: no task can come there.
   *
   * Close. The last segment's `next` goes from null to CLOSED by one CAS, after `appended` was raised
   * to the capacity: every later producer finds the segment full, follows `next` and is refused.
   * A producer that had reserved its slot before either fills it before a taker comes by, then the
   * task is in, or finds it burnt, then it follows the others and is refused. A taker that gets null
   * from a closed queue has seen every slot taken or burnt: nothing can come any more. Where there is
   * no taker left, finish() burns what is open.
   *
   * Every field is atomic or final; there is no lock and no other guard.
   */
  private static final Object TAKEN = new Object();
  private static final int FEWEST_TO_SWEEP = 64;

  private final Segment closed = new Segment(0);
  private final int capacity;
  private final AtomicReference<Segment> head;
  private final AtomicReference<Segment> tail;

  /** Tasks that were cancelled since the last sweep and may still lie in their slots. */
  private final AtomicInteger tombstones = new AtomicInteger();

  Lane(int capacity) {
    this.capacity = capacity;
    var first = new Segment(capacity);
    this.head = new AtomicReference<>(first);
    this.tail = new AtomicReference<>(first);
  }

  /** Puts a task in at the end and returns true, or returns false if the queue is closed. */
  boolean append(Runnable task) {
    for (; ; ) {
      Segment segment = tail.get();
      if (segment.appended.get() < capacity) {
        int slot = segment.appended.getAndIncrement();
        if (slot < capacity && segment.slots.compareAndSet(slot, null, task)) {
          return true;
        }
        continue;
      }
      Segment next = segment.next.get();
      if (next == null) {
        var fresh = new Segment(capacity);
        fresh.slots.setPlain(0, task);
        fresh.appended.setPlain(1);
        if (segment.next.compareAndSet(null, fresh)) {
          return true; // the next one moves the tail: nothing may fail once the task is in
        }
      } else if (next == closed) {
        return false;
      } else {
        tail.compareAndSet(segment, next);
      }
    }
  }

  /** Takes the first task out, or returns null if none waits. It may be one that was cancelled. */
  @Nullable
  Runnable poll() {
    for (; ; ) {
      Segment segment = head.get();
      int taken = segment.taken.get();
      if (taken >= Math.min(segment.appended.get(), capacity)) {
        if (taken < capacity) {
          return null;
        }
        Segment next = segment.next.get();
        if (next == null || next == closed) {
          return null;
        }
        head.compareAndSet(segment, next);
        continue;
      }
      int slot = segment.taken.getAndIncrement();
      if (slot < capacity && segment.slots.getAndSet(slot, TAKEN) instanceof Runnable task) {
        return task;
      }
    }
  }

  /** Returns how many tasks wait that were not cancelled; counts up to {@code most} only. */
  int countUpTo(int most) {
    int seen = 0;
    for (Segment segment = head.get(); segment != closed; segment = after(segment)) {
      int end = Math.min(segment.appended.get(), capacity);
      for (int slot = segment.taken.get(); slot < end; slot++) {
        if (segment.slots.get(slot) instanceof Runnable task && !isGone(task) && ++seen >= most) {
          return seen;
        }
      }
    }
    return seen;
  }

  /** Refuses every later append. */
  void close() {
    for (; ; ) {
      Segment segment = tail.get();
      segment.appended.accumulateAndGet(capacity, Math::max);
      Segment next = segment.next.get();
      if (next == closed || (next == null && segment.next.compareAndSet(null, closed))) {
        return;
      }
      if (next != null) {
        tail.compareAndSet(segment, next);
      }
    }
  }

  /**
   * Returns whether the queue is closed and holds nothing but what takers have reserved. Burns the
   * open slots of a closed queue and clears out what was cancelled, since there may be no taker left
   * to do so; a producer that had reserved such a slot is refused.
   */
  boolean finish() {
    if (!isClosed()) {
      return false;
    }
    for (Segment segment = head.get(); segment != closed; segment = after(segment)) {
      for (int slot = segment.taken.get(); slot < capacity; slot++) {
        if (!segment.isSpent(slot)) {
          return false;
        }
      }
    }
    return true;
  }

  boolean isClosed() {
    for (Segment segment = tail.get(); ; ) {
      Segment next = segment.next.get();
      if (next == null || next == closed) {
        return next == closed;
      }
      segment = next;
    }
  }

  /** Takes this very task out, wherever it stands, and returns whether it was still there. */
  boolean remove(Runnable task) {
    for (Segment segment = head.get(); segment != closed; segment = after(segment)) {
      int end = Math.min(segment.appended.get(), capacity);
      for (int slot = segment.taken.get(); slot < end; slot++) {
        if (segment.slots.get(slot) == task && segment.slots.compareAndSet(slot, task, TAKEN)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Notes that a task was cancelled where it stands, and clears all such out of their slots once they
   * outnumber those that wait.
   */
  void noteCancelled() {
    int many = tombstones.incrementAndGet();
    boolean timeToLook = many >= FEWEST_TO_SWEEP && Integer.bitCount(many) == 1;
    if (timeToLook && countUpTo(many + 1) <= many) {
      sweep();
      tombstones.set(0);
    }
  }

  private void sweep() {
    for (Segment segment = head.get(); segment != closed; segment = after(segment)) {
      int end = Math.min(segment.appended.get(), capacity);
      for (int slot = segment.taken.get(); slot < end; slot++) {
        if (segment.slots.get(slot) instanceof PoolTask task && task.isGone()) {
          segment.slots.compareAndSet(slot, task, TAKEN);
        }
      }
    }
    trim();
  }

  /**
   * Moves the head past what was taken out where it stood, as takers would that reserve such slots
   * and find them burnt; so nobody need walk over them while no taker comes.
   */
  private void trim() {
    for (; ; ) {
      Segment segment = head.get();
      int taken = segment.taken.get();
      if (taken < capacity) {
        if (segment.slots.get(taken) != TAKEN) {
          return;
        }
        segment.taken.compareAndSet(taken, taken + 1);
      } else {
        Segment next = segment.next.get();
        if (next == null || next == closed) {
          return;
        }
        head.compareAndSet(segment, next);
      }
    }
  }

  /** Returns the first task that waits under the limit of the pool, or null if there is none. */
  @Nullable
  Ticket firstToExpire() {
    for (Segment segment = head.get(); segment != closed; segment = after(segment)) {
      int end = Math.min(segment.appended.get(), capacity);
      for (int slot = segment.taken.get(); slot < end; slot++) {
        Ticket ticket = inOrder(segment.slots.get(slot));
        if (ticket != null) {
          return ticket;
        }
      }
    }
    return null;
  }

  /** Returns when the first task that waits was submitted, or {@link TaskClock#UNTIMED} if none tells. */
  long firstSubmission() {
    for (Segment segment = head.get(); segment != closed; segment = after(segment)) {
      int end = Math.min(segment.appended.get(), capacity);
      for (int slot = segment.taken.get(); slot < end; slot++) {
        if (segment.slots.get(slot) instanceof PoolTask task
            && !task.isGone()
            && task.submittedAt() != TaskClock.UNTIMED) {
          return task.submittedAt();
        }
      }
    }
    return TaskClock.UNTIMED;
  }

  /**
   * Takes out, from the head on, the tasks that wait under the limit of the pool and have expired by
   * {@code now}, up to the first that has not, and hands them over. Passes over all others.
   */
  void takeExpired(long now, Consumer<PoolTask> taker) {
    boolean more = true;
    for (Segment segment = head.get(); more && segment != closed; segment = after(segment)) {
      int end = Math.min(segment.appended.get(), capacity);
      for (int slot = segment.taken.get(); more && slot < end; slot++) {
        Object content = segment.slots.get(slot);
        Ticket ticket = inOrder(content);
        more = ticket == null || ticket.expiresAt() - now <= 0;
        if (ticket != null && more && segment.slots.compareAndSet(slot, content, TAKEN)) {
          taker.accept((PoolTask) content);
        }
      }
    }
    trim();
  }

  /** Returns the ticket of what stands in a slot, if it is a task that waits under the limit of the pool. */
  private static @Nullable Ticket inOrder(@Nullable Object content) {
    if (content instanceof PoolTask task) {
      Ticket ticket = task.ticket();
      return ticket != null && ticket.expiresWithPool() && !task.isGone() ? ticket : null;
    }
    return null;
  }

  /** Returns the segment that follows; for the last one the mark of a closed queue. */
  private Segment after(Segment segment) {
    Segment next = segment.next.get();
    return next == null ? closed : next;
  }

  private static boolean isGone(Runnable task) {
    return task instanceof PoolTask own && own.isGone();
  }

  private static final class Segment {
    final AtomicReferenceArray<@Nullable Object> slots;
    final AtomicInteger appended = new AtomicInteger();
    final AtomicInteger taken = new AtomicInteger();
    final AtomicReference<@Nullable Segment> next = new AtomicReference<>();

    Segment(int capacity) {
      this.slots = new AtomicReferenceArray<>(capacity);
    }

    /** Returns whether no task is or can come into this slot, and sees to it unless one is there. */
    boolean isSpent(int slot) {
      for (; ; ) {
        Object content = slots.get(slot);
        if (content == TAKEN) {
          return true;
        }
        if (content instanceof Runnable task && !isGone(task)) {
          return false;
        }
        if (slots.compareAndSet(slot, content, TAKEN)) {
          return true;
        }
      }
    }
  }
}
