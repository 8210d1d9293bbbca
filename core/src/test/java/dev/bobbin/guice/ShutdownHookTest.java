package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ForkedJvm;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A JVM that is told to exit by a task of a pool, with the hook that is opt-in. */
class ShutdownHookTest {
  /** What the other JVM runs: how many workers its pool has, and the seconds of the deadline. */
  static final class Program {
    private Program() {}

    /** Lets a task exit while others wait. */
    public static void main(String[] args) {
      Injector injector = Guice.createInjector(ThreadPoolModule.builder()
          .withoutDiscovery()
          .pool(ThreadPoolConfig.builder("io")
              .minWorkers(0)
              .maxWorkers(Integer.parseInt(args[0]))
              .build())
          .shutdownHook(Duration.ofSeconds(Long.parseLong(args[1])))
          .build());
      ThreadPool io = injector.getInstance(Key.get(ThreadPool.class, Pools.named("io")));
      var othersWait = new CountDownLatch(1);
      var exits = new CountDownLatch(1);
      io.execute(() -> {
        await(othersWait);
        exits.countDown();
        System.exit(3);
      });
      for (int i = 0; i < 5; i++) {
        io.execute(() -> {
          await(exits);
          System.out.println("ran");
        });
      }
      othersWait.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException interrupt) {
        throw new IllegalStateException(interrupt);
      }
    }
  }

  @Test
  void hook_drainsThePools_andEndsAtItsDeadline_whenATaskExits() throws Exception {
    String output = outputOf(2, 2);

    assertEquals(5, output.lines().filter("ran"::equals).count(), output);
    assertTrue(output.contains("Pool 'io' has not stopped yet: 5 ran, 0 discarded"), output);
  }

  /** The task that exits holds the only worker: what waits behind it is reported instead. */
  @Test
  void hook_reportsWhatNeverRan_andEndsAtItsDeadline_whenTheOnlyWorkersTaskExits()
      throws Exception {
    String output = outputOf(1, 1);

    assertEquals(0, output.lines().filter("ran"::equals).count(), output);
    assertTrue(
        output.contains("Pool 'io' has not stopped yet: 0 ran, 5 discarded, 1 still running;"),
        output);
  }

  /** Runs the program until it has ended, and returns what it has printed. */
  private static String outputOf(int workers, int deadline) throws Exception {
    ForkedJvm.Ended jvm = ForkedJvm.of(Program.class).run(workers, deadline);
    assertEquals(3, jvm.status(), jvm.output());
    return jvm.output();
  }
}
