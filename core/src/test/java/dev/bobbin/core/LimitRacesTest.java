package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.TaskTimedOutException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of limits of time, explored by a model checker as in {@link TeamRacesTest}: between a
 * worker, a submitter, a canceller or a stop on one side and the timer or an errand on the other.
 */
@Tag("proof")
class LimitRacesTest {
  /** How many interleavings the short form explores. */
  private static final int INVOCATIONS = 30;

  private static final long LIMIT = 10;
  private static final ThreadPoolConfig FREE =
      ThreadPoolConfig.builder("race").minWorkers(1).maxWorkers(1).build();
  private static final ThreadPoolConfig WAIT_LIMITED =
      FREE.toBuilder().maxWait(Duration.ofNanos(LIMIT)).build();
  private static final TaskOptions MAX_WAIT =
      TaskOptions.builder().maxWait(Duration.ofNanos(LIMIT)).build();
  private static final TaskOptions MAX_RUN =
      TaskOptions.builder().maxRun(Duration.ofNanos(LIMIT)).build();

  static {
    // Their texts need classes that the JDK loads with locks of its own, which the model checker
    // must
    // not meet.
    new TaskTimedOutException("race", "task", Duration.ofNanos(LIMIT));
    new TaskDiscardedException("race", RejectionReason.EXPIRED, null);
    var stopped = new Bench(FREE).pool;
    stopped.shutdown();
    assertThrows(TaskRejectedException.class, () -> stopped.execute(() -> {}));
  }

  private static void explore(Runnable scenario) {
    Proofs.explore(INVOCATIONS, scenario);
  }

  private static void race(Runnable first, Runnable second) {
    Thread one = new Thread(first);
    Thread two = new Thread(second);
    one.start();
    two.start();
    joinThroughInterrupts(one);
    joinThroughInterrupts(two);
  }

  /** A task may race two threads, of which one interrupts it. */
  private static void joinThroughInterrupts(Thread thread) {
    for (; ; ) {
      try {
        thread.join();
        return;
      } catch (InterruptedException interrupt) {
        // it goes on
      }
    }
  }

