package dev.bobbin.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of the engine, each explored by a model checker over the interleavings of two threads
 * that call the very class {@link Team}. Workers have no threads here: a race is between the calls
 * that a submitter, a stopper or a resizer makes and the steps of a worker. What both leave is then run
 * until nothing moves: a task that is stranded stays unrun.
 *
 * <p>The numbers are those of the team's overview. The model checker explores orders, not missing
 * fences.
 */
@Tag("proof")
class TeamRacesTest {
  private static final Terms URGENT = Terms.of(
      ThreadPoolConfig.builder("urgent").build(),
      TaskOptions.builder().priority(Priority.HIGH).build());

  /** How many interleavings the short form explores, where a race does not say. */
  private static final int INVOCATIONS = 75;

  private static final long KEEP = TimeUnit.SECONDS.toNanos(1);
  private static final long LINGER = TimeUnit.MICROSECONDS.toNanos(20);
  private static final KeepAlive.Rule STAYING = new KeepAlive.Rule(KEEP, 0);

  private static final ThreadPoolConfig CONFIG =
      ThreadPoolConfig.builder("race").minWorkers(1).maxWorkers(1).build();

  static {
    // Its text needs classes that the JDK loads with locks of its own, which the model checker must
    // not meet.
    assertFalse(new Bench(0, 0)
        .team
        .refusal(RejectionReason.NO_THREAD, null)
        .getMessage()
        .isEmpty());
  }

  static void explore(Runnable scenario) {
    Proofs.explore(INVOCATIONS, scenario);
  }

  static void explore(int invocations, Runnable scenario) {
    Proofs.explore(invocations, scenario);
  }

  static void awaitEnd(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }

  /** Asks the handle itself: a copy would be told on another thread, which the explorer does not know. */
  private static boolean isInForce(CompletionStage<PoolSizes> handle) {
    return ((CompletableFuture<PoolSizes>) handle).isDone();
  }

