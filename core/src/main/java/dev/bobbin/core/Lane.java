package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one priority in a {@link Backlog}: a FIFO queue for many producers and many takers
 * that can be closed.
 */
final class Lane {
  /*
   * A queue of segments, each an array whose slots are filled from the first on, by CAS:
   *
   *   null -> task     by a producer, in the first slot that is null: it is in the queue then
   *   task -> TAKEN    by a taker, or by remove, a sweep or an expiry: the claim
   *   null -> CLOSED   by close; nothing comes behind it
   *
   * So no slot behind a null one is filled, and of two tasks the one that came in first stands in the
   * lower slot. A taker claims the first that stands there. Each step is one CAS; a taker that reads
   * null or CLOSED has found the queue empty at that moment.
   *
   * Where the first null slot and the first task are is kept beside the slots, as hints: all slots below
   * `filled` hold or held tasks, all below `taken` are TAKEN. They are written after the CAS, without one: a
   * thread that is late may set them back, and whoever comes next walks a bit further.
   *
   * A segment that is full gets a successor, by CAS of its `next`, with the task in its first slot. The
   * head moves on when all slots of its segment are TAKEN; that one then points to itself, so that no
   * chain of dead segments, some of them old, keeps the living ones from being collected young. Who stands there goes on at the head.
   *
   * Every field is atomic, or final, or a slot or a hint; there is no lock and no other guard.
   */
  private static final VarHandle HEAD = field(Lane.class, "head", Segment.class);
  private static final VarHandle TAIL = field(Lane.class, "tail", Segment.class);
  private static final Runnable TAKEN = new Mark();
  private static final Runnable CLOSED = new Mark();
  private static final int FEWEST_TO_SWEEP = 64;

  private final int most;
  private volatile Segment head;
  private volatile Segment tail;

  /** Tasks that were cancelled since the last sweep and may still lie in their slots. */
  private final AtomicInteger tombstones = new AtomicInteger();

  Lane(int capacity) {
    this(capacity, capacity);
  }

  /** Makes a lane whose first segment has so many slots; each further one has twice as many as the last, up to {@code most}. */
  Lane(int capacity, int most) {
    this.most = most;
    var first = new Segment(capacity);
    this.head = first;
    this.tail = first;
  }

