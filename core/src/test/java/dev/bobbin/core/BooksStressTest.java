package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Twelve producers, a resizer, a canceller and a stopper race over pools of every kind. Afterwards the
 * books balance to the last task: accepted = completed + failed + cancelled + discarded, no future is
 * incomplete, and no task ran twice.
 */
@Tag("stress")
class BooksStressTest {
  private static final long NANOS = (long) (Proofs.seconds(10) * TimeUnit.SECONDS.toNanos(1));
  private static final int PRODUCERS = 12;
  private static final int MOST_EACH = 4_000;

  private static final List<Overflow> WAYS = List.of(
      Overflow.refuse(),
      Overflow.runInCaller(),
      Overflow.block(Duration.ofMillis(5)),
      Overflow.discardOldest(),
      Overflow.discardSilently());

  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Test
  void books_balanceExactly_whateverRaces() throws Exception {
    long began = System.nanoTime();
    int round = 0;
    while (System.nanoTime() - began < NANOS) {
      new Storm(round++).run();
      assertNull(failure.get(), () -> String.valueOf(failure.get()));
    }
    Proofs.tell(round, "rounds", began);
  }

  /** One pool from its start to its end. */
  private final class Storm {
    private final ThreadPool pool;
    private final int round;
    private final List<Task> tasks = new ArrayList<>();
    private final AtomicReferenceArray<CompletableFuture<?>> recent =
        new AtomicReferenceArray<>(256);
    private final AtomicInteger produced = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    Storm(int round) {
      this.round = round;
      boolean bounded = round % 2 == 1;
      pool = ThreadPools.builder(ThreadPoolConfig.builder("storm")
              .minWorkers(round % 3)
              .maxWorkers(4)
              .backlogLimit(bounded ? 1 + round % 7 * 10 : ThreadPoolConfig.UNBOUNDED)
              .whenFull(WAYS.get(round / 2 % WAYS.size()))
              .rejectionStackTraces(false)
              .build())
          .failureReporter(new RecordingReporter())
          .start();
    }

    void run() throws Exception {
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < PRODUCERS; i++) {
        threads.add(thread(this::produce));
      }
      threads.add(thread(this::resize));
      threads.add(thread(this::cancel));
      Thread stopper = thread(this::stop);
      stopper.join();
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS), pool::toString);
      check();
    }

    private Thread thread(Runnable body) {
      var thread = new Thread(
          () -> {
            try {
              body.run();
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            }
          },
          "storm");
      thread.start();
      return thread;
    }

    private void produce() {
      var random = ThreadLocalRandom.current();
      for (int i = 0; i < MOST_EACH; i++) {
        ThreadPool to = view(random.nextInt(8), random.nextInt(16));
        var task = new Task(random.nextInt(10) == 0);
        synchronized (tasks) {
          tasks.add(task);
        }
        produced.incrementAndGet();
        try {
          switch (random.nextInt(3)) {
            case 0 -> to.execute(task);
            case 1 -> {
              task.future = to.submit(task, 1);
              recent.set(random.nextInt(recent.length()), task.future);
            }
            default ->
              to.callInThreadWithCallback(outcome -> task.callbacks.incrementAndGet(), () -> {
                task.run();
                return 1;
              });
          }
          taken.incrementAndGet();
        } catch (TaskRejectedException refusal) {
          refused.incrementAndGet();
          if (pool.isShutdown() && i % 16 == 0) {
            return;
          }
        }
      }
    }

    private ThreadPool view(int kind, int key) {
      return switch (kind) {
        case 0 -> pool.with(TaskOptions.builder().priority(Priority.HIGH).build());
        case 1 ->
          pool.with(TaskOptions.builder().priority(Priority.LOW).key(key).build());
        case 2, 3 -> pool.inOrder(key);
        default -> pool;
      };
    }

    private void resize() {
      var random = new Random(round);
      while (!over.get()) {
        int max = 1 + random.nextInt(6);
        if (random.nextBoolean()) {
          pool.adjustPoolSize(random.nextInt(max + 1), max);
        } else {
          pool.adjustPoolSize(0, max, random.nextInt(4) == 0 ? 5 : pool.backlogLimit());
        }
        Thread.yield();
      }
    }

    private void cancel() {
      var random = new Random(round);
      while (!over.get()) {
        CompletableFuture<?> future = recent.get(random.nextInt(recent.length()));
        if (future != null) {
          future.cancel(random.nextBoolean());
        }
        Thread.yield();
      }
    }

    private void stop() {
      while (produced.get() < PRODUCERS * MOST_EACH / (1 + round % 4)
          && pool.statistics().accepted() < 20_000) {
        Thread.yield();
      }
      switch (round % 5) {
        case 0 -> pool.stop();
        case 1 -> pool.shutdown();
        case 2 -> pool.shutdownNow();
        case 3 -> pool.stop(Duration.ZERO);
        default -> pool.stop(Duration.ofNanos(round * 1_000L));
      }
    }

    private void check() {
      PoolStatistics numbers = pool.statistics();
      assertEquals(
          numbers.accepted(),
          numbers.completed() + numbers.failed() + numbers.cancelled() + numbers.discarded(),
          numbers::toString);
      assertEquals(0, numbers.backlog(), numbers::toString);
      assertEquals(0, numbers.running(), numbers::toString);
      assertEquals(produced.get(), numbers.accepted() + numbers.refused(), numbers::toString);
      assertTrue(refused.get() <= numbers.refused(), numbers::toString);
      assertTrue(taken.get() >= numbers.accepted(), numbers::toString);
      long ran = 0;
      for (Task task : tasks) {
        int runs = task.runs.get();
        assertTrue(runs <= 1, "a task ran twice");
        assertTrue(task.callbacks.get() <= 1, "a callback was called twice");
        assertTrue(task.future == null || task.future.isDone(), numbers::toString);
        ran += runs;
      }
      assertTrue(
          ran >= numbers.completed() + numbers.failed()
              && ran <= numbers.completed() + numbers.failed() + numbers.cancelled(),
          () -> "the runs are those of the books: " + numbers);
    }
  }

  /** Work that counts its runs, and sometimes throws. */
  private static final class Task implements Runnable {
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger callbacks = new AtomicInteger();
    private final boolean fails;
    volatile CompletableFuture<?> future;

    Task(boolean fails) {
      this.fails = fails;
    }

    @Override
    public void run() {
      runs.incrementAndGet();
      if (fails) {
        throw new IllegalStateException("as it should");
      }
    }
  }
}
