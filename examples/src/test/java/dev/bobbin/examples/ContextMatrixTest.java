package dev.bobbin.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ContextMode;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.context.BobbinContextPropagator;
import dev.bobbin.context.Context;
import dev.bobbin.context.ContextClassLoaderPropagator;
import dev.bobbin.context.ContextKey;
import dev.bobbin.context.MicrometerContextPropagator;
import dev.bobbin.context.OpenTelemetryContextPropagator;
import dev.bobbin.context.Slf4jMdcPropagator;
import dev.bobbin.context.ThreadLocalPropagator;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.TaskEvent;
import io.micrometer.context.ContextRegistry;
import io.opentelemetry.api.baggage.Baggage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/**
 * Every kind of context, in every mode, by every way to submit: what the task sees, and its callback, and
 * what the thread has before and after. Workers have a value of their own, "worker"; the submitter has
 * "caller".
 */
class ContextMatrixTest {
  private static final ContextKey<String> KEY = ContextKey.named("key");
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
  private static final ThreadLocal<String> REGISTERED = new ThreadLocal<>();

  static {
    ContextRegistry.getInstance().registerThreadLocalAccessor("matrix", REGISTERED);
  }

  /** A class loader that stands for a value. */
  private static final class Named extends ClassLoader {
    private final String value;

    Named(String value) {
      super(null);
      this.value = value;
    }
  }

  /** A kind of context, with the propagator for it. */
  enum Kind {
    BOBBIN(new BobbinContextPropagator()) {
      @Override
      void with(String value, Runnable body) {
        Context.with(KEY, value).run(body);
      }

      @Override
      @Nullable
      String value() {
        return KEY.get();
      }
    },
    MDC_MAP(new Slf4jMdcPropagator()) {
      @Override
      void with(String value, Runnable body) {
        around(MDC.get("key"), value, v -> put(v), body);
      }

      private void put(@Nullable String value) {
        if (value == null) {
          MDC.remove("key");
        } else {
          MDC.put("key", value);
        }
      }

      @Override
      @Nullable
      String value() {
        return MDC.get("key");
      }
    },
    THREAD_LOCAL(ThreadLocalPropagator.builder("locals").carry("key", LOCAL).build()) {
      @Override
      void with(String value, Runnable body) {
        around(LOCAL.get(), value, LOCAL::set, body);
      }

      @Override
      @Nullable
      String value() {
        return LOCAL.get();
      }
    },
    MICROMETER(new MicrometerContextPropagator()) {
      @Override
      void with(String value, Runnable body) {
        around(REGISTERED.get(), value, REGISTERED::set, body);
      }

      @Override
      @Nullable
      String value() {
        return REGISTERED.get();
      }
    },
    OPEN_TELEMETRY(new OpenTelemetryContextPropagator()) {
      @Override
      void with(String value, Runnable body) {
        io.opentelemetry.context.Context.current()
            .with(Baggage.builder().put("key", value).build())
            .wrap(body)
            .run();
      }

      @Override
      @Nullable
      String value() {
        return Baggage.current().getEntryValue("key");
      }
    },
    CLASS_LOADER(new ContextClassLoaderPropagator()) {
      @Override
      void with(String value, Runnable body) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new Named(value));
        try {
          body.run();
        } finally {
          thread.setContextClassLoader(before);
        }
      }

