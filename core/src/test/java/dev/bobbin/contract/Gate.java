package dev.bobbin.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A gate that tasks stand before: it knows how many have come, and lets all pass when it is opened. */
final class Gate {
  private final Semaphore came = new Semaphore(0);
  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  void open() {
    open.countDown();
  }

  /** Waits until so many more tasks have come. */
  void awaitCome(int tasks) throws InterruptedException {
    if (!came.tryAcquire(tasks, Patience.millis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "%d tasks were to come to the gate, %d did".formatted(tasks, came.availablePermits()));
    }
  }

  void awaitCome() throws InterruptedException {
    awaitCome(1);
  }

  /** Waits until a task that stands here was interrupted. */
  void awaitInterrupted() throws InterruptedException {
    Patience.await(interrupted, "the interrupt of the task before the gate");
  }

  boolean wasInterrupted() {
    return interrupted.getCount() == 0;
  }

  /** Stands before the gate; an interrupt ends it. */
  void pass() throws InterruptedException {
    came.release();
    try {
      open.await();
    } catch (InterruptedException interrupt) {
      interrupted.countDown();
      throw interrupt;
    }
  }

  /** Stands before the gate, whatever interrupts. */
  void passInSpiteOfInterrupts() {
    came.release();
    for (boolean passed = false; !passed; ) {
      try {
        open.await();
        passed = true;
      } catch (InterruptedException interrupt) {
        interrupted.countDown();
      }
    }
  }

  /** Returns a task that stands here and ends quietly when it is interrupted. */
  Runnable task() {
    return () -> {
      try {
        pass();
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Returns a task that stands here, whatever interrupts, then has this value. */
  <T> Callable<T> stubbornlyThen(T value) {
    return () -> {
      passInSpiteOfInterrupts();
      return value;
    };
  }

  /** Returns a task that stands here, then has this value. */
  <T> Callable<T> then(T value) {
    return () -> {
      pass();
      return value;
    };
  }
}
