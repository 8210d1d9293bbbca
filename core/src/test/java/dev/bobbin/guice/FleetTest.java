package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.ProvisionException;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** How pools start and stop together, told by pools that do nothing. */
class FleetTest {
  private final ThreadPool db = mock(ThreadPool.class, "db");
  private final ThreadPool io = mock(ThreadPool.class, "io");
  private final ThreadPool web = mock(ThreadPool.class, "web");
  private final PoolMaker maker = mock(PoolMaker.class);

  private Fleet fleet(ThreadPoolModule.Builder module) {
    for (ThreadPool pool : List.of(db, io, web)) {
      String name = mockingDetails(pool).getMockCreationSettings().getMockName().toString();
      when(maker.make(name)).thenReturn(pool);
      when(pool.stop(any())).thenReturn(StopReport.builder(name).build());
    }
    return new Fleet(new Declarations(List.of(module.build().spec()), List.of()), maker);
  }

  /** Declares db, io, web. */
  private static ThreadPoolModule.Builder three() {
    return ThreadPoolModule.builder()
        .pool(ThreadPoolConfig.builder("db").build())
        .pool(ThreadPoolConfig.builder("io").build())
        .pool(ThreadPoolConfig.builder("web").build());
  }

  @Test
  void start_makesAllPools_thenStartsThemInTheOrderOfDeclaration() {
    fleet(three()).start();

    var order = inOrder(maker, db, io, web);
    order.verify(maker).make("db");
    order.verify(maker).make("io");
    order.verify(maker).make("web");
    order.verify(db).start();
    order.verify(io).start();
    order.verify(web).start();
  }

  @Test
  void start_startsNothing_whenAPoolCannotBeMade() {
    Fleet fleet = fleet(three());
    when(maker.make("web")).thenThrow(new ProvisionException("no"));

    assertThrows(ProvisionException.class, fleet::start);

    verify(db, never()).start();
  }

  @Test
  void start_stopsWhatItStarted_whenOneDoesNotStart() {
    Fleet fleet = fleet(three());
    when(db.state()).thenReturn(PoolState.RUNNING);
    when(io.state()).thenReturn(PoolState.NEW);
    when(web.state()).thenReturn(PoolState.NEW);
    var noThread = new IllegalStateException("no thread");
    var stuck = new IllegalStateException("stuck");
    doThrow(noThread).when(web).start();
    doThrow(stuck).when(io).close();

    var thrown = assertThrows(IllegalStateException.class, fleet::start);

    assertSame(noThread, thrown);
    assertArrayEquals(new Throwable[] {stuck}, thrown.getSuppressed());
    verify(io).close();
    verify(web, never()).close();
    verify(db, never()).close();
  }

  @Test
  void start_refuses_whenItHasBeenClosed() {
    Fleet fleet = fleet(three());
    fleet.close();

    var thrown = assertThrows(IllegalStateException.class, fleet::start);

    assertEquals(
        "The owner of the pools 'db', 'io', 'web' has been closed, and what has stopped stays stopped. Make a new injector.",
        thrown.getMessage());
    verify(maker, never()).make(any());
  }

  @Test
  void close_stopsInTheReverseOrder() {
    Fleet fleet = fleet(three());
    fleet.start();

    fleet.close();

    var order = inOrder(web, io, db);
    order.verify(web).close();
    order.verify(io).close();
    order.verify(db).close();
  }

  @Test
  void close_stopsAPoolBeforeThoseItNames() {
    Fleet fleet = fleet(ThreadPoolModule.builder()
        .pool(ThreadPoolConfig.builder("web").stopsBefore("io", "db").build())
        .pool(ThreadPoolConfig.builder("io").build())
        .pool(ThreadPoolConfig.builder("db").build()));
    fleet.start();

    fleet.close();

    var order = inOrder(web, io, db);
    order.verify(web).close();
    order.verify(db).close();
    order.verify(io).close();
  }

  @Test
  void close_stopsOnlyWhatWasMade() {
    Fleet fleet = fleet(three());
    fleet.handOut("io");

    fleet.close();

    verify(io).close();
    verify(maker, times(1)).make(any());
  }

  @Test
  void close_stopsTheOthers_whenSomeFail() {
    Fleet fleet = fleet(three());
    fleet.start();
    var first = new IllegalStateException("first");
    var second = new AssertionError("second");
    doThrow(first).when(web).close();
    doThrow(second).when(io).close();

    var thrown = assertThrows(IllegalStateException.class, fleet::close);

    assertSame(first, thrown);
    assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
    verify(db).close();
  }

