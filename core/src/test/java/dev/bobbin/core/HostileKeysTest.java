package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that throw, change or call the pool cost those who gave them a submission, and nobody else anything. */
@Timeout(2 * Held.LONG_SECONDS)
class HostileKeysTest {
  /** The key is asked for its hash code when the submission is counted as held back. */
  @Test
  void stop_ends_whenAKeyThrowsInTheMiddleOfIt() throws Exception {
    ThreadPool pool = Testing.pool(0, 1).start();
    var stopping = new Object() {
      @Override
      public int hashCode() {
        pool.shutdown();
        Testing.eventually("the worker has left", () -> pool.statistics().workers() == 0);
        throw new IllegalStateException("no hash code");
      }
    };
    assertThrows(IllegalStateException.class, () -> pool.inOrder(stopping).submit(() -> 1));
    assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS), pool::toString);
    assertEquals(0, pool.statistics().accepted());
  }

  @Test
  void awaitIdle_isTold_whenAKeyThrowsMeanwhile() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start();
        var held = new Held()) {
      var slow = new Object() {
        @Override
        public int hashCode() {
          held.run();
          throw new IllegalStateException("no hash code");
        }
      };
      CompletableFuture<?> submission =
          Testing.inThread(() -> pool.inOrder(slow).submit(() -> 1));
      held.awaitBegun();
      var thread = new Thread[1];
      CompletableFuture<Boolean> waiter =
          Testing.inThread(thread, () -> pool.awaitIdle(Duration.ofDays(1)));
      Testing.awaitBlocked(thread[0]);
      held.release();
      assertTrue(Testing.get(waiter));
      assertThrows(ExecutionException.class, () -> Testing.get(submission));
    }
  }

  @Test
  void place_isGivenBack_whenAKeyThrows() throws Exception {
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(1)
        .maxWorkers(1)
        .backlogLimit(1)
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var held = new Held()) {
      var throwing = new Object() {
        @Override
        public int hashCode() {
          throw new IllegalStateException("no hash code");
        }
      };
      pool.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 10; i++) {
        assertThrows(IllegalStateException.class, () -> pool.inOrder(throwing).submit(() -> 1));
      }
      CompletableFuture<Integer> second = pool.submit(() -> 2);
      assertThrows(TaskRejectedException.class, () -> pool.submit(() -> 3));
      held.release();
      assertEquals(2, Testing.get(second));
    }
  }

  /** The task is off the books by then; who waits for it must be told all the same. */
  @Test
  void future_completes_whenItsKeyThrowsAtTheEnd() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start()) {
      var key = new ChangingKey();
      ThreadPool view = pool.inOrder(key);
      CompletableFuture<Integer> future = view.submit(() -> {
        key.broken = true;
        return 1;
      });
      assertEquals(1, Testing.get(future));
      key.broken = false;
      assertEquals(2, Testing.get(view.submit(() -> 2)));
    }
  }

  @Test
  void keyThatChanged_wedgesNothing_andIsForgotten() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 2).start()) {
      List<Object> key = new ArrayList<>();
      ThreadPool view = pool.inOrder(key);
      assertEquals(1, Testing.get(view.submit(() -> {
        key.add("changed");
        return 1;
      })));
      assertEquals(2, Testing.get(view.submit(() -> 2)));
      key.clear();
      assertEquals(3, Testing.get(view.submit(() -> 3)));
      assertEquals(4, Testing.get(pool.inOrder(List.of()).submit(() -> 4)));
      assertEquals(5, Testing.get(pool.inOrder(List.of("changed")).submit(() -> 5)));
    }
  }

  /** As it can where the task ran: the next of the key is let go before anybody is told. */
  @Test
  void dependentOfADiscardedTask_canWaitForTheNextOfItsKey() throws Exception {
    var config = ThreadPoolConfig.builder("p")
        .minWorkers(2)
        .maxWorkers(2)
        .backlogLimit(2)
        .whenFull(Overflow.discardOldest())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).start();
        var first = new Held();
        var second = new Held()) {
      pool.execute(first);
      pool.execute(second);
      first.awaitBegun();
      second.awaitBegun();
      ThreadPool key = pool.inOrder("k");
      CompletableFuture<Integer> oldest = key.submit(() -> 1);
      CompletableFuture<Integer> next = key.submit(() -> 2);
      CompletableFuture<Integer> told = oldest.exceptionally(discarded -> {
        first.release();
        second.release();
        try {
          return next.get(10, TimeUnit.SECONDS);
        } catch (Exception wedged) {
          throw new IllegalStateException("the next of the key never came", wedged);
        }
      });
      pool.execute(() -> {});
      assertEquals(2, Testing.get(told));
    }
  }

  /** A key whose hash code may come to throw. */
  private static final class ChangingKey {
    volatile boolean broken;

    @Override
    public int hashCode() {
      if (broken) {
        throw new IllegalStateException("no hash code any more");
      }
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      if (broken) {
        throw new IllegalStateException("equal to nothing any more");
      }
      return other == this;
    }
  }

  /** The key gives all up when its task counts as held back, so that the task comes in behind that. */
  @Test
  void task_isRefusedAndThePoolEnds_whenItsKeyGivesAllUpMeanwhile() {
    ThreadPool pool = Testing.pool(0, 0).start();
    var stopping = new Object() {
      private boolean asked;

      @Override
      public int hashCode() {
        if (!asked) {
          asked = true;
          pool.shutdownNow();
        }
        return 1;
      }
    };
    var refusal =
        assertThrows(TaskRejectedException.class, () -> pool.inOrder(stopping).execute(() -> {}));
    assertEquals(RejectionReason.STOPPING, refusal.reason());
    assertEquals(PoolState.STOPPED, pool.state());
    assertEquals(0, pool.statistics().accepted());
  }
}
