package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocking calls into an event loop (reference section 5.1). */
class EventLoopTest {
  private static final Duration LONG = Duration.ofSeconds(Loop.LONG_SECONDS);

  @Nested
  class Outcomes {
    @Test
    void call_returnsTheValue_ofWorkThatRunsOnTheLoop() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.of(loop);
        assertSame(loop.thread(), events.call(Thread::currentThread));
        assertSame(loop.thread(), events.call(Thread::currentThread, LONG));
        assertNull(events.call(() -> null));
      }
    }

    @Test
    void call_returnsAFuture_asTheValueItIs() throws Exception {
      try (var loop = new Loop()) {
        var future = new CompletableFuture<String>();
        assertSame(future, EventLoop.of(loop).call(() -> future));
        assertFalse(future.isDone());
      }
    }

    @Test
    void call_throwsTheVeryObject_whateverTheWorkThrew() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.of(loop);
        for (Throwable thrown : List.of(
            new IOException("checked"),
            new IllegalStateException("unchecked"),
            new AssertionError("error"),
            new CompletionException(new IOException("not unwrapped")),
            new ExecutionException(new IOException("not unwrapped")),
            new Throwable("neither"))) {
          assertSame(thrown, thrownBy(() -> events.call(() -> raise(thrown))));
          assertSame(thrown, thrownBy(() -> events.callAndAwait(() -> raise(thrown))));
        }
        assertSame(loop.thread(), events.call(Thread::currentThread)); // it has lived on
      }
    }

    @Test
    void callAndAwait_throwsTheVeryObject_thatTheStageFailedWith() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.of(loop);
        var thrown = new IOException("checked");
        CompletionStage<Integer> failed = CompletableFuture.failedFuture(thrown);
        assertSame(thrown, thrownBy(() -> events.callAndAwait(() -> failed)));
        assertSame(
            thrown,
            thrownBy(() -> events.callAndAwait(() -> failed.thenApply(value -> value + 1))));
        var cancelled = new CompletableFuture<String>();
        cancelled.cancel(false);
        assertInstanceOf(
            CancellationException.class, thrownBy(() -> events.callAndAwait(() -> cancelled)));
      }
    }

    @Test
    void callAndAwait_waitsForTheStage_whichTheLoopCompletesLater() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.of(loop);
        for (Duration timeout : new Duration[] {null, LONG}) {
          var later = new CompletableFuture<String>();
          Callable<CompletableFuture<String>> work = () -> {
            loop.execute(() -> later.complete("egg"));
            assertFalse(later.isDone());
            return later;
          };
          assertEquals(
              "egg",
              timeout == null ? events.callAndAwait(work) : events.callAndAwait(work, timeout));
        }
      }
    }

    @Test
    void callAndAwait_saysWhatIsWrong_whenThereIsNoStage() throws Exception {
      try (var loop = new Loop()) {
        Callable<CompletionStage<String>> work = () -> null;
        var thrown =
            assertThrows(NullPointerException.class, () -> EventLoop.of(loop).callAndAwait(work));
        assertEquals(
            "The work of callAndAwait returned null. Let it return a stage, or use call.",
            thrown.getMessage());
      }
    }

    @Test
    void calls_ofManyThreads_allHaveTheirOwnValue() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.of(loop);
        var sums = new ArrayList<CompletableFuture<Integer>>();
        for (int caller = 0; caller < 8; caller++) {
          sums.add(Loop.inThread(new Thread[1], () -> {
            int sum = 0;
            for (int i = 0; i < 500; i++) {
              int value = i;
              sum += events.call(() -> value);
            }
            return sum;
          }));
        }
        for (CompletableFuture<Integer> sum : sums) {
          assertEquals(499 * 500 / 2, Loop.get(sum));
        }
      }
    }
  }

  @Nested
  class GivingUp {
    @Test
    void call_throwsAndNeverBegins_whenItsTimeIsUp() throws Exception {
      try (var loop = new Loop()) {
        CountDownLatch release = loop.hold();
        var ran = new AtomicInteger();
        var late = assertThrows(
            TimeoutException.class,
            () -> EventLoop.of(loop).call(ran::incrementAndGet, Duration.ofMillis(1)));
        assertEquals("The event loop had not begun the call after PT0.001S.", late.getMessage());
        release.countDown();
        loop.drain();
        assertEquals(0, ran.get());
      }
    }

    @Test
    void call_throwsAndGoesOn_whenItsTimeIsUpAfterItBegan() {
      var stage = new CompletableFuture<String>();
      var late = assertThrows(
          TimeoutException.class,
          () -> EventLoop.of(Runnable::run).callAndAwait(() -> stage, Duration.ofMillis(1)));
      assertEquals("The event loop had not finished the call after PT0.001S.", late.getMessage());
      assertFalse(stage.isDone()); // it is left alone
    }

    @Test
    void call_throwsAndNeverBegins_whenTheCallerIsInterrupted() throws Exception {
      try (var loop = new Loop()) {
        CountDownLatch release = loop.hold();
        var ran = new AtomicInteger();
        var caller = new Thread[1];
        var value = Loop.inThread(caller, () -> EventLoop.of(loop).call(ran::incrementAndGet));
        while (caller[0].getState() != Thread.State.TIMED_WAITING) {
          Thread.yield();
        }
        caller[0].interrupt();
        assertInstanceOf(InterruptedException.class, causeOf(value));
        release.countDown();
        loop.drain();
        assertEquals(0, ran.get());
      }
    }

    @Test
    void call_throwsAndHandsNothingOver_whenTheCallerWasInterruptedBefore() throws Exception {
      var handed = new AtomicInteger();
      var events = EventLoop.of(task -> handed.incrementAndGet());
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> events.call(() -> 1));
      assertFalse(Thread.currentThread().isInterrupted());
      assertEquals(0, handed.get());
    }

    /** What the loop still has of a call that was taken back is an empty shell. */
    @Test
    void call_keepsNothing_whenItWasTakenBack() throws Exception {
      try (var loop = new Loop()) {
        CountDownLatch release = loop.hold();
        WeakReference<Object> argument = callInVain(loop);
        long began = System.nanoTime();
        while (!argument.refersTo(null)) {
          System.gc();
          assertTrue(System.nanoTime() - began < LONG.toNanos(), "still reachable");
        }
        release.countDown();
      }
    }

    private WeakReference<Object> callInVain(Loop loop) {
      var argument = new Object();
      assertThrows(
          TimeoutException.class,
          () -> EventLoop.of(loop).call(argument::hashCode, Duration.ofMillis(1)));
      return new WeakReference<>(argument);
    }
  }

  @Nested
  class OnTheLoop {
    private static final String OWN =
        "Thread 'loop' is the event loop's own and would wait for itself. Do the work directly"
            + " there, without a call.";

    @Test
    void call_isRefusedAtOnce_insideACall() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.builder(loop).onLoop(() -> false).build();
        var thrown = assertThrows(
            IllegalStateException.class, () -> events.call(() -> events.call(() -> 1)));
        assertEquals(OWN, thrown.getMessage());
        assertEquals(true, events.call(events::isOnLoop));
      }
    }

    @Test
    void call_isRefusedAtOnce_onTheThreadOfTheLastCall() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.of(loop);
        assertFalse(onLoop(loop, events::isOnLoop)); // nothing is known yet
        events.call(() -> 1);
        assertTrue(onLoop(loop, events::isOnLoop));
        assertFalse(events.isOnLoop());
        var thrown = assertThrows(
            IllegalStateException.class, () -> onLoop(loop, () -> events.call(() -> 1)));
        assertEquals(OWN, thrown.getMessage());
        assertThrows(
            IllegalStateException.class,
            () -> onLoop(loop, () -> events.callAndAwait(() -> new CompletableFuture<>())));
      }
    }

    @Test
    void call_isRefusedAtOnce_whereTheApplicationSaysSo() throws Exception {
      try (var loop = new Loop()) {
        var events = EventLoop.builder(loop)
            .onLoop(() -> Thread.currentThread() == loop.thread())
            .build();
        assertTrue(onLoop(loop, events::isOnLoop));
        assertThrows(IllegalStateException.class, () -> onLoop(loop, () -> events.call(() -> 1)));
        assertEquals(1, events.call(() -> 1));
      }
    }

    /** The application's word is taken for it that a thread does something else now. */
    @Test
    void call_isTaken_onTheThreadOfTheLastCall_whereTheApplicationSaysSo() throws Exception {
      ExecutorService two = Executors.newFixedThreadPool(2);
      try {
        var events = EventLoop.builder(two).onLoop(() -> false).build();
        CompletableFuture<Integer> value = new CompletableFuture<>();
        events.call(() -> 1);
        two.execute(() -> {
          try {
            value.complete(events.call(() -> 2));
          } catch (Throwable thrown) {
            value.completeExceptionally(thrown);
          }
        });
        assertEquals(2, Loop.get(value));
      } finally {
        two.shutdownNow();
      }
    }

    @Test
    void threadOfTheLastCall_isRememberedWeakly() throws Exception {
      var events = EventLoop.of(task -> new Thread(task).start());
      var thread = new WeakReference<>(events.call(Thread::currentThread));
      long began = System.nanoTime();
      while (!thread.refersTo(null)) {
        System.gc();
        assertTrue(System.nanoTime() - began < LONG.toNanos(), "still reachable");
      }
      assertNotSame(
          Thread.currentThread(), events.call(Thread::currentThread)); // a new one is fine
    }

    @Test
    void call_runsWhereItIs_whenTheExecutorRunsInItsCaller() throws Exception {
      var events = EventLoop.of(Runnable::run);
      assertSame(Thread.currentThread(), events.call(Thread::currentThread));
      assertFalse(events.isOnLoop());
      assertEquals(2, events.call(() -> 2));
    }

    private static <T> T onLoop(Loop loop, Callable<T> work) throws Exception {
      var result = new CompletableFuture<T>();
      loop.execute(() -> {
        try {
          result.complete(work.call());
        } catch (Throwable thrown) {
          result.completeExceptionally(thrown);
        }
      });
      try {
        return Loop.get(result);
      } catch (ExecutionException failed) {
        throw (Exception) failed.getCause();
      }
    }
  }

  @Nested
  class LoopsThatAreGone {
    @Test
    void call_throwsWhatTheExecutorThrows_whenItDoesNotTakeIt() {
      var rejected = new RejectedExecutionException("closed");
      var events = EventLoop.of(task -> {
        throw rejected;
      });
      assertSame(rejected, thrownBy(() -> events.call(() -> 1)));
      assertSame(rejected, thrownBy(() -> events.callAndAwait(CompletableFuture::new)));
    }

    /** An executor that threw, and runs the call all the same, comes too late. */
    @Test
    void call_neverBegins_whenTheExecutorThrewAndKeptIt() {
      var kept = new ArrayList<Runnable>();
      var ran = new AtomicInteger();
      var events = EventLoop.of(task -> {
        kept.add(task);
        throw new RejectedExecutionException("closed");
      });
      assertThrows(RejectedExecutionException.class, () -> events.call(ran::incrementAndGet));
      kept.forEach(Runnable::run);
      assertEquals(0, ran.get());
    }

    @Test
    void call_ends_whenTheExecutorServiceTerminatesWithoutRunningIt() throws Exception {
      ExecutorService service = Executors.newSingleThreadExecutor();
      var begun = new CountDownLatch(1);
      service.execute(() -> {
        begun.countDown();
        Loop.await(new CountDownLatch(1)); // until it is interrupted
      });
      Loop.await(begun);
      var ran = new AtomicInteger();
      var caller = new Thread[1];
      var value = Loop.inThread(caller, () -> EventLoop.of(service).call(ran::incrementAndGet));
      while (caller[0].getState() != Thread.State.TIMED_WAITING) {
        Thread.yield();
      }
      List<Runnable> unrun = service.shutdownNow();
      assertEquals(1, unrun.size());
      Throwable gone = causeOf(value);
      assertInstanceOf(RejectedExecutionException.class, gone);
      assertTrue(
          gone.getMessage().startsWith("The event loop has ended and will not begin the call. ["),
          gone.getMessage());
      unrun.forEach(Runnable::run);
      assertEquals(0, ran.get());
    }

    @Test
    void call_ends_whenTheStageIsOpenAndTheLoopHasEnded() throws Exception {
      ExecutorService service = Executors.newSingleThreadExecutor();
      var gone = assertThrows(
          RejectedExecutionException.class,
          () -> EventLoop.of(service).callAndAwait(() -> {
            service.shutdown();
            return new CompletableFuture<String>();
          }));
      assertTrue(
          gone.getMessage().startsWith("The event loop has ended and will not finish the call. ["),
          gone.getMessage());
      assertTrue(service.awaitTermination(Loop.LONG_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void call_ends_whenTheLoopsThreadHasDied() throws Exception {
      var loop = new Loop();
      var events = EventLoop.of(loop);
      assertEquals(1, events.call(() -> 1));
      loop.close();
      var ran = new AtomicInteger();
      assertThrows(RejectedExecutionException.class, () -> events.call(ran::incrementAndGet));
      assertThrows(
          TimeoutException.class,
          () -> events.call(ran::incrementAndGet, Duration.ofMillis(1))); // the time comes first
      assertEquals(0, ran.get());
    }

    @Test
    void call_ends_whenTheApplicationSaysThatTheLoopHasEnded() throws Exception {
      try (var loop = new Loop()) {
        CountDownLatch release = loop.hold();
        var ran = new AtomicInteger();
        var events = EventLoop.builder(loop).alive(() -> false).build();
        assertThrows(RejectedExecutionException.class, () -> events.call(ran::incrementAndGet));
        release.countDown();
        loop.drain();
        assertEquals(0, ran.get());
      }
    }

    /** One sign alone is not the end: the outcome may be under way. */
    @Test
    void call_goesOn_whenTheLoopLivesAfterAll() throws Exception {
      try (var loop = new Loop()) {
        CountDownLatch release = loop.hold();
        var looks = new AtomicInteger();
        var events = EventLoop.builder(loop)
            .alive(() -> {
              if (looks.incrementAndGet() == 3) {
                release.countDown();
              }
              return looks.get() == 2;
            })
            .build();
        assertEquals(1, events.call(() -> 1));
        assertTrue(looks.get() >= 3);
      }
    }

    @Test
    void call_throwsWhatAliveThrows_andNeverBegins() throws Exception {
      try (var loop = new Loop()) {
        CountDownLatch release = loop.hold();
        var ran = new AtomicInteger();
        var thrown = new IllegalArgumentException("on purpose");
        var events = EventLoop.builder(loop)
            .alive(() -> {
              throw thrown;
            })
            .build();
        assertSame(thrown, thrownBy(() -> events.call(ran::incrementAndGet)));
        release.countDown();
        loop.drain();
        assertEquals(0, ran.get());
      }
    }
  }

  @Nested
  class BadInput {
    @Test
    void everyMethod_namesTheParameter_whenItIsNull() {
      var events = EventLoop.of(Runnable::run);
      var builder = EventLoop.builder(Runnable::run);
      assertNames("executor", () -> EventLoop.of(null));
      assertNames("executor", () -> EventLoop.builder(null));
      assertNames("onLoop", () -> builder.onLoop(null));
      assertNames("alive", () -> builder.alive(null));
      assertNames("work", () -> events.call(null));
      assertNames("work", () -> events.call(null, LONG));
      assertNames("work", () -> events.callAndAwait(null));
      assertNames("work", () -> events.callAndAwait(null, LONG));
      assertNames("The timeout of a call", () -> events.call(() -> 1, null));
    }

    private void assertNames(String parameter, Callable<?> call) {
      assertEquals(
          parameter, assertThrows(NullPointerException.class, call::call).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void call_isRefused_whenItsTimeoutIsNotPositive(String timeout) {
      var ran = new AtomicInteger();
      var events = EventLoop.of(Runnable::run);
      var thrown = assertThrows(
          IllegalArgumentException.class,
          () -> events.call(ran::incrementAndGet, Duration.parse(timeout)));
      assertEquals(
          "The timeout of a call must be positive, was " + timeout + ". Leave it out for no limit.",
          thrown.getMessage());
      assertEquals(0, ran.get());
    }

    @Test
    void call_takesATimeoutLongerThanAnyClock() throws Exception {
      assertEquals(
          1, EventLoop.of(Runnable::run).call(() -> 1, Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void text_isThatOfTheExecutor() {
      var executor = new java.util.concurrent.Executor() {
        @Override
        public void execute(Runnable task) {}

        @Override
        public String toString() {
          return "ui";
        }
      };
      assertEquals("EventLoop[ui]", EventLoop.of(executor).toString());
    }
  }

  private static Throwable thrownBy(Callable<?> call) {
    return assertThrows(Throwable.class, call::call);
  }

  private static Throwable causeOf(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> Loop.get(future)).getCause();
  }

  private static <T> T raise(Throwable thrown) throws Exception {
    throw EventLoopTest.<Exception>sneaky(thrown);
  }

  @SuppressWarnings("unchecked") // that is the trick
  private static <X extends Throwable> X sneaky(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
