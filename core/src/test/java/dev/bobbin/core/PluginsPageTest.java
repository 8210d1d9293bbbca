package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.TaskEvent;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import dev.bobbin.testkit.ContextPropagatorContract;
import dev.bobbin.testkit.WorkerThreadFactoryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the code of the guide to plugins compiles and works: it is the code of this class. */
class PluginsPageTest {
  private static final Path PAGE = Path.of("../docs/plugins.md");
  private static final Path HERE = Path.of("src/test/java/dev/bobbin/core/PluginsPageTest.java");

  @TempDir
  Path folder;

  /** Stands for a library. */
  static final class Locales {
    private static final ThreadLocal<@Nullable Locale> CURRENT = new ThreadLocal<>();

    private Locales() {}

    static @Nullable Locale current() {
      return CURRENT.get();
    }

    static void set(@Nullable Locale locale) {
      CURRENT.set(locale);
    }

    static void runWith(Locale locale, Runnable body) {
      Locale before = CURRENT.get();
      set(locale);
      try {
        body.run();
      } finally {
        set(before);
      }
    }
  }

  public static final class LowPriorityThreads implements WorkerThreadFactory {
    @Override
    public String name() {
      return "low-priority";
    }

    @Override
    public Thread newThread(WorkerThreadSettings settings, Runnable body) {
      var thread = new Thread(null, body, settings.threadName(), 0, false);
      thread.setPriority(Thread.MIN_PRIORITY);
      thread.setDaemon(settings.daemon());
      thread.setContextClassLoader(settings.contextClassLoader());
      return thread;
    }
  }

  public static final class LocalePropagator implements ContextPropagator {
    @Override
    public String name() {
      return "locale";
    }

    @Override
    public @Nullable CapturedContext capture() {
      Locale locale = Locales.current();
      return locale == null ? null : body -> Locales.runWith(locale, body);
    }

    @Override
    public Map<String, String> present() {
      Locale locale = Locales.current();
      return locale == null ? Map.of() : Map.of(name(), locale.toLanguageTag());
    }
  }

  public static final class CountingReporter implements FailureReporter {
    private final LongAdder failures = new LongAdder();

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public void report(FailureReport report) {
      failures.increment();
    }
  }

  public static final class OfficeHours implements GrowthPolicy {
    private static final int DURING_THE_DAY = 4;

    @Override
    public String name() {
      return "office-hours";
    }

    @Override
    public GrowthDecider forPool(ThreadPoolConfig config) {
      return request -> {
        int hour = LocalTime.now().getHour();
        boolean day = hour >= 8 && hour < 18;
        return day && request.workers() >= DURING_THE_DAY
            ? GrowthAnswer.notBefore(Duration.ofMinutes(1))
            : GrowthAnswer.now();
      };
    }
  }

  public static final class RunTimes implements PoolListener {
    private final LongAdder tasks = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    @Override
    public String name() {
      return "run-times";
    }

    @Override
    public void ended(TaskEvent event) {
      event.ran().ifPresent(ran -> {
        tasks.increment();
        nanos.add(ran.toNanos());
      });
    }
  }

  @Nested
  class LowPriorityThreadsTest extends WorkerThreadFactoryContract {
    @Override
    protected WorkerThreadFactory factory() {
      return new LowPriorityThreads();
    }
  }

  @Nested
  class LocalePropagatorTest extends ContextPropagatorContract {
    @Override
    protected ContextPropagator propagator() {
      return new LocalePropagator();
    }

    @Override
    protected void with(String value, Runnable body) {
      Locales.runWith(Locale.forLanguageTag(value), body);
    }

    @Override
    protected @Nullable String value() {
      Locale locale = Locales.current();
      return locale == null ? null : locale.toLanguageTag();
    }

    @Override
    protected void leaveBehind(String value) {
      Locales.set(Locale.forLanguageTag(value));
    }

    @Override
    protected Map<String, String> described(String value) {
      return Map.of(); // what it captures tells nothing
    }
  }

  @Test
  void page_showsCodeOfThisClassOnly() throws IOException {
    String here = comparable(Files.readString(HERE));
    List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();

    assertEquals(11, blocks.size());
    for (String block : blocks) {
      assertTrue(here.contains(comparable(block)), block);
    }
  }

  /** Here classes are nested, and their service files are written by hand. */
  private static String comparable(String text) {
    return text.replaceAll("@AutoService\\(.*\\)\n", "")
        .replace("public static final class", "public final class")
        .replaceAll("\\s", "");
  }

  private Plugins found() {
    return Plugins.builder()
        .classLoader(new ServiceFolder(folder)
            .with(WorkerThreadFactory.class, LowPriorityThreads.class.getName())
            .with(ContextPropagator.class, LocalePropagator.class.getName())
            .with(FailureReporter.class, CountingReporter.class.getName())
            .with(GrowthPolicy.class, OfficeHours.class.getName())
            .with(PoolListener.class, RunTimes.class.getName())
            .loader())
        .build();
  }

  @Test
  void pluginsOfThePage_areFoundAndServeAPool() throws Exception {
    var config = ThreadPoolConfig.builder("io")
        .threadFactory("low-priority")
        .growthPolicy("office-hours")
        .requirePlugins("locale", "counting", "run-times")
        .build();

    try (ThreadPool pool = ThreadPools.builder(config).plugins(found()).start()) {
      Locales.runWith(
          Locale.ITALIAN,
          () -> assertEquals(
              Locale.ITALIAN + " 1",
              pool.submit(() -> Locales.current() + " " + Thread.currentThread().getPriority())
                  .join()));
    }
  }

  @Test
  void listing_isOneLine() {
    System.out.println(Plugins.discover());

    assertEquals(1, found().toString().lines().count());
  }

  @Test
  void severalPools_shareWhatWasFound() {
    ThreadPoolConfig ioConfig = ThreadPoolConfig.builder("io").build();
    ThreadPoolConfig cpuConfig = ThreadPoolConfig.builder("cpu").build();

    Plugins plugins = Plugins.discover();
    ThreadPool io = ThreadPools.builder(ioConfig).plugins(plugins).build();
    ThreadPool cpu = ThreadPools.builder(cpuConfig).plugins(plugins).build();

    assertEquals("io", io.name());
    assertEquals("cpu", cpu.name());
  }

  @Test
  void configuration_choosesRequiresAndDenies() {
    ThreadPoolConfig config = ThreadPoolConfig.builder("io")
        .threadFactory("virtual")
        .requirePlugins("slf4j-mdc")
        .denyPlugins("bobbin-context")
        .build();

    assertEquals("virtual", config.threadFactory());
  }

  @Test
  void discovery_denies() {
    try (var log = new LogCapture(Plugins.class)) {
      Plugins plugins =
          Plugins.builder().deny("slf4j-mdc", "com.acme.OldPropagator").build();

      assertEquals(5, plugins.known().size());
      assertEquals(1, log.messages(Level.WARNING).size());
    }
  }
}