  private static VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  /** Puts a task in at the end and returns true, or returns false if the queue is closed. */
  boolean append(Runnable task) {
    for (; ; ) {
      Segment segment = tail;
      for (int at = segment.filled(); at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null) {
          there = segment.putIfNull(at, task);
          if (there == null) {
            if (task != CLOSED) { // which everybody must come by
              segment.setFilled(at + 1);
            }
            return true;
          }
        }
        if (there == CLOSED) {
          return false;
        }
      }
      Segment next = segment.next;
      if (next == null) {
        if (Segment.NEXT.compareAndSet(
            segment, (Segment) null, new Segment(Math.min(most, 2 * segment.capacity()), task))) {
          return true; // the next one moves the tail: nothing may fail once the task is in
        }
      } else {
        TAIL.compareAndSet(this, segment, next == segment ? head : next);
      }
    }
  }

  /** Takes the first task out, or returns null if none waits. It may be one that was cancelled. */
  @Nullable
  Runnable poll() {
    return poll(null);
  }

  /** Does so for the worker of this slot, which is taking before the task is claimed. */
  @Nullable
  Runnable poll(@Nullable Slot taker) {
    for (; ; ) {
      Segment segment = head;
      int capacity = segment.capacity();
      for (int at = segment.taken(); at < capacity; at++) {
        Runnable there = segment.get(at);
        if (there == null || there == CLOSED) {
          return null;
        }
        if (there != TAKEN) {
          if (taker != null) {
            taker.taking();
          }
          if (segment.take(at, there)) {
            segment.setTaken(at + 1);
            if (taker != null) {
              Runnable next = at + 1 < capacity ? segment.get(at + 1) : TAKEN;
              taker.mayMoreWait = next != null && next != CLOSED;
            }
            return there;
          }
        }
      }
      if (!leave(segment)) {
        return null;
      }
    }
  }

  /** Moves the head on from a segment whose tasks are all taken; false if it is the last. */
  private boolean leave(Segment segment) {
    Segment next = segment.next;
    if (next == null) {
      return false;
    }
    if (next != segment && HEAD.compareAndSet(this, segment, next)) {
      segment.next = segment;
    }
    return true;
  }

  /** Returns how many tasks wait that were not cancelled; counts up to {@code most} only. */
  int countUpTo(int most) {
    int seen = 0;
    for (Segment segment = head; segment != null; segment = after(segment)) {
      for (int at = segment.taken(); at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null || there == CLOSED) {
          return seen;
        }
        if (there != TAKEN && !isGone(there) && ++seen >= most) {
          return seen;
        }
      }
    }
    return seen;
  }

  /** Refuses every later append. */
  void close() {
    append(CLOSED);
  }

  /**
   * Returns whether the queue is closed and holds nothing any more. Clears out what was cancelled, since
   * there may be no taker left to do so.
   */
  boolean finish() {
    for (Segment segment = head; segment != null; segment = after(segment)) {
      for (int at = segment.taken(); at < segment.capacity(); at++) {
        for (Runnable there = segment.get(at); there != TAKEN; there = segment.get(at)) {
          if (there == null || there == CLOSED) {
            return there == CLOSED;
          }
          if (!isGone(there)) {
            return false;
          }
          segment.take(at, there);
        }
      }
    }
    return false;
  }

  /** Takes this very task out, wherever it stands, and returns whether it was still there. */
  boolean remove(Runnable task) {
    for (Segment segment = head; segment != null; segment = after(segment)) {
      for (int at = segment.taken(); at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null) {
          return false;
        }
        if (there == task && segment.take(at, task)) {
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
    for (Segment segment = head; segment != null; segment = after(segment)) {
      for (int at = segment.taken(); at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null) {
          break;
        }
        if (isGone(there)) {
          segment.take(at, there);
        }
      }
    }
    trim();
  }

  /** Moves the head past what was taken out where it stood; so nobody need walk over it while no taker comes. */
  private void trim() {
    Segment segment;
    do {
      segment = head;
      int at = segment.taken();
      while (at < segment.capacity() && segment.get(at) == TAKEN) {
        at++;
      }
      segment.setTaken(at);
      if (at < segment.capacity()) {
        return;
      }
    } while (leave(segment));
  }

  /** Returns the first task that waits under the limit of the pool, or null if there is none. */
  @Nullable
  Ticket firstToExpire() {
    for (Segment segment = head; segment != null; segment = after(segment)) {
      for (int at = segment.taken(); at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null) {
          return null;
        }
        Ticket ticket = inOrder(there);
        if (ticket != null) {
          return ticket;
        }
      }
    }
    return null;
  }

  /** Returns when the first task that waits was submitted, or {@link TaskClock#UNTIMED} if none tells. */
  long firstSubmission() {
    for (Segment segment = head; segment != null; segment = after(segment)) {
      for (int at = segment.taken(); at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null) {
          return TaskClock.UNTIMED;
        }
        PoolTask task = PoolTask.of(there);
        if (task != null && !task.isGone() && task.submittedAt() != TaskClock.UNTIMED) {
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
    for (Segment segment = head; more && segment != null; segment = after(segment)) {
      for (int at = segment.taken(); more && at < segment.capacity(); at++) {
        Runnable there = segment.get(at);
        if (there == null) {
          more = false;
          continue;
        }
        Ticket ticket = inOrder(there);
        more = ticket == null || ticket.expiresAt() - now <= 0;
        if (ticket != null && more && segment.take(at, there)) {
          taker.accept((PoolTask) there);
        }
      }
    }
    trim();
  }

  /** Returns the ticket of what stands in a slot, if it is a task that waits under the limit of the pool. */
  private static @Nullable Ticket inOrder(Runnable there) {
    PoolTask task = PoolTask.of(there);
    Ticket ticket = task == null ? null : task.ticket();
    return ticket != null && ticket.expiresWithPool() && !requireNonNull(task).isGone()
        ? ticket
        : null;
  }

  /** Returns the segment that follows, or null behind the last one. */
  private @Nullable Segment after(Segment segment) {
    Segment next = segment.next;
    return next == segment ? head : next;
  }

  private static boolean isGone(Runnable task) {
    PoolTask own = PoolTask.of(task);
    return own != null && own.isGone();
  }

  /** What stands in a slot instead of a task. */
  private static final class Mark implements Runnable {
    @Override
    public void run() {
      throw new AssertionError("no task");
    }
  }

  /*
   * A segment's fields, on three cache lines and more: what takers write, what hardly anybody writes, and
   * what producers write; and nothing behind these, where the array would stand, whose length all read.
   * The JVM lays out the fields of a superclass first.
   */

  private abstract static class TakersFields {
    /** The hint of the takers. */
    volatile int taken;
  }

  @SuppressWarnings("unused")
  private abstract static class PaddingOfTakers extends TakersFields {
    private long p0;
    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;
  }

  private abstract static class CommonFields extends PaddingOfTakers {
    final Runnable[] slots;

    volatile @Nullable Segment next;

    CommonFields(int capacity) {
      this.slots = new Runnable[capacity];
    }
  }

  @SuppressWarnings("unused")
  private abstract static class PaddingOfProducers extends CommonFields {
    private long p0;
    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;

    PaddingOfProducers(int capacity) {
      super(capacity);
    }
  }

  private abstract static class ProducersFields extends PaddingOfProducers {
    /** The hint of the producers. */
    volatile int filled;

    ProducersFields(int capacity) {
      super(capacity);
    }
  }

  @SuppressWarnings("unused")
  static final class Segment extends ProducersFields {
    static final VarHandle NEXT = field(CommonFields.class, "next", Segment.class);
    private static final AtomicIntegerFieldUpdater<TakersFields> TAKEN_HINT =
        AtomicIntegerFieldUpdater.newUpdater(TakersFields.class, "taken");
    private static final AtomicIntegerFieldUpdater<ProducersFields> FILLED_HINT =
        AtomicIntegerFieldUpdater.newUpdater(ProducersFields.class, "filled");
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Runnable[].class);

    private long p0;
    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;

    Segment(int capacity) {
      super(capacity);
    }

    Segment(int capacity, Runnable first) {
      super(capacity);
      slots[0] = first;
    }

    int capacity() {
      return slots.length;
    }

    @Nullable
    Runnable get(int at) {
      return (Runnable) SLOT.getVolatile(slots, at);
    }

    @Nullable
    Runnable putIfNull(int at, Runnable task) {
      return (Runnable) SLOT.compareAndExchange(slots, at, (Runnable) null, task);
    }

    boolean take(int at, Runnable task) {
      return SLOT.compareAndSet(slots, at, task, TAKEN);
    }

    int filled() {
      return filled;
    }

    void setFilled(int below) {
      FILLED_HINT.lazySet(this, below);
    }

    int taken() {
      return taken;
    }

    void setTaken(int below) {
      TAKEN_HINT.lazySet(this, below);
    }
  }
}
