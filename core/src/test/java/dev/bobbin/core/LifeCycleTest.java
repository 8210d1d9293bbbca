package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of the guide that says what each call does in each state of a pool, cell by cell. */
class LifeCycleTest {
  private static final Path PAGE = Path.of("../docs/api.md");
  private static final String HEAD =
      "| call | new | new, tasks wait | no workers allowed, tasks wait | idle |"
          + " all busy, tasks wait | draining | given up | stopped |";
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final PoolSizes LARGER = new PoolSizes(2, 3);

  /** A column of the table, in its order. */
  private enum State {
    NEW,
    NEW_TASKS_WAIT,
    NO_WORKERS_ALLOWED,
    IDLE,
    ALL_BUSY,
    DRAINING,
    GIVEN_UP,
    STOPPED
  }

  /** A row of the table. */
  private enum Verb {
    START("start()", true),
    SUBMIT("submit(…)", true),
    ADJUST("adjustPoolSize(…)", true),
    START_A_WORKER("startAWorker()", true),
    STOP("stop()", false),
    CLOSE("close()", false),
    STOP_IN_AN_HOUR("stop(Duration.ofHours(1))", false),
    STOP_ZERO("stop(Duration.ZERO)", false),
    STOP_QUIETLY("stop(quiet, deadline)", false),
    SHUTDOWN("shutdown()", true),
    SHUTDOWN_NOW("shutdownNow()", true),
    AWAIT_TERMINATION("awaitTermination(…)", true),
    AWAIT_IDLE("awaitIdle(…)", true),
    TERMINATION("termination()", true);

    private final String text;

    /** Whether the call returns at once, or soon, whatever the state: so it is made in the test's thread. */
    private final boolean prompt;

    Verb(String text, boolean prompt) {
      this.text = text;
      this.prompt = prompt;
    }

    private static Verb of(String text) {
      return Arrays.stream(values())
          .filter(verb -> verb.text.equals(text))
          .findAny()
          .orElseThrow(() -> new AssertionError("no test for the row " + text));
    }

    private @Nullable Object on(ThreadPool pool) throws Exception {
      switch (this) {
        case START -> pool.start();
        case STOP -> pool.stop();
        case CLOSE -> Testing.close(pool);
        case SHUTDOWN -> pool.shutdown();
        default -> {
          return answerOf(pool);
        }
      }
      return null;
    }

    private Object answerOf(ThreadPool pool) throws Exception {
      return switch (this) {
        case SUBMIT -> pool.submit(() -> 2);
        case ADJUST -> pool.adjustPoolSize(LARGER.minWorkers(), LARGER.maxWorkers());
        case START_A_WORKER -> pool.startAWorker();
        case STOP_IN_AN_HOUR -> pool.stop(HOUR);
        case STOP_ZERO -> pool.stop(Duration.ZERO);
        case STOP_QUIETLY -> pool.stop(QUIET, HOUR);
        case SHUTDOWN_NOW -> pool.shutdownNow();
        case AWAIT_TERMINATION -> pool.awaitTermination(1, TimeUnit.MILLISECONDS);
        case AWAIT_IDLE -> pool.awaitIdle(MOMENT);
        case TERMINATION -> pool.termination();
        default -> throw new AssertionError(this);
      };
    }
  }

  // ------------------------------------------------------------------ the table

