package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Fault 29: a JVM that ends while tasks run. The hook of the pools' owner is in ShutdownHookTest. */
class ExitTest {
  /** A task exits while others run and wait, and nobody has a hook. */
  static final class WithoutAHook {
    public static void main(String[] args) {
      ThreadPool pool = Testing.pool(2, 2).start();
      var held = new Held();
      pool.execute(held); // never let go
      held.awaitBegun();
      pool.execute(() -> System.exit(3));
      pool.execute(() -> System.out.println("never")); // no worker is left for it
    }
  }

  @Test
  void fault29_jvmEnds_whenATaskExitsAndOthersRunAndWait() throws Exception {
    assertEquals(List.of(), ForkedJvm.of(WithoutAHook.class).run().lines(3));
  }

  /** A task adds a hook that stops its own pool, then exits: the deadline ends the stop. */
  static final class HookOfATask {
    public static void main(String[] args) {
      ThreadPool pool = Testing.pool(1, 1).start();
      var bothSubmitted = new CountDownLatch(1);
      pool.execute(() -> {
        Held.await(bothSubmitted);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
          StopReport report = pool.stop(Duration.ofMillis(10));
          System.out.println(
              report.running().size() + " running, " + report.discarded().size() + " discarded");
        }));
        System.exit(4);
      });
      pool.execute(() -> System.out.println("never"));
      bothSubmitted.countDown();
    }
  }

  @Test
  void fault29_jvmEnds_whenATaskAddsAHookThatStopsItsPoolAndExits() throws Exception {
    assertEquals(
        List.of("1 running, 1 discarded"), ForkedJvm.of(HookOfATask.class).run().lines(4));
  }

  /** A hook of the application's uses a running pool and makes another, to their ends. */
  static final class WorkOfAHook {
    public static void main(String[] args) {
      ThreadPool pool = Testing.pool(0, 2).start();
      pool.execute(() -> {});
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        try (ThreadPool another = Testing.pool(1, 1).start()) {
          another.execute(() -> System.out.println("another ran"));
        }
        pool.execute(() -> System.out.println("ran"));
        pool.stop();
      }));
      System.exit(5);
    }
  }

  @Test
  void fault29_poolsWork_whileTheJvmShutsDown() throws Exception {
    assertEquals(
        List.of("another ran", "ran"), ForkedJvm.of(WorkOfAHook.class).run().lines(5));
  }

  /** Nobody exits, and the workers are daemons: the end of main is the end. */
  static final class Daemons {
    public static void main(String[] args) {
      var config = Testing.config(2, 2).toBuilder().daemon(true).build();
      ThreadPool pool = ThreadPools.builder(config).start();
      var held = new Held();
      pool.execute(held);
      held.awaitBegun();
      System.out.println("over");
    }
  }

  @Test
  void fault29_jvmEnds_whenWorkersAreDaemonsAndMainReturns() throws Exception {
    List<String> lines = ForkedJvm.of(Daemons.class).run().lines(0);
    assertTrue(lines.contains("over"), lines::toString);
  }
}