  @Test
  void close_throwsAnError_whenThatComesFirst() {
    Fleet fleet = fleet(three());
    fleet.start();
    doThrow(new AssertionError("first")).when(web).close();

    assertThrows(AssertionError.class, fleet::close);
    verify(db).close();
  }

  @Test
  void close_waitsAgain_whenCalledAgain() {
    Fleet fleet = fleet(three());
    fleet.start();

    fleet.close();
    fleet.close();

    verify(db, times(2)).close();
  }

  @Test
  void stop_reportsInTheOrderOfStop_andSharesOneDeadline() {
    Fleet fleet = fleet(three());
    fleet.start();

    List<StopReport> reports = fleet.stop(Duration.ofHours(1));

    assertEquals(
        List.of("web", "io", "db"), reports.stream().map(StopReport::pool).toList());
    var given = ArgumentCaptor.forClass(Duration.class);
    verify(db).stop(given.capture());
    assertTrue(given.getValue().compareTo(Duration.ofHours(1)) <= 0);
    assertTrue(given.getValue().compareTo(Duration.ofMinutes(1)) > 0);
  }

  @Test
  void stop_givesUpAtOnce_whenTheDeadlineIsZero() {
    Fleet fleet = fleet(three());
    fleet.start();

    fleet.stop(Duration.ZERO);

    verify(db).stop(Duration.ZERO);
  }

  @Test
  void stop_takesAnyLength() {
    Fleet fleet = fleet(three());
    fleet.start();

    fleet.stop(Duration.ofSeconds(Long.MAX_VALUE));

    verify(db).stop(any());
  }

  @Test
  void stop_refuses_whenTheDeadlineIsNegative() {
    Fleet fleet = fleet(three());

    var thrown =
        assertThrows(IllegalArgumentException.class, () -> fleet.stop(Duration.ofNanos(-1)));

    assertEquals(
        "The deadline of a stop must not be negative, was PT-0.000000001S.", thrown.getMessage());
    fleet.start();
  }

  @Test
  void handOut_givesAPoolThatHasStopped_whenAllIsOver() {
    Fleet fleet = fleet(three());
    fleet.close();

    assertSame(io, fleet.handOut("io"));
    verify(io).stop();
  }

  @Test
  void service_refuses_whenThereIsNoSuchPool() {
    Fleet fleet = fleet(three());

    var thrown = assertThrows(IllegalArgumentException.class, () -> fleet.service("oi"));

    assertEquals(
        "No pool 'oi' is declared here. Declared: 'db', 'io', 'web'.", thrown.getMessage());
  }

  private static ShutdownHook hookOf(Fleet fleet) {
    return Objects.requireNonNull(fleet.hook());
  }

  private static boolean wasRegistered(ShutdownHook hook) {
    return Runtime.getRuntime().removeShutdownHook(hook.thread());
  }

  @Test
  void hook_isRegistered_whenAPoolIsHandedOut() {
    Fleet fleet = fleet(three().shutdownHook(Duration.ofSeconds(1)));
    assertFalse(wasRegistered(hookOf(fleet)));

    fleet.handOut("io");
    fleet.handOut("db");

    assertTrue(wasRegistered(hookOf(fleet)));
  }

  @Test
  void hook_isTakenBack_whenAllIsClosed() {
    Fleet fleet = fleet(three().shutdownHook(Duration.ofSeconds(1)));
    fleet.handOut("io");
    doThrow(new IllegalStateException("stuck")).when(io).close();

    assertThrows(IllegalStateException.class, fleet::close);

    assertFalse(wasRegistered(hookOf(fleet)));
    fleet.handOut("db");
    assertFalse(wasRegistered(hookOf(fleet)));
  }

  @Test
  void hook_isAbsent_unlessAskedFor() {
    assertNull(fleet(three()).hook());
  }

  @Test
  void close_throwsWhatItIsTold_whenTwoPoolsThrowTheSame() {
    Fleet fleet = fleet(three());
    fleet.start();
    var same = new IllegalStateException("same");
    doThrow(same).when(web).close();
    doThrow(same).when(db).close();

    assertSame(same, assertThrows(IllegalStateException.class, fleet::close));
  }
}
