package dev.bobbin.spi.threads;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The one place that reaches {@code Thread.ofVirtual()}, by method handles, since the byte code is
 * for a JDK that lacks it. The handles are looked up once, when first needed.
 */
final class VirtualThreadBuilder {
  private VirtualThreadBuilder() {}

  /** Returns whether the running JDK has virtual threads, without the cost of looking for the handles. */
  static boolean isPresent() {
    return Runtime.version().feature() >= 21;
  }

  /**
   * Returns a virtual thread that was not started and inherits no thread-locals.
   *
   * @throws UnsupportedOperationException if the running JDK has no virtual threads
   */
  static Thread unstarted(String name, Runnable body) {
    MethodHandle unstarted = Handles.UNSTARTED;
    if (unstarted == null) {
      throw new UnsupportedOperationException("Virtual threads need JDK 21 or later, this is JDK "
          + Runtime.version().feature()
          + ". Choose the thread factory 'platform'.");
    }
    try {
      return (Thread) unstarted.invokeExact(name, body);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new IllegalStateException("Thread.ofVirtual() threw a checked exception", thrown);
    }
  }

  private static final class Handles {
    static final @Nullable MethodHandle UNSTARTED = find();

    /** Returns (name, body) -> Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name).unstarted(body). */
    private static @Nullable MethodHandle find() {
      try {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
        Class<?> builder = Class.forName("java.lang.Thread$Builder");
        MethodHandle make =
            lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
        MethodHandle inherit = lookup.findVirtual(
            ofVirtual,
            "inheritInheritableThreadLocals",
            MethodType.methodType(ofVirtual, boolean.class));
        MethodHandle name =
            lookup.findVirtual(ofVirtual, "name", MethodType.methodType(ofVirtual, String.class));
        MethodHandle unstarted = lookup.findVirtual(
            builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
        MethodHandle prepared =
            MethodHandles.filterReturnValue(make, MethodHandles.insertArguments(inherit, 1, false));
        MethodHandle named =
            MethodHandles.collectArguments(name, 0, prepared); // (String) -> OfVirtual
        MethodHandle asBuilder = named.asType(named.type().changeReturnType(builder));
        return MethodHandles.collectArguments(
            unstarted, 0, asBuilder); // (String, Runnable) -> Thread
      } catch (ReflectiveOperationException absent) {
        return null;
      }
    }
  }
}
