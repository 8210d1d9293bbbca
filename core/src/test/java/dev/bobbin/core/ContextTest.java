package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import dev.bobbin.spi.FailureReporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the submitter's context travels: when it is captured, in what order it is in force, and till when. */
class ContextTest {
  private static final ThreadLocal<String> VALUE = new ThreadLocal<>();

  /** Carries {@link #VALUE}, as a plugin for a thread-local would. */
  private static final class ValuePropagator implements ContextPropagator {
    final AtomicInteger captures = new AtomicInteger();

    @Override
    public String name() {
      return "value";
    }

    @Override
    public CapturedContext capture() {
      captures.incrementAndGet();
      String captured = VALUE.get();
      return captured == null ? null : new Carried(captured);
    }
  }

  private record Carried(String value) implements CapturedContext {
    @Override
    public void run(Runnable body) {
      String before = VALUE.get();
      VALUE.set(value);
      try {
        body.run();
      } finally {
        if (before == null) {
          VALUE.remove();
        } else {
          VALUE.set(before);
        }
      }
    }

    @Override
    public Map<String, String> describe() {
      return Map.of("value", value);
    }
  }

  /** Says when it captures, and when its context is entered and left. */
  private static final class Tracing implements ContextPropagator {
    private final String name;
    private final int order;
    private final List<String> trace;

    Tracing(String name, int order, List<String> trace) {
      this.name = name;
      this.order = order;
      this.trace = trace;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int order() {
      return order;
    }

    @Override
    public CapturedContext capture() {
      trace.add("capture " + name);
      return new CapturedContext() {
        @Override
        public void run(Runnable body) {
          trace.add("enter " + name);
          body.run();
          trace.add("leave " + name);
        }

        @Override
        public Map<String, String> describe() {
          return Map.of(name, "described");
        }
      };
    }
  }

  /** Runs the action with a value in force on this thread. */
  private static <T> T with(String value, Callable<T> action) throws Exception {
    VALUE.set(value);
    try {
      return action.call();
    } finally {
      VALUE.remove();
    }
  }

  @Test
  void x1_work_seesWhatWasInForceAtSubmission_whateverHappensAfterwards() throws Exception {
    try (ThreadPool pool =
            Testing.pool(1, 1).contextPropagator(new ValuePropagator()).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      CompletableFuture<String> seen = with("then", () -> pool.submit(VALUE::get));
      VALUE.set("later");
      held.release();
      assertEquals("then", Testing.get(seen));
      VALUE.remove();
      assertEquals(null, Testing.get(pool.submit(VALUE::get))); // nothing to carry, nothing leaks
    }
  }

  @Test
  void r9_callbackAndReports_areInsideTheContext() throws Exception {
    var inReport = new CopyOnWriteArrayList<String>();
    var reports = new CopyOnWriteArrayList<FailureReport>();
    FailureReporter reporter = new FailureReporter() {
      @Override
      public String name() {
        return "seeing";
      }

      @Override
      public void report(FailureReport report) {
        inReport.add(String.valueOf(VALUE.get()));
        reports.add(report);
      }
    };
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(new ValuePropagator())
        .failureReporter(reporter)
        .start()) {
      var inCallback = new CompletableFuture<String>();
      with("mine", () -> {
        pool.execute(() -> {
          throw new IllegalStateException("task");
        });
        pool.callInThreadWithCallback(
            outcome -> {
              inCallback.complete(VALUE.get());
              throw new IllegalStateException("callback");
            },
            () -> "value");
        return null;
      });
      assertEquals("mine", Testing.get(inCallback));
      Testing.stopped(pool);
    }
    assertEquals(List.of("mine", "mine"), inReport);
    assertEquals(
        List.of(Kind.TASK, Kind.CALLBACK),
        reports.stream().map(FailureReport::kind).toList());
    for (FailureReport report : reports) {
      assertEquals(Map.of("value", "mine"), report.context());
    }
    assertEquals(null, VALUE.get());
  }

  @Test
  void futureCompletes_afterTheContextIsRestored() throws Exception {
    try (ThreadPool pool =
            Testing.pool(1, 1).contextPropagator(new ValuePropagator()).start();
        var held = new Held()) {
      CompletableFuture<String> inStage =
          with("mine", () -> pool.submit(held).thenApply(nothing -> String.valueOf(VALUE.get())));
      held.release();
      assertEquals("null", Testing.get(inStage));
    }
  }

