package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others do wrong with contexts, by the numbers of the field's pitfalls. */
class ContextPitfallsTest {
  private static final ThreadLocal<String> VALUE = new ThreadLocal<>();

  private final CopyOnWriteArrayList<CapturedContext> captured = new CopyOnWriteArrayList<>();
  private final ContextPropagator values = new ContextPropagator() {
    @Override
    public String name() {
      return "value";
    }

    @Override
    public CapturedContext capture() {
      var carried = new Carried(VALUE.get());
      captured.add(carried);
      return carried;
    }
  };

  private record Carried(String value) implements CapturedContext {
    @Override
    public void run(Runnable body) {
      String before = VALUE.get();
      VALUE.set(value);
      try {
        body.run();
      } finally {
        VALUE.set(before);
      }
    }
  }

  @AfterEach
  void clear() {
    VALUE.remove();
  }

  /** P17: a context that is cleared instead of restored is gone from a submitter that runs its own task. */
  @Test
  void p17_submitterThatRunsItsOwnTask_hasItsContextAfterwards() {
    var config = Testing.config(1, 1).toBuilder()
        .backlogLimit(0)
        .whenFull(Overflow.runInCaller())
        .build();
    try (ThreadPool pool = ThreadPools.builder(config).contextPropagator(values).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      VALUE.set("mine");
      var inTask = new CompletableFuture<String>();
      pool.execute(() -> {
        inTask.complete(VALUE.get());
        VALUE.set("left behind");
      });
      assertEquals("mine", inTask.getNow("not run here"));
      assertEquals("mine", VALUE.get());
    }
  }

  /** P24: a future that completes inside of the context lets its dependents see the worker in it. */
  @Test
  void p24_futureCompletes_whenTheWorkerIsAsBefore() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(values).start();
        var held = new Held()) {
      VALUE.set("mine");
      CompletableFuture<String> task = pool.submit(() -> {
        held.run();
        return VALUE.get();
      });
      CompletableFuture<String> onWorker = task.thenApply(
          seen -> seen + " " + VALUE.get() + " " + Thread.currentThread().getName());
      held.release();
      assertEquals("mine null PoolThread-p-0", Testing.get(onWorker));
    }
  }

  /** P32: the same for a task that fails, and for a future that completes elsewhere. */
  @Test
  void p32_futureCompletes_whenTheWorkerIsAsBefore_howeverTheTaskEnds() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(values).start();
        var held = new Held()) {
      VALUE.set("mine");
      CompletableFuture<String> failing = pool.submit(() -> {
        held.run();
        throw new IllegalStateException(VALUE.get());
      });
      CompletableFuture<String> onWorker =
          failing.handle((value, thrown) -> thrown.getMessage() + " " + VALUE.get());
      var handedOver = new CompletableFuture<String>();
      CompletableFuture<String> deferred = pool.deferToThread(
          command -> {
            handedOver.complete(VALUE.get() + " " + Thread.currentThread().getName());
            command.run();
          },
          VALUE::get);
      held.release();
      assertEquals("mine null", Testing.get(onWorker));
      assertEquals("mine", Testing.get(deferred));
      assertEquals("null PoolThread-p-0", Testing.get(handedOver));
    }
  }

  /** A task that submits itself again carries what it had, and no more each time. */
  @Test
  void taskThatSubmitsItself_carriesTheSameEachTime() {
    int times = 1_000;
    var over = new CountDownLatch(1);
    var left = new AtomicInteger(times);
    var deepest = new AtomicInteger();
    try (ThreadPool pool = Testing.pool(1, 1).contextPropagator(values).start()) {
      Runnable task = new Runnable() {
        @Override
        public void run() {
          deepest.accumulateAndGet(new Throwable().getStackTrace().length, Math::max);
          if (left.decrementAndGet() > 0) {
            pool.execute(this);
          } else {
            over.countDown();
          }
        }
      };
      VALUE.set("mine");
      pool.execute(task);
      Held.await(over);
    }
    assertEquals(times, captured.size());
    assertTrue(captured.stream().allMatch(new Carried("mine")::equals));
    assertTrue(deepest.get() < 60, () -> deepest + " frames");
  }
}
