package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ContextFailedException;
import dev.bobbin.api.ContextFailure;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of tasks whose contexts fail before they have run, by each way to submit and each choice. */
class ContextFailureTest {
  private static final IllegalStateException OWN = new IllegalStateException("the plugin's own");

  /** Where the propagator fails. */
  enum Where {
    CAPTURE,
    INSTALL,
    /** It returns, and has not run the task. */
    SKIP
  }

  private static ContextPropagator failing(Where where) {
    return new ContextPropagator() {
      @Override
      public String name() {
        return "failing";
      }

      @Override
      public CapturedContext capture() {
        if (where == Where.CAPTURE) {
          throw OWN;
        }
        return body -> {
          if (where == Where.INSTALL) {
            throw OWN;
          }
        };
      }
    };
  }

  private final RecordingReporter reporter = new RecordingReporter();
  private final AtomicInteger ran = new AtomicInteger();

  private ThreadPool pool(Where where, ContextFailure choice) {
    return ThreadPools.builder(
            Testing.config(1, 1).toBuilder().whenContextFails(choice).build())
        .contextPropagator(failing(where))
        .failureReporter(reporter)
        .start();
  }

  private void assertOwnFailure(Where where, Throwable thrown) {
    var failed = (ContextFailedException) thrown;
    assertEquals("failing", failed.propagator());
    assertEquals("p", failed.pool());
    assertSame(where == Where.SKIP ? null : OWN, failed.getCause());
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void run_runsEveryTask_andReportsEachFailureOnce(Where where) throws Exception {
    try (ThreadPool pool = pool(where, ContextFailure.RUN)) {
      pool.execute(ran::incrementAndGet);
      assertEquals(2, Testing.get(pool.submit(ran::incrementAndGet)));
      pool.callInThreadWithCallback(outcome -> ran.incrementAndGet(), ran::incrementAndGet);
      Testing.stopped(pool);
      assertEquals(4, ran.get());
      assertEquals(3, pool.statistics().completed());
    }
    assertEquals(3, reporter.reports().size());
    assertTrue(
        reporter.subjects().get(0).startsWith("plugin 'failing' "), reporter.subjects()::toString);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void fail_runsNoTask_andTellsWhomItsFailureIsFor(Where where) throws Exception {
    try (ThreadPool pool = pool(where, ContextFailure.FAIL)) {
      CompletableFuture<Integer> future = pool.submit(ran::incrementAndGet);
      assertOwnFailure(
          where,
          assertThrows(ExecutionException.class, () -> Testing.get(future)).getCause());
      var outcomes = new CopyOnWriteArrayList<Outcome<?>>();
      pool.callInThreadWithCallback(outcomes::add, ran::incrementAndGet);
      pool.execute(ran::incrementAndGet);
      Testing.stopped(pool);

      assertEquals(0, ran.get());
      assertOwnFailure(where, ((Outcome.Failure<?>) outcomes.get(0)).cause());
      assertEquals(3, pool.statistics().failed());
      assertEquals(0, pool.statistics().discarded());
    }
    // one complaint of the plugin for each task, and the failure of that which nobody else is told
    // of
    assertEquals(4, reporter.reports().size());
    assertOwnFailure(where, reporter.throwables().get(3));
  }

  @Test
  void refuse_refuses_whenTheCaptureFails() {
    try (ThreadPool pool = pool(Where.CAPTURE, ContextFailure.REFUSE)) {
      for (Runnable submission : List.<Runnable>of(
          () -> pool.execute(ran::incrementAndGet),
          () -> pool.submit(ran::incrementAndGet),
          () -> pool.callInThreadWithCallback(outcome -> {}, ran::incrementAndGet))) {
        var refused = assertThrows(TaskRejectedException.class, submission::run);
        assertEquals(RejectionReason.CONTEXT, refused.reason());
        assertSame(OWN, refused.getCause());
        assertTrue(refused.getMessage().contains("whenContextFails(RUN)"), refused.getMessage());
      }
      Testing.stopped(pool);
      assertEquals(3, pool.statistics().refused());
      assertEquals(0, pool.statistics().accepted());
    }
    assertEquals(0, ran.get());
    assertEquals(3, reporter.reports().size());
  }

  @ParameterizedTest
  @EnumSource(names = {"INSTALL", "SKIP"})
  void refuse_fails_whenItIsTooLateToRefuse(Where where) throws Exception {
    try (ThreadPool pool = pool(where, ContextFailure.REFUSE)) {
      CompletableFuture<Integer> future = pool.submit(ran::incrementAndGet);
      assertOwnFailure(
          where,
          assertThrows(ExecutionException.class, () -> Testing.get(future)).getCause());
    }
    assertEquals(0, ran.get());
  }

  /** The other contexts are put back, and the failure is reported inside of those that are in force. */
  @Test
  void fail_leavesNothingBehind_ofTheContextsOutside() throws Exception {
    var local = new ThreadLocal<String>();
    ContextPropagator outer = new ContextPropagator() {
      @Override
      public String name() {
        return "outer";
      }

      @Override
      public int order() {
        return -1;
      }

      @Override
      public CapturedContext capture() {
        return body -> {
          local.set("outer");
          try {
            body.run();
          } finally {
            local.remove();
          }
        };
      }
    };
    var inCallback = new CopyOnWriteArrayList<String>();
    var config =
        Testing.config(1, 1).toBuilder().whenContextFails(ContextFailure.FAIL).build();
    try (ThreadPool pool = ThreadPools.builder(config)
        .contextPropagator(outer)
        .contextPropagator(failing(Where.INSTALL))
        .failureReporter(reporter)
        .start()) {
      pool.callInThreadWithCallback(outcome -> inCallback.add(local.get()), () -> 1);
      pool.execute(() -> inCallback.add("never"));
      Testing.stopped(pool);
    }
    assertEquals(List.of("outer"), inCallback);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "REFUSE"})
  void stage_fails_whenItsContextCannotBeCaptured(ContextFailure choice) throws Exception {
    var broken = new AtomicBoolean();
    ContextPropagator propagator = new ContextPropagator() {
      @Override
      public String name() {
        return "failing";
      }

      @Override
      public CapturedContext capture() {
        if (broken.get()) {
          throw OWN;
        }
        return null;
      }
    };
    var config = Testing.config(1, 1).toBuilder().whenContextFails(choice).build();
    try (ThreadPool pool = ThreadPools.builder(config)
        .contextPropagator(propagator)
        .failureReporter(reporter)
        .start()) {
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      broken.set(true);
      CompletableFuture<Integer> stage = future.thenApplyAsync(one -> ran.incrementAndGet());

      assertOwnFailure(
          Where.CAPTURE,
          assertThrows(ExecutionException.class, () -> Testing.get(stage)).getCause());
      assertEquals(0, ran.get());
    }
  }

  @Test
  void wrappedWork_runs_whateverIsSaid() {
    try (ThreadPool pool = pool(Where.CAPTURE, ContextFailure.REFUSE);
        ThreadPool other = pool(Where.INSTALL, ContextFailure.FAIL)) {
      pool.contextWrapper().wrap((Runnable) ran::incrementAndGet).run();
      other.contextWrapper().wrap((Runnable) ran::incrementAndGet).run();
    }
    assertEquals(2, ran.get());
    assertEquals(2, reporter.reports().size());
  }

  /** A context outside of the failing one. */
  private static final class Outer implements ContextPropagator {
    private final Runnable restoring;
    private final AtomicInteger discarded = new AtomicInteger();

    Outer(Runnable restoring) {
      this.restoring = restoring;
    }

    @Override
    public String name() {
      return "a-outer";
    }

    @Override
    public CapturedContext capture() {
      return new CapturedContext() {
        @Override
        public void run(Runnable body) {
          body.run();
          restoring.run();
        }

        @Override
        public void discarded() {
          discarded.incrementAndGet();
        }

        @Override
        public Map<String, String> describe() {
          return Map.of("tenant", "acme");
        }
      };
    }
  }

  private ThreadPool pool(Where where, ContextFailure choice, Outer outer) {
    return ThreadPools.builder(
            Testing.config(1, 1).toBuilder().whenContextFails(choice).build())
        .contextPropagator(outer)
        .contextPropagator(failing(where))
        .failureReporter(reporter)
        .start();
  }

  @Test
  void refuse_tellsTheOtherContexts_thatTheTaskIsNeverRun() {
    var outer = new Outer(() -> {});
    try (ThreadPool pool = pool(Where.CAPTURE, ContextFailure.REFUSE, outer)) {
      assertThrows(TaskRejectedException.class, () -> pool.submit(ran::incrementAndGet));
      assertThrows(TaskRejectedException.class, () -> pool.execute(ran::incrementAndGet));
      Testing.stopped(pool);
    }
    assertEquals(2, outer.discarded.get());
  }

  @Test
  void fail_canBeCancelledByTheWorkerItself_whileItRestores() throws Exception {
    var future = new CompletableFuture<CompletableFuture<?>>();
    var cancelled = new CompletableFuture<Boolean>();
    var outer = new Outer(() -> cancelled.complete(future.join().cancel(true)));
    try (ThreadPool pool = pool(Where.INSTALL, ContextFailure.FAIL, outer)) {
      CompletableFuture<Integer> submitted = pool.submit(ran::incrementAndGet);
      future.complete(submitted);
      assertEquals(false, Testing.get(cancelled));
      assertThrows(ExecutionException.class, () -> Testing.get(submitted));
    }
  }

  @Test
  void report_ofAFutureThatFailsSo_tellsTheContext() {
    try (ThreadPool pool = pool(Where.INSTALL, ContextFailure.FAIL, new Outer(() -> {}))) {
      pool.submit(ran::incrementAndGet);
      Testing.stopped(pool);
    }
    assertEquals(Map.of("tenant", "acme"), reporter.reports().get(1).context());
  }
}
