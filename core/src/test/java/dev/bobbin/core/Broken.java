package dev.bobbin.core;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What the broken variants of {@link BrokenVariantsTest} do in place of the right thing. */
final class Broken {
  private Broken() {}

  /** Looks, then writes: two steps where there must be one. */
  static boolean compareAndSet(VarHandle handle, PoolFuture<?> future, byte from, byte to) {
    if ((byte) handle.getVolatile(future) != from) {
      return false;
    }
    handle.setVolatile(future, to);
    return true;
  }

  /** Claims the slot of a lane without a fence. */
  static boolean compareAndSet(
      VarHandle handle, Runnable[] slots, int slot, Runnable from, Runnable to) {
    if ((Runnable) handle.getAcquire(slots, slot) != from) {
      return false;
    }
    handle.setRelease(slots, slot, to);
    return true;
  }

  /** Fills the slot of a lane without the fence behind it. */
  static @Nullable Runnable compareAndExchange(
      VarHandle handle, Runnable[] slots, int slot, @Nullable Runnable from, Runnable to) {
    Runnable there = (Runnable) handle.getAcquire(slots, slot);
    if (there == from) {
      handle.setRelease(slots, slot, to);
    }
    return there;
  }
}
