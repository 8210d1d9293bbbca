package dev.bobbin.examples.clients;

import static dev.bobbin.examples.clients.SharedPool.assertWorker;
import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Results in the order in which they come, through an {@link ExecutorCompletionService}. */
class CompletionServiceTest {
  @Test
  void results_comeInTheOrderOfTheirEnd() throws Exception {
    try (ThreadPool pool = SharedPool.start(2);
        var held = new Held()) {
      var service = new ExecutorCompletionService<String>(pool);
      Future<String> slow = service.submit(() -> held.then("slow"));
      Future<String> quick = service.submit(SharedPool::here);

      assertSame(quick, next(service));
      assertWorker(get(quick));
      held.release();
      assertSame(slow, next(service));
      assertEquals("slow", get(slow));
      assertEquals(2, stopped(pool).completed());
    }
  }

  @Test
  void failure_comesAsTheFuturesCause() throws Exception {
    try (ThreadPool pool = SharedPool.start(1)) {
      var service = new ExecutorCompletionService<String>(pool);
      var failure = new IllegalStateException("no rows");
      service.submit(() -> {
        throw failure;
      });
      Future<String> failed = next(service);
      assertSame(failure, assertThrows(ExecutionException.class, failed::get).getCause());
      assertEquals(1, stopped(pool).completed()); // the service's own task, which keeps the failure
    }
  }

  /** The service wraps the future into a task of its own, which keeps the place until its turn. */
  @Test
  void cancel_ofAWaitingTask_showsInTheQueueWhenItsTurnComes() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var service = new ExecutorCompletionService<Boolean>(pool);
      var ran = new AtomicBoolean();
      Future<Boolean> waiting = service.submit(() -> ran.getAndSet(true));

      assertTrue(waiting.cancel(true));
      assertNull(service.poll());
      held.release();
      assertSame(waiting, next(service));
      assertTrue(waiting.isCancelled());
      assertFalse(ran.get());
      assertEquals(2, stopped(pool).completed());
    }
  }

  @Test
  void cancel_ofARunningTask_interruptsIt() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      var service = new ExecutorCompletionService<String>(pool);
      Future<String> running = service.submit(() -> held.then("never"));
      held.awaitBegun();
      assertTrue(running.cancel(true));
      held.awaitInterrupted();
      assertSame(running, next(service));
      SharedPool.assertStillServes(pool);
      stopped(pool);
    }
  }

  /** So do not wait for as many results as were submitted, unless what was given up is run. */
  @Test
  void resultNeverComes_whenAStopGaveTheTaskUp_untilItIsRun() throws Exception {
    try (ThreadPool pool = SharedPool.start(1);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var service = new ExecutorCompletionService<String>(pool);
      Future<String> waiting = service.submit(() -> "late");
      var report = pool.stop(Duration.ZERO);
      assertNull(service.poll());
      assertFalse(waiting.isDone());

      report.discarded().forEach(Runnable::run);
      assertSame(waiting, service.poll());
      assertEquals("late", get(waiting));
      assertEquals(1, stopped(pool).discarded());
    }
  }

  @Test
  void stoppedPool_refusesTheSubmission_andNothingEntersTheQueue() {
    try (ThreadPool pool = SharedPool.start(1)) {
      stopped(pool);
      var service = new ExecutorCompletionService<String>(pool);
      refusalIn(
          assertThrows(RejectedExecutionException.class, () -> service.submit(() -> "never")));
      assertNull(service.poll());
    }
  }

  private static <T> Future<T> next(CompletionService<T> service) throws InterruptedException {
    return service.poll(Held.LONG_SECONDS, TimeUnit.SECONDS);
  }
}
