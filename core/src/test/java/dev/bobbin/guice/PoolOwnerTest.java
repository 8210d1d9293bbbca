package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Service;
import com.google.common.util.concurrent.ServiceManager;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The owner with pools that work. */
class PoolOwnerTest {
  private static ThreadPoolConfig.Builder config(String name) {
    return ThreadPoolConfig.builder(name).minWorkers(1).maxWorkers(2);
  }

  private static ThreadPoolModule.Builder module() {
    return ThreadPoolModule.builder().withoutDiscovery();
  }

  private static ThreadPool pool(Injector injector, String name) {
    return injector.getInstance(Key.get(ThreadPool.class, Pools.named(name)));
  }

  private static void awaitState(ThreadPool pool, PoolState state) {
    while (pool.state() != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void start_startsAllPools_andClose_stopsThem() {
    Injector injector = Guice.createInjector(
        module().pool(config("io").build()).pool(config("cpu").build()).build());

    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      owner.start();
      owner.start();

      assertEquals(PoolState.RUNNING, pool(injector, "io").state());
      assertEquals(1, pool(injector, "cpu").statistics().workers());
    }
    assertEquals(PoolState.STOPPED, pool(injector, "io").state());
    assertEquals(PoolState.STOPPED, pool(injector, "cpu").state());
  }

  @Test
  void close_letsTasksUseThePoolsThatStopLater() throws Exception {
    Injector injector = Guice.createInjector(module()
        .pool(config("web").stopsBefore("db").build())
        .pool(config("db").build())
        .build());
    ThreadPool web = pool(injector, "web");
    ThreadPool db = pool(injector, "db");
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    CompletableFuture<String> page;
    CompletableFuture<Void> closed;
    try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
      page = web.submit(() -> {
        begun.countDown();
        goOn.await();
        return db.submit(() -> "row").get();
      });
      assertTrue(begun.await(30, TimeUnit.SECONDS));
      closed = CompletableFuture.runAsync(owner::close);
      awaitState(web, PoolState.STOPPING);
      goOn.countDown();
    }

    assertEquals("row", page.get(30, TimeUnit.SECONDS));
    closed.get(30, TimeUnit.SECONDS);
    assertEquals(PoolState.STOPPED, db.state());
  }

  @Test
  void stop_givesUpAtTheDeadline_andReports() throws Exception {
    Injector injector = Guice.createInjector(
        module().pool(config("io").build()).pool(config("cpu").build()).build());
    PoolOwner owner = injector.getInstance(PoolOwner.class);
    var begun = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    CompletableFuture<?> stuck = pool(injector, "io").submit(() -> {
      begun.countDown();
      never.await();
      return null;
    });
    assertTrue(begun.await(30, TimeUnit.SECONDS));
    pool(injector, "cpu").submit(() -> 1).get(30, TimeUnit.SECONDS);

    List<StopReport> reports = owner.stop(Duration.ZERO);

    assertEquals(List.of("cpu", "io"), reports.stream().map(StopReport::pool).toList());
    assertEquals(1, reports.get(0).ran());
    assertThrows(Exception.class, () -> stuck.get(30, TimeUnit.SECONDS)); // it was interrupted
    owner.close();
    assertEquals(PoolState.STOPPED, pool(injector, "io").state());
  }

  @Test
  void start_leavesNoThread_whenAPoolGetsNone() {
    Injector injector = Guice.createInjector(module()
        .pool(config("io").build())
        .pool(
            config("cpu").build(),
            cpu -> cpu.threadFactory(body -> {
              throw new IllegalStateException("out of threads");
            }))
        .build());
    PoolOwner owner = injector.getInstance(PoolOwner.class);

    assertThrows(ThreadCreationException.class, owner::start);

    assertEquals(PoolState.STOPPED, pool(injector, "io").state());
    assertEquals(0, pool(injector, "io").statistics().workers());
    assertThrows(IllegalStateException.class, owner::start);
  }

  @Test
  void pool_hasStopped_whenItIsInjectedAfterTheOwnerClosed() {
    Injector injector = Guice.createInjector(module().pool(config("io").build()).build());
    injector.getInstance(PoolOwner.class).close();

    ThreadPool late = pool(injector, "io");

    assertEquals(PoolState.STOPPED, late.state());
    assertThrows(TaskRejectedException.class, () -> late.execute(() -> {}));
  }

  @Test
  void service_startsAndStopsItsPool() throws Exception {
    Injector injector = Guice.createInjector(
        module().pool(config("io").build()).pool(config("cpu").build()).build());
    PoolOwner owner = injector.getInstance(PoolOwner.class);
    Service io = owner.service("io");
    var manager = new ServiceManager(List.of(io, owner.service("cpu")));

    manager.startAsync().awaitHealthy(30, TimeUnit.SECONDS);

    assertSame(io, owner.service("io"));
    assertEquals("Pool 'io' [RUNNING]", io.toString());
    assertEquals(PoolState.RUNNING, pool(injector, "io").state());
    manager.stopAsync().awaitStopped(30, TimeUnit.SECONDS);
    assertEquals(PoolState.STOPPED, pool(injector, "io").state());
    assertEquals(PoolState.STOPPED, pool(injector, "cpu").state());
    owner.close();
  }

  @Test
  void owner_bearsTheAnnotationsThatHostsLookFor() throws Exception {
    assertNotNull(PoolOwner.class.getMethod("start").getAnnotation(PostConstruct.class));
    assertNotNull(PoolOwner.class.getMethod("close").getAnnotation(PreDestroy.class));
  }

  @Test
  void toString_namesThePools() {
    Injector injector = Guice.createInjector(
        module().pool(config("io").build()).pool(config("cpu").build()).build());
    PoolOwner owner = injector.getInstance(PoolOwner.class);

    assertEquals("Owner of pools [io, cpu]", owner.toString());
    owner.close();
    assertEquals("Owner of pools [io, cpu], closed", owner.toString());
  }
}
