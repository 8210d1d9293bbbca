package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ServiceFolder;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;

/**
 * A whole application: two named pools, a thread factory bound for one of them, a propagator found
 * by ServiceLoader and one bound in Guice, and mocks for the rest.
 */
@ExtendWith(MockitoExtension.class)
class ApplicationTest {
  private static final long LONG = 30;
  private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();
  private static final ThreadLocal<@Nullable String> REQUEST = new ThreadLocal<>();

  @TempDir
  Path folder;

  @Mock
  FailureReporter reporter;

  @Mock
  OutcomeCallback<String> callback;

  private final ThreadFactory drawingThreads = body -> new Thread(null, body, "drawing", 0, false);
  private ClassLoader before;

  /** Carries the tenant; found on the class path. */
  public static final class TenantPropagator implements ContextPropagator {
    /** Found by its service file. */
    public TenantPropagator() {}

    @Override
    public String name() {
      return "tenant";
    }

    @Override
    public @Nullable CapturedContext capture() {
      return carry(TENANT);
    }
  }

  /** Carries the request; made by Guice, with what it needs. */
  static final class RequestPropagator implements ContextPropagator {
    private final String name;

    @Inject
    RequestPropagator(@Pool("render") String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public @Nullable CapturedContext capture() {
      return carry(REQUEST);
    }
  }

  /** A class of the application that uses both pools. */
  static final class Thumbnails {
    private final ThreadPool fetch;
    private final Executor render;

    @Inject
    Thumbnails(@Pool("fetch") ThreadPool fetch, @Pool("render") Executor render) {
      this.fetch = fetch;
      this.render = render;
    }

    void make(List<String> drawn, CountDownLatch done) {
      fetch.execute(() -> render.execute(() -> {
        drawn.add("%s for %s on %s"
            .formatted(REQUEST.get(), TENANT.get(), Thread.currentThread().getName()));
        done.countDown();
      }));
    }
  }

  private static @Nullable CapturedContext carry(ThreadLocal<@Nullable String> local) {
    String value = local.get();
    return value == null
        ? null
        : body -> {
          String previous = local.get();
          local.set(value);
          try {
            body.run();
          } finally {
            local.set(previous);
          }
        };
  }

  private final AbstractModule application = new AbstractModule() {
    @Override
    protected void configure() {
      install(ThreadPoolModule.builder()
          .pool(ThreadPoolConfig.builder("fetch").requirePlugins("tenant").build())
          .pool(ThreadPoolConfig.builder("render")
              .minWorkers(1)
              .maxWorkers(1)
              .requirePlugins("tenant", "request")
              .build())
          .build());
      bind(Key.get(String.class, Pools.named("render"))).toInstance("request");
      bind(Key.get(ThreadFactory.class, Pools.named("render"))).toInstance(drawingThreads);
      PluginBinder.forAllPools(binder()).addContextPropagator().to(RequestPropagator.class);
      PluginBinder.forAllPools(binder()).addFailureReporter().toInstance(reporter);
    }
  };

  @BeforeEach
  void findTheTenantPropagator() {
    Thread thread = Thread.currentThread();
    before = thread.getContextClassLoader();
    thread.setContextClassLoader(new ServiceFolder(folder)
        .with(ContextPropagator.class, TenantPropagator.class.getName())
        .loader());
  }

  @AfterEach
  void putBack() {
    Thread.currentThread().setContextClassLoader(before);
    TENANT.remove();
    REQUEST.remove();
  }

  @Test
  void application_carriesBothContexts_throughBothPools() throws Exception {
    when(reporter.name()).thenReturn("mock");
    Injector injector = Guice.createInjector(application);
    var drawn = new ArrayList<String>();
    var done = new CountDownLatch(1);

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      TENANT.set("acme");
      REQUEST.set("r-1");
      injector.getInstance(Thumbnails.class).make(drawn, done);
      assertTrue(done.await(LONG, TimeUnit.SECONDS));
    }

    assertEquals(List.of("r-1 for acme on drawing"), drawn);
    assertEquals(
        PoolState.STOPPED,
        injector.getInstance(Key.get(ThreadPool.class, Pools.named("fetch"))).state());
  }

  @Test
  void application_tellsItsCallbackAndItsReporter() throws Exception {
    when(reporter.name()).thenReturn("mock");
    Injector injector = Guice.createInjector(application);
    ThreadPool fetch = injector.getInstance(Key.get(ThreadPool.class, Pools.named("fetch")));
    var reported = new CountDownLatch(1);
    doAnswer(call -> {
          reported.countDown();
          return null;
        })
        .when(reporter)
        .report(any());

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      fetch.callInThreadWithCallback(callback, () -> "picture");
      fetch.callInThread(() -> {
        throw new IllegalArgumentException("no such picture");
      });
      assertTrue(reported.await(LONG, TimeUnit.SECONDS));
    }

    verify(callback).onOutcome(Outcome.success("picture"));
    verifyNoMoreInteractions(callback);
    var report = ArgumentCaptor.forClass(FailureReport.class);
    verify(reporter).report(report.capture());
    assertEquals("fetch", report.getValue().pool());
    assertEquals("no such picture", report.getValue().throwable().getMessage());
  }

  @Test
  void application_runsWithAMockedPool() {
    ThreadPool pool = mock(ThreadPool.class);
    var thumbnails = new Thumbnails(pool, Runnable::run);

    thumbnails.make(new ArrayList<>(), new CountDownLatch(1));

    verify(pool).execute(any());
  }
}
