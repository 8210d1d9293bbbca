package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise 1 and 2: whatever storms in, each accepted task ends exactly once and the books balance. */
@Tag("stress")
class StormTest {
  private static final int ROUNDS = 100;
  private static final int THREADS = 8;
  private static final int ENOUGH = 300;

  /** How many tasks may be on their way at once: a storm is dense, but its backlog fits any heap. */
  private static final int AT_ONCE = 2_000;

  /** How many rounds of everything at random. */
  private static final int RANDOM_ROUNDS = 25;

  /** How the storm is stopped. */
  enum Stop {
    DRAIN,
    SHORT_DEADLINE,
    AT_ONCE,
    SHUTDOWN_NOW,
    CLOSE;

    void stop(ThreadPool pool) throws InterruptedException {
      switch (this) {
        case DRAIN -> pool.stop();
        case SHORT_DEADLINE -> pool.stop(Duration.ofNanos(50_000));
        case AT_ONCE -> pool.stop(Duration.ZERO);
        case SHUTDOWN_NOW -> pool.shutdownNow();
        case CLOSE -> Testing.close(pool);
      }
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS), pool::toString);
    }
  }

  /** One task with a callback, and what became of it. */
  private static final class Entry {
    final AtomicInteger works = new AtomicInteger();
    final AtomicInteger callbacks = new AtomicInteger();
    final AtomicInteger discards = new AtomicInteger();
    private final Semaphore room;

    Entry(Semaphore room) {
      this.room = room;
    }

    void submitTo(ThreadPool pool) {
      pool.callInThreadWithCallback(this::tell, works::incrementAndGet);
    }

    private void tell(Outcome<Integer> outcome) {
      room.release();
      callbacks.incrementAndGet();
      if (outcome instanceof Outcome.Failure<Integer> failure
          && failure.cause() instanceof TaskDiscardedException) {
        discards.incrementAndGet();
      }
    }
  }

  /** Done-when 7. */
  @ParameterizedTest
  @EnumSource(Stop.class)
  void stop_endsAndEveryCallbackIsCalledOnce_inTheMiddleOfAStorm(Stop way) throws Exception {
    Proofs.rounds(ROUNDS, round -> {
      try (ThreadPool pool = Testing.pool(round % 3, 3).start()) {
        var begun = new CountDownLatch(THREADS);
        var room = new Semaphore(AT_ONCE);
        var submitters = new ArrayList<CompletableFuture<List<Entry>>>();
        for (int i = 0; i < THREADS; i++) {
          submitters.add(Testing.inThread(() -> submitUntilRefused(pool, room, begun)));
        }
        Held.await(begun);
        way.stop(pool);
        long accepted = 0;
        long ran = 0;
        long discarded = 0;
        for (CompletableFuture<List<Entry>> submitter : submitters) {
          for (Entry entry : Testing.get(submitter)) {
            accepted++;
            assertEquals(1, entry.callbacks.get());
            assertEquals(1, entry.works.get() + entry.discards.get());
            ran += entry.works.get();
            discarded += entry.discards.get();
          }
        }
        var numbers = pool.statistics();
        assertEquals(accepted, numbers.accepted(), numbers::toString);
        assertEquals(ran, numbers.completed(), numbers::toString);
        assertEquals(discarded, numbers.discarded(), numbers::toString);
        assertEquals(THREADS, numbers.refused(), numbers::toString);
        assertEquals(0, numbers.workers() + numbers.running() + numbers.backlog());
        Testing.assertBalanced(numbers);
      }
    });
  }

  /** Submits until the pool refuses; returns what it has accepted. The refused one was never run. */
  private static List<Entry> submitUntilRefused(
      ThreadPool pool, Semaphore room, CountDownLatch begun) {
    var accepted = new ArrayList<Entry>();
    for (; ; ) {
      var entry = new Entry(room);
      room.acquireUninterruptibly();
      try {
        entry.submitTo(pool);
        accepted.add(entry);
      } catch (TaskRejectedException refused) {
        room.release();
        assertEquals(0, entry.works.get() + entry.callbacks.get());
        return accepted;
      }
      if (accepted.size() == ENOUGH) {
        begun.countDown();
      }
    }
  }

  /** Fault 19: a dozen threads that do everything at once, and a factory that often fails. */
  @Test
  void books_balance_whenAllIsDoneAtRandomFromADozenThreads() throws Exception {
    Proofs.rounds(RANDOM_ROUNDS, round -> {
      var ran = new AtomicInteger();
      var over = new AtomicBoolean();
      try (ThreadPool pool = Testing.pool(1, 3)
          .threadFactory(
              body -> ThreadLocalRandom.current().nextInt(4) == 0 ? null : new Thread(body))
          .failureReporter(new RecordingReporter())
          .startOnFirstTask()
          .build()) {
        var actors = new ArrayList<CompletableFuture<List<CompletableFuture<Integer>>>>();
        for (int i = 0; i < 12; i++) {
          actors.add(Testing.inThread(() -> actAtRandom(pool, ran, over)));
        }
        Testing.eventually("enough", () -> ran.get() > 500);
        over.set(true);
        var futures = new ArrayList<CompletableFuture<Integer>>();
        for (CompletableFuture<List<CompletableFuture<Integer>>> actor : actors) {
          futures.addAll(Testing.get(actor));
        }
        boolean drained = round % 2 == 0;
        if (drained) {
          pool.adjustPoolSize(0, 2);
          pool.stop();
        } else {
          pool.stop(Duration.ZERO);
        }
        Testing.stopped(pool);
        long completed = 0;
        long cancelled = 0;
        long discarded = 0;
        for (CompletableFuture<Integer> future : futures) {
          assertTrue(future.isDone());
          if (future.isCancelled()) {
            cancelled++;
          } else if (future.isCompletedExceptionally()) {
            discarded++;
            assertTrue(
                causeOf(future) instanceof TaskDiscardedException, () -> "" + causeOf(future));
          } else {
            completed++;
          }
        }
        var numbers = pool.statistics();
        assertEquals(futures.size(), numbers.accepted(), numbers::toString);
        assertEquals(completed, numbers.completed(), numbers::toString);
        assertEquals(cancelled, numbers.cancelled(), numbers::toString);
        assertEquals(discarded, numbers.discarded(), numbers::toString);
      }
    });
  }

  private static Throwable causeOf(CompletableFuture<Integer> future) {
    try {
      future.get();
      return null;
    } catch (ExecutionException failed) {
      return failed.getCause();
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException(interrupt);
    }
  }

  private static List<CompletableFuture<Integer>> actAtRandom(
      ThreadPool pool, AtomicInteger ran, AtomicBoolean over) {
    var futures = new ArrayList<CompletableFuture<Integer>>();
    var random = ThreadLocalRandom.current();
    while (!over.get()) {
      try {
        switch (random.nextInt(10)) {
          case 0 -> pool.adjustPoolSize(random.nextInt(2), 1 + random.nextInt(3));
          case 1 -> pool.startAWorker();
          case 2 -> pool.stopAWorker();
          case 3 -> pool.statistics();
          case 4 -> {
            CompletableFuture<Integer> future = pool.submit(ran::incrementAndGet);
            futures.add(future);
            future.cancel(random.nextBoolean());
          }
          default -> futures.add(pool.submit(ran::incrementAndGet));
        }
        if (pool.statistics().backlog() > 500) {
          Thread.yield();
        }
      } catch (TaskRejectedException noThread) {
        // as the factory would have it
      }
    }
    return futures;
  }
}
