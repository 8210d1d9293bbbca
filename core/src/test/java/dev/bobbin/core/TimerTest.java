package dev.bobbin.core;

import static dev.bobbin.core.Testing.awaitCleared;
import static dev.bobbin.core.Testing.eventually;
import static dev.bobbin.core.Testing.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The timer of all pools, the real one. */
class TimerTest {
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONG_NANOS = TimeUnit.DAYS.toNanos(1);

  private static Thread threadOf(Timer timer) throws Exception {
    var thread = new CompletableFuture<Thread>();
    timer.schedule(0, () -> thread.complete(Thread.currentThread()));
    return get(thread);
  }

  private static long living(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  @Test
  void timer_makesItsThreadWhenItIsNeeded_andLetsItGoWhenItIsNot() throws Exception {
    String name = "timer of this test";
    var timer = new Timer(name, SHORT_NANOS);
    assertEquals(0, living(name));
    Thread first = threadOf(timer);
    assertTrue(first.isDaemon());
    assertEquals(name, first.getName());
    eventually("it goes", () -> !first.isAlive());
    Thread second = threadOf(timer);
    assertNotSame(first, second);
    eventually("it goes again", () -> !second.isAlive());
  }

  /** The thread is that of all pools, and those of one application may be gone long before it. */
  @Test
  void thread_keepsNoLoaderOfWhoeverNeededItFirst() throws Exception {
    var timer = new Timer("timer of somebody", SHORT_NANOS);
    var alarms = new ArrayList<Alarm>();
    WeakReference<ClassLoader> loader =
        ForeignCaller.call(() -> alarms.add(timer.schedule(LONG_NANOS, () -> {})));
    Thread thread = threadOf(timer);
    awaitCleared("the loader of who needed it first", loader);
    assertTrue(thread.isAlive());
    alarms.get(0).cancel();
  }

  @Test
  void timer_keepsItsThread_whileSomethingIsToBeDone() throws Exception {
    var timer = new Timer("timer that waits", SHORT_NANOS);
    Alarm alarm = timer.schedule(LONG_NANOS, () -> {});
    Thread thread = threadOf(timer);
    for (int i = 0; i < 10; i++) { // it is past its keep-alive time and the same
      assertEquals(thread, threadOf(timer));
    }
    alarm.cancel();
    eventually("it goes", () -> !thread.isAlive());
  }

  @Test
  void timer_hasNothingOfTheThreadThatNeededItFirst() throws Exception {
    var inherited = new InheritableThreadLocal<String>();
    inherited.set("mine");
    var timer = new Timer("timer without heritage", SHORT_NANOS);
    var seen = new CompletableFuture<String>();
    var loader = new CompletableFuture<ClassLoader>();
    timer.schedule(0, () -> {
      loader.complete(Thread.currentThread().getContextClassLoader());
      seen.complete(inherited.get());
    });
    assertNull(get(seen));
    assertNull(get(loader));
  }

  @Test
  void timer_isNeverEarly() throws Exception {
    var timer = new Timer("timer in time", SHORT_NANOS);
    for (int i = 0; i < 20; i++) {
      var at = new CompletableFuture<Long>();
      long due = System.nanoTime() + SHORT_NANOS;
      timer.schedule(SHORT_NANOS, () -> at.complete(System.nanoTime()));
      assertTrue(get(at) - due >= 0);
    }
  }

  @Test
  void cancel_letsTheActionGo() throws Exception {
    var timer = new Timer("timer that lets go", SHORT_NANOS);
    var argument = new Object();
    var watched = new WeakReference<>(argument);
    Alarm alarm = timer.schedule(LONG_NANOS, argument::hashCode);
    argument = null;
    System.gc();
    assertFalse(watched.refersTo(null), "the timer has it");
    alarm.cancel();
    awaitCleared("a cancelled action", watched);
  }
}
