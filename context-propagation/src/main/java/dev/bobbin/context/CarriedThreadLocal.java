package dev.bobbin.context;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One thread-local that a {@link ThreadLocalPropagator} carries. Null counts as absent. */
final class CarriedThreadLocal<T> {
  private final String key;
  private final ThreadLocal<T> local;
  private final UnaryOperator<T> copy;

  /**
   * Whether null is as good as removed. A thread-local of the JDK's own class has no initial value, so
   * nobody can tell; and a worker whose entry stays for the next task has not to make one each time.
   */
  private final boolean plain;

  CarriedThreadLocal(String key, ThreadLocal<T> local, UnaryOperator<T> copy) {
    this.key = key;
    this.local = local;
    this.copy = copy;
    this.plain = local.getClass() == ThreadLocal.class;
  }

  String key() {
    return key;
  }

  ThreadLocal<T> local() {
    return local;
  }

  /** Returns what is to travel, or null if the calling thread has no value. */
  @Nullable
  Object captured() {
    T value = local.get();
    return value == null ? null : copy.apply(value);
  }

  /** Returns the calling thread's value, for {@link #put} to put back. */
  @Nullable
  Object present() {
    return local.get();
  }

  /** Sets what {@link #captured} or {@link #present} returned on the calling thread. */
  @SuppressWarnings("unchecked") // only what those returned comes back here
  void put(@Nullable Object value) {
    if (value == null && !plain) {
      local.remove();
    } else {
      local.set((T) value);
    }
  }
}
