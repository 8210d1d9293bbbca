package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.Plugin;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 25: the class loader of an application can be collected once its pools were stopped. */
@Tag("stress")
class RedeployTest {
  /** An application, Bobbin and all in a loader of its own. */
  public static final class Application implements Callable<String> {
    private static final ThreadLocal<Object> LEFT_BEHIND = new ThreadLocal<>();

    /** Set by the test. */
    public static String way = "";

    /** Made by the test. */
    public Application() {}

    @Override
    public String call() throws Exception {
      var config = ThreadPoolConfig.builder("app").minWorkers(1).maxWorkers(3);
      if (way.equals("stop from a task")) { // only one with a timer, whose thread stays a while
        config.maxWait(Duration.ofDays(1)).maxRun(Duration.ofDays(1));
      }
      ThreadPool pool = ThreadPools.builder(config.build())
          .failureReporter(new Silent())
          .contextClassLoader(Application.class.getClassLoader())
          .start();
      pool.execute(() -> LEFT_BEHIND.set(new Application()));
      pool.execute(() -> {
        throw new IllegalStateException("of the application's");
      });
      String ran =
          pool.submit(() -> "ran").thenApplyAsync(text -> text + " on " + way).get();
      pool.dumpStats(); // which logs
      pool.adjustPoolSize(0, 0); // which is warned of
      pool.adjustPoolSize(1, 2);
      pool.termination();
      switch (way) {
        case "close" -> pool.close();
        case "stop at once" -> stopAtOnce(pool);
        default -> pool.execute(() -> pool.stop(Duration.ofDays(1)));
      }
      while (!pool.isTerminated()) {
        Thread.yield();
      }
      pool.stop(); // joins the threads
      return ran;
    }

    private static void stopAtOnce(ThreadPool pool) throws InterruptedException {
      var begun = new CountDownLatch(1);
      CompletableFuture<?> ends = pool.submit(() -> {
        begun.countDown();
        new CountDownLatch(1).await();
        return "never";
      });
      begun.await();
      pool.stop(Duration.ZERO);
      ends.exceptionally(thrown -> null).join();
    }
  }

  /** The application's own. */
  private static final class Silent implements FailureReporter {
    @Override
    public String name() {
      return "silent";
    }

    @Override
    public void report(FailureReport report) {
      // it has seen it
    }
  }

  private static URL homeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  private static URLClassLoader newLoader() {
    URL[] urls = {
      homeOf(ThreadPool.class),
      homeOf(Plugin.class),
      homeOf(ThreadPools.class),
      homeOf(Application.class)
    };
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  /** Deploys the application, has it work, and takes it down; returns its loader. */
  private static WeakReference<ClassLoader> deployed(String way) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = newLoader()) {
      thread.setContextClassLoader(loader);
      Class<?> type = loader.loadClass(Application.class.getName());
      assertNotSame(Application.class, type);
      type.getField("way").set(null, way);
      var application = (Callable<?>) type.getConstructor().newInstance();
      assertEquals("ran on " + way, application.call());
      return new WeakReference<>(loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "stop at once", "stop from a task"})
  void fault25_loaderIsCollectable_whenItsPoolWasStopped(String way) throws Exception {
    Testing.awaitCleared("the loader of the application", deployed(way));
  }

  /** That the test above can fail: a pool that was not stopped holds on to its loader. */
  @Test
  void fault25_loaderStays_whileAThreadOfItsOwnLives() throws Exception {
    var ends = new CountDownLatch(1); // keeps no thread, as Held would
    WeakReference<ClassLoader> watched;
    try {
      watched = withAThread(() -> Held.await(ends));
      System.gc();
      assertFalse(watched.refersTo(null));
    } finally {
      ends.countDown();
    }
    Testing.awaitCleared("the loader of a thread that has ended", watched);
  }

  private static WeakReference<ClassLoader> withAThread(Runnable body) throws Exception {
    try (URLClassLoader loader = newLoader()) {
      var thread = new Thread(body);
      thread.setContextClassLoader(loader);
      thread.start();
      return new WeakReference<>(loader);
    }
  }
}
