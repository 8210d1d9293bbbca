package dev.bobbin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.EventLoop;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.TaskEvent;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The code of the guide's pages, which {@link GuidePagesTest} looks for in this file; it runs. */
class GuideSamplesTest {
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Mail mail = said::add;
  private final Screen screen = said::add;
  private final Log log = said::add;
  private final Shop shop = article -> new Price(article.length() + " crowns");
  private final String letter = "Dear all";
  private final String article = "teapot";

  interface Mail {
    void send(String letter);
  }

  interface Screen {
    void show(String text);

    default String ask(String question) {
      return "Ada";
    }
  }

  /** A loop that the test steps through. */
  private static final class Loop implements Executor {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.currentThread();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    boolean isCurrent() {
      return Thread.currentThread() == thread;
    }

    void runOne() throws InterruptedException {
      Runnable task = tasks.poll(60, TimeUnit.SECONDS);
      assertNotNull(task);
      task.run();
    }
  }

  interface Log {
    void warn(String text);
  }

  interface Shop {
    Price priceOf(String article) throws IOException;
  }

  record Price(String text) {}

  @Test
  void execute_runsTheTask() throws Exception {
    try (ThreadPool pool = started()) {
      pool.execute(() -> mail.send(letter));

      assertEquals("Dear all", next());
    }
  }

  @Test
  void callback_isTold() throws Exception {
    try (ThreadPool pool = started()) {
      pool.callInThreadWithCallback(
          outcome -> screen.show(outcome.fold(Price::text, failure -> failure.message())),
          () -> shop.priceOf(article));

      assertEquals("6 crowns", next());
    }
  }

