package dev.bobbin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.OverflowPolicy;
import dev.bobbin.api.Priority;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.TaskTimedOutException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ThreadPools;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The code of the page on rejection, deadlines and stop, which {@link GuidePagesTest} looks for here. */
class RejectionSamplesTest {
  private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Log log = said::add;

  interface Log {
    void warn(String text);
  }

  private static ThreadPoolConfig.Builder small(String name) {
    return ThreadPoolConfig.builder(name).minWorkers(1).maxWorkers(1);
  }

  /** Keeps the only worker busy until the latch is counted down. */
  private static CountDownLatch occupy(ThreadPool pool) throws InterruptedException {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    pool.execute(() -> {
      begun.countDown();
      for (boolean over = false; !over; ) {
        try {
          over = release.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
          over = false; // the kind of task that would not end
        }
      }
    });
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    return release;
  }

  @Test
  void bound_letsTheCallerRunWhatHasNoRoom() throws Exception {
    ThreadPoolConfig web = ThreadPoolConfig.builder("web")
        .minWorkers(2)
        .maxWorkers(8)
        .backlogLimit(100)
        .whenFull(Overflow.runInCaller())
        .build();

    try (ThreadPool pool = ThreadPools.builder(
            web.toBuilder().minWorkers(1).maxWorkers(1).backlogLimit(1).build())
        .start()) {
      CountDownLatch release = occupy(pool);
      CompletableFuture<Thread> waits = pool.submit(Thread::currentThread);
      assertSame(Thread.currentThread(), pool.submit(Thread::currentThread).join());
      release.countDown();
      assertNotSame(Thread.currentThread(), waits.join());
    }
  }

  @Test
  void policy_decidesTaskByTask() throws Exception {
    OverflowPolicy dearOnesFirst =
        (full, options) -> options.priority().equals(Optional.of(Priority.HIGH))
            ? Overflow.discardOldest()
            : Overflow.block(Duration.ofMillis(50));

    try (ThreadPool pool = ThreadPools.builder(small("io").backlogLimit(1).build())
        .overflowPolicy(dearOnesFirst)
        .start()) {
      CountDownLatch release = occupy(pool);
      CompletableFuture<?> oldest = pool.submit(() -> {});
      assertThrows(TaskRejectedException.class, () -> pool.submit(() -> {}));
      ThreadPool dear = pool.with(TaskOptions.builder().priority(Priority.HIGH).build());
      CompletableFuture<String> dearOne = dear.submit(() -> "dear");
      assertTrue(oldest.isCompletedExceptionally());
      release.countDown();
      assertEquals("dear", dearOne.join());
    }
  }

  @Test
  void bound_changesLive() {
    try (ThreadPool pool =
        ThreadPools.builder(small("io").backlogLimit(1).build()).start()) {
      pool.adjustPoolSize(4, 16, 500);

      assertEquals(500, pool.backlogLimit());
      assertEquals(16, pool.sizes().maxWorkers());
    }
  }

  @Test
  void refusal_tellsWhy() throws Exception {
    try (ThreadPool pool =
        ThreadPools.builder(small("io").backlogLimit(0).build()).start()) {
      CountDownLatch release = occupy(pool);
      Runnable task = () -> {};
      try {
        pool.execute(task);
      } catch (TaskRejectedException refused) {
        if (refused.reason() == RejectionReason.BACKLOG_FULL) {
          log.warn("try again later: " + refused.statistics());
        }
      }
      release.countDown();
    }

    assertEquals(
        "try again later: RUNNING, workers 1 (busy 1, idle 0) of 1 to 1, backlog 0 of 0, running 1,"
            + " accepted 1, completed 0, failed 0, cancelled 0, discarded 0, refused 1",
        said.poll());
  }

  @Test
  void views_haveOptions() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(small("io").build()).start()) {
      CountDownLatch release = occupy(pool);
      pool.execute(() -> log.warn("plain"));
      Runnable task = () -> log.warn("with options");
      ThreadPool urgent =
          pool.with(TaskOptions.builder().priority(Priority.HIGH).name("ping").build());
      urgent.execute(task);
      ThreadPool account = pool.inOrder("account 4711");
      account.execute(task);
      account.execute(task);
      release.countDown();
    }

    assertEquals(
        List.of("with options", "plain", "with options", "with options"), List.copyOf(said));
  }

  @Test
  void limits_endWhatTakesTooLong() throws Exception {
    ThreadPoolConfig hasty = ThreadPoolConfig.builder("hasty")
        .maxWait(Duration.ofSeconds(2))
        .maxRun(Duration.ofSeconds(30))
        .build();
    assertEquals(Optional.of(Duration.ofSeconds(30)), hasty.maxRun());

    try (ThreadPool pool = ThreadPools.builder(small("io").build()).start()) {
      CountDownLatch release = occupy(pool);
      ThreadPool hastier =
          pool.with(TaskOptions.builder().maxWait(Duration.ofMillis(200)).build());
      CompletableFuture<?> expired = hastier.submit(() -> log.warn("wrong"));
      var reason = (TaskDiscardedException)
          assertThrows(CompletionException.class, expired::join).getCause();
      assertEquals(RejectionReason.EXPIRED, reason.reason());
      release.countDown();
    }
    assertEquals(List.of(), List.copyOf(said));
  }

  @Test
  void run_isLimited() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(small("io").build()).start()) {
      ThreadPool limited =
          pool.with(TaskOptions.builder().maxRun(Duration.ofMillis(20)).build());
      var server = new Server();
      CompletableFuture<?> slow = limited.submit(() -> server.answer());
      slow.exceptionally(failure -> {
        if (failure instanceof TaskTimedOutException late) {
          log.warn("no answer within " + late.limit());
        }
        return null;
      });

      assertEquals("no answer within PT0.02S", said.poll(60, TimeUnit.SECONDS));
    }
  }

  /** One that never answers. */
  private static final class Server {
    String answer() throws InterruptedException {
      new CountDownLatch(1).await();
      return "";
    }
  }

  @Test
  void stop_reportsWhatIsLeft() {
    try (ThreadPool pool = ThreadPools.builder(small("io").build()).build()) { // never started
      pool.execute(new Runnable() {
        @Override
        public void run() {
          log.warn("wrong");
        }

        @Override
        public String toString() {
          return "letter 7";
        }
      });
      StopReport report = pool.stop(Duration.ofSeconds(10));
      report.discarded().forEach(lost -> log.warn("never ran: " + lost));
      report.running().forEach(stuck -> log.warn("would not end: " + stuck));
    }

    assertEquals(List.of("never ran: letter 7"), List.copyOf(said));
  }

  @Test
  void stop_waitsForQuiet() {
    ThreadPool pool = ThreadPools.builder(small("io").build()).start();
    pool.shutdown(); // another stop ends the quiet period: the sample need not wait for it
    pool.stop(Duration.ofSeconds(2), Duration.ofSeconds(15));

    assertTrue(pool.isTerminated());
  }

  @Test
  void idleness_canBeWaitedFor() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(small("io").build()).start()) {
      pool.execute(() -> log.warn("done"));
      boolean settled = pool.awaitIdle(Duration.ofSeconds(5));

      assertTrue(settled);
      assertEquals("done", said.poll());
    }
  }
}
