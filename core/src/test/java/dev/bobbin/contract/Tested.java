package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An executor under test with the gates and calls of one check. Closing it opens the gates, ends the
 * executor, and fails if it will not end.
 */
final class Tested implements AutoCloseable {
  private final ExecutorService executor;
  private final int threads;
  private final List<Gate> gates = new ArrayList<>();
  private final List<Beside<?>> besides = new ArrayList<>();

  Tested(ExecutorService executor, int threads) {
    this.executor = executor;
    this.threads = threads;
  }

  ExecutorService executor() {
    return executor;
  }

  /** Returns a new gate, opened at the end of the check at the latest. */
  Gate gate() {
    var gate = new Gate();
    gates.add(gate);
    return gate;
  }

  /** Keeps every thread busy; returns the gate that lets them go. */
  Gate occupied() throws InterruptedException {
    Gate gate = gate();
    for (int i = 0; i < threads; i++) {
      executor.execute(gate.task());
    }
    gate.awaitCome(threads);
    return gate;
  }

  /** Makes the call on a thread of its own, which is interrupted at the end of the check. */
  <T> Beside<T> beside(Callable<T> work) {
    var beside = new Beside<>(work);
    besides.add(beside);
    return beside;
  }

  /** Shuts the executor down, and waits until it has run everything. */
  void drain() throws InterruptedException {
    executor.shutdown();
    awaitTermination();
  }

  void awaitTermination() throws InterruptedException {
    assertTrue(
        executor.awaitTermination(Patience.millis(), TimeUnit.MILLISECONDS),
        () -> "it does not terminate: " + executor);
  }

  @Override
  public void close() {
    gates.forEach(Gate::open);
    executor.shutdownNow();
    besides.forEach(Beside::interrupt);
    try {
      awaitTermination();
    } catch (InterruptedException interrupt) {
      throw new AssertionError("an interrupt was left behind on the thread of the test", interrupt);
    }
  }
}
