package dev.bobbin.spi.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The thread factories that come with Bobbin: how they are found, and the threads they make. */
class ShippedThreadsTest {
  private static final int FEATURE = Runtime.version().feature();
  private static final boolean HAS_VIRTUAL_THREADS = FEATURE >= 21;

  private static final Map<String, WorkerThreadFactory> FOUND =
      ServiceLoader.load(WorkerThreadFactory.class, ShippedThreadsTest.class.getClassLoader())
          .stream()
          .map(ServiceLoader.Provider::get)
          .collect(Collectors.toMap(WorkerThreadFactory::name, Function.identity()));

  @Test
  void serviceLoader_findsBoth_byTheirNames() {
    assertEquals(Set.of("platform", "virtual"), FOUND.keySet());
    assertEquals(PlatformThreads.class, found("platform").getClass());
    assertEquals(VirtualThreads.class, found("virtual").getClass());
    assertEquals(0, found("platform").order());
    assertEquals(Optional.empty(), found("platform").unavailable());
  }

  /** Two lists of the same providers, for the module path and for the class path. */
  @Test
  void moduleDescriptor_providesWhatTheServiceFileLists() throws IOException {
    Set<String> provided = Set.copyOf(descriptor().provides().stream()
        .filter(provides -> provides.service().equals(WorkerThreadFactory.class.getName()))
        .findFirst()
        .orElseThrow()
        .providers());
    assertEquals(2, descriptor().provides().size());
    assertEquals(provided, serviceFile());
    assertEquals(
        FOUND.values().stream()
            .map(found -> found.getClass().getName())
            .collect(Collectors.toSet()),
        provided);
  }

  private static ModuleDescriptor descriptor() throws IOException {
    try (InputStream in = open("/module-info.class")) {
      return ModuleDescriptor.read(in);
    }
  }

