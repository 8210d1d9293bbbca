package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 9: a heap that is really full, which takes a JVM of its own with a small one. */
@Tag("stress")
class HeapExhaustionTest {
  private static final boolean LONG = "long".equals(System.getProperty("bobbin.proof"));
  private static final String FORM = "-Dbobbin.proof=" + System.getProperty("bobbin.proof");
  private static final int ROUNDS = LONG ? 100 : 5;

  /** How many submissions are tried in a full heap: each finds a little more room than the last. */
  private static final int SUBMISSIONS = LONG ? 400 : 60;

  /** The heap as a chain of blocks, which nothing but this field holds. */
  private static volatile Object[] kept;

  /** Takes all there is, down to the last few bytes, and keeps it. */
  private static OutOfMemoryError fill() {
    for (int size = 1 << 20; ; ) {
      try {
        kept = new Object[] {kept, new byte[size]};
      } catch (OutOfMemoryError full) {
        if (size == 0) {
          return full;
        }
        size /= 8;
      }
    }
  }

  private static void free() {
    kept = null;
  }

  /** Counts what it is told of, without any need for memory. */
  private static final class Counting implements FailureReporter {
    final AtomicInteger told = new AtomicInteger();

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public void report(FailureReport report) {
      assertSame(OutOfMemoryError.class, report.throwable().getClass());
      told.incrementAndGet();
    }
  }

  /** What becomes of the memory that a task has taken when it ends. */
  enum Garbage {
    /** It is free at once. */
    IS_FREE,
    /** Another thread lets it go, some time after the task has filled the heap. */
    IS_FREED_BY_ANOTHER,
    /** The next task lets it go, so there is none for the report. */
    STAYS
  }

  /** Runs tasks that fill the heap, each followed by one that finds the worker as it was. */
  static final class Tasks {
    private static volatile boolean full;
    private static volatile boolean ranAll;
    private static volatile boolean over;

    public static void main(String[] args) throws Exception {
      Garbage garbage = Garbage.valueOf(args[0]);
      var reporter = new Counting();
      var threads = new ArrayList<CompletableFuture<Thread>>();
      var failed = new ArrayList<CompletableFuture<?>>();
      var told = new AtomicInteger();
      boolean waits = garbage != Garbage.STAYS;
      try (ThreadPool pool = Testing.pool(1, 1).failureReporter(reporter).build()) {
        pool.execute(() -> {
          throw new OutOfMemoryError("so that the classes of a report are there");
        });
        for (int i = 0; i < ROUNDS; i++) {
          pool.execute(() -> exhaust(garbage));
          pool.execute(HeapExhaustionTest::free);
          threads.add(pool.submit(Thread::currentThread));
          if (waits) {
            failed.add(pool.submit(() -> exhaust(garbage)));
            pool.callInThreadWithCallback(
                outcome -> told.addAndGet(outcome.isSuccess() ? 0 : 1), () -> exhaust(garbage));
          }
        }
        if (garbage == Garbage.IS_FREED_BY_ANOTHER) {
          var freer = new Thread(Tasks::freeNowAndThen, "freer");
          freer.setDaemon(true);
          freer.start();
        }
        pool.execute(HeapExhaustionTest::free);
        pool.execute(() -> ranAll = true);
        pool.start();
        while (!ranAll) {
          Thread.onSpinWait(); // to wait in any other way takes memory
        }
        for (CompletableFuture<Thread> thread : threads) {
          assertSame(Testing.get(threads.get(0)), Testing.get(thread));
        }
        for (CompletableFuture<?> future : failed) {
          assertSame(
              OutOfMemoryError.class,
              future.handle((value, thrown) -> thrown.getClass()).get());
        }
        var numbers = Testing.stopped(pool);
        over = true;
        assertEquals(3 + (waits ? 5 : 3) * ROUNDS, numbers.accepted());
        assertEquals(1 + (waits ? 3 : 1) * ROUNDS, numbers.failed());
        assertEquals(2 + 2 * ROUNDS, numbers.completed());
        assertEquals(waits ? ROUNDS : 0, told.get());
      }
      if (garbage == Garbage.IS_FREE) {
        assertEquals(1 + ROUNDS, reporter.told.get());
      }
      System.out.println("worked");
    }

