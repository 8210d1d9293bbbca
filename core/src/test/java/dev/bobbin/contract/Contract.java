package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;

/** What the parts of the {@link ExecutorServiceContract} have in common. */
interface Contract {
  /**
   * Returns a new executor that runs as many tasks side by side as it has threads, and takes any
   * number that wait, in their order.
   */
  ExecutorService newExecutor(int threads);

  /** Returns a new executor with all that a check needs to end it. */
  default Tested open(int threads) {
    return new Tested(newExecutor(threads), threads);
  }

  /** Returns what the future's task threw, as {@code get} tells it. */
  static Throwable failureOf(Future<?> future) {
    return assertThrows(ExecutionException.class, () -> Patience.get(future)).getCause();
  }

  /** Returns the future as a stage; the check does not apply where {@code submit} gives none. */
  static <T> CompletableFuture<T> stage(Future<T> future) {
    Assumptions.assumeTrue(
        future instanceof CompletableFuture, "submit gives no CompletableFuture");
    return (CompletableFuture<T>) future;
  }

  /** Asserts that the call refuses a null. */
  static void refusesNull(org.junit.jupiter.api.function.Executable call) {
    assertInstanceOf(NullPointerException.class, assertThrows(Throwable.class, call));
  }

  /** Throws the throwable, whatever it is, from code that may not. */
  @SuppressWarnings("unchecked") // that is the trick
  static <X extends Throwable> void sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
