package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.Plugin;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Makes a pool where api, spi and core are all there is: no Guice, no other library. */
class ThreadPoolsWithoutGuiceTest {
  /** What is loaded there. */
  public static final class Program implements Callable<String> {
    /** Made by the test. */
    public Program() {}

    @Override
    public String call() throws Exception {
      var config = ThreadPoolConfig.builder("alone").minWorkers(1).maxWorkers(1).build();
      try (ThreadPool pool = ThreadPools.builder(config).start()) {
        return pool.submit(() -> "ran on " + Thread.currentThread().getName()).get();
      }
    }
  }

  private static URL homeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Test
  void start_works_whenGuiceIsAbsent() throws Exception {
    URL[] urls = {
      homeOf(ThreadPool.class),
      homeOf(Plugin.class),
      homeOf(ThreadPools.class),
      homeOf(Program.class)
    };
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (var alone = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(alone);
      var program = (Callable<?>)
          alone.loadClass(Program.class.getName()).getConstructor().newInstance();

      assertEquals("ran on PoolThread-alone-0", program.call());
      assertThrows(
          ClassNotFoundException.class, () -> alone.loadClass("com.google.inject.Injector"));
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
