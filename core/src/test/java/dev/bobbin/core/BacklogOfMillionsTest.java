package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bobbin.api.ThreadPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fault 23: ten million tasks that wait, one million in the short form, in a heap that would not hold
 * them if each took much more than is promised.
 */
@Tag("stress")
class BacklogOfMillionsTest {
  private static final boolean LONG = "long".equals(System.getProperty("bobbin.proof"));
  private static final int TASKS = LONG ? 10_000_000 : 1_000_000;

  /** What the heap needs besides what waits. */
  private static final int REST_MEGABYTES = 12;

  /** How tasks are submitted, and the bytes of the heap that one may take while it waits. */
  enum Form {
    EXECUTE(12),
    SUBMIT(96),
    CALLBACK(72);

    private final int bytes;

    Form(int bytes) {
      this.bytes = bytes;
    }

    String heap() {
      return "-Xmx" + (REST_MEGABYTES + (long) bytes * TASKS / 1_000_000) + "m";
    }

    void submit(ThreadPool pool, AtomicInteger ran, Runnable task) {
      switch (this) {
        case EXECUTE -> pool.execute(task);
        case SUBMIT -> pool.submit(task);
        case CALLBACK -> pool.callInThreadWithCallback(outcome -> {}, ran::incrementAndGet);
      }
    }
  }

  /** Fills the backlog, then has all run, or gives all up. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      Form form = Form.valueOf(args[0]);
      int tasks = Integer.parseInt(args[1]);
      var ran = new AtomicInteger();
      Runnable task = ran::incrementAndGet;
      try (ThreadPool pool = Testing.pool(2, 2).start();
          var held = new Held(2)) {
        pool.execute(held);
        pool.execute(held);
        held.awaitBegun();
        for (int i = 0; i < tasks; i++) {
          form.submit(pool, ran, task);
        }
        assertEquals(tasks, pool.statistics().backlog());
        held.release();
        CompletableFuture<Integer> last = pool.submit(ran::get);
        Testing.get(last);
        assertEquals(tasks + 3, Testing.stopped(pool).completed());
        assertEquals(tasks, ran.get());
      }
      System.out.println("ran");
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void fault23_millionsOfTasksWaitAndRun_inAHeapThatHoldsNoMore(Form form) throws Exception {
    List<String> lines = ForkedJvm.of(Program.class)
        .options(form.heap(), "-Xmn4m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-ea")
        .within(Held.LONG_SECONDS * (LONG ? 10 : 1))
        .run(form, TASKS)
        .lines(0);
    assertEquals(List.of("ran"), lines);
  }

  /** One chain of as many futures as a stack could not hold, each made of the last. */
  @Test
  void fault23_chainOfDependentsCompletes_whenItIsLongerThanAnyStack() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      CompletableFuture<Integer> first = pool.submit(() -> {
        held.run();
        return 0;
      });
      CompletableFuture<Integer> last = first;
      CompletableFuture<Integer> lastAsync = first;
      for (int i = 0; i < 100_000; i++) {
        last = last.thenApply(number -> number + 1);
        lastAsync = lastAsync.thenApplyAsync(number -> number + 1, pool);
      }
      held.release();
      assertEquals(100_000, Testing.get(last));
      assertEquals(100_000, Testing.get(lastAsync));
    }
  }
}
