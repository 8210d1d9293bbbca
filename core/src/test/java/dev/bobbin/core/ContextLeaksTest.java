package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ContextMode;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What is left behind on workers is told, by the names of the task and of the context. */
class ContextLeaksTest {
  private final ThreadLocal<String> local = new ThreadLocal<>();
  private final RecordingReporter reporter = new RecordingReporter();

  /** Carries the thread-local; puts back what was there, or forgets to. */
  private final class Locals implements ContextPropagator {
    private final boolean careful;

    Locals(boolean careful) {
      this.careful = careful;
    }

    @Override
    public String name() {
      return "locals";
    }

    @Override
    public CapturedContext capture() {
      return captured(local.get());
    }

    @Override
    public Set<ContextMode> modes() {
      return EnumSet.allOf(ContextMode.class);
    }

    @Override
    public CapturedContext cleared() {
      return captured(null);
    }

    private CapturedContext captured(String value) {
      return new CapturedContext() {
        @Override
        public void run(Runnable body) {
          String before = local.get();
          local.set(value);
          body.run();
          if (careful) {
            local.set(before);
          }
        }

        @Override
        public Map<String, String> describe() {
          return value == null ? Map.of() : Map.of("local", value);
        }
      };
    }
  }

  private ThreadPool pool(ContextPropagator propagator, ContextMode mode) {
    var config = Testing.config(1, 1).toBuilder()
        .contextMode("locals", mode)
        .detectContextLeaks(true)
        .build();
    return ThreadPools.builder(config)
        .contextPropagator(propagator)
        .failureReporter(reporter)
        .start();
  }

  /** A task with a name that leaves the value behind. */
  private Runnable leaving(String value) {
    return new Runnable() {
      @Override
      public void run() {
        local.set(value);
      }

      @Override
      public String toString() {
        return "careless";
      }
    };
  }

  @Test
  void task_isNamed_whenItLeavesSomethingBehind_howeverItWasSubmitted() throws Exception {
    try (ThreadPool pool = pool(new Locals(true), ContextMode.PROPAGATE)) {
      local.set("mine");
      pool.execute(leaving("left"));
      Testing.get(pool.submit(leaving("left")));
      pool.callInThreadWithCallback(outcome -> local.set("left"), () -> 1);
      Testing.get(pool.submit((Callable<String>) local::get)); // leaves nothing
      Testing.stopped(pool);
    } finally {
      local.remove();
    }

    assertEquals(3, reporter.reports().size(), () -> reporter.subjects().toString());
    FailureReport first = reporter.reports().get(0);
    assertEquals(Kind.CONTEXT, first.kind());
    assertEquals(
        "task careless left something behind in context 'locals': {local=mine} became {local=left}",
        first.subject());
    for (String subject : reporter.subjects()) {
      assertTrue(subject.endsWith("{local=mine} became {local=left}"), subject);
    }
  }

  @Test
  void task_isNamed_alsoWhenItsContextIsCleared() {
    try (ThreadPool pool = pool(new Locals(true), ContextMode.CLEAR)) {
      pool.execute(leaving("left"));
      Testing.stopped(pool);
    }
    assertEquals(
        List.of("task careless left something behind in context 'locals': {} became {local=left}"),
        reporter.subjects());
  }

  @Test
  void propagator_isNamed_whenItDoesNotPutBackWhatWasThere() {
    try (ThreadPool pool = pool(new Locals(false), ContextMode.PROPAGATE)) {
      local.set("mine");
      pool.execute(() -> {});
      Testing.stopped(pool);
    } finally {
      local.remove();
    }
    assertEquals(1, reporter.reports().size(), () -> reporter.subjects().toString());
    String subject = reporter.subjects().get(0);
    assertTrue(subject.startsWith("context 'locals' was not put back after task "), subject);
    assertTrue(subject.endsWith(": {} became {local=mine}"), subject);
  }

  @Test
  void nothing_isTold_whenNothingIsLeft_orTheTaskThrows() throws Exception {
    try (ThreadPool pool = pool(new Locals(true), ContextMode.PROPAGATE)) {
      pool.callInThreadWithCallback(outcome -> {}, () -> {
        throw new IllegalStateException("on purpose");
      });
      pool.submit(() -> 1);
      pool.execute(() -> {});
      Testing.stopped(pool);
    }
    assertEquals(List.of(), reporter.subjects());
  }

  @Test
  void propagatorThatCannotTell_harmsNobody() {
    ContextPropagator mute = new ContextPropagator() {
      @Override
      public String name() {
        return "locals";
      }

      @Override
      public CapturedContext capture() {
        return null;
      }

      @Override
      public Map<String, String> present() {
        throw new IllegalStateException("cannot tell");
      }
    };
    try (ThreadPool pool = pool(mute, ContextMode.PROPAGATE)) {
      pool.execute(() -> {});
      Testing.stopped(pool);
      assertEquals(1, pool.statistics().completed());
    }
    assertEquals(List.of(), reporter.subjects());
  }
}
