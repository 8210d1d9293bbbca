package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fault 14: propagators that break their contract. Each is reported once by name; the task runs exactly once. */
class ContextBreachesTest {
  private static final IllegalStateException OWN = new IllegalStateException("the plugin's own");

  /** What a propagator does with a body, and what the pool says of it. */
  private record Breach(String text, Throwable thrown, Consumer<Runnable> run) {
    @Override
    public String toString() {
      return text;
    }

    String subject() {
      return "plugin 'breaking' " + text;
    }
  }

  static Stream<Breach> breaches() {
    return Stream.of(
        new Breach("threw before it ran the task", OWN, body -> {
          throw OWN;
        }),
        new Breach("threw before it ran the task", new StackOverflowError("by hand"), body -> {
          throw new StackOverflowError("by hand");
        }),
        new Breach("threw after it ran the task", OWN, body -> {
          body.run();
          throw OWN;
        }),
        new Breach("did not run the task, which now runs without its context", null, body -> {}),
        new Breach("ran the task twice, the second time to no effect", null, body -> {
          body.run();
          body.run();
        }),
        new Breach("ran the task twice, the second time to no effect", null, body -> {
          body.run();
          body.run();
          body.run();
          throw OWN; // one complaint is enough
        }),
        new Breach("ran the task on another thread, where it did nothing", null, body -> {
          var other = new Thread(body);
          other.start();
          try {
            other.join();
          } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
          }
        }));
  }

  private static ContextPropagator propagator(String name, int order, CapturedContext context) {
    return new ContextPropagator() {
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
        return context;
      }
    };
  }

  private static void assertBreach(Breach breach, FailureReport report) {
    assertEquals(Kind.PLUGIN, report.kind());
    assertEquals(breach.subject(), report.subject());
    assertEquals("p", report.pool());
    if (breach.thrown() == null) {
      assertEquals(breach.subject(), report.throwable().getMessage());
    } else {
      assertEquals(breach.thrown().toString(), report.throwable().toString());
    }
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void breach_isReportedOnce_andThePlainTaskRunsOnce(Breach breach) throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("breaking", 0, breach.run()::accept))
        .failureReporter(reporter)
        .start()) {
      var ran = new AtomicInteger();
      pool.execute(ran::incrementAndGet);
      assertEquals(1, Testing.stopped(pool).completed());
      assertEquals(1, ran.get());
      assertEquals(1, reporter.reports().size(), reporter.subjects()::toString);
      assertBreach(breach, reporter.reports().get(0));
    }
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void breach_isReportedOnce_andTheFutureHasTheValue(Breach breach) throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("breaking", 0, breach.run()::accept))
        .failureReporter(reporter)
        .start()) {
      var ran = new AtomicInteger();
      assertEquals(1, Testing.get(pool.submit(ran::incrementAndGet)));
      assertEquals(1, ran.get());
      assertEquals(1, reporter.reports().size(), reporter.subjects()::toString);
      assertBreach(breach, reporter.reports().get(0));
    }
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void breach_isReportedOnce_andWorkAndCallbackRunOnceOnTheWorker(Breach breach) throws Exception {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("breaking", 0, breach.run()::accept))
        .failureReporter(reporter)
        .start()) {
      var trace = new CopyOnWriteArrayList<String>();
      pool.callInThreadWithCallback(
          outcome -> trace.add("callback on " + Thread.currentThread().getName()),
          () -> trace.add("work on " + Thread.currentThread().getName()));
      Testing.stopped(pool);
      assertEquals(List.of("work on PoolThread-p-0", "callback on PoolThread-p-0"), trace);
      assertEquals(1, reporter.reports().size(), reporter.subjects()::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void breach_isReportedOnce_andADiscardedCallbackIsToldOnce(Breach breach) {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(0, 0)
        .contextPropagator(propagator("breaking", 0, breach.run()::accept))
        .failureReporter(reporter)
        .start()) {
      var told = new AtomicInteger();
      pool.callInThreadWithCallback(outcome -> told.incrementAndGet(), () -> "value");
      pool.stop();
      assertEquals(1, told.get());
      assertEquals(1, reporter.reports().size(), reporter.subjects()::toString);
      assertBreach(breach, reporter.reports().get(0));
    }
  }

  /** The contexts of the others are in force all the same, and left in order. */
  @ParameterizedTest
  @MethodSource("breaches")
  void breach_costsTheOtherContextsNothing(Breach breach) throws Exception {
    var reporter = new RecordingReporter();
    var trace = new CopyOnWriteArrayList<String>();
    CapturedContext tracing = body -> {
      trace.add("enter");
      try {
        body.run();
      } finally {
        trace.add("leave");
      }
    };
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("outer", -1, tracing))
        .contextPropagator(propagator("breaking", 0, breach.run()::accept))
        .contextPropagator(propagator("inner", 1, tracing))
        .failureReporter(reporter)
        .start()) {
      pool.execute(() -> trace.add("work"));
      Testing.stopped(pool);
      assertEquals(List.of("enter", "enter", "work", "leave", "leave"), trace);
      assertEquals(1, reporter.reports().size(), reporter.subjects()::toString);
      assertBreach(breach, reporter.reports().get(0));
    }
  }

  @Test
  void failingTask_isReportedBesideTheBreach() {
    var reporter = new RecordingReporter();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("breaking", 0, body -> {
          body.run();
          throw OWN;
        }))
        .failureReporter(reporter)
        .start()) {
      var thrown = new IllegalArgumentException("the task's own");
      pool.execute(() -> {
        throw thrown;
      });
      assertEquals(1, Testing.stopped(pool).failed());
      assertEquals(List.of(thrown, OWN), reporter.throwables());
    }
  }

  @Test
  void capture_thatThrows_isReportedByName_andTheTaskGoesWithoutThatContextAlone()
      throws Exception {
    var reporter = new RecordingReporter();
    var trace = new CopyOnWriteArrayList<String>();
    ContextPropagator breaking = new ContextPropagator() {
      @Override
      public String name() {
        return "breaking";
      }

      @Override
      public CapturedContext capture() {
        throw OWN;
      }
    };
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(breaking)
        .contextPropagator(propagator("other", 1, body -> {
          trace.add("enter");
          body.run();
        }))
        .failureReporter(reporter)
        .start()) {
      assertEquals(1, Testing.get(pool.submit(() -> 1)));
      assertEquals(List.of("enter"), trace);
      assertEquals(
          List.of("plugin 'breaking' threw while it captured a context; the task goes without it"),
          reporter.subjects());
      assertSame(OWN, reporter.throwables().get(0));
      assertEquals(Thread.currentThread().getName(), reporter.reports().get(0).worker());
      pool.execute(() -> {});
      assertEquals(2, reporter.reports().size()); // once for each task
    }
  }

  @Test
  void describe_thatThrowsOrGivesNulls_costsOnlyItself() {
    var reporter = new RecordingReporter();
    class Hostile implements CapturedContext {
      @Override
      public void run(Runnable body) {
        body.run();
      }

      @Override
      public Map<String, String> describe() {
        throw OWN;
      }
    }
    class Absent implements CapturedContext {
      @Override
      public void run(Runnable body) {
        body.run();
      }

      @Override
      public Map<String, String> describe() {
        return null;
      }
    }
    class Good implements CapturedContext {
      @Override
      public void run(Runnable body) {
        body.run();
      }

      @Override
      public Map<String, String> describe() {
        var map = new java.util.HashMap<String, String>();
        map.put("key", null);
        return map;
      }
    }
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("a-hostile", 0, new Hostile()))
        .contextPropagator(propagator("b-absent", 0, new Absent()))
        .contextPropagator(propagator("c-good", 0, new Good()))
        .failureReporter(reporter)
        .start()) {
      pool.execute(() -> {
        throw new IllegalStateException("on purpose");
      });
      Testing.stopped(pool);
    }
    assertEquals(1, reporter.reports().size());
    Map<String, String> context = reporter.reports().get(0).context();
    assertEquals("null", context.get("key"));
    assertEquals(
        "(its describe threw java.lang.IllegalStateException)",
        context.get(Hostile.class.getName()));
    assertTrue(context.containsKey(Absent.class.getName()), context::toString);
  }

  /** A body that escapes and is run much later, on another thread or the same, does nothing. */
  @Test
  void escapedBody_doesNothing_whenItIsRunLater() throws Exception {
    var reporter = new RecordingReporter();
    var escaped = new CompletableFuture<Runnable>();
    try (ThreadPool pool = Testing.pool(1, 1)
        .contextPropagator(propagator("breaking", 0, body -> {
          escaped.complete(body);
          body.run();
        }))
        .failureReporter(reporter)
        .start()) {
      var ran = new AtomicInteger();
      assertEquals(1, Testing.get(pool.submit(ran::incrementAndGet)));
      escaped.join().run();
      assertEquals(1, ran.get());
      assertEquals(
          List.of("plugin 'breaking' ran the task on another thread, where it did nothing"),
          reporter.subjects());
      try {
        Testing.get(pool.submit(() -> {
          escaped.join().run();
          return null;
        }));
      } catch (ExecutionException unexpected) {
        throw new AssertionError(unexpected);
      }
      assertEquals(1, ran.get());
    }
  }
}
