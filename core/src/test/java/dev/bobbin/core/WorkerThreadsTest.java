package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** N1 to N6: the threads of a pool's workers. */
class WorkerThreadsTest {
  private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  @Test
  void n1_n3_threads_areNumbered_andNoNumberIsUsedAgain() throws Exception {
    try (ThreadPool pool = Testing.pool(0, 1).start()) {
      for (int i = 0; i < 5; i++) {
        String name = Testing.get(pool.submit(() -> Thread.currentThread().getName()));
        assertEquals("PoolThread-p-" + i, name);
        assertTrue(pool.stopAWorker());
        Testing.eventually("it has gone", () -> pool.statistics().workers() == 0);
      }
    }
  }

  @Test
  void threads_haveTheSettingsOfTheConfiguration() throws Exception {
    var config =
        ThreadPoolConfig.builder("p").minWorkers(1).daemon(true).priority(3).build();
    var loader = new ClassLoader() {};
    try (ThreadPool pool =
        ThreadPools.builder(config).contextClassLoader(loader).start()) {
      Thread thread = Testing.get(pool.submit(Thread::currentThread));
      assertTrue(thread.isDaemon());
      assertEquals(3, thread.getPriority());
      assertSame(loader, Testing.get(pool.submit(() -> thread.getContextClassLoader())));
    }
  }

  /** N5, L15: nothing of the thread that happens to cause a worker is taken over. */
  @Test
  void n5_threads_inheritNothing_ofWhoeverSubmits() throws Exception {
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    try (ThreadPool pool = Testing.pool(0, 1).start()) {
      List<Object> seen = Testing.get(Testing.inThread(() -> {
        Thread submitter = Thread.currentThread(); // a daemon
        submitter.setPriority(Thread.MIN_PRIORITY);
        submitter.setContextClassLoader(new ClassLoader() {});
        INHERITABLE.set("the submitter's");
        return Testing.get(pool.submit((Callable<List<Object>>) () -> {
          Thread worker = Thread.currentThread();
          assertNull(INHERITABLE.get());
          return List.of(worker.isDaemon(), worker.getPriority(), worker.getContextClassLoader());
        }));
      }));
      assertEquals(List.of(false, Thread.NORM_PRIORITY, own), seen);
    }
  }

  @Test
  void n6_plainFactory_keepsItsOwnNamesAndSettings() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1)
        .threadFactory(body -> {
          var thread = new Thread(body, "my own");
          thread.setDaemon(true);
          thread.setPriority(2);
          return thread;
        })
        .start()) {
      Thread thread = Testing.get(pool.submit(Thread::currentThread));
      assertEquals("my own", thread.getName());
      assertTrue(thread.isDaemon());
      assertEquals(2, thread.getPriority());
    }
  }

  @Test
  void noThread_isAliveAfterStop() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 100; round++) {
      threads.clear();
      try (ThreadPool pool = Testing.pool(2, 4)
          .threadFactory(body -> {
            var thread = new Thread(body);
            threads.add(thread);
            return thread;
          })
          .start()) {
        for (int i = 0; i < 20; i++) {
          pool.execute(() -> {});
        }
        pool.stop();
        for (Thread thread : threads) {
          assertFalse(thread.isAlive(), thread::toString);
        }
      }
    }
  }

  @Test
  void aThousandPools_leaveNoThread() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 1_000; i++) {
      try (ThreadPool pool = Testing.pool(1, 2).start()) {
        threads.add(Testing.get(pool.submit(Thread::currentThread)));
      }
    }
    for (Thread thread : threads) {
      assertFalse(thread.isAlive());
    }
  }

  private static ThreadPools.Builder virtual(int min, int max) {
    return ThreadPools.builder(
        Testing.config(min, max).toBuilder().threadFactory("virtual").build());
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void virtualThreads_areAClearErrorOfWiring_whenTheJdkHasNone() {
    var thrown = assertThrows(WiringException.class, () -> virtual(1, 1).build());
    assertEquals(
        "Pool 'p': thread factory 'virtual' cannot work here: virtual threads need JDK 21 or later,"
            + " this is JDK "
            + Runtime.version().feature()
            + ". Choose another: 'platform'.",
        thrown.getMessage());
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThreads_areWorkers_whenTheJdkHasThem() throws Exception {
    try (ThreadPool pool = virtual(2, 4).start();
        var held = new Held(4)) {
      var isVirtual = Thread.class.getMethod("isVirtual");
      var threads = new ArrayList<CompletableFuture<Thread>>();
      for (int i = 0; i < 4; i++) {
        threads.add(pool.submit(() -> {
          held.run();
          return Thread.currentThread();
        }));
      }
      held.awaitBegun();
      assertEquals(4, pool.statistics().workers());
      CompletableFuture<Integer> waiting = pool.submit(() -> 1);
      assertEquals(1, pool.statistics().backlog());
      held.release();
      assertEquals(1, Testing.get(waiting));
      for (CompletableFuture<Thread> future : threads) {
        Thread thread = Testing.get(future);
        assertEquals(true, isVirtual.invoke(thread));
        assertTrue(thread.getName().startsWith("PoolThread-p-"), thread::getName);
      }
      assertEquals(5, Testing.stopped(pool).completed());
      for (CompletableFuture<Thread> future : threads) {
        assertFalse(Testing.get(future).isAlive());
      }
    }
  }
}
