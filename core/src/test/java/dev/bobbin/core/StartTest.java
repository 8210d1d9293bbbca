package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.core.FaultyFactory.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Decision 2: what start does, and pools that start with their first task. */
class StartTest {
  @Test
  void l1_start_makesTheMinimum_andNoMore() {
    try (ThreadPool three = Testing.pool(3, 10).start();
        ThreadPool none = Testing.pool(0, 5).start()) {
      assertEquals(3, three.statistics().workers());
      Testing.eventually("they are idle", () -> three.statistics().idle() == 3);
      assertEquals(0, none.statistics().workers());
    }
  }

  @Test
  void l3_tasksBeforeStart_waitWithoutAThread_andThenRunInOrder() {
    try (ThreadPool pool = Testing.pool(1, 1).build()) {
      var order = new ArrayList<Integer>(); // one worker writes, the stop comes before the reading
      for (int i = 0; i < 100; i++) {
        int number = i;
        pool.execute(() -> order.add(number));
      }
      assertEquals(100, pool.statistics().backlog());
      assertEquals(0, pool.statistics().workers());
      assertEquals(PoolState.NEW, pool.state());
      pool.start();
      pool.stop();
      assertEquals(100, order.size());
      for (int i = 0; i < 100; i++) {
        assertEquals(i, order.get(i));
      }
    }
  }

  @Test
  void l4_start_servesTheBacklogUpToTheMaximum() {
    try (ThreadPool pool = Testing.pool(2, 4).build();
        var held = new Held(3)) {
      for (int i = 0; i < 3; i++) {
        pool.execute(held);
      }
      pool.start();
      held.awaitBegun();
      assertEquals(3, pool.statistics().workers());
      assertEquals(0, pool.statistics().backlog());
    }
    try (ThreadPool pool = Testing.pool(3, 4).build();
        var held = new Held(1)) {
      pool.execute(held);
      pool.start();
      held.awaitBegun();
      assertEquals(3, pool.statistics().workers());
      assertEquals(1, pool.statistics().busy());
    }
  }

  @Test
  void l5_start_doesNothing_whenThePoolRuns() throws Exception {
    try (ThreadPool pool = Testing.pool(2, 4).start()) {
      pool.start();
      pool.start();
      assertEquals(2, pool.statistics().workers());
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
    }
  }

  @Test
  void start_isDoneOnce_whenManyCallIt() throws Exception {
    for (int round = 0; round < 200; round++) {
      var made = new AtomicInteger();
      try (ThreadPool pool = Testing.pool(2, 2)
          .threadFactory(body -> {
            made.incrementAndGet();
            return new Thread(body);
          })
          .build()) {
        var barrier = new CyclicBarrier(3);
        var starters = new ArrayList<CompletableFuture<Object>>();
        for (int i = 0; i < 3; i++) {
          starters.add(Testing.inThread(() -> {
            barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
            pool.start();
            return null;
          }));
        }
        for (CompletableFuture<Object> starter : starters) {
          Testing.get(starter);
        }
        assertEquals(2, made.get());
      }
    }
  }

  @Nested
  class OnFirstTask {
    @Test
    void firstTask_startsThePool_withItsMinimum() throws Exception {
      try (ThreadPool pool = Testing.pool(2, 4).startOnFirstTask().build()) {
        assertEquals(PoolState.NEW, pool.state());
        assertEquals(0, pool.statistics().workers());
        assertEquals(1, Testing.get(pool.submit(() -> 1)));
        assertEquals(PoolState.RUNNING, pool.state());
        assertEquals(2, pool.statistics().workers());
      }
    }

    @Test
    void firstTask_isRefusedAndThePoolAsBefore_whenNoThreadCanBeMade() throws Exception {
      var factory = new FaultyFactory(Fault.EXCEPTION);
      try (ThreadPool pool = factory.pool(2, 4).startOnFirstTask().build()) {
        var ran = new AtomicInteger();
        var refused =
            assertThrows(TaskRejectedException.class, () -> pool.execute(ran::incrementAndGet));
        assertEquals(RejectionReason.NO_THREAD, refused.reason());
        assertEquals(
            Fault.EXCEPTION.textFor("PoolThread-p-0"), refused.getCause().getMessage());
        assertEquals(PoolState.NEW, pool.state());
        assertEquals(0, pool.statistics().accepted());
        assertEquals(0, pool.statistics().backlog());
        factory.set(Fault.NONE); // recovers without a restart
        assertEquals(1, Testing.get(pool.submit(ran::incrementAndGet)));
        assertEquals(2, pool.statistics().workers());
      }
    }

    @Test
    void firstTask_isRefusedAndThePoolStarted_whenTheMinimumIsZeroAndNoThreadCanBeMade()
        throws Exception {
      var factory = new FaultyFactory(Fault.NULL);
      try (ThreadPool pool = factory.pool(0, 4).startOnFirstTask().build()) {
        assertFalse(Testing.isAccepted(() -> pool.execute(() -> {})));
        assertEquals(0, pool.statistics().accepted());
        factory.set(Fault.NONE);
        assertEquals(1, Testing.get(pool.submit(() -> 1)));
      }
    }

    @Test
    void firstTask_isRefusedAsStopping_whenThePoolWasStopped() {
      try (ThreadPool pool = Testing.pool(1, 1).startOnFirstTask().build()) {
        pool.stop();
        var refused = assertThrows(TaskRejectedException.class, () -> pool.execute(() -> {}));
        assertEquals(RejectionReason.STOPPING, refused.reason());
      }
    }

