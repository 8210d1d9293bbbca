package dev.bobbin.context;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** The scoped values of JDK 25 and later, which is asked for by method handles: older JDKs lack them. */
final class ScopedValues {
  private static final int FIRST = 25;

  private static final @Nullable ScopedValues HERE =
      Runtime.version().feature() >= FIRST ? new ScopedValues() : null;

  private final Class<?> type;

  /* (scoped value) -> boolean, (scoped value) -> its value. */
  private final MethodHandle isBound;
  private final MethodHandle get;

  /* (scoped value, value) -> carrier, (carrier, scoped value, value) -> carrier, (carrier, body) -> void. */
  private final MethodHandle where;
  private final MethodHandle and;
  private final MethodHandle run;

  private ScopedValues() {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    try {
      type = Class.forName("java.lang.ScopedValue");
      Class<?> carrier = Class.forName("java.lang.ScopedValue$Carrier");
      isBound = lookup
          .findVirtual(type, "isBound", MethodType.methodType(boolean.class))
          .asType(MethodType.methodType(boolean.class, Object.class));
      get = lookup
          .findVirtual(type, "get", MethodType.methodType(Object.class))
          .asType(MethodType.genericMethodType(1));
      where = lookup
          .findStatic(type, "where", MethodType.methodType(carrier, type, Object.class))
          .asType(MethodType.genericMethodType(2));
      and = lookup
          .findVirtual(carrier, "where", MethodType.methodType(carrier, type, Object.class))
          .asType(MethodType.genericMethodType(3));
      run = lookup
          .findVirtual(carrier, "run", MethodType.methodType(void.class, Runnable.class))
          .asType(MethodType.methodType(void.class, Object.class, Runnable.class));
    } catch (ReflectiveOperationException other) {
      throw new IllegalStateException(
          "The scoped values of Java %s are not those of Java %d."
              .formatted(Runtime.version(), FIRST),
          other);
    }
  }

  /** Returns those of this JDK, or null if it has none. */
  static @Nullable ScopedValues here() {
    return HERE;
  }

  /** Returns whether it is a scoped value: what the other methods ask for as a key. */
  boolean isKey(Object object) {
    return type.isInstance(object);
  }

  /** Returns whether the calling thread has a value for it. */
  boolean isBound(Object key) {
    try {
      return (boolean) isBound.invokeExact(key);
    } catch (Throwable thrown) {
      throw Undo.<RuntimeException>unchecked(thrown);
    }
  }

  /** Returns the calling thread's value, which may be null. */
  @Nullable
  Object get(Object key) {
    try {
      return get.invokeExact(key);
    } catch (Throwable thrown) {
      throw Undo.<RuntimeException>unchecked(thrown);
    }
  }

  /** Runs the body with these values for these keys, of which there is one at least; throws what it throws. */
  void run(Object[] keys, @Nullable Object[] values, Runnable body) {
    try {
      Object carrier = where.invokeExact(keys[0], values[0]);
      for (int i = 1; i < keys.length; i++) {
        carrier = and.invokeExact(carrier, keys[i], values[i]);
      }
      run.invokeExact(carrier, body);
    } catch (Throwable thrown) {
      throw Undo.<RuntimeException>unchecked(thrown);
    }
  }
}
