package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bursts against a keep-alive so short that workers come and leave all the time, real threads and the
 * real timer: every task runs once, no worker is lost, and the slots of those that left are used again.
 */
@Tag("stress")
class KeepAliveStressTest {
  private static final int BURSTS =
      "long".equals(System.getProperty("bobbin.proof")) ? 10_000 : 150;
  private static final int ROUNDS = 10;
  private static final int PRODUCERS = 3;
  private static final int MOST = 6;

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void bursts_loseNoTaskAndNoWorker_whenWorkersComeAndLeaveAllTheTime(int min) throws Exception {
    ThreadPoolConfig config = ThreadPoolConfig.builder("p")
        .minWorkers(min)
        .maxWorkers(MOST)
        .keepAlive(Duration.ofNanos(50_000))
        .leaveInterval(Duration.ZERO)
        .build();
    var ran = new AtomicLong();
    var made = new AtomicLong();
    var reporter = new RecordingReporter();
    try (Pool pool = HandTimers.pool(
        config,
        body -> {
          made.incrementAndGet();
          return new Thread(body);
        },
        Seams.REAL,
        reporter)) {
      pool.start();
      long submitted = 0;
      for (int round = 0; round < ROUNDS; round++) {
        submitted += fill(pool, ran);
        var producers = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < PRODUCERS; i++) {
          var random = new Random(round * PRODUCERS + i);
          producers.add(Testing.inThread(() -> produce(pool, random, ran)));
        }
        for (CompletableFuture<Long> producer : producers) {
          submitted += producer.get(10, TimeUnit.MINUTES);
        }
        Testing.eventually("all but the minimum leave", () -> pool.statistics().workers() == min);
      }
      assertEquals(submitted, ran.get());
      PoolStatistics numbers = Testing.stopped(pool);
      assertEquals(submitted, numbers.completed(), numbers::toString);
      assertTrue(made.get() >= ROUNDS * (MOST - min), () -> "only " + made + " threads");
      // one for each worker, and for each that has left and not yet given its own back
      assertTrue(
          pool.team().slots().length <= 3 * MOST, () -> "slots: " + pool.team().slots().length);
      assertEquals(0, reporter.reports().size());
    }
  }

  /** Submits as many tasks as there may be workers, each of which waits until all have begun. */
  private static long fill(Pool pool, AtomicLong ran) throws Exception {
    var all = new CountDownLatch(MOST);
    var tasks = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < MOST; i++) {
      tasks.add(pool.submit(() -> {
        all.countDown();
        all.await();
        return ran.incrementAndGet();
      }));
    }
    for (CompletableFuture<?> task : tasks) {
      Testing.get(task);
    }
    return MOST;
  }

  /** Submits tasks in bursts, and waits for each to be over, and at times for a while. */
  private static long produce(Pool pool, Random random, AtomicLong ran) throws Exception {
    long submitted = 0;
    for (int burst = 0; burst < BURSTS; burst++) {
      var tasks = new ArrayList<CompletableFuture<?>>();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        tasks.add(pool.submit(ran::incrementAndGet));
        submitted++;
      }
      for (CompletableFuture<?> task : tasks) {
        Testing.get(task);
      }
      LockSupport.parkNanos(random.nextInt(4) * 100_000L); // about as long as workers stay
    }
    return submitted;
  }
}
