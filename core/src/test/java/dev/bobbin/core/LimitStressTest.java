package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers with tiny limits of time, real threads and the real timer: the books are exact. */
@Tag("stress")
class LimitStressTest {
  private static final int TASKS = 15_000;
  private static final int PRODUCERS = 4;

  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong secondRuns = new AtomicLong();
  private final AtomicLong discardsTold = new AtomicLong();
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong callbacks = new AtomicLong();
  private final AtomicInteger strayInterrupts = new AtomicInteger();

  /** By the pool's own limit for all, or by one for some. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void limits_loseNoTaskAndEndNoneTwice(boolean ofThePool) throws Exception {
    Proofs.rounds(1, round -> new LimitStressTest().storm(ofThePool));
  }

  private void storm(boolean ofThePool) throws Exception {
    ThreadPoolConfig.Builder config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(3)
        .backlogLimit(500)
        .whenFull(Overflow.block(Duration.ofSeconds(Held.LONG_SECONDS)));
    if (ofThePool) {
      config.maxWait(Duration.ofNanos(200_000)).maxRun(Duration.ofNanos(100_000));
    }
    var reporter = new RecordingReporter();
    try (ThreadPool pool =
        ThreadPools.builder(config.build()).failureReporter(reporter).start()) {
      var producers = new ArrayList<CompletableFuture<List<CompletableFuture<?>>>>();
      for (int i = 0; i < PRODUCERS; i++) {
        var random = new Random(i);
        producers.add(Testing.inThread(() -> produce(pool, random, ofThePool)));
      }
      long cancelled = 0;
      for (CompletableFuture<List<CompletableFuture<?>>> producer : producers) {
        for (CompletableFuture<?> future : producer.get(10, TimeUnit.MINUTES)) {
          Testing.eventually("a future is told", future::isDone);
          cancelled += future.isCancelled() ? 1 : 0;
          discardsTold.addAndGet(isDiscard(failureOf(future)) ? 1 : 0);
        }
      }
      PoolStatistics numbers = Testing.stopped(pool);
      reporter
          .reports()
          .forEach(told -> discardsTold.addAndGet(isDiscard(told.throwable()) ? told.count() : 0));
      assertEquals((long) PRODUCERS * TASKS, numbers.accepted(), numbers::toString);
      assertEquals(0, numbers.backlog() + numbers.running(), numbers::toString);
      assertEquals(cancelled, numbers.cancelled(), numbers::toString);
      assertEquals(discardsTold.get(), numbers.discarded(), numbers::toString);
      long ended = numbers.completed() + numbers.failed();
      assertTrue(ended <= runs.get() && runs.get() <= ended + cancelled, numbers::toString);
      assertEquals(0, secondRuns.get());
      assertEquals(callbacks.get(), told.get(), "each callback once");
      assertEquals(0, strayInterrupts.get());
      assertTrue(numbers.discarded() > 0, numbers::toString);
    }
  }

  private static @Nullable Throwable failureOf(CompletableFuture<?> future) {
    return future.isCancelled()
        ? null
        : future.handle((value, failure) -> failure).join();
  }

  private static boolean isDiscard(@Nullable Throwable told) {
    return told instanceof TaskDiscardedException;
  }

  private List<CompletableFuture<?>> produce(ThreadPool pool, Random random, boolean ofThePool) {
    var futures = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < TASKS; i++) {
      TaskOptions options = options(random);
      ThreadPool view = pool.with(options);
      int kind = random.nextInt(20);
      int form = random.nextInt(4);
      boolean mayBeInterrupted = ofThePool || options.maxRun().isPresent() || form > 1;
      var ran = new AtomicBoolean();
      Runnable work = () -> {
        secondRuns.addAndGet(ran.getAndSet(true) ? 1 : 0);
        work(kind, mayBeInterrupted);
      };
      switch (form) {
        case 0 -> {
          callbacks.incrementAndGet();
          view.callInThreadWithCallback(
              outcome -> {
                told.incrementAndGet();
                discardsTold.addAndGet(
                    outcome instanceof Outcome.Failure<Integer> failure
                            && isDiscard(failure.cause())
                        ? 1
                        : 0);
                noteInterrupt();
              },
              () -> {
                work.run();
                return 1;
              });
        }
        case 1 -> view.execute(work);
        default -> {
          CompletableFuture<?> future = view.submit(work);
          futures.add(future);
          if (random.nextInt(10) == 0) {
            future.cancel(true);
          }
        }
      }
    }
    return futures;
  }

  private void noteInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      strayInterrupts.incrementAndGet();
    }
  }

  private void work(int kind, boolean mayBeInterrupted) {
    if (!mayBeInterrupted) {
      noteInterrupt();
    }
    runs.incrementAndGet();
    if (kind == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // until it is interrupted
    } else if (kind == 1) {
      throw new IllegalStateException("on purpose");
    }
  }

  private static TaskOptions options(Random random) {
    TaskOptions.Builder options = TaskOptions.builder();
    if (random.nextInt(3) == 0) {
      options.maxWait(Duration.ofNanos(1_000 + random.nextInt(400_000)));
    }
    if (random.nextInt(3) == 0) {
      options.maxRun(Duration.ofNanos(50_000 + random.nextInt(400_000)));
    }
    if (random.nextInt(8) == 0) {
      options.key(random.nextInt(3));
    }
    if (random.nextInt(8) == 0) {
      options.priority(Priority.values()[random.nextInt(Priority.values().length)]);
    }
    return options.build();
  }
}
