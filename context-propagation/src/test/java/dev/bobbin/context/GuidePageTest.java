package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ContextMode;
import dev.bobbin.api.ContextWrapper;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** That the code of the guide compiles and does what the guide says: it is the code of this class. */
class GuidePageTest {
  private static final Path PAGE = Path.of("../docs/context-propagation.md");
  private static final Path HERE = Path.of("src/test/java/dev/bobbin/context/GuidePageTest.java");

  static final ContextKey<String> TENANT = ContextKey.named("tenant");
  static final ContextKey<Integer> ATTEMPT = ContextKey.named("attempt");

  private static final ThreadLocal<String> USER = new ThreadLocal<>();
  private static final ThreadLocal<Map<String, String>> BAGGAGE = new ThreadLocal<>();

  private String settled = "";

  @Test
  void page_showsCodeOfThisClassOnly() throws IOException {
    String here = withoutSpace(Files.readString(HERE));
    List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();

    assertEquals(9, blocks.size());
    for (String block : blocks) {
      assertTrue(here.contains(withoutSpace(block)), block);
    }
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s", "");
  }

  /** Stands for a pool. */
  private static Executor pool() {
    return task -> {
      CapturedContext captured = new BobbinContextPropagator().capture();
      NewThread.run(() -> captured.run(task));
    };
  }

  private void settleAccounts() {
    String tenant = TENANT.get();
    int attempt = Context.current().get(ATTEMPT, 1);
    settled = tenant + " " + attempt;
  }

  @Test
  void context_travelsWithATask() {
    Executor pool = pool();

    Context.with(TENANT, "acme").and(ATTEMPT, 1).run(() -> pool.execute(this::settleAccounts));

    assertEquals("acme 1", settled);
  }

  @Test
  void call_throwsCheckedExceptions(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "one\ntwo\n");

    List<String> lines = Context.with(TENANT, "acme").call(() -> Files.readAllLines(file));

    assertEquals(List.of("one", "two"), lines);
  }

  @Test
  void modes_areThoseOfThePropagators() {
    ThreadPoolConfig config = ThreadPoolConfig.builder("mail")
        .contextMode("slf4j-mdc", ContextMode.CLEAR)
        .contextMode("opentelemetry-context", ContextMode.DETACH)
        .contextMode("micrometer-context", ContextMode.UNCHANGED)
        .build();

    assertEquals(3, config.contextModes().size());
    assertTrue(new Slf4jMdcPropagator().modes().contains(ContextMode.CLEAR));
    assertTrue(new OpenTelemetryContextPropagator().modes().contains(ContextMode.DETACH));
    assertFalse(new MicrometerContextPropagator().modes().contains(ContextMode.DETACH));
  }

  /** That the sample compiles; what it does is tested with the pools. */
  @SuppressWarnings("unused")
  private ExecutorService elsewhere(
      ThreadPool pool, ScheduledExecutorService timer, ExecutorService foreign) {
    ContextWrapper context = pool.contextWrapper();
    timer.schedule(context.wrap(this::remind), 1, TimeUnit.MINUTES);
    ExecutorService carrying = context.wrap(foreign);
    return carrying;
  }

  private void remind() {}

  @Test
  void threadLocals_travel() {
    ContextPropagator locals = ThreadLocalPropagator.builder("my-locals")
        .carry("user", USER)
        .carry("baggage", BAGGAGE, HashMap::new)
        .build();
    USER.set("ann");
    BAGGAGE.set(new HashMap<>(Map.of("a", "b")));
    CapturedContext captured = locals.capture();
    BAGGAGE.get().clear();

    NewThread.run(() -> captured.run(() -> assertEquals("ann{a=b}", USER.get() + BAGGAGE.get())));
    USER.remove();
    BAGGAGE.remove();
  }

  @Test
  @EnabledForJreRange(minVersion = 25, disabledReason = "an older JDK has no scoped values")
  void scopedValues_travel() {
    Object user = ScopedValuePropagatorTest.newScopedValue();
    ContextPropagator scoped =
        ScopedValuePropagator.builder("my-scoped").carry("user", user).build();

    ScopedValues.here().run(new Object[] {user}, new Object[] {"ann"}, () -> {
      CapturedContext captured = scoped.capture();
      NewThread.run(
          () -> captured.run(() -> assertEquals("ann", ScopedValues.here().get(user))));
    });
  }

  @Test
  void ownPropagator_carries() {
    Locales.runWith(Locale.ITALY, () -> {
      CapturedContext captured = new LocalePropagator().capture();
      NewThread.run(() -> captured.run(() -> assertEquals(Locale.ITALY, Locales.current())));
    });
  }

  static final class LocalePropagator implements ContextPropagator {
    @Override
    public String name() {
      return "locale";
    }

    @Override
    public CapturedContext capture() {
      Locale captured = Locales.current();
      return body -> Locales.runWith(captured, body);
    }
  }

  static final class Locales {
    private static final ThreadLocal<Locale> CURRENT = ThreadLocal.withInitial(() -> Locale.ROOT);

    private Locales() {}

    static Locale current() {
      return CURRENT.get();
    }

    static void runWith(Locale locale, Runnable body) {
      Locale before = CURRENT.get();
      CURRENT.set(locale);
      try {
        body.run();
      } finally {
        CURRENT.set(before);
      }
    }
  }
}
