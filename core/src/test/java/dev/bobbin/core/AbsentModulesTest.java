package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.Plugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Fault 31: a JDK of which little is there. */
class AbsentModulesTest {
  /** Uses a pool of every kind that a JDK without further modules can have, and no class of the tests. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      for (String module :
          List.of("java.management", "jdk.jfr", "jdk.unsupported", "java.logging")) {
        System.out.println(module + " " + ModuleLayer.boot().findModule(module).isPresent());
      }
      var config = ThreadPoolConfig.builder("p")
          .minWorkers(0)
          .maxWorkers(2)
          .backlogLimit(2)
          .whenFull(Overflow.block(Duration.ofMinutes(1)))
          .maxWait(Duration.ofMinutes(1))
          .maxRun(Duration.ofMinutes(1))
          .timing(ThreadPoolConfig.Timing.ON)
          .build();
      try (ThreadPool pool = ThreadPools.builder(config).start()) {
        for (int i = 0; i < 100; i++) {
          pool.execute(() -> {});
        }
        pool.execute(() -> {
          throw new IllegalStateException("on purpose");
        });
        System.out.println(pool.submit(() -> "ran").get(1, TimeUnit.MINUTES));
        pool.dumpStats();
        pool.adjustPoolSize(0, 0); // which is warned of
        System.out.println(pool.stop(Duration.ofMinutes(1)).stopped());
      }
    }
  }

  private static ForkedJvm bare() {
    return ForkedJvm.of(Program.class)
        .classPathOf(ThreadPool.class, Plugin.class, ThreadPools.class);
  }

  @Test
  void fault31_poolWorks_whenNoModuleIsThereButTheBase() throws Exception {
    List<String> lines = bare().options("--limit-modules", "java.base").run().lines(0);
    assertEquals(
        List.of(
            "java.management false",
            "jdk.jfr false",
            "jdk.unsupported false",
            "java.logging false"),
        lines.subList(0, 4));
    assertWorked(lines);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_23)
  void fault31_poolWorks_whenUnsafeIsDenied() throws Exception {
    assertWorked(bare().options("--sun-misc-unsafe-memory-access=deny").run().lines(0));
  }

  /** A security manager that grants what a pool needs, and nothing that it could do without. */
  @Test
  @EnabledForJreRange(max = JRE.JAVA_23)
  void fault31_poolWorks_whenASecurityManagerGrantsNoMoreThanItNeeds(@TempDir Path folder)
      throws Exception {
    Path policy = Files.writeString(folder.resolve("pool.policy"), """
        grant {
          permission java.lang.RuntimePermission "getClassLoader";
          permission java.lang.RuntimePermission "setContextClassLoader";
          permission java.io.FilePermission "<<ALL FILES>>", "read";
        };
        """);
    assertWorked(bare()
        .options("-Djava.security.manager", "-Djava.security.policy==" + policy)
        .run()
        .lines(0));
  }

  private static void assertWorked(List<String> lines) {
    assertEquals(
        List.of("ran", "true"),
        Stream.of("ran", "true").filter(lines::contains).toList(),
        lines::toString);
    assertFalse(lines.toString().contains("NoClassDefFoundError"), lines::toString);
  }
}