    private static Object exhaust(Garbage garbage) {
      OutOfMemoryError thrown = fill();
      if (garbage == Garbage.IS_FREE) {
        free();
      }
      full = true;
      throw thrown;
    }

    private static void freeNowAndThen() {
      while (!over) {
        LockSupport.parkNanos(1_000_000);
        if (full) {
          full = false;
          free();
        }
      }
    }
  }

  /** Submits in a heap with less room than a submission needs, then a little more, and so on. */
  static final class Submissions {
    private final ThreadPool pool;
    private final AtomicInteger ran = new AtomicInteger();
    private final Runnable task = ran::incrementAndGet;
    private final Callable<Integer> work = ran::incrementAndGet;

    /** The work may have run, and yet there may be no room for its result: then the task has failed. */
    private final AtomicInteger toldOfFailure = new AtomicInteger();

    private final OutcomeCallback<Integer> callback = this::count;
    private int returned;
    private int thrown;

    Submissions(ThreadPool pool) {
      this.pool = pool;
    }

    public static void main(String[] args) throws Exception {
      try (ThreadPool pool = Testing.pool(0, 2).start()) {
        new Submissions(pool).run();
      }
      System.out.println("worked");
    }

    private void run() throws Exception {
      for (int i = 0; i < 30; i++) { // loads what a submission needs
        Testing.get(pool.submit(() -> 1));
        submit(i % 3);
        returned++;
      }
      for (int i = 0; i < SUBMISSIONS; i++) {
        fill();
        for (int room = 0; room < i % 60 && kept != null; room++) {
          kept = (Object[]) kept[0];
        }
        try {
          submit(i % 3);
          returned++;
        } catch (OutOfMemoryError | TaskRejectedException full) {
          thrown++;
        }
        free();
        assertEquals(1, Testing.get(pool.submit(() -> 1)), "the pool works afterwards");
        while (i % 10 < 5 && pool.stopAWorker()) {
          // the next submission makes a thread, or meets one that leaves
        }
      }
      var numbers = Testing.stopped(pool);
      assertEquals(returned, ran.get(), () -> thrown + " thrown, " + numbers);
      assertEquals(
          numbers.accepted(),
          numbers.completed() + numbers.failed() + numbers.discarded(),
          numbers::toString);
      assertTrue(toldOfFailure.get() <= numbers.failed(), numbers::toString);
      System.out.println(returned + " returned, " + thrown + " were thrown");
    }

    private void count(Outcome<Integer> outcome) {
      if (!outcome.isSuccess()) {
        toldOfFailure.incrementAndGet();
      }
    }

    private void submit(int form) {
      switch (form) {
        case 0 -> pool.execute(task);
        case 1 -> pool.submit(task);
        default -> pool.callInThreadWithCallback(callback, work);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Garbage.class)
  void fault09_workerLivesAndTheBooksBalance_whenTasksFillTheHeap(Garbage garbage)
      throws Exception {
    List<String> lines = ForkedJvm.of(Tasks.class)
        .options("-Xmx12m", "-XX:+UseSerialGC", "-ea", FORM)
        .within(Held.LONG_SECONDS * (LONG ? 20 : 2))
        .run(garbage)
        .lines(0);
    assertEquals("worked", lines.get(lines.size() - 1));
  }

  @Test
  void fault09_submissionIsRunOrThrown_whenTheHeapIsFull() throws Exception {
    List<String> lines = ForkedJvm.of(Submissions.class)
        .options("-Xmx8m", "-XX:+UseSerialGC", "-XX:-UseTLAB", "-ea", FORM)
        .within(Held.LONG_SECONDS * (LONG ? 20 : 2))
        .run()
        .lines(0);
    assertEquals("worked", lines.get(lines.size() - 1));
  }
}
