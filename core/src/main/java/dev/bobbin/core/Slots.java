package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** All slots of a team, and the stack of those whose workers are idle, newest first. */
final class Slots {
  /*
   * The array only grows: it is replaced by a longer copy with one CAS, and a slot keeps its index.
   * A slot belongs to the worker in its `holder`, claimed by CAS from null and given back by a write
   * of null, so that the next holder sees all that the last one wrote.
   *
   * The stack is a versioned Treiber stack, as in ForkJoinPool: the head holds a version that every
   * push and pop raises and the index of the top slot plus one. A pop that read `below` of a slot
   * which was popped and pushed again meanwhile fails by the version. The version has 32 bits: a pop
   * would have to sleep through an exact multiple of four thousand million operations to be deceived.
   *
   * Anybody pushes at any time, but only one thread at a time takes off: the one that has set the
   * team's waking bit, until the worker that it woke clears it. So the links below the top belong to
   * that one, and it can take a slot out of the middle: a push changes the top alone.
   */
  private static final long INDEX_MASK = 0xFFFF_FFFFL;
  private static final long ONE_VERSION = 1L << 32;

  private final AtomicReference<Slot[]> all = new AtomicReference<>(new Slot[0]);
  private final AtomicLong top = new AtomicLong();

  /** Returns the slots made so far. The array must not be changed. */
  Slot[] all() {
    return all.get();
  }

  /** Gives the worker a slot that nobody holds. */
  Slot claim(Worker worker) {
    for (; ; ) {
      Slot[] slots = all.get();
      for (Slot slot : slots) {
        if (slot.holder.get() == null && slot.holder.compareAndSet(null, worker)) {
          return slot;
        }
      }
      var fresh = new Slot(slots.length);
      fresh.holder.set(worker);
      Slot[] longer = Arrays.copyOf(slots, slots.length + 1);
      longer[slots.length] = fresh;
      if (all.compareAndSet(slots, longer)) {
        return fresh;
      }
    }
  }

  /** Returns whether a worker without a task is on its way to one. */
  boolean anyLooking() {
    return anyIn(Slot.LOOKING, Slot.LOOKING);
  }

  /** Returns whether a worker without a task is on its way to one, or is about to claim one or has just done so. */
  boolean anyLookingOrTaking() {
    return anyIn(Slot.LOOKING, Slot.TAKING);
  }

  private boolean anyIn(int oneState, int otherState) {
    for (Slot slot : all.get()) {
      int state = slot.state();
      if (state == oneState || state == otherState) {
        return true;
      }
    }
    return false;
  }

  int countBusy() {
    int busy = 0;
    for (Slot slot : all.get()) {
      if (slot.state() == Slot.BUSY) {
        busy++;
      }
    }
    return busy;
  }

  void push(Slot slot) {
    for (; ; ) {
      long head = top.get();
      slot.below = (int) (head & INDEX_MASK);
      if (top.compareAndSet(head, versionAfter(head) | (slot.index + 1))) {
        return;
      }
    }
  }

  /** Returns the slot pushed last, or null if the stack is empty. */
  @Nullable
  Slot pop() {
    for (; ; ) {
      long head = top.get();
      int index = (int) (head & INDEX_MASK);
      if (index == 0) {
        return null;
      }
      Slot slot = all.get()[index - 1];
      if (top.compareAndSet(head, versionAfter(head) | slot.below)) {
        return slot;
      }
    }
  }

  /**
   * Returns the slot that has been on the stack for longest, or null if the stack is empty. Called, as
   * {@link #pop}, by whoever has set the waking bit.
   */
  @Nullable
  Slot popOldest() {
    int index = (int) (top.get() & INDEX_MASK);
    Slot[] slots = all.get(); // after the top: what stands there is among them
    Slot oldest = null;
    while (index != 0) {
      oldest = slots[index - 1];
      index = oldest.below;
    }
    return oldest != null && takeOut(oldest) ? oldest : null;
  }

  /** Returns the worker whose thread this is, or null if there is none. */
  @Nullable
  Worker workerOf(Thread thread) {
    for (Slot slot : all.get()) {
      Worker worker = slot.holder.get();
      if (worker != null && worker.thread() == thread) {
        return worker;
      }
    }
    return null;
  }

  /**
   * Takes this very slot off the stack, wherever it is; false if it is not there. Called, as {@link #pop},
   * by whoever has set the waking bit.
   */
  boolean takeOut(Slot slot) {
    for (; ; ) {
      long head = top.get();
      int index = (int) (head & INDEX_MASK);
      if (index == slot.index + 1) {
        if (top.compareAndSet(head, versionAfter(head) | slot.below)) {
          return true;
        }
        continue; // something was pushed on top of it
      }
      Slot[] slots = all.get();
      while (index != 0) {
        Slot above = slots[index - 1];
        if (above.below == slot.index + 1) {
          above.below = slot.below;
          return true;
        }
        index = above.below;
      }
      return false;
    }
  }

  private static long versionAfter(long head) {
    // more slots than workers only while some that have left still hold theirs
    assert (head & INDEX_MASK) <= 2 * PoolSizes.LIMIT : head;
    return (head & ~INDEX_MASK) + ONE_VERSION;
  }
}