  @Test
  void future_hasTheValue() throws Exception {
    try (ThreadPool pool = started()) {
      CompletableFuture<Price> price = pool.submit(() -> shop.priceOf(article));
      CompletableFuture<String> text = price.thenApply(Price::text);

      assertEquals("6 crowns", text.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void future_completesOnTheLoop() throws Exception {
    var loop = new Loop();
    try (ThreadPool pool = started()) {
      CompletableFuture<Price> price = pool.deferToThread(loop, () -> shop.priceOf(article));
      price.thenAccept(found -> screen.show(found.text()));

      loop.runOne();
      assertEquals("6 crowns", next());
    }
  }

  @Test
  void callback_isToldOnTheLoop() throws Exception {
    var loop = new Loop();
    try (ThreadPool pool = started()) {
      pool.callInThreadWithCallback(
          outcome -> screen.show(outcome.fold(Price::text, failure -> failure.message())),
          () -> shop.priceOf(article),
          loop);

      loop.runOne();
      assertEquals("6 crowns", next());
    }
  }

  @Test
  void worker_asksTheLoop() throws Exception {
    var loop = new Loop();
    try (ThreadPool pool = started()) {
      EventLoop ui = EventLoop.builder(loop).onLoop(loop::isCurrent).build();
      pool.execute(() -> {
        try {
          String name = ui.call(() -> screen.ask("Your name?"), Duration.ofMinutes(5));
          mail.send("Dear " + name);
        } catch (Exception failed) {
          log.warn("no name: " + failed);
        }
      });

      loop.runOne();
      assertEquals("Dear Ada", next());
    }
  }

  @Test
  void outcome_folds() {
    assertEquals("worth 3", told(Outcome.success(3)));
    assertEquals("no price: closed", told(Outcome.failure(new IOException("closed"))));
    var closed = new Outcome.Failure<Integer>(new IOException("closed"));
    assertSame(IOException.class, closed.check(RuntimeException.class, IOException.class));
    assertNull(closed.check("java.lang.Error"));
  }

  private static String told(Outcome<Integer> outcome) {
    String text =
        outcome.fold(value -> "worth " + value, failure -> "no price: " + failure.message());
    return text;
  }

  @Test
  void configuration_isCopied() {
    ThreadPoolConfig io = ThreadPoolConfig.builder("io")
        .minWorkers(2)
        .maxWorkers(8)
        .timing(Timing.SAMPLED)
        .build();
    ThreadPoolConfig larger = io.toBuilder().maxWorkers(16).build();

    assertEquals(8, io.maxWorkers());
    assertEquals(new PoolSizes(2, 16), larger.sizes());
    assertEquals(Timing.SAMPLED, larger.timing());
  }

  @Test
  void pool_makesWorkersAhead_andAnswersHowMany() {
    ThreadPoolConfig io = ThreadPoolConfig.builder("io")
        .minWorkers(0)
        .maxWorkers(8)
        .keepAlive(Duration.ofSeconds(30))
        .build();
    try (ThreadPool pool = ThreadPools.builder(io).build()) {
      assertEquals(6, pool.prestart(6));
      assertEquals(0, pool.prestart(6));
      assertThrows(IllegalArgumentException.class, () -> pool.prestart(9));
    }
  }

  /** What the table of defaults says. */
  @Test
  void configuration_hasTheDefaultsOfTheGuide() {
    assertEquals(new PoolSizes(5, 20), ThreadPoolConfig.builder("p").build().sizes());
    assertEquals(
        new PoolSizes(4, 4), ThreadPoolConfig.builder("p").maxWorkers(4).build().sizes());
    assertEquals(
        new PoolSizes(30, 30),
        ThreadPoolConfig.builder("p").minWorkers(30).build().sizes());
  }

  @Test
  void sizes_change() {
    try (ThreadPool pool = started()) {
      pool.adjustPoolSize(2, 8);
      pool.adjustPoolSize(sizes -> sizes.withMaxWorkers(16));

      assertEquals(new PoolSizes(2, 16), pool.sizes());
    }
  }

  @Test
  void blocking_isAnnounced() throws Exception {
    try (ThreadPool pool = started()) {
      Price price = pool.callBlocking(() -> shop.priceOf(article));
      pool.runBlocking(() -> screen.show(price.text()));

      assertEquals("6 crowns", next());
    }
  }

  @Test
  void statistics_count() {
    try (ThreadPool pool = started()) {
      PoolStatistics now = pool.statistics();
      long open = now.backlog() + now.running();

      assertEquals(0, open);
    }
  }

  @Test
  void stop_reports() {
    try (ThreadPool pool = started()) {
      StopReport report = pool.stop(Duration.ofSeconds(10));
      if (!report.stopped()) {
        log.warn(report.toString());
      }

      assertTrue(said.isEmpty(), said.toString());
    }
  }

  @Test
  void termination_tells() throws Exception {
    try (ThreadPool pool = started()) {
      pool.termination().thenAccept(report -> log.warn(report.toString()));
      pool.shutdown();

      assertEquals("Pool 'io' has stopped: 0 ran, 0 discarded, 0 still running", next());
    }
  }

  @Test
  void submission_isRefused_whenThePoolHasStopped() throws Exception {
    try (ThreadPool pool = started()) {
      pool.stop();
      Runnable task = () -> mail.send(letter);
      try {
        pool.execute(task);
      } catch (TaskRejectedException refused) {
        log.warn("not now: " + refused.reason());
      }

      assertEquals("not now: " + RejectionReason.STOPPING, next());
    }
  }

  @Test
  void pool_isMadeWithoutGuice() throws Exception {
    ThreadPoolConfig config = ThreadPoolConfig.builder("io").maxWorkers(8).build();
    try (ThreadPool pool = ThreadPools.builder(config).start()) {
      pool.execute(() -> mail.send(letter));
    }

    assertEquals("Dear all", next());
  }

  @Test
  void pool_isMadeOfWhatIsHandedOver() throws Exception {
    ThreadPoolConfig config = ThreadPoolConfig.builder("io").maxWorkers(1).build();
    var reporter = new CountingReporter();
    ThreadPool pool = ThreadPools.builder(config)
        .threadFactory(Executors.defaultThreadFactory())
        .failureReporter(reporter)
        .plugins(Plugins.none())
        .build();
    try (pool) {
      pool.start();
      pool.execute(() -> {
        throw new IllegalStateException("for the reporter");
      });
      String name = pool.submit(() -> Thread.currentThread().getName()).get(60, TimeUnit.SECONDS);

      assertTrue(name.matches("pool-\\d+-thread-1"), name);
      assertEquals(1, reporter.failures.sum());
    }
  }

  @Test
  void factory_namesTheThreadAfterThePool() throws Exception {
    var config =
        ThreadPoolConfig.builder("io").threadFactory("named-after-pool").build();
    try (ThreadPool pool =
        ThreadPools.builder(config).threadFactory(new NamedAfterPool()).start()) {
      assertEquals(
          "io", pool.submit(() -> Thread.currentThread().getName()).get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void listener_knowsWhatRuns() throws Exception {
    var running = new Running();
    try (ThreadPool pool = ThreadPools.builder(ThreadPoolConfig.builder("io").build())
        .listener(running)
        .start()) {
      assertEquals(1, pool.submit(() -> running.tasks.size()).get(60, TimeUnit.SECONDS));
      assertEquals(0, running.tasks.size());
    }
  }

  @Test
  void propagator_carries() throws Exception {
    try (ThreadPool pool = ThreadPools.builder(ThreadPoolConfig.builder("io").build())
        .contextPropagator(new LocalePropagator())
        .start()) {
      var seen = new CompletableFuture<@Nullable Locale>();
      Locales.runWith(Locale.ITALY, () -> pool.execute(() -> seen.complete(Locales.current())));

      assertEquals(Locale.ITALY, seen.get(60, TimeUnit.SECONDS));
    }
  }

  /** What examples.md shows is what the example does; that one has a test of its own. */
  @Test
  void pluginOfTheExample_isChosenByItsName() {
    ThreadPoolConfig config = ThreadPoolConfig.builder("image-thumbnails")
        .minWorkers(2)
        .maxWorkers(2)
        .threadFactory("short-names")
        .build();

    ThreadPools.builder(config).build().stop();
  }

  public final class NamedAfterPool implements WorkerThreadFactory {
    @Override
    public String name() {
      return "named-after-pool";
    }

    @Override
    public Thread newThread(WorkerThreadSettings settings, Runnable body) {
      var thread = new Thread(null, body, settings.pool(), 0, false);
      thread.setDaemon(settings.daemon());
      thread.setPriority(settings.priority());
      thread.setContextClassLoader(settings.contextClassLoader());
      return thread;
    }
  }

  public final class LocalePropagator implements ContextPropagator {
    @Override
    public String name() {
      return "locale";
    }

    @Override
    public @Nullable CapturedContext capture() {
      Locale locale = Locales.current();
      return locale == null ? null : body -> Locales.runWith(locale, body);
    }
  }

  public final class Running implements PoolListener {
    private final Map<Object, String> tasks = new ConcurrentHashMap<>();

    @Override
    public String name() {
      return "running";
    }

    @Override
    public void taken(TaskEvent event) {
      tasks.put(event.task(), Thread.currentThread().getName());
    }

    @Override
    public void ended(TaskEvent event) {
      tasks.remove(event.task());
    }
  }

  public final class CountingReporter implements FailureReporter {
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

  private static final class Locales {
    private static final ThreadLocal<@Nullable Locale> CURRENT = new ThreadLocal<>();

    static @Nullable Locale current() {
      return CURRENT.get();
    }

    static void runWith(Locale locale, Runnable body) {
      Locale before = CURRENT.get();
      Consumer<@Nullable Locale> set = CURRENT::set;
      set.accept(locale);
      try {
        body.run();
      } finally {
        set.accept(before);
      }
    }
  }

  private static ThreadPool started() {
    return ThreadPools.builder(ThreadPoolConfig.builder("io").maxWorkers(2).build())
        .start();
  }

  private String next() throws InterruptedException {
    return String.valueOf(said.poll(60, TimeUnit.SECONDS));
  }
}
