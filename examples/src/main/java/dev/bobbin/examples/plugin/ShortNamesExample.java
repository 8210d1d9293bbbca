package dev.bobbin.examples.plugin;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ThreadPools;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Lets two workers of a pool without Guice say their names, which the plugin gave them. */
public final class ShortNamesExample {
  private ShortNamesExample() {}

  /** Prints the names of two workers. */
  public static void main(String[] args) {
    namesOfTwoWorkers().forEach(System.out::println);
  }

  static List<String> namesOfTwoWorkers() {
    ThreadPoolConfig config = ThreadPoolConfig.builder("image-thumbnails")
        .minWorkers(2)
        .maxWorkers(2)
        .threadFactory("short-names")
        .build();
    ThreadPool pool = ThreadPools.builder(config).start();
    try (pool) {
      var both = new CountDownLatch(2); // neither task ends before the other has begun
      List<CompletableFuture<String>> names = Stream.of(1, 2)
          .map(task -> pool.submit(() -> {
            both.countDown();
            both.await();
            return Thread.currentThread().getName();
          }))
          .toList();
      return names.stream().map(CompletableFuture::join).sorted().toList();
    }
  }
}
