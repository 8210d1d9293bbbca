package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.RecordingListener.Call;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.TaskEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Fault 16: what the timer brings about may throw or block, and nobody else's limits suffer. */
class TimerFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final HandTimers timers = HandTimers.notWaiting();

  private Pool pool(RecordingReporter reporter) {
    return timers.start(Testing.config(1, 1).toBuilder().maxWait(LIMIT).build(), reporter);
  }

  private void passTheLimit() {
    timers.pass(LIMIT.toNanos());
  }

  private static void assertExpired(CompletableFuture<?> future) {
    var thrown = assertThrows(ExecutionException.class, () -> Testing.get(future));
    assertInstanceOf(TaskDiscardedException.class, thrown.getCause());
  }

  /** Submits a task that will wait for too long, and whose callback does this. */
  private static void submit(Pool pool, Consumer<Outcome<Integer>> callback) {
    pool.callInThreadWithCallback(callback::accept, () -> 1);
  }

  @Test
  void fault16_theOthersAreToldAndTheFailuresCounted_whenCallbacksThrow() throws Exception {
    var reporter = new RecordingReporter();
    try (Pool pool = pool(reporter);
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      var others = new ArrayList<CompletableFuture<?>>();
      List<Throwable> hostile = List.of(
          new IllegalStateException("on purpose"),
          new StackOverflowError(),
          new OutOfMemoryError());
      for (Throwable thrown : hostile) {
        submit(pool, outcome -> {
          throw Testing.<RuntimeException>sneaky(thrown);
        });
        others.add(pool.submit(() -> {}));
      }
      passTheLimit();
      for (CompletableFuture<?> other : others) {
        assertExpired(other);
      }
      assertEquals(hostile, reporter.throwables());
      assertTrue(reporter.reports().stream().allMatch(report -> report.kind() == Kind.CALLBACK));
      assertEquals(6, pool.statistics().discarded());
      held.release();
      Testing.stopped(pool);
    }
  }

  @Test
  void fault16_otherPoolsLimitsAreKept_whenACallbackBlocks() throws Exception {
    try (Pool pool = pool(new RecordingReporter());
        Pool other = pool(new RecordingReporter());
        var held = new Held(2);
        var blocked = new Held()) {
      pool.execute(held);
      other.execute(held);
      held.awaitBegun();
      submit(pool, outcome -> blocked.run());
      CompletableFuture<?> behind = pool.submit(() -> {});
      passTheLimit();
      blocked.awaitBegun();
      CompletableFuture<?> others = other.submit(() -> {});
      passTheLimit();
      assertExpired(others);
      assertFalse(behind.isDone(), "it waits for its turn behind the callback");
      StopReport report = pool.stop(Duration.ZERO); // interrupts the callback, which then throws
      assertTrue(
          report.stopped() || report.toString().contains("PoolThread-p-errands"), report::toString);
      assertExpired(behind);
      Testing.stopped(pool);
    }
  }

  @Test
  void fault16_otherPoolsLimitsAreKept_whenAListenerBlocksAndThrows() throws Exception {
    var blocked = new Held();
    var listener = new RecordingListener("slow", told -> {
      if (told.call() == Call.ENDED
          && told.task().ending().orElseThrow() == TaskEvent.Ending.DISCARDED) {
        blocked.runThroughInterrupts();
        throw new IllegalStateException("on purpose");
      }
    });
    var reporter = new RecordingReporter();
    ThreadPoolConfig config = Testing.config(1, 1).toBuilder().maxWait(LIMIT).build();
    try (Pool pool = timers.start(config, listener, reporter);
        Pool other = pool(new RecordingReporter());
        var held = new Held(2);
        blocked) {
      pool.execute(held);
      other.execute(held);
      held.awaitBegun();
      List<CompletableFuture<?>> all = List.of(pool.submit(() -> {}), pool.submit(() -> {}));
      passTheLimit();
      blocked.awaitBegun();
      CompletableFuture<?> others = other.submit(() -> {});
      passTheLimit();
      assertExpired(others);
      assertFalse(all.get(0).isDone(), "it completes when the listener was told");
      blocked.release();
      for (CompletableFuture<?> one : all) {
        assertExpired(one);
      }
      assertEquals(1, reporter.reports().size());
      assertEquals(2, pool.statistics().discarded());
      held.release();
      Testing.stopped(pool);
    }
  }

  /** The timer's own thread outlives what it does, and so do the entries behind. */
  @Test
  void fault16_timerGoesOn_whenAnActionThrows() throws Exception {
    var timer = new Timer("timer whose actions throw", 1_000_000);
    var done = new CompletableFuture<String>();
    var thrown = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      timer.schedule(0, () -> {
        thrown.incrementAndGet();
        throw new StackOverflowError("on purpose");
      });
    }
    timer.schedule(1, () -> done.complete("done"));
    assertEquals("done", Testing.get(done));
    assertEquals(10, thrown.get());
  }
}
