package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.Priority;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A start makes room for as many tasks as there may be workers. */
@Timeout(2 * Held.LONG_SECONDS)
class RoomAtStartTest {
  private static ThreadPools.Builder pool(int max, int limit, Overflow whenFull) {
    return ThreadPools.builder(ThreadPoolConfig.builder("p")
        .minWorkers(0)
        .maxWorkers(max)
        .backlogLimit(limit)
        .whenFull(whenFull)
        .build());
  }

  @Test
  void submitterThatWaitsForRoom_getsIn_whenThePoolIsStarted() throws Exception {
    try (ThreadPool pool = pool(2, 0, Overflow.block(Duration.ofDays(1))).build()) {
      var thread = new Thread[1];
      CompletableFuture<Integer> late =
          Testing.inThread(thread, () -> pool.submit(() -> 1)).thenCompose(future -> future);
      Testing.awaitBlocked(thread[0]);
      pool.start();
      assertEquals(1, Testing.get(late));
    }
  }

  @Test
  void submittersThatWaitForRoom_getIn_whenTheFirstTasksStay() throws Exception {
    try (ThreadPool pool = pool(2, 1, Overflow.block(Duration.ofDays(1))).build();
        var held = new Held()) {
      pool.execute(held);
      var thread = new Thread[1];
      CompletableFuture<Integer> late =
          Testing.inThread(thread, () -> pool.submit(() -> 1)).thenCompose(future -> future);
      Testing.awaitBlocked(thread[0]);
      pool.start();
      held.awaitBegun();
      assertEquals(1, Testing.get(late));
    }
  }

  /** A start may take as long as a factory does. */
  @Test
  void secondTask_isTaken_whileThePoolStartsForTheFirst() throws Exception {
    try (var inFactory = new Held();
        ThreadPool pool = ThreadPools.builder(ThreadPoolConfig.builder("p")
                .minWorkers(1)
                .maxWorkers(2)
                .backlogLimit(0)
                .build())
            .threadFactory(body -> {
              inFactory.run();
              return new Thread(body);
            })
            .startOnFirstTask()
            .build()) {
      CompletableFuture<Integer> first =
          Testing.inThread(() -> pool.submit(() -> 1)).thenCompose(future -> future);
      inFactory.awaitBegun();
      CompletableFuture<Integer> second;
      try {
        second = pool.submit(() -> 2);
      } finally {
        inFactory.release();
      }
      assertEquals(1, Testing.get(first));
      assertEquals(2, Testing.get(second));
      assertEquals(2, pool.statistics().accepted(), pool::toString);
    }
  }

  /** What came in before there was a bound counts against it, until it ends in whatever way. */
  @Test
  void bound_countsWhatCameBeforeIt_andWhatHasEndedSince() {
    SteppedTeam stepped = SteppedTeam.made(0, 1);
    HandTask cancelled = stepped.submit("to be cancelled");
    stepped.submit("to be discarded");
    stepped.submit("third");
    stepped.limit(4);
    stepped.submit("fourth");
    assertFalse(stepped.team().submit(new HandTask("too many", () -> {})));

    stepped.cancel(cancelled);
    stepped.discardOldest(Priority.NORMAL);
    stepped.submit("fifth");
    stepped.submit("sixth");
    assertFalse(stepped.team().submit(new HandTask("too many", () -> {})));
    assertEquals(4, stepped.statistics().backlog());

    stepped.start();
    stepped.submit("in the place of the one that a worker will run");
    assertFalse(stepped.team().submit(new HandTask("too many", () -> {})));
    stepped.runAll();
    assertEquals(5, stepped.statistics().completed());
  }
}
