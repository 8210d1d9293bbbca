package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.ProvisionException;
import com.google.inject.servlet.RequestScoper.CloseableScope;
import com.google.inject.servlet.ServletScopes;
import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guice's request scope at the workers, as values. The requests here are scopes without HTTP. */
class RequestValuesTest {
  /** Who asks; seeded by the request. */
  record User(String name) {}

  /** An interface whose implementation has the scope. */
  interface Account {}

  static final class PaidAccount implements Account {}

  /** Made once for each request, by Guice. */
  static final class Cart {}

  private final List<FailureReport> reports = new CopyOnWriteArrayList<>();
  private final Injector injector = Guice.createInjector(
      ThreadPoolModule.builder()
          .withoutDiscovery()
          .pool(ThreadPoolConfig.builder("io")
              .minWorkers(1)
              .maxWorkers(1)
              .backlogLimit(1)
              .whenFull(Overflow.runInCaller())
              .build())
          .build(),
      new AbstractModule() {
        @Override
        protected void configure() {
          bind(User.class)
              .toProvider(() -> {
                throw new IllegalStateException("not seeded");
              })
              .in(ServletScopes.REQUEST);
          bind(Cart.class).in(ServletScopes.REQUEST);
          bind(PaidAccount.class).in(ServletScopes.REQUEST);
          bind(Account.class).to(PaidAccount.class);
          PluginBinder.forAllPools(binder())
              .addContextPropagator()
              .toInstance(
                  RequestValues.builder().carry(User.class).carry(Account.class).build());
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
      });
  private final ThreadPool pool =
      injector.getInstance(Key.get(ThreadPool.class, Pools.named("io")));

  @AfterEach
  void end() {
    injector.getInstance(PoolOwner.class).close();
    assertEquals(List.of(), reports.stream().map(FailureReport::subject).toList());
  }

  private static CloseableScope request(String user) {
    return ServletScopes.scopeRequest(Map.of(Key.get(User.class), new User(user)))
        .open();
  }

  private User user() {
    return injector.getInstance(User.class);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  /**
   * P34: with transferRequest, the only worker waits for the thread of the request, which waits for it. Here
   * the request's own task and an unrelated one both end while the request goes on.
   */
  @Test
  void p34_workerIsNeverBlocked_whileTheThreadOfTheRequestWaitsInIt() throws Exception {
    CloseableScope request = request("ann");
    try {
      CompletableFuture<User> mine = pool.submit(this::user);
      CompletableFuture<Integer> unrelated = CompletableFuture.supplyAsync(() -> 1, pool);
      assertSame(user(), get(mine));
      assertEquals(1, get(unrelated));
    } finally {
      request.close();
    }
  }

  @Test
  void task_hasTheValuesOfItsRequest_alsoWhenThatIsOver_andNothingElseOfIt() throws Exception {
    var release = new CountDownLatch(1);
    CompletableFuture<Cart> cart;
    CompletableFuture<User> late;
    Cart inRequest;
    CloseableScope request = request("ann");
    try {
      inRequest = injector.getInstance(Cart.class);
      cart = pool.submit(() -> {
        release.await();
        assertSame(injector.getInstance(Cart.class), injector.getInstance(Cart.class));
        return injector.getInstance(Cart.class);
      });
      late = pool.submit(this::user);
    } finally {
      request.close();
    }
    release.countDown();

    assertEquals("ann", get(late).name());
    assertNotSame(inRequest, get(cart));
  }

  @Test
  void task_isInNoRequest_whenItsSubmitterIsNot() throws Exception {
    CompletableFuture<User> future = pool.submit(this::user);
    var failed = assertThrows(ExecutionException.class, () -> get(future));
    assertTrue(failed.getCause() instanceof ProvisionException, failed::toString);
  }

  @Test
  void task_thatItsSubmitterRuns_hasTheValues_andTheRequestIsAsBefore() throws Exception {
    var release = new CountDownLatch(1);
    pool.submit(() -> {
      release.await();
      return null;
    });
    CloseableScope request = request("ann");
    try {
      CompletableFuture<User> waiting = pool.submit(this::user);
      CompletableFuture<User> here = pool.submit(this::user); // there is no room: it ran here
      assertTrue(here.isDone());
      release.countDown();
      assertEquals("ann", get(waiting).name());
      assertEquals("ann", get(here).name());
      assertEquals("ann", user().name());
    } finally {
      request.close();
    }
  }

  @Test
  void tasksOfTasks_haveTheValuesToo() throws Exception {
    CloseableScope request = request("ann");
    CompletableFuture<CompletableFuture<User>> outer;
    try {
      outer = pool.submit(() -> pool.submit(this::user));
    } finally {
      request.close();
    }
    assertEquals("ann", get(get(outer)).name());
  }

  /** The object of an interface is that of the class behind it, which is what the scope knows. */
  @Test
  void task_hasTheValue_ofABindingThatLeadsToTheScope() throws Exception {
    CloseableScope request = request("ann");
    try {
      Account mine = injector.getInstance(Account.class);
      assertSame(mine, get(pool.submit(() -> injector.getInstance(Account.class))));
    } finally {
      request.close();
    }
  }

  /** A thread in one request that runs work of another, which it cannot leave, does not do so unnoticed. */
  @Test
  void work_isReported_whenItRunsInTheRequestOfAnother() {
    Runnable anns;
    CloseableScope first = request("ann");
    try {
      anns = pool.contextWrapper().wrap((Runnable) this::user);
    } finally {
      first.close();
    }
    CloseableScope second = request("bob");
    try {
      anns.run();
    } finally {
      second.close();
    }
    assertEquals(1, reports.size());
    String told = reports.get(0).throwable().getMessage();
    assertTrue(told.contains("another request"), told);
    reports.clear();
  }

  @Test
  void carrying_isRefused_whereTheScopeDoesNotHaveTheObject() {
    var refused = assertThrows(
        CreationException.class,
        () -> Guice.createInjector(new AbstractModule() {
          @Override
          protected void configure() {
            bind(StringBuilder.class).toProvider(StringBuilder::new);
            requestInjection(RequestValues.builder().carry(StringBuilder.class).build());
          }
        }));
    assertTrue(refused.getMessage().contains("has no scope"), refused.getMessage());
  }

  @Test
  void capture_tellsWhatIsMissing_whenGuiceDoesNotKnowThePropagator() {
    RequestValues alone = RequestValues.builder().carry(User.class).build();
    String told = assertThrows(IllegalStateException.class, alone::capture).getMessage();
    assertTrue(told.contains("PluginBinder"), told);
  }

  @Test
  void builder_refusesWhatIsThereAlready_andNothing() {
    RequestValues.Builder builder = RequestValues.builder();
    assertThrows(IllegalStateException.class, builder::build);
    builder.carry(User.class);
    assertThrows(IllegalArgumentException.class, () -> builder.carry(Key.get(User.class)));
    RequestValues built = builder.build();
    assertEquals(Optional.empty(), built.unavailable());
    assertTrue(built.toString().startsWith("guice-request["), built.toString());
  }
}
