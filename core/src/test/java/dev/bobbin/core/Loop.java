package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** An event loop as somebody may write one. A closed one refuses, and has run what it was given. */
final class Loop implements Executor, AutoCloseable {
  private static final Runnable END = () -> {};

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "loop");
  private boolean closed;

  Loop() {
    thread.setDaemon(true);
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public synchronized void execute(Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("the loop is closed");
    }
    tasks.add(task);
  }

  private void run() {
    try {
      for (Runnable task = tasks.take(); task != END; task = tasks.take()) {
        task.run();
      }
    } catch (InterruptedException interrupt) {
      // this is its end
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      tasks.add(END);
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(Held.LONG_SECONDS));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    assertFalse(thread.isAlive(), "the loop did not end");
  }

  /** An executor that runs nothing until it is told to. */
  static final class ByHand implements Executor {
    private final List<Runnable> tasks = new ArrayList<>();

    @Override
    public synchronized void execute(Runnable task) {
      tasks.add(task);
    }

    synchronized int waiting() {
      return tasks.size();
    }

    void awaitOne() {
      Testing.eventually("something was handed over", () -> waiting() > 0);
    }

    /** Runs what it has, and forgets it. */
    void runAll() {
      List<Runnable> taken;
      synchronized (this) {
        taken = List.copyOf(tasks);
        tasks.clear();
      }
      taken.forEach(Runnable::run);
    }
  }
}
