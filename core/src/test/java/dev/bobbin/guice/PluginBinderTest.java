package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.PrivateModule;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.TestPlugins;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.PoolListener;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PluginBinderTest {
  private static ThreadPoolConfig pool(String name) {
    return ThreadPoolConfig.builder(name).minWorkers(0).maxWorkers(1).build();
  }

  private static ThreadPoolModule.Builder pools(String... names) {
    ThreadPoolModule.Builder builder = ThreadPoolModule.builder().withoutDiscovery();
    for (String name : names) {
      builder.pool(pool(name));
    }
    return builder;
  }

  private static Module binding(Consumer<Binder> bindings) {
    return bindings::accept;
  }

  private static ThreadPool pool(Injector injector, String name) {
    return injector.getInstance(Key.get(ThreadPool.class, Pools.named(name)));
  }

  private static ThreadFactory naming(String name) {
    return body -> new Thread(null, body, name, 0, false);
  }

  private static String workerOf(ThreadPool pool) throws Exception {
    return pool.submit(() -> Thread.currentThread().getName()).get(30, TimeUnit.SECONDS);
  }

  private static ContextPropagator propagator(String name) {
    ContextPropagator propagator = mock(ContextPropagator.class);
    when(propagator.name()).thenReturn(name);
    return propagator;
  }

  @Test
  void forAllPools_addsToEach() throws Exception {
    ContextPropagator own = propagator("own");
    Injector injector = Guice.createInjector(
        pools("io", "cpu").build(),
        binding(
            binder -> PluginBinder.forAllPools(binder).addContextPropagator().toInstance(own)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      workerOf(pool(injector, "io"));
      verify(own).capture();
      workerOf(pool(injector, "cpu"));
      verify(own, times(2)).capture();
      assertEquals(2, owner.pools().size());
    }
  }

  @Test
  void overflowPolicy_ofThePoolWinsOverThatOfAll() {
    Injector injector = Guice.createInjector(
        ThreadPoolModule.builder()
            .withoutDiscovery()
            .pool(pool("io").toBuilder().maxWorkers(0).backlogLimit(0).build())
            .pool(pool("cpu").toBuilder().maxWorkers(0).backlogLimit(0).build())
            .build(),
        binding(binder -> {
          PluginBinder.forAllPools(binder)
              .overflowPolicy()
              .toInstance((pool, options) -> Overflow.refuse());
          PluginBinder.forPool(binder, "io")
              .overflowPolicy()
              .toInstance((pool, options) -> Overflow.runInCaller());
        }));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      Thread[] ranOn = new Thread[1];
      pool(injector, "io").execute(() -> ranOn[0] = Thread.currentThread());
      assertSame(Thread.currentThread(), ranOn[0]);
      assertThrows(TaskRejectedException.class, () -> pool(injector, "cpu").execute(() -> {}));
    }
  }

  @Test
  void forPool_addsToThatPoolOnly() throws Exception {
    ContextPropagator own = propagator("own");
    Injector injector = Guice.createInjector(
        pools("io", "cpu").build(),
        binding(
            binder -> PluginBinder.forPool(binder, "io").addContextPropagator().toInstance(own)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      workerOf(pool(injector, "cpu"));
      verify(own, never()).capture();
      workerOf(pool(injector, "io"));
      verify(own).capture();
    }
  }

  @Test
  void plugins_addUp_fromSeveralModules_andFromKeysBoundByHand() throws Exception {
    ContextPropagator first = propagator("first");
    ContextPropagator second = propagator("second");
    ContextPropagator third = propagator("third");
    Injector injector = Guice.createInjector(
        pools("io").build(),
        binding(b -> PluginBinder.forAllPools(b).addContextPropagator().toInstance(first)),
        binding(b -> PluginBinder.forPool(b, "io").addContextPropagator().toInstance(second)),
        binding(b -> Multibinder.newSetBinder(b, ContextPropagator.class, AllPools.class)
            .addBinding()
            .toInstance(third)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      workerOf(pool(injector, "io"));
      verify(first).capture();
      verify(second).capture();
      verify(third).capture();
    }
  }

  @Test
  void threadFactory_replacesThatOfAllPools_orOfOne() throws Exception {
    Injector injector = Guice.createInjector(
        pools("io", "cpu").build(),
        binding(b -> PluginBinder.forAllPools(b).threadFactory().toInstance(naming("any"))),
        binding(b -> PluginBinder.forPool(b, "cpu").threadFactory().toInstance(naming("one"))));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      assertEquals("any", workerOf(pool(injector, "io")));
      assertEquals("one", workerOf(pool(injector, "cpu")));
    }
  }

  @Test
  void threadFactory_mayBeBoundPlainly() throws Exception {
    Injector injector = Guice.createInjector(
        pools("io").build(),
        binding(b ->
            b.bind(Key.get(ThreadFactory.class, Pools.named("io"))).toInstance(naming("plain"))));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      assertEquals("plain", workerOf(pool(injector, "io")));
    }
  }

  @Test
  void threadFactory_winsOverThatOfTheModule_andOverTheNameInTheConfiguration() throws Exception {
    Injector injector = Guice.createInjector(
        ThreadPoolModule.builder()
            .withoutDiscovery()
            .pool(
                ThreadPoolConfig.builder("io").threadFactory("unknown").build(),
                io -> io.threadFactory(naming("module's")))
            .build(),
        binding(b -> PluginBinder.forPool(b, "io").threadFactory().toInstance(naming("bound"))));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      assertEquals("bound", workerOf(pool(injector, "io")));
    }
  }

  @Test
  void addThreadFactory_isChosenByItsName() throws Exception {
    Injector injector = Guice.createInjector(
        ThreadPoolModule.builder()
            .withoutDiscovery()
            .pool(ThreadPoolConfig.builder("io").threadFactory("test-threads").build())
            .pool(pool("cpu"))
            .build(),
        binding(b -> PluginBinder.forAllPools(b).addThreadFactory().to(TestPlugins.Threads.class)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      assertTrue(workerOf(pool(injector, "io")).startsWith("test-PoolThread-io-"));
      assertTrue(workerOf(pool(injector, "cpu")).startsWith("PoolThread-cpu-"));
    }
  }

  @Test
  void growthPolicy_replacesThatOfAllPools_orOfOne_andTheNameInTheConfiguration() {
    GrowthPolicy ofAll = growth("of-all");
    GrowthPolicy ofOne = growth("of-one");
    ThreadPoolConfig io = ThreadPoolConfig.builder("io").growthPolicy("unknown").build();
    Injector injector = Guice.createInjector(
        ThreadPoolModule.builder().withoutDiscovery().pool(io).pool(pool("cpu")).build(),
        binding(b -> PluginBinder.forAllPools(b).growthPolicy().toInstance(ofAll)),
        binding(b -> PluginBinder.forPool(b, "cpu").growthPolicy().toInstance(ofOne)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      verify(ofAll).forPool(io);
      verify(ofOne).forPool(pool("cpu"));
    }
  }

  private static GrowthPolicy growth(String name) {
    GrowthPolicy policy = mock(GrowthPolicy.class);
    when(policy.name()).thenReturn(name);
    when(policy.unavailable()).thenReturn(Optional.empty());
    when(policy.forPool(any())).thenReturn(GrowthDecider.atOnce());
    return policy;
  }

  @Test
  void addListener_isToldOfTasks_ofThePoolThatItIsBoundFor() throws Exception {
    PoolListener listener = mock(PoolListener.class);
    when(listener.name()).thenReturn("mock");
    Injector injector = Guice.createInjector(
        pools("io", "cpu").build(),
        binding(b -> PluginBinder.forPool(b, "io").addListener().toInstance(listener)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      workerOf(pool(injector, "cpu"));
      verify(listener, never()).taken(any());
      workerOf(pool(injector, "io"));
      verify(listener).taken(any());
      verify(listener).ended(any());
    }
  }

  @Test
  void addFailureReporter_isToldOfFailures() throws Exception {
    FailureReporter reporter = mock(FailureReporter.class);
    when(reporter.name()).thenReturn("mock");
    var told = new CountDownLatch(1);
    doAnswer(call -> {
          told.countDown();
          return null;
        })
        .when(reporter)
        .report(any());
    Injector injector = Guice.createInjector(
        pools("io").build(),
        binding(b -> PluginBinder.forAllPools(b).addFailureReporter().toInstance(reporter)));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      pool(injector, "io").execute(() -> {
        throw new IllegalStateException("boom");
      });
      assertTrue(told.await(30, TimeUnit.SECONDS));
    }
    verify(reporter, atLeastOnce()).report(any(FailureReport.class));
  }

  /** Counts failures on the very pool it serves. */
  static final class SelfServing implements FailureReporter {
    private final Provider<ExecutorService> pool;
    final CountDownLatch counted = new CountDownLatch(1);

    @Inject
    SelfServing(@Pool("io") Provider<ExecutorService> pool) {
      this.pool = pool;
    }

    @Override
    public String name() {
      return "self-serving";
    }

    @Override
    public void report(FailureReport report) {
      pool.get().execute(counted::countDown);
    }
  }

  @Test
  void plugin_mayUseThePoolItServes_throughAProvider() throws Exception {
    Injector injector = Guice.createInjector(pools("io").build(), binding(b -> {
      b.bind(SelfServing.class).in(Scopes.SINGLETON);
      PluginBinder.forPool(b, "io").addFailureReporter().to(SelfServing.class);
    }));

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      pool(injector, "io").execute(() -> {
        throw new IllegalStateException("boom");
      });
      assertTrue(injector.getInstance(SelfServing.class).counted.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void privatePool_seesThePluginsOfItsParent() throws Exception {
    ContextPropagator own = propagator("own");
    Injector injector = Guice.createInjector(
        binding(b -> PluginBinder.forAllPools(b).addContextPropagator().toInstance(own)),
        binding(b -> PluginBinder.forPool(b, "images").threadFactory().toInstance(naming("i"))),
        new PrivateModule() {
          @Override
          protected void configure() {
            install(pools("images").build());
            expose(Key.get(ThreadPool.class, Pools.named("images")));
          }
        });

    try (ThreadPool images = pool(injector, "images")) {
      assertEquals("i", workerOf(images));
      verify(own).capture();
    }
  }

  @Test
  void plugins_mayBeBoundInAModuleThatIsInstalledFirst() throws Exception {
    ContextPropagator own = propagator("own");
    Injector injector = Guice.createInjector(new AbstractModule() {
      @Override
      protected void configure() {
        PluginBinder.forPool(binder(), "io").addContextPropagator().toInstance(own);
        install(pools("io").build());
      }
    });

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      workerOf(pool(injector, "io"));
      verify(own).capture();
    }
  }

  /** Wants the pool it serves at once. */
  static final class Impatient implements FailureReporter {
    @Inject
    Impatient(@Pool("io") ExecutorService pool) {
      pool.isShutdown();
    }

    @Override
    public String name() {
      return "impatient";
    }

    @Override
    public void report(FailureReport report) {}
  }

  @Test
  void plugin_isRefused_whenItsConstructorUsesThePoolItServes() {
    Injector injector = Guice.createInjector(
        pools("io").build(),
        binding(b -> PluginBinder.forPool(b, "io").addFailureReporter().to(Impatient.class)));

    var thrown = assertThrows(ProvisionException.class, () -> pool(injector, "io"));

    assertTrue(thrown.getMessage().contains("circular references"), thrown.getMessage());
  }
}
