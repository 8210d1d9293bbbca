package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.OutOfScopeException;
import com.google.inject.Provides;
import com.google.inject.ProvisionException;
import com.google.inject.name.Named;
import com.google.inject.name.Names;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects that live as long as a task, or as a tree of tasks. */
class TaskScopeTest {
  private static final AtomicInteger OPEN = new AtomicInteger();

  /** What bindings lead from to an object of the scope. */
  interface Face {}

  /** One for each task. */
  @TaskScoped
  static class Own implements AutoCloseable, Face {
    boolean closed;

    Own() {
      OPEN.incrementAndGet();
    }

    @Override
    public void close() {
      assertFalse(closed);
      closed = true;
      OPEN.decrementAndGet();
    }
  }

  /** One for each tree of tasks. */
  @TaskScoped(inherited = true)
  static class Shared extends Own {}

  private final List<FailureReport> reports = new CopyOnWriteArrayList<>();
  private final Injector injector = Guice.createInjector(
      ThreadPoolModule.builder()
          .withoutDiscovery()
          .pool(ThreadPoolConfig.builder("one").minWorkers(0).maxWorkers(2).build())
          .pool(ThreadPoolConfig.builder("two")
              .minWorkers(0)
              .maxWorkers(1)
              .backlogLimit(1)
              .build())
          .build(),
      new TaskScopeModule(),
      new TaskScopeModule(),
      new AbstractModule() {
        @Override
        protected void configure() {
          bind(String.class)
              .annotatedWith(Names.named("bound"))
              .toProvider(() -> new String("bound"))
              .in(TaskScopes.INHERITED);
          bind(Face.class).to(Own.class).in(TaskScopes.TASK);
          bind(Face.class)
              .annotatedWith(Names.named("shared"))
              .to(Shared.class)
              .in(TaskScopes.INHERITED);
          PluginBinder.forAllPools(binder()).addFailureReporter().toInstance(new FailureReporter() {
            @Override
            public String name() {
              return "list";
            }

            @Override
            public void report(FailureReport report) {
              reports.add(report);
            }
          });
        }

        @Provides
        @TaskScoped
        @Named("none")
        @Nullable
        String none() {
          OPEN.incrementAndGet();
          return null;
        }
      });
  private final ThreadPool one = pool("one");
  private final ThreadPool two = pool("two");

  private ThreadPool pool(String name) {
    return injector.getInstance(Key.get(ThreadPool.class, Pools.named(name)));
  }

  @AfterEach
  void end() {
    injector.getInstance(PoolOwner.class).close();
    OPEN.set(0);
  }

  private Own own() {
    return injector.getInstance(Own.class);
  }

