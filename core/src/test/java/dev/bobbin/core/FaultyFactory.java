package dev.bobbin.core;

import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread factory that does wrong what it is told to do wrong. */
final class FaultyFactory implements WorkerThreadFactory {
  /** What it does when it is asked for a thread. */
  enum Fault {
    NONE(""),
    NULL("returned null"),
    EXCEPTION("threw java.lang.IllegalStateException"),
    ERROR("threw java.lang.NoClassDefFoundError"),
    NO_NATIVE_THREAD("threw java.lang.OutOfMemoryError"),
    STARTED("returned a thread that was started before"),
    DEAD("returned a thread that was started before");

    private final String words;

    Fault(String words) {
      this.words = words;
    }

    /** Returns what the pool says of it. */
    String textFor(String thread) {
      return "Pool 'p': thread factory 'faulty' "
          + words
          + " when "
          + thread
          + " was needed. It must return a new thread that runs the given body and was not started.";
    }
  }

  private final AtomicInteger asked = new AtomicInteger();
  private volatile Fault fault;

  /** How many threads it still makes before it begins to do wrong. */
  private final AtomicInteger good;

  FaultyFactory(Fault fault) {
    this(fault, 0);
  }

  FaultyFactory(Fault fault, int good) {
    this.fault = fault;
    this.good = new AtomicInteger(good);
  }

  /** Returns a builder of a pool named p that uses this factory. */
  ThreadPools.Builder pool(int min, int max) {
    return ThreadPools.builder(
            Testing.config(min, max).toBuilder().threadFactory("faulty").build())
        .threadFactory(this);
  }

  void set(Fault fault) {
    this.fault = fault;
  }

  int asked() {
    return asked.get();
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public Thread newThread(WorkerThreadSettings settings, Runnable body) {
    asked.incrementAndGet();
    var thread = new Thread(body, settings.threadName());
    if (good.getAndDecrement() > 0) {
      return thread;
    }
    return switch (fault) {
      case NONE -> thread;
      case NULL -> null;
      case EXCEPTION -> throw new IllegalStateException("out of order");
      case ERROR -> throw new NoClassDefFoundError("out/of/Order");
      case STARTED -> {
        thread.start();
        yield thread;
      }
      case DEAD -> {
        thread.start();
        joinOf(thread);
        yield thread;
      }
      case NO_NATIVE_THREAD ->
        new Thread(body, settings.threadName()) {
          @Override
          public synchronized void start() {
            throw new OutOfMemoryError("unable to create native thread");
          }
        };
    };
  }

  private static void joinOf(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException(interrupt);
    }
  }
}