  /** Forbids: an expired task is given up by the errand and by the worker, or by neither, or runs. */
  @Test
  void race12_sweepAgainstTake_endsEachTaskOnce() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      CompletableFuture<?> first = bench.submit(bench.pool);
      CompletableFuture<?> second = bench.submit(bench.pool);
      bench.seams.pass(LIMIT);
      race(bench.seams::runErrands, () -> {
        bench.step();
        bench.step();
      });
      bench.finish(2);
      assertEquals(0, bench.ran.get());
      assertTrue(first.isCompletedExceptionally() && second.isCompletedExceptionally());
    });
  }

  /** Forbids: a task that a sweep takes out of its lane is taken by a worker too, or one is lost. */
  @Test
  void race12_sweepOfALane_takesNoTaskTwiceAndLosesNone() {
    explore(() -> {
      var lane = new Lane(2);
      var expired = new ArrayList<Integer>();
      var taken = new ArrayList<Integer>();
      for (int i = 0; i < 3; i++) {
        lane.append(new Numbered(i));
      }
      race(() -> lane.takeExpired(LIMIT, task -> expired.add(((Numbered) task).number)), () -> {
        take(lane, taken);
        lane.append(new Numbered(3));
        take(lane, taken);
      });
      while (take(lane, taken)) {}
      var all = new ArrayList<Integer>(expired);
      all.addAll(taken);
      Collections.sort(all);
      assertEquals(List.of(0, 1, 2, 3), all);
      for (int i = 1; i < taken.size(); i++) {
        assertTrue(taken.get(i - 1) < taken.get(i), "in order");
      }
    });
  }

  private static boolean take(Lane lane, List<Integer> taken) {
    Runnable task = lane.poll();
    return task != null && taken.add(((Numbered) task).number);
  }

  /** Forbids: a task whose time comes while a worker takes it ends twice or not at all. */
  @Test
  void race12_timerAgainstTake_endsTheTaskOnce() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      CompletableFuture<?> future = bench.submit(bench.pool);
      race(
          () -> {
            bench.seams.pass(LIMIT);
            bench.seams.runErrands();
          },
          bench::step);
      bench.finish(1);
      assertTrue(future.isDone());
      assertEquals(0, bench.seams.entries());
    });
  }

  /** Forbids: the alarm of one task is left with the timer, or its task ends twice. */
  @Test
  void race12_ownAlarmAgainstTake_endsTheTaskOnce_andLeavesNoAlarm() {
    explore(() -> {
      var bench = new Bench(FREE);
      ThreadPool own = bench.pool.with(MAX_WAIT);
      race(() -> bench.submit(own), bench::step);
      assertEquals(1 - bench.ran.get(), bench.seams.entries());
      race(
          () -> {
            bench.seams.pass(LIMIT);
            bench.seams.runErrands();
          },
          bench::step);
      bench.finish(1);
      assertEquals(0, bench.seams.entries());
    });
  }

  /** Forbids: a task is both cancelled and given up. */
  @Test
  void race12_expiryAgainstCancel_endsTheTaskOnce() {
    explore(() -> {
      var bench = new Bench(FREE);
      CompletableFuture<?> future = bench.submit(bench.pool.with(MAX_WAIT));
      bench.seams.pass(LIMIT);
      boolean[] cancelled = new boolean[1];
      race(bench.seams::runErrands, () -> cancelled[0] = future.cancel(false));
      bench.finish(1);
      assertEquals(cancelled[0], future.isCancelled());
      assertEquals(cancelled[0] ? 1 : 0, bench.pool.statistics().cancelled());
      assertEquals(cancelled[0] ? 0 : 1, bench.pool.statistics().discarded());
    });
  }

  /** Forbids: the end comes before an expired task was told of, or a task is told of twice. */
  @Test
  void race10_expiryAgainstAStopThatGivesUp_endsEachTaskOnce() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      CompletableFuture<?> first = bench.submit(bench.pool);
      CompletableFuture<?> second = bench.submit(bench.pool.with(MAX_WAIT));
      bench.seams.pass(LIMIT);
      race(bench.seams::runErrands, bench.pool::shutdownNow);
      bench.finish(2);
      assertEquals(2, bench.pool.statistics().discarded());
      assertTrue(first.isCompletedExceptionally() && second.isCompletedExceptionally());
    });
  }

  /** Forbids: the end comes while an errand still tells of what it has claimed. */
  @Test
  void race11_endWaitsForTheErrand() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      CompletableFuture<?> future = bench.submit(bench.pool);
      bench.seams.pass(LIMIT);
      future.whenComplete((value, failure) -> assertFalse(bench.pool.isTerminated()));
      CompletableFuture<?> seen = future.handle((value, failure) -> bench.pool.isTerminated());
      race(bench.seams::runErrands, () -> {
        bench.pool.shutdown();
        bench.step();
        bench.step();
      });
      bench.finish(1);
      assertEquals(false, seen.join());
    });
  }

  /** Forbids: the sweep finds nothing, the submitter finds it set, and the task waits without an alarm. */
  @Test
  void expiry_submitAgainstASweepThatFindsNothing_leavesNoTaskWithoutAnAlarm() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      bench.submit(bench.pool);
      bench.step();
      CompletableFuture<?>[] late = new CompletableFuture<?>[1];
      race(() -> late[0] = bench.submit(bench.pool), () -> bench.seams.pass(LIMIT));
      bench.seams.pass(LIMIT);
      bench.seams.runErrands();
      assertTrue(late[0].isCompletedExceptionally(), "it has expired");
      bench.finish(2);
    });
  }

  /** Forbids: two submitters each leave the alarm to the other. */
  @Test
  void expiry_twoSubmitters_haveOneAlarm() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      race(() -> bench.submit(bench.pool), () -> bench.submit(bench.pool));
      assertEquals(1, bench.seams.entries());
      bench.seams.pass(LIMIT);
      bench.seams.runErrands();
      assertEquals(2, bench.pool.statistics().discarded());
      bench.finish(2);
    });
  }

  /** Forbids: the pool has ended, and the submitter of its last task sets an alarm all the same. */
  @Test
  void expiry_submitAgainstTheEnd_leavesNoAlarm() {
    explore(() -> {
      var bench = new Bench(WAIT_LIMITED);
      int[] accepted = {1};
      race(
          () -> {
            try {
              bench.submit(bench.pool);
            } catch (TaskRejectedException stopping) {
              accepted[0] = 0;
            }
          },
          () -> {
            bench.step();
            bench.pool.shutdown();
            bench.step();
          });
      bench.finish(accepted[0]);
      assertEquals(0, bench.seams.entries());
    });
  }

  /** Forbids: an interrupt meant for a future that ends hits the next task. */
  @Test
  void race13_interruptOfALimit_neverHitsTheTaskAfterAFuture() {
    explore(() -> {
      var bench = new Bench(FREE);
      CompletableFuture<?> future = bench.pool.with(MAX_RUN).submit(() -> bench.seams.pass(LIMIT));
      bench.seesNoInterrupt();
      assertTrue(future.isDone());
    });
  }

  /** Forbids: an interrupt meant for work that ends hits its callback, or the next task. */
  @Test
  void race13_interruptOfALimit_neverHitsTheCallback() {
    explore(() -> {
      var bench = new Bench(FREE);
      bench.pool.with(MAX_RUN).callInThreadWithCallback(outcome -> bench.look(), () -> {
        bench.seams.pass(LIMIT);
        return 1;
      });
      bench.seesNoInterrupt();
      assertEquals(2, bench.looks.get());
    });
  }

  /** Forbids: a task has timed out and was cancelled, or its future tells its value though it timed out. */
  @Test
  void race13_limitAgainstCancel_oneWins() {
    explore(() -> {
      var bench = new Bench(FREE);
      ThreadPool limited = bench.pool.with(MAX_RUN);
      CompletableFuture<?>[] future = new CompletableFuture<?>[1];
      boolean[] cancelled = new boolean[1];
      future[0] = limited.submit(() -> {
        bench.seams.pass(LIMIT);
        race(bench.seams::runErrands, () -> cancelled[0] = future[0].cancel(true));
      });
      bench.step();
      assertTrue(future[0].isDone());
      assertEquals(cancelled[0], future[0].isCancelled());
      assertTrue(future[0].isCompletedExceptionally());
      assertEquals(cancelled[0] ? 1 : 0, bench.pool.statistics().cancelled());
    });
  }

  /** Forbids: who adds an errand leaves it to a thread that has looked for the last time. */
  @Test
  void errands_addAgainstTheEndOfTheThread_losesNone() {
    explore(() -> {
      var bench = new Bench(FREE);
      Errands errands = bench.pool.team().errands();
      var done = new AtomicInteger();
      errands.add(errand(errands, done));
      race(() -> errands.add(errand(errands, done)), bench.seams::runErrands);
      bench.seams.runErrands();
      assertEquals(2, done.get());
    });
  }

  private static Errands.Errand errand(Errands errands, AtomicInteger done) {
    return new Errands.Errand(errands) {
      @Override
      void act(Team team) {
        done.incrementAndGet();
      }
    };
  }

  /** A task under the limit of its pool, which has expired. */
  private static final class Numbered extends WorkTask {
    private static final Terms TERMS = Terms.of(WAIT_LIMITED);

    final int number;
    private final Ticket ticket = Ticket.of(TERMS);

    Numbered(int number) {
      super(null);
      this.number = number;
    }

    @Override
    public Ticket ticket() {
      return ticket;
    }

    @Override
    public boolean claim() {
      return true;
    }

    @Override
    public boolean claimToDiscard() {
      return true;
    }

    @Override
    public boolean isGone() {
      return false;
    }

    @Override
    public long submittedAt() {
      return TaskClock.UNTIMED;
    }

    @Override
    public void run() {}

    @Override
    public void runBody(TaskRunner runner, CapturedContexts context, Slot slot) {}

    @Override
    public void failBody(Throwable thrown, TaskRunner runner, CapturedContexts context, Slot slot) {
      throw new AssertionError("it has no context that could fail", thrown);
    }

    @Override
    public Ending ending() {
      return Ending.COMPLETED;
    }

    @Override
    public void complete(Slot slot) {}

    @Override
    public void discard(TaskRunner runner, TaskDiscardedException reason) {}

    @Override
    public Runnable bareWork() {
      return this;
    }

    @Override
    public String description() {
      return "task " + number;
    }
  }

  /** A running pool of one worker, which is stepped. */
  private static final class Bench {
    final ManualSeams seams = new ManualSeams();
    final Pool pool;
    final Worker worker;
    final AtomicInteger ran = new AtomicInteger();
    final AtomicInteger looks = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();

    Bench(ThreadPoolConfig config) {
      var threads = new WorkerThreadFactory() {
        @Override
        public String name() {
          return "unstarted";
        }

        @Override
        public Thread newThread(WorkerThreadSettings settings, Runnable body) {
          return new Thread(body);
        }
      };
      pool = new Pool(config, new Wiring(threads, List.of(), List.of()), null, false, null, seams);
      pool.start();
      worker = seams.begin(pool.team());
    }

    CompletableFuture<?> submit(ThreadPool to) {
      return to.submit(ran::incrementAndGet);
    }

    void step() {
      seams.step(pool.team(), worker);
    }

    /** Notes whether the calling thread is interrupted. */
    void look() {
      looks.incrementAndGet();
      if (Thread.currentThread().isInterrupted()) {
        interrupted.incrementAndGet();
      }
    }

    /** Races the first task, whose limit is reached as it ends, with the errand; a second one follows. */
    void seesNoInterrupt() {
      pool.execute(this::look);
      race(seams::runErrands, () -> {
        step();
        step();
      });
      seams.runErrands();
      seams.runUntilQuiet(pool.team());
      assertEquals(0, interrupted.get());
      assertEquals(2, pool.statistics().completed());
      assertEquals(0, seams.entries());
    }

    /** Runs what is left, stops, and asserts that each task has ended once. */
    void finish(int submitted) {
      seams.runErrands();
      seams.runUntilQuiet(pool.team());
      pool.shutdown();
      seams.runUntilQuiet(pool.team());
      PoolStatistics numbers = pool.statistics();
      assertEquals(PoolState.STOPPED, numbers.state(), numbers::toString);
      assertEquals(submitted, numbers.accepted(), numbers::toString);
      assertEquals(ran.get(), numbers.completed(), numbers::toString);
      assertEquals(
          submitted,
          numbers.completed() + numbers.cancelled() + numbers.discarded(),
          numbers::toString);
    }
  }
}