  private static Set<String> serviceFile() throws IOException {
    try (InputStream in = open("/META-INF/services/" + WorkerThreadFactory.class.getName())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toSet());
    }
  }

  /** Opens a file that lies beside the classes of the factories, not that of another jar. */
  private static InputStream open(String path) throws IOException {
    String classFile = PlatformThreads.class.getName().replace('.', '/') + ".class";
    String own = PlatformThreads.class.getResource("/" + classFile).toString();
    String root = own.substring(0, own.length() - classFile.length() - 1);
    return java.net.URI.create(root + path).toURL().openStream();
  }

  private static WorkerThreadFactory found(String name) {
    return FOUND.get(name);
  }

  private static WorkerThreadSettings.Builder settings() {
    return WorkerThreadSettings.builder("io", "PoolThread-io-7");
  }

  /** Runs the body on a thread of the factory's and returns what it gave. */
  private static <T> T onThread(
      WorkerThreadFactory factory, WorkerThreadSettings settings, Function<Thread, T> body)
      throws Exception {
    var result = new CompletableFuture<T>();
    Thread thread = factory.newThread(settings, () -> {
      try {
        result.complete(body.apply(Thread.currentThread()));
      } catch (Throwable thrown) {
        result.completeExceptionally(thrown);
      }
    });
    assertEquals(Thread.State.NEW, thread.getState());
    thread.start();
    T value = result.get(60, TimeUnit.SECONDS);
    thread.join(TimeUnit.SECONDS.toMillis(60));
    assertFalse(thread.isAlive());
    return value;
  }

  private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  private static String inheritedBy(WorkerThreadFactory factory) throws Exception {
    INHERITABLE.set("the submitter's");
    try {
      return onThread(factory, settings().build(), thread -> INHERITABLE.get());
    } finally {
      INHERITABLE.remove();
    }
  }

  @Nested
  class Settings {
    @Test
    void settings_haveTheirDefaults() {
      WorkerThreadSettings made = settings().build();
      assertEquals("io", made.pool());
      assertEquals("PoolThread-io-7", made.threadName());
      assertFalse(made.daemon());
      assertEquals(Thread.NORM_PRIORITY, made.priority());
      assertSame(ClassLoader.getSystemClassLoader(), made.contextClassLoader());
    }
  }

  @Nested
  class Platform {
    private final WorkerThreadFactory factory = found("platform");

    @Test
    void n1_newThread_hasTheNameAndSettingsAskedFor() throws Exception {
      var loader = new ClassLoader() {};
      var settings =
          settings().daemon(true).priority(3).contextClassLoader(loader).build();
      Thread seen = onThread(factory, settings, thread -> {
        assertEquals("PoolThread-io-7", thread.getName());
        assertTrue(thread.isDaemon());
        assertEquals(3, thread.getPriority());
        assertSame(loader, thread.getContextClassLoader());
        return thread;
      });
      assertEquals(Thread.State.TERMINATED, seen.getState());
    }

    @Test
    void newThread_hasTheBootstrapLoader_whenAskedForNone() throws Exception {
      var settings = settings().contextClassLoader(null).build();
      assertNull(onThread(factory, settings, Thread::getContextClassLoader));
    }

    /** The maker is a daemon of low priority, with a loader of its own: nothing of that is taken over. */
    @Test
    void n5_newThread_inheritsNothing_whoeverMakesIt() throws Exception {
      var made = new CompletableFuture<Thread>();
      var maker = new Thread(() -> made.complete(factory.newThread(settings().build(), () -> {})));
      maker.setDaemon(true);
      maker.setPriority(Thread.MIN_PRIORITY);
      maker.setContextClassLoader(new ClassLoader() {});
      maker.start();
      Thread thread = made.get(60, TimeUnit.SECONDS);
      assertFalse(thread.isDaemon());
      assertEquals(Thread.NORM_PRIORITY, thread.getPriority());
      assertSame(ClassLoader.getSystemClassLoader(), thread.getContextClassLoader());
      assertNull(inheritedBy(factory));
    }
  }

  @Nested
  class Virtual {
    private final WorkerThreadFactory factory = found("virtual");

    @Test
    void unavailable_saysWhy_whenTheJdkHasNone() {
      assumeFalse(HAS_VIRTUAL_THREADS);
      assertEquals(
          Optional.of("virtual threads need JDK 21 or later, this is JDK " + FEATURE),
          factory.unavailable());
      var thrown = assertThrows(
          UnsupportedOperationException.class,
          () -> factory.newThread(settings().build(), () -> {}));
      assertEquals(
          "Virtual threads need JDK 21 or later, this is JDK "
              + FEATURE
              + ". Choose the thread factory 'platform'.",
          thrown.getMessage());
    }

    @Test
    void unavailable_isEmpty_whenTheJdkHasThem() {
      assumeTrue(HAS_VIRTUAL_THREADS);
      assertEquals(Optional.empty(), factory.unavailable());
    }

    @Test
    void n1_newThread_isVirtualWithNameAndLoader_whenTheJdkHasThem() throws Exception {
      assumeTrue(HAS_VIRTUAL_THREADS);
      var loader = new ClassLoader() {};
      var settings = settings().priority(3).contextClassLoader(loader).build();
      onThread(factory, settings, thread -> {
        assertTrue(isVirtual(thread));
        assertEquals("PoolThread-io-7", thread.getName());
        assertSame(loader, thread.getContextClassLoader());
        assertTrue(thread.isDaemon()); // fixed, and said so in the Javadoc
        assertEquals(Thread.NORM_PRIORITY, thread.getPriority());
        return null;
      });
    }

    @Test
    void n5_newThread_inheritsNoThreadLocals_whenTheJdkHasThem() throws Exception {
      assumeTrue(HAS_VIRTUAL_THREADS);
      assertNull(inheritedBy(factory));
    }

    private boolean isVirtual(Thread thread) {
      try {
        return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
      } catch (ReflectiveOperationException missing) {
        throw new AssertionError(missing);
      }
    }
  }
}