  @Test
  void discardedCallback_isCalledInsideTheContext_andSoIsTheReportOfItsFailure() throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(0, 0)
        .contextPropagator(new ValuePropagator())
        .failureReporter(reporter)
        .start()) {
      var seen = new CopyOnWriteArrayList<String>();
      with("mine", () -> {
        pool.callInThreadWithCallback(
            outcome -> {
              seen.add(outcome.isSuccess() + " " + VALUE.get());
              throw new IllegalStateException("discarded callback");
            },
            () -> "value");
        return null;
      });
      with("the stopper's", () -> {
        assertEquals(1, pool.stop(Duration.ZERO).discarded().size());
        assertEquals("the stopper's", VALUE.get()); // put back
        return null;
      });
      assertEquals(List.of("false mine"), seen);
      assertEquals(1, reporter.reports().size());
      assertEquals(Map.of("value", "mine"), reporter.reports().get(0).context());
    }
  }

  @Test
  void contexts_areNested_outermostFirst_andLeftInReverse() {
    var trace = new CopyOnWriteArrayList<String>();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(new Tracing("c", 0, trace))
        .contextPropagator(new Tracing("b", 0, trace))
        .contextPropagator(new Tracing("z", -5, trace))
        .contextPropagator(new Tracing("a", 7, trace))
        .start()) {
      pool.callInThreadWithCallback(outcome -> trace.add("callback"), () -> {
        trace.add("work");
        return null;
      });
      Testing.stopped(pool);
    }
    assertEquals(
        List.of(
            "capture z",
            "capture b",
            "capture c",
            "capture a",
            "enter z",
            "enter b",
            "enter c",
            "enter a",
            "work",
            "callback",
            "leave a",
            "leave c",
            "leave b",
            "leave z"),
        trace);
  }

  @Test
  void report_tellsTheContextInTheOrderOfThePropagators() {
    var reporter = new RecordingReporter();
    var trace = new CopyOnWriteArrayList<String>();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(new Tracing("b", 1, trace))
        .contextPropagator(new Tracing("a", 2, trace))
        .failureReporter(reporter)
        .start()) {
      pool.execute(() -> {
        throw new IllegalStateException("on purpose");
      });
      Testing.stopped(pool);
    }
    assertEquals(
        new ArrayList<>(List.of("b", "a")),
        new ArrayList<>(reporter.reports().get(0).context().keySet()));
  }

  @Test
  void capture_isCalledOnce_forEveryFormOfSubmission() throws Exception {
    var propagator = new ValuePropagator();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(propagator).start()) {
      var forms = new LinkedHashMap<String, BadInputTest.Call>();
      forms.put("execute", made -> made.execute(() -> {}));
      forms.put("callInThread", made -> made.callInThread(() -> {}));
      forms.put("callback", made -> made.callInThreadWithCallback(outcome -> {}, () -> 1));
      forms.put(
          "callback elsewhere",
          made -> made.callInThreadWithCallback(outcome -> {}, () -> 1, Runnable::run));
      forms.put("defer", made -> made.deferToThread(Runnable::run, () -> 1));
      forms.put("list", made -> made.callMultipleInThread(List.of(() -> {})));
      forms.put("submit", made -> made.submit(() -> 1));
      forms.put("submit a Runnable", made -> made.submit(() -> {}));
      forms.put("submit with a value", made -> made.submit(() -> {}, 1));
      forms.put("invokeAll", made -> made.invokeAll(List.of(() -> 1)));
      forms.put("invokeAny", made -> made.invokeAny(List.of(() -> 1)));
      for (Map.Entry<String, BadInputTest.Call> form : forms.entrySet()) {
        propagator.captures.set(0);
        form.getValue().on(pool);
        assertEquals(1, propagator.captures.get(), form.getKey());
      }
    }
  }

  @Test
  void invokeAllAndAny_carryTheContext() throws Exception {
    try (ThreadPool pool =
        Testing.pool(1, 2).contextPropagator(new ValuePropagator()).start()) {
      List<Callable<String>> tasks = List.of(VALUE::get);
      assertEquals("mine", with("mine", () -> Testing.get(pool.invokeAll(tasks).get(0))));
      assertEquals("mine", with("mine", () -> pool.invokeAny(tasks)));
    }
  }

  /** Nothing is captured for a task that the pool refuses anyway. */
  @Test
  void capture_isNotCalled_whenThePoolHasStopped() {
    var propagator = new ValuePropagator();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(propagator).start()) {
      pool.stop();
      Testing.isAccepted(() -> pool.execute(() -> {}));
      Testing.isAccepted(() -> pool.submit(() -> {}));
      assertEquals(0, propagator.captures.get());
    }
  }

  /** Decision 9: an empty plan costs nothing, the very Runnable goes to the worker. */
  @Test
  void emptyPlan_passesTheVeryRunnable() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      assertSame(held, runningIn(pool));
    }
  }

  @Test
  void nothingToCarry_passesTheVeryRunnable() throws Exception {
    try (ThreadPool pool =
            Testing.pool(1, 1).contextPropagator(new ValuePropagator()).start();
        var held = new Held();
        var wrapped = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      assertSame(held, runningIn(pool));
      with("mine", () -> {
        pool.execute(wrapped);
        return null;
      });
      held.release();
      wrapped.awaitBegun();
      assertNotSame(wrapped, runningIn(pool));
    }
  }

  /** Returns the object that the only worker of this pool runs. */
  private static Runnable runningIn(ThreadPool pool) {
    return ((Pool) pool).team().slots()[0].task();
  }

  /** Fault 6: a propagator that calls the pool. */
  @Test
  void propagatorThatReentersThePool_isServed() throws Exception {
    var pool = new CompletableFuture<ThreadPool>();
    var nested = new ConcurrentLinkedQueue<CompletableFuture<Integer>>();
    var depth = new AtomicInteger();
    ContextPropagator propagator = new ContextPropagator() {
      @Override
      public String name() {
        return "reentrant";
      }

      @Override
      public CapturedContext capture() {
        if (depth.getAndIncrement() == 0) {
          nested.add(pool.join().submit(() -> 1));
        }
        return body -> {
          pool.join().statistics();
          if (nested.size() < 3) {
            nested.add(pool.join().submit(() -> 2));
          }
          body.run();
        };
      }
    };
    try (ThreadPool made = Testing.pool(1, 2).contextPropagator(propagator).start()) {
      pool.complete(made);
      assertEquals(3, Testing.get(made.submit(() -> 3)));
      for (CompletableFuture<Integer> future : nested) {
        assertTrue(Testing.get(future) > 0);
      }
      Testing.stopped(made);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.bobbin.core.UseAfterStopTest#submissions")
  void nothingIsCaptured_whenThePoolHasStopped(BadInputTest.Call submission) {
    var propagator = new ValuePropagator();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(propagator).start()) {
      pool.stop();
      assertThrows(TaskRejectedException.class, () -> submission.on(pool));
      assertEquals(0, propagator.captures.get());
    }
  }
}
