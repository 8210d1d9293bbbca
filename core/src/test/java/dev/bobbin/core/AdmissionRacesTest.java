package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of the bound, of keys and of levels, explored by a model checker over the interleavings
 * of two threads that call a {@link Room} and a {@link Backlog} as a team does. What both leave is
 * then taken until nothing is left: each task must have run, or been cancelled, given up or refused.
 */
@Tag("proof")
class AdmissionRacesTest {
  /** How many interleavings the short form explores. */
  private static final int INVOCATIONS = 60;

  private static final Terms KEYED = terms(TaskOptions.builder().key("k").build());
  private static final Terms OTHER = terms(TaskOptions.builder().key("other").build());
  private static final Terms LOW =
      terms(TaskOptions.builder().priority(Priority.LOW).build());

  private static Terms terms(TaskOptions options) {
    Terms terms = Terms.of(ThreadPoolConfig.builder("race").build(), options);
    if (terms == null) {
      throw new AssertionError("these options ask for nothing");
    }
    return terms;
  }

  private static void explore(Runnable scenario) {
    Proofs.explore(INVOCATIONS, scenario);
  }

  private static void race(Runnable first, Runnable second) {
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

  // ------------------------------------------------------------------ the bound

  /** Forbids: both submitters get the one place that there is. */
  @Test
  void bound_enterAgainstEnter_givesEachPlaceOutOnce() {
    explore(() -> {
      var room = new Room();
      var sizes = new Sizes(new PoolSizes(1, 1), 0, 0);
      var got = new AtomicInteger();
      Runnable enter = () -> got.addAndGet(room.enter(sizes, () -> 1) ? 1 : 0);
      race(enter, enter);
      assertEquals(1, got.get());
    });
  }

  /** Forbids: an end that is seen late gives a place out twice, or one that was seen loses it. */
  @Test
  void bound_entersAgainstEnds_giveOutAsManyAsHaveEnded() {
    explore(() -> {
      var room = new Room();
      var sizes = new Sizes(new PoolSizes(1, 1), 0, 0);
      var ended = new AtomicLong();
      var got = new AtomicInteger();
      Runnable enter = () -> got.addAndGet(room.enter(sizes, () -> 1 + ended.get()) ? 1 : 0);
      enter.run();
      race(
          () -> {
            enter.run();
            enter.run();
          },
          ended::incrementAndGet);
      enter.run();
      enter.run();
      assertEquals(2, got.get());
    });
  }

  /** Forbids: the old ceiling lets somebody in after the bound was lowered, or the new one nobody. */
  @Test
  void bound_enterAgainstAnotherBound_obeysTheOneItHasRead() {
    explore(() -> {
      var room = new Room();
      var wide = new Sizes(new PoolSizes(1, 1), 1, 0);
      var narrow = new Sizes(new PoolSizes(1, 1), 0, 1);
      var before = new boolean[1];
      race(() -> before[0] = room.enter(wide, () -> 2), () -> room.enter(narrow, () -> 1));
      assertTrue(before[0]);
      assertFalse(room.enter(narrow, () -> 1));
      assertEquals(room.entered() < 2, room.enter(wide, () -> 2));
    });
  }

  // ------------------------------------------------------------------ keys

  /** Forbids: the end of the one before finds nobody behind it, and the new one waits behind nobody. */
  @Test
  void key_appendAgainstTheEndOfTheOneBefore_wedgesNothing() {
    explore(() -> {
      var bench = new Bench();
      bench.append(KEYED);
      race(() -> bench.append(KEYED), bench::takeAndEnd);
      bench.finish();
    });
  }

  /** Forbids: two heads of one key. */
  @Test
  void key_appendAgainstAppend_makesOneHead() {
    explore(() -> {
      var bench = new Bench();
      race(() -> bench.append(KEYED), () -> bench.append(KEYED));
      assertFalse(bench.backlog.hasMoreThan(1), "one of them is held back");
      assertTrue(bench.backlog.hasHeld());
      bench.finish();
    });
  }

  /** Forbids: a cancelled head takes its key with it. */
  @Test
  void key_cancelOfTheHeadAgainstAppend_wedgesNothing() {
    explore(() -> {
      var bench = new Bench();
      Task head = bench.append(KEYED);
      race(() -> bench.cancel(head), () -> bench.append(KEYED));
      bench.finish();
    });
  }

  /** Forbids: a task is let go and cancelled at once, and the third is let go by neither or by both. */
  @Test
  void key_cancelOfAHeldTaskAgainstTheEndOfTheHead_letsTheThirdGoOnce() {
    explore(() -> {
      var bench = new Bench();
      bench.append(KEYED);
      Task second = bench.append(KEYED);
      bench.append(KEYED);
      race(() -> bench.cancel(second), bench::takeAndEnd);
      bench.finish();
    });
  }

  /** Forbids: a task gets into a line that nobody empties. */
  @Test
  void key_appendAgainstClose_isInOrRefused() {
    explore(() -> {
      var bench = new Bench();
      bench.append(KEYED);
      race(
          () -> {
            bench.append(KEYED);
            bench.append(OTHER);
          },
          () -> bench.backlog.close());
      bench.finish();
    });
  }

  /** Forbids: who sees the backlog finished has missed a task whose turn was just coming. */
  @Test
  void key_turnAgainstFinish_isNotMissed() {
    explore(() -> {
      var bench = new Bench();
      bench.append(KEYED);
      bench.append(KEYED);
      bench.backlog.close();
      race(bench::takeAndEnd, () -> {
        if (bench.backlog.finish()) {
          bench.finishedWith.set(bench.ended.get());
        }
      });
      assertNotEquals(1, bench.finishedWith.get(), "the second was still to come");
      bench.finish();
    });
  }

  /** Forbids: the end of the head and a stop that gives up each leave the held task to the other. */
  @Test
  void key_endOfTheHeadAgainstGivingUp_endsEachOnce() {
    explore(() -> {
      var bench = new Bench();
      bench.append(KEYED);
      bench.append(KEYED);
      bench.append(KEYED);
      bench.backlog.close();
      race(bench::takeAndEnd, bench::giveUpAll);
      bench.giveUpAll(); // as the worker does that let one go after the stop gave up
      bench.finish();
    });
  }

  // ------------------------------------------------------------------ levels

  /** Forbids: the lane of a level is made while the backlog closes, and stays open. */
  @Test
  void level_firstAppendAgainstClose_isInOrRefused() {
    explore(() -> {
      var bench = new Bench();
      race(() -> bench.append(LOW), () -> bench.backlog.close());
      assertFalse(bench.backlog.append(new Task(LOW)));
      bench.finish();
    });
  }

  /** Forbids: two make the lane of a level, and the task in one of them is never taken. */
  @Test
  void level_firstAppendAgainstFirstAppend_losesNone() {
    explore(() -> {
      var bench = new Bench();
      race(() -> bench.append(LOW), () -> bench.append(LOW));
      bench.finish();
    });
  }

  /** A backlog, and a count of what became of its tasks. */
  private static final class Bench {
    final Backlog backlog = new Backlog(2);
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger finishedWith = new AtomicInteger(-1);
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    Task append(Terms terms) {
      var task = new Task(terms);
      if (backlog.append(task)) {
        accepted.incrementAndGet();
      }
      return task;
    }

    /** Does what a worker does with the next task, if there is one. */
    boolean takeAndEnd() {
      Runnable next = backlog.poll();
      if (next instanceof Task task && task.claim()) {
        assertEquals(1, running.incrementAndGet(), "one of a key at a time");
        running.decrementAndGet();
        end(task);
      }
      return next != null;
    }

    void cancel(Task task) {
      if (task.claimToDiscard()) {
        backlog.noteCancelled(task);
        end(task);
      }
    }

    /** Does what a stop does that gives up. */
    void giveUpAll() {
      for (Runnable next = any(); next != null; next = any()) {
        if (next instanceof Task task && task.claimToDiscard()) {
          end(task);
        }
      }
    }

    private @Nullable Runnable any() {
      Runnable next = backlog.poll();
      return next == null ? backlog.pollHeld() : next;
    }

    private void end(Task task) {
      assertTrue(task.over.compareAndSet(false, true), "ended twice");
      ended.incrementAndGet();
      backlog.release(task);
    }

    /** Takes all that is left, and asserts that nothing was lost. */
    void finish() {
      while (takeAndEnd()) {}
      assertEquals(accepted.get(), ended.get(), "accepted and ended");
      assertFalse(backlog.hasHeld());
      assertFalse(backlog.hasWaiting());
      backlog.close();
      while (takeAndEnd()) {}
      assertTrue(backlog.finish());
    }
  }

  /** A task with nothing but its ticket. */
  private static final class Task extends WorkTask {
    final AtomicBoolean over = new AtomicBoolean();
    private final Ticket ticket;

    Task(Terms terms) {
      super(null);
      Ticket made = Ticket.of(terms);
      if (made == null) {
        throw new AssertionError("no ticket");
      }
      ticket = made;
    }

    @Override
    public Ticket ticket() {
      return ticket;
    }

    @Override
    public void run() {}

    @Override
    public long submittedAt() {
      return TaskClock.UNTIMED;
    }

    @Override
    public void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {}

    @Override
    public void failBody(
        Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
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
      return "task";
    }
  }
}
