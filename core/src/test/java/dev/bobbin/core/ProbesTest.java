package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Probes that showed other pools to be wrong, and that have no better place: those of contract, stop,
 * admission, keys and stages are with these.
 */
class ProbesTest {
  /** P1: a hook around the task that throws after it is not called again for the same task. */
  @Test
  void p1_throwingHook_isCalledOncePerTask_andTheWorkerGoesOn() throws Exception {
    var before = new AtomicInteger();
    var after = new AtomicInteger();
    ContextPropagator hook = new ContextPropagator() {
      @Override
      public String name() {
        return "hook";
      }

      @Override
      public CapturedContext capture() {
        return body -> {
          before.incrementAndGet();
          body.run();
          after.incrementAndGet();
          throw new IllegalStateException("after the task");
        };
      }
    };
    var reporter = new RecordingReporter();
    try (ThreadPool pool =
        Testing.pool(1, 1).contextPropagator(hook).failureReporter(reporter).start()) {
      var worker = Testing.get(pool.submit(Thread::currentThread));
      assertSame(worker, Testing.get(pool.submit(Thread::currentThread)));
      assertEquals(2, Testing.stopped(pool).completed());
    }
    assertEquals(2, before.get());
    assertEquals(2, after.get());
    assertEquals(2, reporter.reports().size());
  }

  /** P9, P10: who is refused for want of a thread is refused, and the task does not run as well. */
  @ParameterizedTest
  @EnumSource(FaultyFactory.Fault.class)
  void p9_p10_task_isEitherRefusedOrRuns_whenTheThreadCannotBeMade(FaultyFactory.Fault fault) {
    var factory = new FaultyFactory(fault);
    ThreadPool pool = factory.pool(0, 1).start();
    var ran = new AtomicInteger();
    boolean accepted = true;
    try {
      pool.execute(ran::incrementAndGet);
    } catch (TaskRejectedException refusal) {
      assertEquals(RejectionReason.NO_THREAD, refusal.reason());
      accepted = false;
    }
    var numbers = Testing.stopped(pool);
    assertEquals(accepted ? 1 : 0, numbers.accepted(), numbers::toString);
    assertEquals(accepted ? 0 : 1, numbers.refused(), numbers::toString);
    assertEquals(numbers.completed(), ran.get());
    assertEquals(numbers.accepted(), numbers.completed() + numbers.discarded());
  }

  /** P22: cancelling reaches the task: the waiting one never runs, the running one is interrupted. */
  @Test
  void p22_cancel_reachesTheTask() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      var ran = new AtomicInteger();
      CompletableFuture<?> running = pool.submit(held);
      held.awaitBegun();
      CompletableFuture<?> waiting = pool.submit(ran::incrementAndGet);
      assertTrue(waiting.cancel(true));
      assertTrue(running.cancel(true));
      assertThrows(CancellationException.class, running::join);
      var numbers = Testing.stopped(pool); // held was never released: the interrupt ended it
      assertEquals(2, numbers.cancelled());
      assertEquals(0, ran.get());
    }
  }
}
