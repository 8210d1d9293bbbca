package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.PrivateModule;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That the code of the guide compiles and works: it is the code of this class. */
class GuidePageTest {
  private static final Path PAGE = Path.of("../docs/guice.md");
  private static final Path HERE = Path.of("src/test/java/dev/bobbin/guice/GuidePageTest.java");
  private static final CountDownLatch MADE = new CountDownLatch(1);

  static final class AppModule extends AbstractModule {
    @Override
    protected void configure() {
      install(ThreadPoolModule.builder()
          .pool(ThreadPoolConfig.builder("cpu").minWorkers(1).maxWorkers(4).build())
          .pool(ThreadPoolConfig.builder("io").minWorkers(2).maxWorkers(8).build())
          .build());
    }
  }

  static final class Thumbnails {
    private final ThreadPool io;
    private final Executor cpu;

    @Inject
    Thumbnails(@Pool("io") ThreadPool io, @Pool("cpu") Executor cpu) {
      this.io = io;
      this.cpu = cpu;
    }

    void makeAll() {
      io.callInThreadWithCallback(
          read -> cpu.execute(() -> draw(read)), () -> "the bytes of a picture");
    }

    private void draw(Outcome<String> read) {
      MADE.countDown();
    }
  }

  /** Stands for Dropwizard's. */
  interface Managed {
    void start() throws Exception;

    void stop() throws Exception;
  }

  static final class ManagedPools implements Managed {
    private final PoolOwner owner;

    @Inject
    ManagedPools(PoolOwner owner) {
      this.owner = owner;
    }

    @Override
    public void start() {
      owner.start();
    }

    @Override
    public void stop() {
      owner.stop(Duration.ofSeconds(30));
    }
  }

  static final class TenantPropagator implements ContextPropagator {
    @Override
    public String name() {
      return "tenant";
    }

    @Override
    public @Nullable CapturedContext capture() {
      return null;
    }
  }

  static final class DrawingThreads implements ThreadFactory {
    @Override
    public Thread newThread(Runnable body) {
      return new Thread(null, body, "drawing", 0, false);
    }
  }

  static final class TenantModule extends AbstractModule {
    @Override
    protected void configure() {
      PluginBinder.forAllPools(binder()).addContextPropagator().to(TenantPropagator.class);
      PluginBinder.forPool(binder(), "drawing").threadFactory().to(DrawingThreads.class);
    }
  }

  @TaskScoped
  static final class Ledger implements AutoCloseable {
    @Override
    public void close() {}
  }

  record User(String name) {}

  static final class RequestModule extends AbstractModule {
    @Override
    protected void configure() {
      PluginBinder.forPool(binder(), "io")
          .addContextPropagator()
          .toInstance(RequestValues.builder().carry(User.class).build());
    }
  }

  static final class ImagesModule extends PrivateModule {
    @Override
    protected void configure() {
      install(ThreadPoolModule.builder()
          .pool(ThreadPoolConfig.builder("images").build())
          .ownerByPoolOnly()
          .build());
      expose(Key.get(ThreadPool.class, Pools.named("images")));
      expose(Key.get(PoolOwner.class, Pools.named("images")));
    }
  }

  @Test
  void page_showsCodeOfThisClassOnly() throws IOException {
    String here = withoutSpace(Files.readString(HERE));
    List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();

    assertEquals(10, blocks.size());
    for (String block : blocks) {
      assertTrue(here.contains(withoutSpace(block)), block);
    }
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s", "");
  }

  private static ThreadPool pool(Injector injector, String name) {
    return injector.getInstance(Key.get(ThreadPool.class, Pools.named(name)));
  }

  @Test
  void declareInjectOwn_works() throws Exception {
    Injector injector = Guice.createInjector(new AppModule());
    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      injector.getInstance(Thumbnails.class).makeAll();
    }
    assertEquals(0, MADE.getCount());
    assertEquals(PoolState.STOPPED, pool(injector, "io").state());
  }

  @Test
  void stopsBefore_isPartOfAConfiguration() {
    ThreadPoolConfig web = ThreadPoolConfig.builder("web").stopsBefore("db").build();

    assertEquals(List.of("db"), web.stopsBefore());
  }

  @Test
  void managedPools_startAndStop() throws Exception {
    Injector injector = Guice.createInjector(new AppModule());
    Managed managed = injector.getInstance(ManagedPools.class);

    managed.start();
    assertEquals(PoolState.RUNNING, pool(injector, "io").state());
    managed.stop();

    assertEquals(PoolState.STOPPED, pool(injector, "io").state());
  }

  @Test
  void objects_comeInByTheModule_orByABinding() throws Exception {
    FailureReporter reporter = mock(FailureReporter.class);
    when(reporter.name()).thenReturn("mock");
    ThreadFactory drawingThreads = body -> new Thread(null, body, "module's", 0, false);
    ThreadPoolConfig drawing = ThreadPoolConfig.builder("drawing").build();

    ThreadPoolModule module = ThreadPoolModule.builder()
        .eachPool(pool -> pool.failureReporter(reporter))
        .pool(drawing, pool -> pool.threadFactory(drawingThreads))
        .build();

    for (Injector injector :
        List.of(Guice.createInjector(module), Guice.createInjector(module, new TenantModule()))) {
      try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
        owner.start();
        String worker = pool(injector, "drawing")
            .submit(() -> Thread.currentThread().getName())
            .get();
        boolean bound =
            injector.getExistingBinding(Key.get(ThreadFactory.class, Pools.named("drawing")))
                != null;
        assertEquals(bound ? "drawing" : "module's", worker);
      }
    }
  }

  @Test
  void privateModule_showsItsPoolAndItsOwner() {
    Injector injector = Guice.createInjector(new AppModule(), new ImagesModule());

    PoolOwner images = injector.getInstance(Key.get(PoolOwner.class, Pools.named("images")));

    assertEquals(List.of(pool(injector, "images")), images.pools());
  }
}
