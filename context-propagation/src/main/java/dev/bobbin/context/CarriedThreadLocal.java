package dev.bobbin.context;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One thread-local that a {@link ThreadLocalPropagator} carries. Null counts as absent. */
final class CarriedThreadLocal<T> implements Carried {
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

  @Override
  public String key() {
    return key;
  }

  ThreadLocal<T> local() {
    return local;
  }

  @Override
  public @Nullable Object captured() {
    T value = local.get();
    return value == null ? null : copy.apply(value);
  }

  @Override
  public @Nullable Object present() {
    return local.get();
  }

  @Override
  @SuppressWarnings("unchecked") // only what captured and present returned comes back here
  public void put(@Nullable Object value) {
    if (value == null && !plain) {
      local.remove();
    } else {
      local.set((T) value);
    }
  }

  @Override
  public void putBack(@Nullable Object before) {
    put(before);
  }
}