  static void race(Runnable first, Runnable second) {
    Thread one = new Thread(first);
    Thread two = new Thread(second);
    one.start();
    two.start();
    try {
      one.join();
      two.join();
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }

  /** Forbids: the submitter sees nobody idle, the worker sees nothing waiting, and the worker parks. */
  @Test
  void race01_submitAgainstPark_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      race(
          () -> {
            bench.submit();
            bench.submit();
          },
          () -> {
            bench.step(worker);
            bench.step(worker);
          });
      bench.finish(2);
    });
  }

  /** Forbids: one worker takes the first of two tasks and nobody tells the other of the second. */
  @Test
  void race02_submittersAgainstAWakingWorker_strandNoTask() {
    explore(() -> {
      var bench = new Bench(2, 2);
      bench.team.start();
      Worker first = bench.seams.begin(bench.team);
      Worker second = bench.seams.begin(bench.team);
      bench.step(first);
      bench.submit();
      race(
          () -> {
            bench.submit();
            bench.step(second);
          },
          () -> {
            bench.step(first);
            bench.step(first);
          });
      bench.finish(2);
    });
  }

  /** Forbids: a worker takes the first of two tasks, which never ends, and has told nobody of the second. */
  @Test
  void race02_submitAgainstATakerWhoseTaskNeverEnds_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(2, 2);
      bench.team.start();
      Worker first = bench.seams.begin(bench.team);
      Worker second = bench.seams.begin(bench.team);
      bench.step(first);
      bench.step(second);
      bench.team.submit(() -> {
        throw new ManualSeams.NeverEnds();
      });
      race(bench::submit, () -> {
        bench.step(first);
        bench.step(second);
      });
      bench.seams.runUntilQuiet(bench.team);
      assertEquals(1, bench.ran.get());
    });
  }

  /** Forbids: a worker that takes a task overlooks the first one that ever comes into another lane. */
  @Test
  void race02_submitOfTheFirstOfAnotherLevel_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(2, 2);
      bench.team.start();
      Worker first = bench.seams.begin(bench.team);
      Worker second = bench.seams.begin(bench.team);
      bench.step(first);
      bench.step(second);
      bench.team.submit(() -> {
        throw new ManualSeams.NeverEnds();
      });
      var urgent = new PlainTask(
          () -> bench.ran.incrementAndGet(), null, TaskClock.UNTIMED, Ticket.of(URGENT));
      race(() -> bench.team.submit(urgent), () -> {
        bench.step(first);
        bench.step(second);
      });
      bench.seams.runUntilQuiet(bench.team);
      assertEquals(1, bench.ran.get());
    });
  }

  /** Forbids: a woken worker holds back while all others are idle, and nobody ends its pause. */
  @Test
  void race02_holdingBackAgainstPark_leavesSomebodyActive() {
    explore(() -> {
      var bench = new Bench(2, 2);
      Worker first = bench.makeIdle(2);
      Slot[] slots = bench.team.slots();
      Worker second = requireNonNull(slots[first.slot() == slots[0] ? 1 : 0].holder.get());
      bench.submit();
      Worker active = first.isWoken() ? first : second;
      Worker woken = active == first ? second : first;
      for (int i = 0; i < 36; i++) {
        bench.submit();
      }
      for (int i = 0; i < 37; i++) {
        bench.step(active);
      }
      assertTrue(woken.isWoken(), "the second is on its way");
      var over = new CountDownLatch(1);
      bench.seams.duringPause = () -> awaitEnd(over);
      race(() -> bench.step(woken), () -> {
        bench.step(active);
        over.countDown();
      });
      boolean activeIsIdle = active.isParked() && active.isCounted() && !active.isWoken();
      assertFalse(activeIsIdle && bench.seams.pausing() != null);
      bench.finish(37);
    });
  }

  /** Forbids: the submitter relies on a worker that lingers, and that sees nothing and parks. */
  @Test
  void race01_submitAgainstTheEndOfALinger_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(2, 2);
      Worker worker = bench.lingering();
      bench.seams.pass(LINGER);
      race(
          () -> {
            bench.submit();
            bench.submit();
          },
          () -> bench.step(worker));
      bench.finish(3);
    });
  }

  /** Forbids: two that find nothing linger, each with the bit, or a task is left to neither. */
  @Test
  void race01_twoThatFindNothing_strandNoTask() {
    explore(() -> {
      var bench = new Bench(2, 2);
      List<Worker> both = bench.activeBoth();
      bench.seams.linger = LINGER;
      race(
          () -> {
            bench.step(both.get(0));
            bench.submit();
          },
          () -> bench.step(both.get(1)));
      assertFalse(both.get(0).holdsWaking && both.get(1).holdsWaking, "there is one bit");
      bench.seams.pass(LINGER);
      bench.finish(3);
    });
  }

  /** Forbids: the alarm of a keep-alive wakes somebody although one lingers, or loses the bit. */
  @Test
  void race07_keepAliveAgainstLinger_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(1, 2, STAYING);
      Worker worker = bench.lingering();
      bench.seams.linger = 0;
      race(() -> bench.seams.pass(KEEP), () -> bench.step(worker));
      bench.submit();
      bench.finish(2);
      bench.assertAllLeaveInTheEnd(1);
    });
  }

  /** Forbids: a stop relies on a worker that lingers, and that parks. */
  @Test
  void race09_stopAgainstTheEndOfALinger_endsTheTeam() {
    explore(() -> {
      var bench = new Bench(2, 2);
      Worker worker = bench.lingering();
      bench.seams.pass(LINGER);
      race(bench.team::beginStop, () -> bench.step(worker));
      bench.finishStopped(1);
    });
  }

  /** Forbids: a lowered maximum relies on a worker that lingers, and that parks. */
  @Test
  void race06_resizeAgainstTheEndOfALinger_bringsTheSizesIntoForce() {
    explore(() -> {
      var bench = new Bench(2, 2);
      Worker worker = bench.lingering();
      bench.seams.pass(LINGER);
      race(() -> bench.resize(1, 1), () -> bench.step(worker));
      bench.finish(1);
      assertEquals(1, bench.team.countWorkers());
    });
  }

  /** Forbids: a thread that could not be made takes the one look with it that the task relied on. */
  @Test
  void race04_failingFactoryAgainstPark_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(1, 2);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      bench.factoryFails = true;
      race(
          () -> {
            bench.submit();
            bench.submit();
          },
          () -> bench.step(worker));
      bench.finish(2);
    });
  }

  /** Forbids: a worker leaves by the old maximum once the new minimum is in force. */
  @Test
  void race06_resizeAgainstRetire_keepsTheMinimum() {
    explore(() -> {
      var bench = new Bench(2, 2);
      bench.team.start();
      Worker first = bench.seams.begin(bench.team);
      Worker second = bench.seams.begin(bench.team);
      race(
          () -> {
            bench.resize(1, 1);
            bench.resize(2, 2);
          },
          () -> {
            bench.step(first);
            bench.step(second);
          });
      bench.finish(0);
      assertEquals(2, bench.seams.alive());
    });
  }

  /** Forbids: the minimum is said to be in force, and a worker leaves by older sizes. */
  @Test
  void race06_resizeAgainstRetire_keepsTheMinimumThatIsInForce() {
    explore(600, () -> {
      var bench = new Bench(2, 2);
      bench.team.start();
      Worker first = bench.seams.begin(bench.team);
      bench.seams.begin(bench.team);
      race(
          () -> {
            bench.resize(1, 1);
            bench.nobodyMayBeMissing = isInForce(bench.team.adjust(sizes -> new PoolSizes(2, 2)));
          },
          () -> bench.step(first));
      bench.finish(0);
      assertEquals(2, bench.seams.alive());
      assertFalse(bench.somebodyWasMissing);
    });
  }

  /** Forbids: a lowered maximum is said to be in force, and one thread more is made by the old one. */
  @Test
  void race06_resizeAgainstGrow_keepsTheMaximumThatIsInForce() {
    explore(() -> {
      var bench = new Bench(0, 2);
      bench.team.start();
      bench.submit();
      var handle = new AtomicReference<CompletionStage<PoolSizes>>();
      race(bench::submit, () -> handle.set(bench.team.adjust(sizes -> new PoolSizes(0, 1))));
      boolean inForce = handle.get().toCompletableFuture().isDone();
      int workers = bench.team.statistics().workers();
      assertTrue(!inForce || workers <= 1, () -> workers + " workers");
      bench.finish(2);
      assertEquals(1, bench.seams.alive());
    });
  }

  /** Forbids: two resizes that cross leave the sizes of one and the workers of the other. */
  @Test
  void race06_crossingResizes_endAtTheLast() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      bench.seams.begin(bench.team);
      race(() -> bench.resize(3, 3), () -> bench.resize(2, 2));
      bench.finish(0);
      assertEquals(bench.team.sizes().minWorkers(), bench.seams.alive());
    });
  }

  /** Forbids: who leaves makes a thread for the new minimum, fails, and strands who relied on it. */
  @Test
  void race06_leaverThatCannotMakeTheMinimum_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      bench.resize(0, 0);
      bench.factoryFails = true;
      race(
          () -> {
            bench.resize(1, 1);
            bench.submit();
          },
          () -> bench.step(worker));
      bench.seams.runUntilQuiet(bench.team);
      PoolStatistics numbers = bench.team.statistics();
      assertTrue(numbers.backlog() == 0 || numbers.workers() > 0, numbers::toString);
    });
  }

  /** Forbids: the worker that the timer lets go is the one that a task has been promised, or below it. */
  @Test
  void race07_keepAliveAgainstWake_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(0, 2, STAYING);
      bench.makeIdle(2);
      race(() -> bench.seams.pass(KEEP), () -> {
        bench.submit();
        bench.submit();
        bench.seams.runUntilQuiet(bench.team);
      });
      bench.finish(2);
      assertEquals(bench.seams.alive(), bench.team.statistics().workers());
      bench.assertAllLeaveInTheEnd(0);
    });
  }

  /** Forbids: the timer takes a slot from the bottom of the stack that a push is about to stand on. */
  @Test
  void race07_keepAliveAgainstPark_losesNobody() {
    explore(() -> {
      var bench = new Bench(0, 2, STAYING);
      bench.makeIdle(1);
      bench.team.startWorker();
      Worker second = bench.seams.begin(bench.team);
      race(() -> bench.seams.pass(KEEP), () -> bench.step(second));
      bench.submit();
      bench.submit();
      bench.finish(2);
      bench.assertAllLeaveInTheEnd(0);
    });
  }

  /** Forbids: a task comes as the last worker leaves, and nobody runs it. */
  @Test
  void race07_leaveAgainstSubmit_strandsNoTask_whenTheMinimumIsZero() {
    explore(() -> {
      var bench = new Bench(0, 1, STAYING);
      Worker worker = bench.makeIdle(1);
      bench.seams.pass(KEEP);
      race(() -> bench.step(worker), bench::submit);
      bench.finish(1);
      bench.assertAllLeaveInTheEnd(0);
    });
  }

  /** Forbids: a worker leaves after its keep-alive by the old minimum once the new one is in force. */
  @Test
  void race07_leaveAgainstResize_keepsTheMinimum() {
    explore(() -> {
      var bench = new Bench(1, 2, STAYING);
      bench.makeIdle(2);
      bench.seams.pass(KEEP);
      race(() -> bench.seams.runUntilQuiet(bench.team), () -> bench.resize(2, 2));
      bench.finish(0);
      assertEquals(2, bench.seams.alive());
    });
  }

  /** Forbids: one leaves after its keep-alive and one is dismissed, and both go by the same surplus. */
  @Test
  void race07_leaveAgainstDismissal_keepsTheMinimum() {
    explore(() -> {
      var bench = new Bench(1, 2, STAYING);
      bench.makeIdle(2);
      bench.seams.pass(KEEP);
      race(() -> bench.seams.runUntilQuiet(bench.team), bench.team::dismissWorker);
      bench.finish(0);
      assertEquals(1, bench.seams.alive());
    });
  }

  /** Forbids: a worker leaves, the team stops, and neither of the two ends it. */
  @Test
  void race07_leaveAgainstStop_endsTheTeam() {
    explore(() -> {
      var bench = new Bench(0, 1, STAYING);
      Worker worker = bench.makeIdle(1);
      race(
          () -> {
            bench.seams.pass(KEEP);
            bench.step(worker);
          },
          bench.team::beginStop);
      bench.finishStopped(0);
      assertEquals(0, bench.seams.entries());
    });
  }

  /** Forbids: the worker sees an alarm that is set, the alarm sees nobody idle, and nobody sets another. */
  @Test
  void race07_parkAgainstAnAlarmThatFindsNobody_isTimed() {
    explore(() -> {
      var bench = new Bench(0, 1, STAYING);
      Worker worker = bench.makeIdle(1);
      bench.seams.pass(KEEP - 1);
      bench.submit();
      bench.step(worker); // takes the task: the alarm that is set will find nobody, or it again
      race(() -> bench.seams.pass(1), () -> bench.step(worker));
      bench.finish(1);
      assertEquals(1, bench.seams.entries());
      bench.assertAllLeaveInTheEnd(0);
    });
  }

  /** Forbids: the one worker that was woken for a task leaves, and nobody is told of the task. */
  @Test
  void race08_retireAgainstWake_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(0, 2);
      bench.team.start();
      bench.team.startWorker();
      bench.team.startWorker();
      bench.seams.runUntilQuiet(bench.team);
      race(
          () -> {
            bench.submit();
            bench.seams.runUntilQuiet(bench.team);
          },
          () -> bench.resize(0, 1));
      bench.finish(1);
      assertTrue(bench.seams.alive() <= 1);
    });
  }

  /** Forbids: a dismissed worker leaves with a task waiting, or below the minimum. */
  @Test
  void race08_dismissAgainstSubmit_strandsNoTask() {
    explore(() -> {
      var bench = new Bench(0, 1);
      bench.team.start();
      bench.team.startWorker();
      Worker worker = bench.seams.begin(bench.team);
      race(
          () -> {
            bench.team.dismissWorker();
            bench.submit();
          },
          () -> {
            bench.step(worker);
            bench.step(worker);
          });
      bench.finish(1);
    });
  }

  /** Forbids: a task is accepted after the last worker has gone. */
  @Test
  void race09_submitAgainstStop_runsOrRefuses() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      race(
          () -> {
            bench.submit();
            bench.step(worker);
          },
          bench.team::beginStop);
      bench.finishStopped(1);
      assertEquals(0, bench.discarded.get());
    });
  }

  /** Forbids: shutdown of a team never started sees nothing waiting, and gives up what came meanwhile. */
  @Test
  void race09_submitAgainstShutdownOfANewTeam_runsOrRefuses() {
    explore(() -> {
      var bench = new Bench(0, 1);
      race(bench::submit, bench.team::beginShutdown);
      bench.finishStopped(1);
      assertEquals(0, bench.discarded.get());
    });
  }

  /** Forbids: a task gets in behind the back of a stop that has given up what waited. */
  @Test
  void race09_submitAgainstStopOfANewTeam_discardsOrRefuses() {
    explore(600, () -> {
      var bench = new Bench(0, 1);
      race(bench::submit, bench.team::beginStop);
      bench.finishStopped(1);
      assertEquals(0, bench.ran.get());
    });
  }

  /** Forbids: a stop that has given up leaves a task running that nobody has interrupted. */
  @Test
  void race10_giveUpAgainstTake_interruptsWhatItLeavesRunning() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      var gaveUp = new AtomicBoolean();
      var missed = new AtomicBoolean();
      bench.team.submit(() -> {
        bench.ran.incrementAndGet();
        missed.set(gaveUp.get() && !worker.thread().isInterrupted());
      });
      race(
          () -> {
            bench.team.giveUp();
            gaveUp.set(true);
          },
          () -> bench.step(worker));
      bench.finishStopped(1);
      assertFalse(missed.get());
    });
  }

  /** Forbids: a task is both run and given up, or neither. */
  @Test
  void race10_giveUpAgainstTake_endsEachTaskOnce() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.submit();
      bench.submit();
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      race(bench.team::giveUp, () -> {
        bench.step(worker);
        bench.step(worker);
      });
      bench.finishStopped(2);
    });
  }

  /** Forbids: a start goes on in a team that a stop has ended, or the end is missed. */
  @Test
  void race11_startAgainstStop_ends() {
    explore(() -> {
      var bench = new Bench(1, 2);
      bench.submit();
      race(
          () -> {
            try {
              bench.team.start();
            } catch (IllegalStateException stopped) {
              // the stop was first
            }
          },
          bench.team::beginStop);
      bench.finishStopped(1);
    });
  }

  /** Forbids: a cancelled task runs, or a task that runs is counted as never taken. */
  @Test
  void race12_cancelAgainstTake_endsTheTaskOnce() {
    explore(1_500, () -> {
      var seams = new ManualSeams();
      var runs = new AtomicInteger();
      Pool pool = pool(seams);
      pool.start();
      Worker worker = seams.begin(pool.team());
      CompletableFuture<Integer> future = pool.submit(runs::incrementAndGet);
      boolean[] cancelled = new boolean[1];
      race(() -> cancelled[0] = future.cancel(false), () -> seams.step(pool.team(), worker));
      seams.runUntilQuiet(pool.team());
      PoolStatistics numbers = pool.statistics();
      assertEquals(cancelled[0], future.isCancelled());
      assertTrue(future.isDone());
      assertEquals(cancelled[0] ? 1 : 0, numbers.cancelled());
      assertEquals(cancelled[0] ? 0 : 1, numbers.completed());
      assertEquals(0, numbers.backlog() + numbers.running());
    });
  }

  /** Forbids: an interrupt meant for a cancelled task hits the next one. */
  @Test
  void race13_interruptOfACancelledTask_neverHitsTheNext() {
    explore(() -> {
      var seams = new ManualSeams();
      var interruptedNext = new AtomicInteger();
      Pool pool = pool(seams);
      pool.start();
      Worker worker = seams.begin(pool.team());
      CompletableFuture<?> future = pool.submit(() -> {});
      pool.execute(() -> {
        if (Thread.currentThread().isInterrupted()) {
          interruptedNext.incrementAndGet();
        }
      });
      race(() -> future.cancel(true), () -> {
        seams.step(pool.team(), worker);
        seams.step(pool.team(), worker);
      });
      seams.runUntilQuiet(pool.team());
      assertEquals(0, interruptedNext.get());
    });
  }

  /** Forbids: with nobody alive and no thread to be had, a task waits for ever or is ended twice. */
  @Test
  void race14_submittersWithoutAnyThread_areAllTold() {
    explore(() -> {
      var bench = new Bench(0, 2);
      bench.team.start();
      bench.factoryFails = true;
      race(bench::submit, bench::submit);
      bench.seams.runUntilQuiet(bench.team);
      PoolStatistics numbers = bench.team.statistics();
      assertEquals(0, numbers.backlog());
      assertEquals(0, numbers.workers());
      assertEquals(numbers.accepted(), numbers.discarded());
      assertEquals(2, numbers.discarded() + numbers.refused());
    });
  }

  /** Forbids: the waiter sees the worker busy, the worker sees nobody waiting, and nobody is told. */
  @Test
  void race16_awaitIdleAgainstPark_isTold() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      bench.submit();
      Worker worker = bench.seams.begin(bench.team);
      var waiter = new IdleWaiter(bench.team);
      race(waiter::enterAndLook, () -> {
        bench.step(worker);
        bench.step(worker);
      });
      waiter.assertKnows();
    });
  }

  /** Forbids: a waiter is told of an idle moment before the task that it submitted itself. */
  @Test
  void race16_awaitIdleAfterASubmission_isNotToldOfWhatWasBefore() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      new IdleWaiter(bench.team).enterAndLook(); // so that the worker has somebody to tell
      var waiter = new IdleWaiter(bench.team);
      race(
          () -> {
            bench.submit();
            waiter.enterAndLook();
          },
          () -> bench.step(worker)); // which parks it, or runs the task
      assertTrue(!waiter.knows() || bench.ran.get() == 1, "told too early");
      bench.finish(1);
      waiter.assertKnows();
    });
  }

  /** Forbids: the last one that is in the way leaves, and nobody is told. */
  @Test
  void race16_awaitIdleAgainstALeaver_isTold() {
    explore(() -> {
      var bench = new Bench(0, 1);
      bench.team.start();
      bench.team.startWorker();
      Worker worker = bench.seams.begin(bench.team);
      bench.resize(0, 0);
      var waiter = new IdleWaiter(bench.team);
      race(waiter::enterAndLook, () -> bench.step(worker));
      waiter.assertKnows();
    });
  }

  /** Forbids: the last waiting task is cancelled, and nobody is told. */
  @Test
  void race16_awaitIdleAgainstCancel_isTold() {
    explore(() -> {
      Pool pool = pool(new ManualSeams());
      CompletableFuture<?> future = pool.submit(() -> {});
      var waiter = new IdleWaiter(pool.team());
      race(waiter::enterAndLook, () -> future.cancel(false));
      waiter.assertKnows();
    });
  }

  /** Forbids: the last waiting tasks are discarded, or the thread that failed them leaves, untold. */
  @Test
  void race16_awaitIdleAgainstDiscard_isTold() {
    explore(() -> {
      var bench = new Bench(0, 0);
      bench.team.start();
      bench.submit();
      bench.factoryFails = true;
      var waiter = new IdleWaiter(bench.team);
      race(waiter::enterAndLook, () -> bench.resize(0, 1));
      assertEquals(1, bench.discarded.get());
      waiter.assertKnows();
    });
  }

  /** Forbids: a dependent stage runs on a worker that others believe to be on its way to a task. */
  @Test
  void race17_stageAddedWhileTheFutureCompletes_runsOnABusyWorkerOrOnTheAdder() {
    explore(() -> {
      var seams = new ManualSeams();
      Pool pool = pool(seams);
      pool.start();
      Worker worker = seams.begin(pool.team());
      CompletableFuture<?> future = pool.submit(() -> {});
      Thread[] adder = new Thread[1];
      int[] seen = {-1};
      race(
          () -> {
            adder[0] = Thread.currentThread();
            future.thenRun(() -> {
              if (Thread.currentThread() != adder[0]) {
                seen[0] = worker.slot().state();
              }
            });
          },
          () -> seams.step(pool.team(), worker));
      assertNotEquals(Slot.LOOKING, seen[0]);
    });
  }

  /** Forbids: a task that is off the books when its future completes is still seen to run. */
  @Test
  void race15_waiterOfAFuture_seesSettledBooks() {
    explore(() -> {
      var seams = new ManualSeams();
      Pool pool = pool(seams);
      pool.start();
      Worker worker = seams.begin(pool.team());
      CompletableFuture<?> future = pool.submit(() -> {});
      race(
          () -> {
            if (future.isDone()) {
              PoolStatistics numbers = pool.statistics();
              assertEquals(1, numbers.completed());
              assertEquals(0, numbers.running());
            }
          },
          () -> seams.step(pool.team(), worker));
    });
  }

  /** Forbids: a snapshot shows more ended than taken, or more taken than accepted. */
  @Test
  void race15_snapshotDuringATask_isInOrder() {
    explore(() -> {
      var bench = new Bench(1, 1);
      bench.team.start();
      Worker worker = bench.seams.begin(bench.team);
      race(
          () -> {
            PoolStatistics numbers = bench.team.statistics();
            assertTrue(numbers.running() >= 0 && numbers.running() <= 1, numbers::toString);
            assertTrue(numbers.backlog() >= 0, numbers::toString);
          },
          () -> {
            bench.submit();
            bench.step(worker);
          });
    });
  }

  /** Forbids: a pop that read what lies below a slot which is popped and pushed again meanwhile. */
  @Test
  void race20_popAgainstPopAndPush_losesNoSlotAndDoublesNone() {
    explore(() -> {
      var team = new Bench(0, 0).team;
      var slots = new Slots();
      for (int i = 0; i < 3; i++) {
        slots.push(new Worker(team, "worker", slots).slot());
      }
      var popped = new Slot[2];
      race(() -> popped[0] = slots.pop(), () -> {
        Slot first = slots.pop();
        popped[1] = slots.pop();
        slots.push(first);
      });
      var seen = new HashSet<Slot>(Arrays.asList(popped));
      assertEquals(2, seen.size());
      assertTrue(seen.add(slots.pop()));
      assertNull(slots.pop());
    });
  }

  /** Forbids: the slot taken from the bottom, or one pushed meanwhile, is lost or found twice. */
  @Test
  void race20_popOfTheOldestAgainstPushes_losesNoSlotAndDoublesNone() {
    for (int before = 1; before <= 2; before++) {
      int there = before;
      explore(() -> {
        var team = new Bench(0, 0).team;
        var slots = new Slots();
        var made = new Slot[there + 2];
        for (int i = 0; i < made.length; i++) {
          made[i] = new Worker(team, "worker", slots).slot();
        }
        for (int i = 0; i < there; i++) {
          slots.push(made[i]);
        }
        var popped = new Slot[2];
        race(
            () -> {
              popped[0] = slots.popOldest();
              popped[1] = slots.popOldest();
            },
            () -> {
              slots.push(made[there]);
              slots.push(made[there + 1]);
            });
        assertSame(made[0], popped[0]);
        var seen = new HashSet<Slot>(Arrays.asList(popped));
        for (Slot left = slots.pop(); left != null; left = slots.pop()) {
          assertTrue(seen.add(left));
        }
        seen.remove(null);
        assertEquals(made.length, seen.size());
      });
    }
  }

  static Pool pool(ManualSeams seams) {
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
    return new Pool(CONFIG, new Wiring(threads, List.of(), List.of()), null, false, null, seams);
  }

  /** What a waiter for idleness does before it parks; it must know then, or be told. */
  private static final class IdleWaiter {
    private final Team team;
    private volatile IdleWatch.@Nullable Waiter entered;
    private volatile boolean sawIt;

    IdleWaiter(Team team) {
      this.team = team;
    }

    void enterAndLook() {
      entered = team.idleWatch().enter();
      sawIt = team.isIdle();
    }

    boolean knows() {
      return sawIt || (entered != null && entered.isTold());
    }

    void assertKnows() {
      assertTrue(team.isIdle());
      assertTrue(knows(), "nobody told the waiter");
    }
  }

  /** A team with a host that counts. */
  static final class Bench implements Team.Host {
    final ManualSeams seams = new ManualSeams();
    final Team team;
    final AtomicInteger ran = new AtomicInteger();
    final AtomicInteger discarded = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    volatile boolean factoryFails;
    volatile boolean nobodyMayBeMissing;
    volatile boolean somebodyWasMissing;

    Bench(int min, int max) {
      this(min, max, KeepAlive.Rule.FOR_EVER, ExtraWorkers.NONE);
    }

    Bench(int min, int max, KeepAlive.Rule staying) {
      this(min, max, staying, ExtraWorkers.NONE);
    }

    Bench(int min, int max, ExtraWorkers extras) {
      this(min, max, KeepAlive.Rule.FOR_EVER, extras);
    }

    private Bench(int min, int max, KeepAlive.Rule staying, ExtraWorkers extras) {
      var clock = new TaskClock(ThreadPoolConfig.Timing.OFF, seams::nanoTime);
      team = new Team(
          "race",
          new PoolSizes(min, max),
          ThreadPoolConfig.UNBOUNDED,
          this,
          clock,
          seams,
          new Backlog(2),
          staying,
          extras);
    }

    void submit() {
      try {
        team.submit(ran::incrementAndGet);
      } catch (TaskRejectedException refusal) {
        refused.incrementAndGet();
      }
    }

    /** Starts the team and has so many workers park; returns the last. */
    Worker makeIdle(int workers) {
      team.start();
      while (team.statistics().workers() < workers) {
        team.startWorker();
      }
      Worker last = null;
      for (int i = 0; i < workers; i++) {
        last = seams.begin(team);
      }
      seams.runUntilQuiet(team);
      return requireNonNull(last);
    }

    /** Lets the time go by until nobody is timed any more; that many workers must be left. */
    void assertAllLeaveInTheEnd(int min) {
      for (int i = 0; i < 10 && seams.entries() > 0; i++) {
        seams.pass(KEEP);
        seams.runUntilQuiet(team);
      }
      assertEquals(min, seams.alive());
      assertEquals(0, seams.entries());
    }

    /** Has two idle workers take a task each; what they find next is nothing. */
    List<Worker> activeBoth() {
      Worker last = makeIdle(2);
      Slot[] all = team.slots();
      Worker other = requireNonNull(all[last.slot() == all[0] ? 1 : 0].holder.get());
      submit();
      submit();
      Worker first = last.isWoken() ? last : other;
      Worker second = first == last ? other : last;
      step(first);
      step(second);
      assertEquals(2, ran.get());
      return List.of(first, second);
    }

    /** Has one of two idle workers take a task and then linger, since it finds nothing. */
    Worker lingering() {
      makeIdle(2);
      seams.linger = LINGER;
      submit();
      for (Slot slot : team.slots()) {
        Worker worker = requireNonNull(slot.holder.get());
        if (worker.isWoken()) {
          step(worker);
          step(worker);
          assertTrue(worker.isLingering());
          return worker;
        }
      }
      throw new AssertionError("nobody was woken");
    }

    void step(Worker worker) {
      seams.step(team, worker);
    }

    void resize(int min, int max) {
      team.adjust(sizes -> new PoolSizes(min, max));
    }

    /** Runs what is left and checks that every task has run. */
    void finish(int submitted) {
      seams.runUntilQuiet(team);
      PoolStatistics numbers = team.statistics();
      assertEquals(submitted, ran.get(), numbers::toString);
      assertEquals(submitted, numbers.completed(), numbers::toString);
      assertEquals(0, numbers.backlog(), numbers::toString);
    }

    /** Runs what is left and checks that the team has ended and every task was told. */
    void finishStopped(int submitted) {
      seams.runUntilQuiet(team);
      PoolStatistics numbers = team.statistics();
      assertEquals(PoolState.STOPPED, numbers.state(), numbers::toString);
      assertTrue(team.hasEnded());
      assertEquals(submitted, ran.get() + discarded.get() + refused.get(), numbers::toString);
      assertEquals(ran.get() + discarded.get(), numbers.accepted(), numbers::toString);
      assertFalse(new TeamView(team).backlog().hasWaiting());
    }

    @Override
    public void run(Runnable task, Slot slot) {
      task.run();
      slot.end(PoolTask.Ending.COMPLETED);
      team.ended(task);
    }

    @Override
    public TaskRejectedException refusal(
        RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
      return new TaskRejectedException("race", reason, statistics, cause);
    }

    @Override
    public void discard(Runnable task, RejectionReason reason, @Nullable Throwable cause) {
      discarded.incrementAndGet();
    }

    @Override
    public @Nullable Thread newThread(Worker worker) {
      somebodyWasMissing |= nobodyMayBeMissing;
      return factoryFails ? null : new Thread(worker);
    }

    @Override
    public ThreadCreationException threadFailure(
        Worker worker, String what, @Nullable Throwable thrown) {
      return new ThreadCreationException(what, thrown);
    }

    @Override
    public void reportThread(ThreadCreationException failure) {}

    @Override
    public void reportDefect(Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }
}
