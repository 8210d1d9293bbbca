package dev.bobbin.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What the broken variants of {@link BrokenVariantsTest} do in place of the right thing. */
final class Broken {
  private static final VarHandle SLOT_STATE;

  static {
    try {
      SLOT_STATE = MethodHandles.privateLookupIn(Slot.class, MethodHandles.lookup())
          .findVarHandle(Slot.class, "state", int.class);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  private Broken() {}

  /** Writes the state without the fence behind it. */
  static void writeStateWithRelease(Slot slot, int state) {
    SLOT_STATE.setRelease(slot, state);
  }

  /** Looks, then writes: two steps where there must be one. */
  static boolean compareAndSet(VarHandle handle, PoolFuture<?> future, int from, int to) {
    if ((int) handle.getVolatile(future) != from) {
      return false;
    }
    handle.setVolatile(future, to);
    return true;
  }

  /** Fills the slot of a lane without the fence behind it. */
  static boolean compareAndSet(
      AtomicReferenceArray<Object> slots, int slot, Object from, Object to) {
    if (slots.getAcquire(slot) != from) {
      return false;
    }
    slots.setRelease(slot, to);
    return true;
  }
}