  private Shared shared() {
    return injector.getInstance(Shared.class);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  /** Waits until nothing runs, so that all that ends with a task has. */
  private void settle() throws InterruptedException {
    assertTrue(one.awaitIdle(Duration.ofMinutes(1)));
    assertTrue(two.awaitIdle(Duration.ofMinutes(1)));
  }

  @Test
  void object_isTheSameInATask_itsCallbackIncluded_andAnotherInTheNext() throws Exception {
    var inCallback = new CompletableFuture<Own>();
    var inWork = new CompletableFuture<Own>();
    one.callInThreadWithCallback(outcome -> inCallback.complete(own()), () -> {
      inWork.complete(own());
      return own() == own() && !own().closed;
    });
    Own next = get(one.submit(this::own));

    assertSame(get(inWork), get(inCallback));
    assertNotSame(next, get(inWork));
    settle();
    assertTrue(get(inWork).closed && next.closed);
    assertEquals(0, OPEN.get());
  }

  @Test
  void object_isNotInherited_unlessSoDeclared() throws Exception {
    var objects = new CopyOnWriteArrayList<Own>();
    get(one.submit(() -> {
      objects.addAll(List.of(own(), shared()));
      two.submit(() -> {
        objects.addAll(List.of(own(), shared()));
        one.execute(() -> objects.addAll(List.of(own(), shared())));
      });
    }));
    settle();
    settle();

    assertEquals(6, objects.size());
    assertNotSame(objects.get(0), objects.get(2));
    assertNotSame(objects.get(2), objects.get(4));
    assertSame(objects.get(1), objects.get(3));
    assertSame(objects.get(3), objects.get(5));
    assertTrue(objects.stream().allMatch(object -> object.closed));
    assertEquals(0, OPEN.get());
  }

  @Test
  void inheritedObject_isClosedWithTheLast_whoeverThatIs() throws Exception {
    var release = new CountDownLatch(1);
    CompletableFuture<CompletableFuture<Boolean>> parent = one.submit(() -> {
      Shared mine = shared();
      return two.submit(() -> {
        release.await();
        return shared() == mine && !mine.closed;
      });
    });
    CompletableFuture<Boolean> child = get(parent); // the parent is over
    release.countDown();

    assertTrue(get(child));
    settle();
    assertEquals(0, OPEN.get());
  }

  @Test
  void inheritedObject_isClosed_whenTasksThatHadItNeverRun() throws Exception {
    var closed = new CopyOnWriteArrayList<Shared>();
    var release = new CountDownLatch(1);
    two.execute(() -> await(release)); // its only worker is taken
    get(one.submit(() -> {
      closed.add(shared());
      CompletableFuture<Integer> cancelled = two.submit(() -> 1);
      cancelled.cancel(false);
      two.execute(() -> {});
      assertThrows(TaskRejectedException.class, () -> two.execute(() -> {}));
      assertThrows(TaskRejectedException.class, () -> two.submit(() -> 1));
      assertThrows(
          TaskRejectedException.class, () -> two.callInThreadWithCallback(outcome -> {}, () -> 1));
      one.submit(() -> {
            throw new IllegalStateException("on purpose");
          })
          .thenApplyAsync(never -> 1)
          .exceptionally(thrown -> 1);
    }));
    assertFalse(closed.get(0).closed); // one waits in the other pool
    two.shutdownNow();
    release.countDown();
    assertTrue(two.awaitTermination(1, TimeUnit.MINUTES));
    assertTrue(one.awaitIdle(Duration.ofMinutes(1)));

    assertTrue(closed.get(0).closed);
    assertEquals(0, OPEN.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void object_isThereForBindingsAndProviderMethods_nullIncluded() throws Exception {
    Key<String> bound = Key.get(String.class, Names.named("bound"));
    Key<String> none = Key.get(String.class, Names.named("none"));
    int asked = get(one.submit(() -> {
      String mine = injector.getInstance(bound);
      assertSame(mine, injector.getInstance(bound));
      assertSame(mine, two.submit(() -> injector.getInstance(bound)).join());
      assertNull(injector.getInstance(none));
      assertNull(injector.getInstance(none));
      return OPEN.get();
    }));
    assertEquals(1, asked);
  }

  @Test
  void asking_isRefused_whereNoTaskRuns() {
    var thrown = assertThrows(ProvisionException.class, this::own);
    assertTrue(thrown.getCause() instanceof OutOfScopeException, thrown::toString);
    assertTrue(thrown.getMessage().contains("install a TaskScopeModule"), thrown::getMessage);
  }

  /** Throws when it is closed. */
  @TaskScoped
  static final class Stubborn implements AutoCloseable {
    @Override
    public void close() {
      throw new IllegalStateException("stubborn");
    }
  }

  @Test
  void objectThatCannotBeClosed_isReported_andAllOthersAreClosed() throws Exception {
    assertEquals(1, get(one.submit(() -> {
      own();
      injector.getInstance(Stubborn.class);
      shared();
      return 1;
    })));
    settle();
    assertEquals(0, OPEN.get());
    assertEquals(1, reports.size(), reports::toString);
    assertTrue(reports.get(0).subject().startsWith("plugin 'task-scope' "), reports::toString);
    assertEquals("stubborn", reports.get(0).throwable().getCause().getMessage());
  }

  /** A binding to a class that has the scope as well gives the same object, which is closed once. */
  @Test
  void object_isClosedOnce_whenTwoBindingsOfTheScopeGiveIt() throws Exception {
    get(one.submit(() -> {
      assertSame(injector.getInstance(Face.class), own());
      assertSame(injector.getInstance(Key.get(Face.class, Names.named("shared"))), shared());
      return 1;
    }));
    settle();
    assertEquals(List.of(), reports);
    assertEquals(0, OPEN.get());
  }

  @Test
  void failedTask_hasItsObjectsClosed() throws Exception {
    assertThrows(
        ExecutionException.class,
        () -> get(one.submit(() -> {
          own();
          shared();
          throw new IllegalStateException("on purpose");
        })));
    settle();
    assertEquals(0, OPEN.get());
  }

  @Test
  void module_isEqualToItself_andInstalledOnce() {
    assertEquals(new TaskScopeModule(), new TaskScopeModule());
    assertEquals(new TaskScopeModule().hashCode(), new TaskScopeModule().hashCode());
    assertEquals("TaskScopeModule", new TaskScopeModule().toString());
  }
}
