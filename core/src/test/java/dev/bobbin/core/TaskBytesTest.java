package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.bobbin.api.ContextFailure;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many bytes a task takes that waits: a backlog has many. Where references are compressed. */
class TaskBytesTest {
  private static final int MANY = 1_000;
  private static final CapturedContext CONTEXT = Runnable::run;

  @BeforeEach
  void requireCompressedReferences() {
    assumeTrue(bytesOf(() -> new Object[64]) < 64 * Long.BYTES, "references take 8 bytes here");
  }

  @Test
  void future_takesNoMoreThan48() {
    try (ThreadPool pool = Testing.pool(0, 1).build()) {
      Callable<String> work = () -> "value";
      assertAtMost(48, () -> new PoolFuture<>((Pool) pool, work, null));
    }
  }

  @Test
  void plainTask_takesNoMoreThan32() {
    Runnable work = () -> {};
    assertAtMost(32, () -> new PlainTask(work, null, TaskClock.UNTIMED, null));
  }

  @Test
  void contextOfOnePropagator_takesNoMoreThan24() {
    ContextPlan plan = plan(1);
    assertAtMost(24, plan::capture);
  }

  @Test
  void contextOfThreePropagators_takesNoMoreThan48() {
    ContextPlan plan = plan(3);
    assertAtMost(48, plan::capture);
  }

  private static ContextPlan plan(int propagators) {
    ContextPropagator propagator = new ContextPropagator() {
      @Override
      public String name() {
        return "constant";
      }

      @Override
      public CapturedContext capture() {
        return CONTEXT;
      }
    };
    return new ContextPlan(
        Collections.nCopies(propagators, propagator),
        ContextFailure.RUN,
        new FailureReports("p", List.of()));
  }

  private static void assertAtMost(int bytes, Supplier<?> maker) {
    long each = bytesOf(maker);
    assertTrue(each <= bytes, () -> each + " bytes");
  }

  /** Returns what making one takes: whole bytes, what is allocated beside a thousand being less than that. */
  private static long bytesOf(Supplier<?> maker) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var made = new Object[MANY]; // holds them, so that none is compiled away
    made[0] = maker.get(); // whatever comes with the first
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MANY; i++) {
      made[i] = maker.get();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / MANY;
  }
}
