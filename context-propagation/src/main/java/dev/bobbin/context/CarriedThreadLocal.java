package dev.bobbin.context;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One thread-local that a {@link ThreadLocalPropagator} carries. Null counts as absent. */
record CarriedThreadLocal<T>(String key, ThreadLocal<T> local, UnaryOperator<T> copy) {

  /** Returns what is to travel, or null if the calling thread has no value. */
  @Nullable
  Object captured() {
    T value = local.get();
    return value == null ? null : copy.apply(value);
  }

  /** Sets a captured value on the calling thread, and has {@code undo} put back what was there. */
  @SuppressWarnings("unchecked") // Only what captured() returned comes back here.
  void install(@Nullable Object captured, Undo undo) {
    T before = local.get();
    undo.note(() -> put(before));
    put((T) captured);
  }

  private void put(@Nullable T value) {
    if (value == null) {
      local.remove();
    } else {
      local.set(value);
    }
  }
}