    @Test
    void firstTasks_allRun_whenManyRaceToBeFirst() throws Exception {
      for (int round = 0; round < 300; round++) {
        try (ThreadPool pool = Testing.pool(1, 2).startOnFirstTask().build()) {
          var barrier = new CyclicBarrier(3);
          var submitters = new ArrayList<CompletableFuture<Integer>>();
          for (int i = 0; i < 3; i++) {
            submitters.add(Testing.inThread(() -> {
              barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
              return Testing.get(pool.submit(() -> 1));
            }));
          }
          for (CompletableFuture<Integer> submitter : submitters) {
            assertEquals(1, Testing.get(submitter));
          }
        }
      }
    }

    /**
     * Others submit while the first submitter's thread is in the making; when that fails, and a second
     * attempt for them too, they are told, and nothing waits in a pool that nobody starts.
     */
    @Test
    void othersTasks_areDiscardedWithTheReason_whenTheFirstStartFails() throws Exception {
      var making = new Held();
      try (ThreadPool pool = Testing.pool(1, 2)
              .startOnFirstTask()
              .threadFactory(body -> {
                making.run();
                return null;
              })
              .build();
          making) {
        CompletableFuture<Boolean> first =
            Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(() -> {})));
        making.awaitBegun();
        CompletableFuture<Integer> other = pool.submit(() -> 1);
        assertEquals(1, pool.statistics().backlog());
        making.release();
        assertFalse(Testing.get(first));
        var thrown = assertThrows(ExecutionException.class, () -> Testing.get(other));
        var reason = assertInstanceOf(TaskDiscardedException.class, thrown.getCause());
        assertEquals(RejectionReason.NO_THREAD, reason.reason());
        assertInstanceOf(ThreadCreationException.class, reason.getCause());
        assertEquals(PoolState.NEW, pool.state());
        Testing.assertBalanced(pool.statistics());
      }
    }

    @Test
    void othersTasks_getAnotherAttempt_whenTheFirstStartFails() throws Exception {
      var making = new Held();
      var asked = new AtomicInteger();
      try (ThreadPool pool = Testing.pool(1, 2)
              .startOnFirstTask()
              .threadFactory(body -> {
                if (asked.getAndIncrement() == 0) {
                  making.run();
                  return null;
                }
                return new Thread(body);
              })
              .build();
          making) {
        CompletableFuture<Boolean> first =
            Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(() -> {})));
        making.awaitBegun();
        CompletableFuture<Integer> other = pool.submit(() -> 1);
        making.release();
        assertEquals(1, Testing.get(other));
        Testing.get(first);
        assertEquals(PoolState.RUNNING, pool.state());
      }
    }

    /** The owner's start instead of the first task's: it throws, and nobody is left waiting. */
    @Test
    void othersTasks_areNotStranded_whenTheOwnersStartFails() throws Exception {
      var making = new Held();
      try (ThreadPool pool = Testing.pool(1, 2)
              .startOnFirstTask()
              .threadFactory(body -> {
                making.run();
                return null;
              })
              .build();
          making) {
        CompletableFuture<ThreadCreationException> owner =
            Testing.inThread(() -> assertThrows(ThreadCreationException.class, pool::start));
        making.awaitBegun();
        CompletableFuture<Integer> task = pool.submit(() -> 1);
        making.release();
        Testing.get(owner);
        assertThrows(ExecutionException.class, () -> Testing.get(task));
        Testing.assertBalanced(pool.statistics());
      }
    }

    /** Every submitter finds out: refused, or accepted and then told; none waits for nobody. */
    @Test
    void nothingIsStranded_whenManyRaceToBeFirstAndNoThreadCanBeMade() throws Exception {
      for (int round = 0; round < 500; round++) {
        try (ThreadPool pool =
            new FaultyFactory(Fault.NULL).pool(1, 2).startOnFirstTask().build()) {
          var barrier = new CyclicBarrier(3);
          var submitters = new ArrayList<CompletableFuture<Boolean>>();
          for (int i = 0; i < 3; i++) {
            submitters.add(Testing.inThread(() -> {
              barrier.await(Held.LONG_SECONDS, TimeUnit.SECONDS);
              try {
                CompletableFuture<Integer> future = pool.submit(() -> 1);
                assertThrows(ExecutionException.class, () -> Testing.get(future));
                return true;
              } catch (TaskRejectedException refused) {
                return false;
              }
            }));
          }
          long accepted = 0;
          for (CompletableFuture<Boolean> submitter : submitters) {
            accepted += Testing.get(submitter) ? 1 : 0;
          }
          assertEquals(accepted, pool.statistics().accepted());
          assertEquals(accepted, pool.statistics().discarded());
          assertEquals(3 - accepted, pool.statistics().refused());
        }
      }
    }

    @Test
    void noWarning_isLogged_whenSomebodyWaitsForTheFirstTask() throws Exception {
      try (var logs = new CapturedLogs();
          ThreadPool pool = Testing.pool(1, 1).startOnFirstTask().build()) {
        assertEquals(1, Testing.get(pool.submit(() -> 1)));
        assertEquals(List.of(), logs.lines());
        assertTrue(pool.statistics().workers() > 0);
      }
    }
  }
}
