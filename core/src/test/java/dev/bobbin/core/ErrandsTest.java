package dev.bobbin.core;

import static dev.bobbin.core.Testing.awaitCleared;
import static dev.bobbin.core.Testing.config;
import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static dev.bobbin.core.Testing.inThread;
import static dev.bobbin.core.Testing.pool;
import static dev.bobbin.core.Testing.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.FailureReport.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is done for the timer, aside from the workers. */
class ErrandsTest {
  private static final long LATER = TimeUnit.MILLISECONDS.toNanos(500);

  private static Errands.Errand errand(Team team, Runnable action) {
    return new Errands.Errand(team.errands()) {
      @Override
      void act(Team given) {
        assertEquals(team, given);
        action.run();
      }
    };
  }

  @Test
  void errands_areDoneInTheirOrder_byOneThreadAtATime() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    Team team = stepped.team();
    var done = new ArrayList<Integer>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      team.errands().add(errand(team, () -> {
        done.add(number);
        if (number == 1) {
          team.errands().add(errand(team, () -> done.add(3)));
        }
      }));
    }
    assertEquals(List.of(), done);
    stepped.runErrands();
    assertEquals(List.of(0, 1, 2, 3), done);
    assertFalse(stepped.hasErrands());
    team.errands().add(errand(team, () -> done.add(4)));
    stepped.runErrands();
    assertEquals(5, done.size());
  }

  @Test
  void errands_areNotDoneByTheTimer() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    Team team = stepped.team();
    var done = new ArrayList<Boolean>();
    team.errands().later(LATER, errand(team, () -> done.add(stepped.timer().isTicking())));
    stepped.pass(LATER - 1);
    assertFalse(stepped.hasErrands());
    stepped.pass(1);
    assertEquals(List.of(), done);
    stepped.runErrands();
    assertEquals(List.of(false), done);
  }

  @Test
  void errands_areKeptAndTriedAgain_whenNoThreadCanBeMade() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    Team team = stepped.team();
    var done = new ArrayList<Integer>();
    stepped.errandThreadFails(true);
    team.errands().add(errand(team, () -> done.add(0)));
    stepped.pass(LATER);
    assertFalse(stepped.hasErrands());
    assertEquals(1, stepped.timer().pending()); // the next attempt
    stepped.errandThreadFails(false);
    stepped.pass(LATER);
    stepped.runErrands();
    assertEquals(List.of(0), done);
    assertEquals(1, stepped.threadFailures().size());
    assertInstanceOf(OutOfMemoryError.class, stepped.threadFailures().get(0).getCause());
    assertEquals(0, stepped.timer().pending());
  }

  @Test
  void errands_areDoneWithTheNextOne_whenTheTimerCannotTryAgain() {
    SteppedTeam stepped = SteppedTeam.started(1, 1);
    Team team = stepped.team();
    var done = new ArrayList<Integer>();
    stepped.errandThreadFails(true);
    stepped.timer().refuse(new IllegalStateException("no timer"));
    team.errands().add(errand(team, () -> done.add(0)));
    stepped.errandThreadFails(false);
    team.errands().add(errand(team, () -> done.add(1)));
    stepped.runErrands();
    assertEquals(List.of(0, 1), done);
  }

  @Test
  void errandThread_isADaemonNamedForItsPool_andEndsWhenNothingIsLeft() throws Exception {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(1, 1))) {
      Team team = pool.team();
      var thread = new CompletableFuture<Thread>();
      team.errands().add(errand(team, () -> thread.complete(Thread.currentThread())));
      Thread first = get(thread);
      assertEquals("PoolThread-p-errands", first.getName());
      assertTrue(first.isDaemon());
      eventually("it ends", () -> !first.isAlive());
      var again = new CompletableFuture<Thread>();
      team.errands().add(errand(team, () -> again.complete(Thread.currentThread())));
      get(again);
      stopped(pool);
    }
  }

  @Test
  void errandThread_hasTheContextClassLoaderOfTheWorkers() throws Exception {
    var loader = new ClassLoader(null) {};
    try (ThreadPool pool = pool(1, 1).contextClassLoader(loader).start()) {
      Team team = ((Pool) pool).team();
      var seen = new CompletableFuture<ClassLoader>();
      team.errands()
          .add(errand(team, () -> seen.complete(Thread.currentThread().getContextClassLoader())));
      assertSame(loader, get(seen));
      assertSame(loader, get(pool.submit(() -> Thread.currentThread().getContextClassLoader())));
    }
  }

  @Test
  void errands_goOn_whenOneThrows() throws Exception {
    var seams = HandTimers.notWaiting();
    var reporter = new RecordingReporter();
    try (Pool pool = seams.start(config(1, 1), reporter)) {
      Team team = pool.team();
      var next = new CompletableFuture<Boolean>();
      team.errands().add(errand(team, () -> {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("out of order");
      }));
      team.errands().add(errand(team, () -> next.complete(Thread.currentThread().isInterrupted())));
      assertFalse(get(next));
      assertEquals("out of order", reporter.throwables().get(0).getMessage());
      assertEquals(Kind.POOL, reporter.reports().get(0).kind());
    }
  }

  @Test
  void stop_beginsAndReturns_whenAnErrandCallsIt_andTheEndWaitsForTheErrand() throws Exception {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(1, 1));
        var held = new Held()) {
      Team team = pool.team();
      team.errands().add(errand(team, () -> {
        pool.stop();
        held.run();
      }));
      held.awaitBegun();
      eventually("the worker has gone", () -> pool.statistics().workers() == 0);
      assertEquals(PoolState.STOPPING, pool.state());
      held.release();
      stopped(pool);
    }
  }

  @Test
  void stop_interruptsTheErrand_whenItGivesUp() throws Exception {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(1, 1));
        var held = new Held()) {
      Team team = pool.team();
      var how = new CompletableFuture<Throwable>();
      team.errands().add(errand(team, () -> {
        try {
          held.run();
          how.complete(null);
        } catch (Held.Interrupted interrupted) {
          how.complete(interrupted);
        }
      }));
      held.awaitBegun();
      pool.shutdownNow();
      assertInstanceOf(Held.Interrupted.class, get(how));
    }
  }

  @Test
  void stopOfATask_givesUpByAnErrand_whenItsDeadlinePasses() throws Exception {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(1, 1));
        var held = new Held()) {
      var go = new CompletableFuture<Boolean>();
      var report = new CompletableFuture<StopReport>();
      CompletableFuture<?> running = pool.submit(() -> {
        go.join();
        report.complete(pool.stop(Duration.ofNanos(LATER)));
        held.run();
      });
      CompletableFuture<?> waiting = pool.submit(() -> {});
      CompletableFuture<Thread> dependent =
          waiting.handle((value, failure) -> Thread.currentThread());
      go.complete(true);
      held.awaitBegun();
      assertFalse(get(report).stopped());
      seams.pass(LATER - 1);
      assertEquals(0, seams.errandThreads());
      seams.pass(1);
      assertEquals("PoolThread-p-errands", get(dependent).getName());
      assertInstanceOf(
          Held.Interrupted.class,
          assertThrows(ExecutionException.class, () -> get(running)).getCause());
      stopped(pool);
    }
  }

  @Test
  void timer_keepsNoPoolAlive() {
    var seams = HandTimers.notWaiting();
    var watched = new ArrayList<WeakReference<Pool>>();
    stopFromATask(seams, watched);
    awaitCleared("a pool that a deadline was set for", watched.get(0));
    assertEquals(0, seams.timer().pending(), "the deadline is a day away, and nobody needs it");
  }

  private static void stopFromATask(HandTimers seams, List<WeakReference<Pool>> watched) {
    Pool pool = seams.start(config(1, 1));
    pool.execute(() -> pool.stop(Duration.ofDays(1)));
    eventually("it has stopped", pool::isTerminated);
    watched.add(new WeakReference<>(pool));
  }

  @Test
  void add_losesNoErrand_whenManyAddWhileTheThreadsEnd() throws Exception {
    var seams = HandTimers.notWaiting();
    try (Pool pool = seams.start(config(1, 1))) {
      Team team = pool.team();
      int rounds = 5_000;
      var left = new CountDownLatch(2 * rounds);
      Runnable adding = () -> {
        for (int i = 0; i < rounds; i++) {
          team.errands().add(errand(team, left::countDown));
        }
      };
      CompletableFuture<Object> beside = inThread(() -> {
        adding.run();
        return null;
      });
      adding.run();
      get(beside);
      Held.await(left);
      assertTrue(seams.errandThreads() >= 1);
      stopped(pool);
    }
  }
}