  static Stream<Arguments> cells() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int row = lines.indexOf(HEAD);
    assertTrue(row > 0, "the page has the table, with these columns");
    var cells = new ArrayList<Arguments>();
    for (row += 2; lines.get(row).startsWith("|"); row++) {
      List<String> texts =
          Arrays.stream(lines.get(row).split("\\|")).map(String::strip).toList();
      for (State state : State.values()) {
        cells.add(
            Arguments.of(texts.get(1).replace("`", ""), state, texts.get(2 + state.ordinal())));
      }
    }
    return cells.stream();
  }

  @Test
  void table_hasEveryCallInEveryState() throws IOException {
    assertEquals(Verb.values().length * State.values().length, cells().count());
  }

  @ParameterizedTest(name = "{0} when {1}: {2}")
  @MethodSource("cells")
  void call_doesWhatTheTableSays(String call, State state, String cell) throws Exception {
    Verb verb = Verb.of(call);
    try (var rig = new Rig(state)) {
      String before = rig.pool.toString();
      Callable<@Nullable Object> made = () -> verb.on(rig.pool);
      switch (cell) {
        case "nothing" -> {
          assertNothingToTell(Testing.get(Testing.inThread(made)));
          assertEquals(before, rig.pool.toString());
        }
        case "throws" -> {
          assertThrows(IllegalStateException.class, made::call);
          assertEquals(before, rig.pool.toString());
        }
        case "refused" -> {
          assertThrows(TaskRejectedException.class, made::call);
          assertEquals(1, rig.pool.statistics().refused());
        }
        case "true" -> assertEquals(true, made.call());
        case "false" -> assertEquals(false, made.call());
        default -> {
          if (verb.prompt) {
            rig.checkPrompt(cell, made.call());
          } else {
            rig.checkWaiting(cell, made);
          }
        }
      }
      Testing.assertBalanced(rig.pool.statistics());
    }
  }

  private static void assertNothingToTell(@Nullable Object answer) {
    if (answer instanceof List<?> unrun) {
      assertEquals(List.of(), unrun);
    } else if (answer instanceof StopReport report) {
      assertTrue(report.stopped());
      assertEquals(
          0, report.ran() + report.discarded().size() + report.running().size());
    }
  }

  // ------------------------------------------------------------------ a pool in that state

  /** A pool that was brought into one of the states, with the tasks that are in it. */
  private static final class Rig implements AutoCloseable {
    final HandTimers timers = new HandTimers();
    final Pool pool;
    private final Held held = new Held();
    private final AtomicInteger interrupts = new AtomicInteger();
    private final @Nullable CompletableFuture<Integer> waiting;
    private final @Nullable CompletableFuture<Integer> running;

    Rig(State state) {
      boolean busy = state == State.ALL_BUSY || state == State.DRAINING || state == State.GIVEN_UP;
      boolean none = state == State.NO_WORKERS_ALLOWED;
      pool = timers.pool(none ? 0 : 1, none ? 0 : busy ? 1 : 2);
      if (state != State.NEW && state != State.NEW_TASKS_WAIT) {
        pool.start();
      }
      running =
          busy ? pool.submit(state == State.GIVEN_UP ? this::stubborn : this::obedient) : null;
      if (busy) {
        held.awaitBegun();
      }
      waiting = busy || none || state == State.NEW_TASKS_WAIT ? pool.submit(() -> 1) : null;
      switch (state) {
        case IDLE -> Testing.eventually("it is idle", () -> pool.team().isIdle());
        case DRAINING -> pool.shutdown();
        case GIVEN_UP -> {
          pool.shutdownNow();
          awaitInterrupts(1);
        }
        case STOPPED -> pool.stop();
        default -> {
          // it is there
        }
      }
    }

    /** Ends when it is interrupted. */
    private int obedient() {
      held.run();
      return 3;
    }

    /** Ends when it is told to, and counts the interrupts. */
    private int stubborn() {
      for (; ; ) {
        try {
          held.run();
          return 3;
        } catch (Held.Interrupted interrupt) {
          interrupts.incrementAndGet();
        }
      }
    }

    private void awaitInterrupts(int number) {
      Testing.eventually("interrupt " + number, () -> interrupts.get() == number);
    }

    /** Checks what a call that does not wait has answered, and what comes of it. */
    void checkPrompt(String cell, @Nullable Object answer) throws Exception {
      switch (cell) {
        case "starts" -> assertStarted();
        case "starts, serves" -> {
          assertStarted();
          assertWaitingRuns();
        }
        case "waits for start" -> {
          assertFalse(future(answer).isDone());
          pool.start();
          assertEquals(2, Testing.get(future(answer)));
        }
        case "waits for room" -> {
          assertFalse(future(answer).isDone());
          pool.adjustPoolSize(0, 1);
          assertEquals(2, Testing.get(future(answer)));
        }
        case "waits its turn" -> {
          assertFalse(future(answer).isDone());
          held.release();
          assertEquals(2, Testing.get(future(answer)));
          assertTrue(future(waiting).isDone());
        }
        case "runs" -> assertEquals(2, Testing.get(future(answer)));
        case "stored" -> {
          assertEquals(LARGER, pool.sizes());
          assertEquals(LARGER, Testing.get(future(answer)));
          assertEquals(running == null ? 0 : 1, pool.statistics().workers());
        }
        case "workers come" -> {
          assertEquals(LARGER, Testing.get(future(answer)));
          assertTrue(pool.statistics().workers() >= LARGER.minWorkers());
          if (waiting != null) {
            assertWaitingRuns();
          }
        }
        case "ends" -> assertEnded();
        case "discards, ends" -> {
          assertWaitingIsDiscarded();
          assertEnded();
          assertUnrun(1, answer);
        }
        case "starts, drains" -> {
          assertWaitingRuns();
          assertEnded();
        }
        case "drains" -> {
          assertEquals(PoolState.STOPPING, pool.state());
          held.release();
          assertRunningRuns();
          assertWaitingRuns();
          assertEnded();
        }
        case "gives up" -> {
          assertGivenUp();
          assertUnrun(1, answer);
        }
        case "interrupts again" -> {
          awaitInterrupts(2);
          assertUnrun(0, answer);
          assertEquals(PoolState.STOPPING, pool.state());
          assertFalse(future(running).isDone());
        }
        case "open" -> {
          assertFalse(future(answer).isDone());
          held.release();
          pool.stop();
          assertTrue(((StopReport) Testing.get(future(answer))).stopped());
        }
        case "done" -> assertTrue(((StopReport) Testing.get(future(answer))).stopped());
        default -> throw new AssertionError("no test for the cell " + cell);
      }
    }

    /** Makes a call that may wait, and checks for what, and what comes of it. */
    void checkWaiting(String cell, Callable<@Nullable Object> made) throws Exception {
      var caller = new Thread[1];
      CompletableFuture<@Nullable Object> call = Testing.inThread(caller, made);
      String rest = cell;
      if (cell.startsWith("quiet, then ")) {
        timers.awaitPending();
        Testing.awaitBlocked(caller[0]);
        assertFalse(call.isDone() || pool.isShutdown());
        timers.pass(QUIET.toNanos());
        rest = cell.substring("quiet, then ".length());
      }
      switch (rest) {
        case "ends" -> {
          Testing.get(call);
          assertTrue(pool.isTerminated());
        }
        case "discards, ends" -> {
          Testing.get(call);
          assertTrue(pool.isTerminated());
          assertWaitingIsDiscarded();
        }
        case "drains, waits" -> {
          Testing.eventually("it refuses", pool::isShutdown);
          assertWaits(caller[0], call);
          assertRunningRuns();
          assertWaitingRuns();
        }
        case "waits" -> assertWaits(caller[0], call);
        case "gives up" -> {
          Testing.get(call);
          assertGivenUp();
        }
        case "abandons" -> {
          var report = (StopReport) Testing.get(call);
          assertEquals(1, report.running().size());
          assertEquals(2, interrupts.get());
          assertInstanceOf(TaskAbandonedException.class, failureOf(running));
          assertEquals(1, pool.statistics().running());
        }
        default -> throw new AssertionError("no test for the cell " + cell);
      }
    }

    private void assertStarted() {
      assertEquals(PoolState.RUNNING, pool.state());
      assertTrue(pool.statistics().workers() >= 1);
    }

    private void assertWaits(Thread caller, CompletableFuture<?> call) throws Exception {
      Testing.awaitBlocked(caller);
      assertFalse(call.isDone());
      assertEquals(PoolState.STOPPING, pool.state());
      held.release();
      Testing.get(call);
      assertTrue(pool.isTerminated());
    }

    private void assertEnded() throws Exception {
      assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
      assertEquals(PoolState.STOPPED, pool.state());
    }

    private void assertGivenUp() throws Exception {
      assertInstanceOf(Held.Interrupted.class, failureOf(running));
      assertWaitingIsDiscarded();
      assertEnded();
    }

    private void assertRunningRuns() throws Exception {
      assertEquals(3, Testing.get(future(running)));
    }

    private void assertWaitingRuns() throws Exception {
      assertEquals(1, Testing.get(future(waiting)));
    }

    private void assertWaitingIsDiscarded() {
      assertInstanceOf(TaskDiscardedException.class, failureOf(waiting));
      assertEquals(1, pool.statistics().discarded());
    }

    private static void assertUnrun(int tasks, @Nullable Object answer) {
      if (answer instanceof List<?> unrun) {
        assertEquals(tasks, unrun.size());
      }
    }

    private static Throwable failureOf(@Nullable CompletableFuture<?> future) {
      return assertThrows(ExecutionException.class, () -> Testing.get(future(future)))
          .getCause();
    }

    private static CompletableFuture<?> future(@Nullable Object stage) {
      return assertInstanceOf(CompletionStage.class, stage).toCompletableFuture();
    }

    @Override
    public void close() {
      held.release();
      pool.close();
    }
  }
}