      @Override
      @Nullable
      String value() {
        return Thread.currentThread().getContextClassLoader() instanceof Named named
            ? named.value
            : null;
      }
    };

    private final ContextPropagator propagator;

    Kind(ContextPropagator propagator) {
      this.propagator = propagator;
    }

    /** Runs the body with this value on the calling thread. */
    abstract void with(String value, Runnable body);

    /** Returns the calling thread's value, or null. */
    abstract @Nullable String value();

    private interface Setter {
      void set(@Nullable String value);
    }

    private static void around(
        @Nullable String before, String value, Setter setter, Runnable body) {
      setter.set(value);
      try {
        body.run();
      } finally {
        setter.set(before);
      }
    }
  }

  /** A way to submit a task, which notes what it sees, and where it has one, its callback too. */
  enum Way {
    EXECUTE {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) {
        pool.execute(look);
      }
    },
    SUBMIT {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) {
        pool.submit(look);
      }
    },
    CALLBACK {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) {
        pool.callInThreadWithCallback(outcome -> lookInCallback.run(), () -> {
          look.run();
          return 1;
        });
      }

      @Override
      boolean hasCallback() {
        return true;
      }
    },
    INVOKE_ALL {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) throws Exception {
        pool.invokeAll(List.of(() -> {
          look.run();
          return 1;
        }));
      }
    },
    STAGE {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) {
        pool.submit(() -> 1).thenAcceptAsync(one -> look.run());
      }
    },
    KEYED {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) {
        pool.inOrder("key").execute(look);
      }
    },
    CALLER_RUNS {
      @Override
      void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        pool.execute(() -> {
          begun.countDown();
          await(release);
        });
        await(begun);
        pool.execute(() -> {}); // the backlog is full now
        pool.execute(look);
        release.countDown();
      }

      @Override
      boolean isInCaller() {
        return true;
      }
    };

    abstract void submit(ThreadPool pool, Runnable look, Runnable lookInCallback) throws Exception;

    boolean hasCallback() {
      return false;
    }

    boolean isInCaller() {
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }

  /** Notes what threads have just before a task is put into its context, and just behind that. */
  private static final class Edges implements PoolListener {
    private final Kind kind;
    private final List<@Nullable String> onWorkers = new CopyOnWriteArrayList<>();
    private final List<@Nullable String> onTheCaller = new CopyOnWriteArrayList<>();
    private final Thread caller = Thread.currentThread();

    Edges(Kind kind) {
      this.kind = kind;
    }

    @Override
    public String name() {
      return "edges";
    }

    private void look() {
      (Thread.currentThread() == caller ? onTheCaller : onWorkers)
          .add(String.valueOf(kind.value()));
    }

    @Override
    public void taken(TaskEvent event) {
      look();
    }

    @Override
    public void ended(TaskEvent event) {
      look();
    }
  }

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (ContextMode mode : ContextMode.values()) {
        if (mode == ContextMode.UNCHANGED || kind.propagator.modes().contains(mode)) {
          Arrays.stream(Way.values()).forEach(way -> all.add(Arguments.of(kind, mode, way)));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void task_seesWhatItsModeSays_andItsThreadIsAsBefore(Kind kind, ContextMode mode, Way way)
      throws Exception {
    var edges = new Edges(kind);
    var seen = new CompletableFuture<String>();
    var seenInCallback = new CompletableFuture<String>();
    var config = ThreadPoolConfig.builder("matrix")
        .minWorkers(1)
        .maxWorkers(1)
        .backlogLimit(1)
        .whenFull(Overflow.runInCaller())
        .contextMode(kind.propagator.name(), mode)
        .build();
    String outside = way.isInCaller() ? "caller" : "worker";
    String expected = switch (mode) {
      case PROPAGATE, DETACH -> "caller";
      case CLEAR -> "null";
      case UNCHANGED -> outside;
    };
    var failed = new AtomicReference<@Nullable Exception>();
    try (ThreadPool pool = ThreadPools.builder(config)
        .plugins(Plugins.none())
        .threadFactory(body -> new Thread(() -> kind.with("worker", body)))
        .contextPropagator(kind.propagator)
        .listener(edges)
        .start()) {
      kind.with("caller", () -> {
        try {
          way.submit(
              pool,
              () -> seen.complete(String.valueOf(kind.value())),
              () -> seenInCallback.complete(String.valueOf(kind.value())));
        } catch (Exception thrown) {
          failed.set(thrown);
        }
        assertEquals("caller", kind.value()); // whatever has run here
      });
      assertEquals(null, failed.get());
      assertEquals(expected, seen.get(1, TimeUnit.MINUTES));
      if (way.hasCallback()) {
        assertEquals(expected, seenInCallback.get(1, TimeUnit.MINUTES));
      }
    }
    assertTrue(edges.onWorkers.stream().allMatch("worker"::equals), edges.onWorkers::toString);
    assertTrue(edges.onTheCaller.stream().allMatch("caller"::equals), edges.onTheCaller::toString);
    assertEquals(way.isInCaller() ? 2 : 0, edges.onTheCaller.size());
    assertTrue(edges.onWorkers.size() >= 2, edges.onWorkers::toString);
  }
}
