package dev.bobbin.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;

/** Threads that all do the same work, each time they are told to go. */
final class Producers {
  private final CyclicBarrier begin;
  private final Runnable work;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  Producers(int count, Runnable work) {
    this.begin = new CyclicBarrier(count + 1);
    this.work = work;
    for (int i = 0; i < count; i++) {
      var thread = new Thread(this::produce, "producer-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void produce() {
    try {
      while (true) {
        begin.await();
        if (closed) {
          return;
        }
        work.run();
      }
    } catch (InterruptedException | BrokenBarrierException ended) {
      failure = new IllegalStateException(ended);
    } catch (RuntimeException refused) {
      failure = refused;
    }
  }

  /** Lets all begin, and returns at once. */
  void go() throws InterruptedException, BrokenBarrierException {
    begin.await();
  }

  /** Throws what one of them threw. */
  void check() {
    if (failure != null) {
      throw new IllegalStateException("A producer failed.", failure);
    }
  }

  /** Ends the threads, which must be waiting to be told to go. */
  void end() throws InterruptedException, BrokenBarrierException {
    check();
    closed = true;
    go();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
