package dev.bobbin.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A virtual thread per task, where the JDK has that: looked up, since this is compiled for 17. */
final class VirtualThreads {
  private static final @Nullable MethodHandle MAKER = maker();

  private VirtualThreads() {}

  private static @Nullable MethodHandle maker() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              Executors.class,
              "newVirtualThreadPerTaskExecutor",
              MethodType.methodType(ExecutorService.class));
    } catch (NoSuchMethodException absent) {
      return null;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static ExecutorService executor() {
    if (MAKER == null) {
      throw new UnsupportedOperationException(
          "Virtual threads need Java 21, this is " + Runtime.version().feature() + ".");
    }
    try {
      return (ExecutorService) MAKER.invokeExact();
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
