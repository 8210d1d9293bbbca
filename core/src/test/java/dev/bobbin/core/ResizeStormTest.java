package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten threads change the sizes of a pool at random while it is under full load, workers are lent and
 * renewed, and others start and dismiss workers. Done-when 1. That the workers keep to the changes under
 * way is asserted by the team itself, at every step of its word; a breach would be reported as a defect.
 */
@Tag("stress")
class ResizeStormTest {
  private static final boolean LONG = "long".equals(System.getProperty("bobbin.proof"));
  private static final int ROUNDS = LONG ? 500 : 12;
  private static final int RESIZERS = 10;
  private static final int SUBMITTERS = 2;
  private static final int TASKS = 20_000;
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_WORKERS = 12;

  private final RecordingReporter reporter = new RecordingReporter();

  /** Counts the tasks that each thread has begun since this was true. */
  private final AtomicBoolean afterwards = new AtomicBoolean();

  private final Map<Thread, AtomicInteger> begunAfterwards = new ConcurrentHashMap<>();

  @Test
  void sizes_endAtTheLastTarget_andTheBooksBalance() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      storm(round);
    }
  }

  private void storm(int round) throws Exception {
    boolean renews = round % 2 == 0;
    ThreadPoolConfig config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(4)
        .maxLentWorkers(round % 3 * 2)
        .renewAfterTasks(renews ? 50 : Long.MAX_VALUE)
        .build();
    afterwards.set(false);
    begunAfterwards.clear();
    ThreadPool pool = ThreadPools.builder(config).failureReporter(reporter).start();
    var submitted = new AtomicLong();
    var ran = new AtomicLong();
    var over = new AtomicBoolean();
    List<CompletableFuture<Void>> submitters = new ArrayList<>();
    List<CompletableFuture<List<CompletableFuture<PoolSizes>>>> resizers = new ArrayList<>();
    for (int i = 0; i < SUBMITTERS; i++) {
      submitters.add(Testing.inThread(() -> submit(pool, submitted, ran, over)));
    }
    for (int i = 0; i < RESIZERS; i++) {
      resizers.add(Testing.inThread(() -> resizeAtRandom(pool, submitted)));
    }
    List<CompletableFuture<PoolSizes>> handles = new ArrayList<>();
    for (var resizer : resizers) {
      handles.addAll(Testing.get(resizer));
    }
    var last = new PoolSizes(round % 3, 1 + round % 3);
    handles.add(pool.adjustPoolSize(last.minWorkers(), last.maxWorkers()).toCompletableFuture());
    afterwards.set(true);
    for (CompletableFuture<PoolSizes> handle : handles) {
      Testing.get(handle);
    }
    if (config.maxLentWorkers() == 0 && !renews) { // else others come and go
      assertTookOneMoreAtMost();
    }
    over.set(true);
    for (CompletableFuture<Void> submitter : submitters) {
      Testing.get(submitter);
    }
    Testing.eventually("all run", () -> ran.get() == submitted.get());
    Testing.eventually("at the target", () -> isAt(last, pool.statistics()));
    PoolStatistics numbers = Testing.stopped(pool);
    assertEquals(submitted.get(), numbers.accepted(), numbers::toString);
    assertEquals(submitted.get(), numbers.completed(), numbers::toString);
    List<FailureReport> defects = reporter.reports().stream()
        .filter(report -> report.kind() != FailureReport.Kind.THREAD)
        .toList();
    assertEquals(List.of(), defects);
  }

  private static boolean isAt(PoolSizes target, PoolStatistics numbers) {
    return numbers.workers() <= target.maxWorkers()
        && numbers.workers() >= target.minWorkers()
        && numbers.lent() + numbers.renewing() == 0;
  }

  /** Who was above the target and has gone took one task more at most; those that stay take the rest. */
  private void assertTookOneMoreAtMost() {
    begunAfterwards.forEach((thread, tasks) -> assertTrue(
        thread.isAlive() || tasks.get() <= 1, () -> thread + " took " + tasks + " and went"));
  }

  private Void submit(ThreadPool pool, AtomicLong submitted, AtomicLong ran, AtomicBoolean over) {
    while (!over.get()) {
      if (submitted.get() - ran.get() < MOST_WAITING) {
        submitted.incrementAndGet();
        pool.execute(() -> {
          run(pool);
          ran.incrementAndGet();
        });
      } else {
        Thread.yield();
      }
    }
    return null;
  }

  private void run(ThreadPool pool) {
    if (afterwards.get()) {
      begunAfterwards
          .computeIfAbsent(Thread.currentThread(), thread -> new AtomicInteger())
          .incrementAndGet();
    }
    if (ThreadLocalRandom.current().nextInt(8) == 0) {
      pool.runBlocking(Thread::yield);
    }
  }

  private static List<CompletableFuture<PoolSizes>> resizeAtRandom(
      ThreadPool pool, AtomicLong submitted) {
    var handles = new ArrayList<CompletableFuture<PoolSizes>>();
    var random = ThreadLocalRandom.current();
    while (submitted.get() < TASKS) {
      int max = random.nextInt(MOST_WORKERS + 1);
      int min = random.nextInt(max + 1);
      switch (random.nextInt(8)) {
        case 0 -> pool.startAWorker();
        case 1 -> pool.stopAWorker();
        case 2 ->
          handles.add(
              pool.adjustPoolSize(sizes -> sizes.withMaxWorkers(Math.max(sizes.minWorkers(), max)))
                  .toCompletableFuture());
        default -> handles.add(pool.adjustPoolSize(min, max).toCompletableFuture());
      }
      Thread.yield();
    }
    return handles;
  }
}
