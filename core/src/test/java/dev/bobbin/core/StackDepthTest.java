package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fault 8, race 19: submissions at every depth of the stack from its end upwards. Each is either taken
 * and run, or ends in a throwable and is never run; the pool works afterwards, and its books balance.
 */
@Tag("stress")
class StackDepthTest {
  private static final long STACK = 256 * 1024;

  /** So many attempts must be enough to come up to where there is room, and then so many more are made. */
  private static final int ATTEMPTS = 4_000;

  private static final int ENOUGH = 200;

  /** Pools in which a submission does different things. */
  enum Kind {
    /** An idle worker is woken. */
    IDLE_WORKERS {
      private final ThreadPool shared = Testing.pool(2, 2).start();

      @Override
      ThreadPool pool(RecordingListener told) {
        return shared;
      }
    },
    /** A thread is made, by the submitter itself. */
    NO_WORKERS {
      @Override
      ThreadPool pool(RecordingListener told) {
        return Testing.pool(0, 2).start();
      }
    },
    /** The pool is started, by the submitter itself. */
    NOT_STARTED {
      @Override
      ThreadPool pool(RecordingListener told) {
        return Testing.pool(1, 2).startOnFirstTask().build();
      }
    },
    /** A thread is made, and a listener is told of all. */
    LISTENED {
      @Override
      ThreadPool pool(RecordingListener told) {
        return Testing.pool(0, 2).listener(told).start();
      }
    };

    abstract ThreadPool pool(RecordingListener told);
  }

  /** One submission, in one of three forms, and what came of it. */
  private static final class Attempt {
    final ThreadPool pool;
    final int form;
    final AtomicInteger runs = new AtomicInteger();
    final RecordingListener told = new RecordingListener();
    boolean made;

    /** Whether the submission returned. So near the end it may even throw past the catch that is meant for it. */
    boolean returned;

    Throwable thrown;

    Attempt(Kind kind, int form) {
      this.pool = kind.pool(told);
      this.form = form;
    }

    void submit() {
      switch (form) {
        case 0 -> pool.execute(runs::incrementAndGet);
        case 1 -> pool.submit(runs::incrementAndGet);
        default -> pool.callInThreadWithCallback(outcome -> {}, runs::incrementAndGet);
      }
    }

    int taken() {
      return returned ? 1 : 0;
    }
  }

  /** Goes down to the end of the stack, and makes one attempt in each frame on the way up. */
  private static final class Diver {
    private final Attempt[] attempts;
    private int next;
    private int taken;

    Diver(Attempt[] attempts) {
      this.attempts = attempts;
    }

    /* Nothing is called here but what is tried: so near the end every call can fail. */
    void dive() {
      try {
        dive();
      } catch (StackOverflowError end) {
        // this is the deepest frame
      }
      if (next < attempts.length && taken < ENOUGH) {
        Attempt attempt = attempts[next++];
        attempt.made = true;
        try {
          attempt.submit();
          attempt.returned = true;
          taken++;
        } catch (StackOverflowError | TaskRejectedException thrown) {
          attempt.thrown = thrown;
        }
      }
    }

    /** As {@link #dive}, but in frames of another size, which meet the end of the stack elsewhere. */
    long diveInLargerFrames(long a, long b, long c, long d) {
      long sum = a;
      try {
        sum += diveInLargerFrames(b + 1, c + 2, d + 3, a + 4);
      } catch (StackOverflowError end) {
        sum += d;
      }
      if (next < attempts.length && taken < ENOUGH) {
        Attempt attempt = attempts[next++];
        attempt.made = true;
        try {
          attempt.submit();
          attempt.returned = true;
          taken++;
        } catch (StackOverflowError | TaskRejectedException thrown) {
          attempt.thrown = thrown;
        }
      }
      return sum + b + c;
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void submission_isRunOrThrown_atEveryDepth(Kind kind) throws Exception {
    warmUp(kind);
    for (int form = 0; form < 3; form++) {
      for (int round = 0; round < 4; round++) {
        Attempt[] attempts = attempts(kind, form);
        var diver = new Diver(attempts);
        boolean large = round % 2 == 1;
        Testing.get(inSmallStack(() -> {
          if (large) {
            diver.diveInLargerFrames(1, 2, 3, 4);
          } else {
            diver.dive();
          }
        }));
        assertEquals(ENOUGH, diver.taken, "never came to where there is room");
        assertTrue(diver.next > ENOUGH, "none overflowed");
        if (kind == Kind.IDLE_WORKERS) {
          assertSharedSettles(attempts);
        } else {
          for (Attempt attempt : attempts) {
            assertSettles(attempt);
          }
        }
      }
    }
  }

  private static Attempt[] attempts(Kind kind, int form) {
    var attempts = new Attempt[ATTEMPTS];
    Arrays.setAll(attempts, i -> new Attempt(kind, form));
    return attempts;
  }

  private static void assertSettles(Attempt attempt) throws Exception {
    ThreadPool pool =
        attempt.pool; // not closed in a try: that would wait for ever where a place leaks
    if (attempt.made) {
      assertEquals(1, Testing.get(pool.submit(() -> 1)), "the pool works afterwards");
      assertEquals(attempt.taken(), attempt.runs.get(), () -> attempt.thrown + " and runs");
    }
    long completed = attempt.made ? attempt.taken() + 1 : 0;
    assertEquals(completed, Testing.stopped(pool).completed(), pool::toString);
    assertEquals(
        attempt.told.told(RecordingListener.Call.SUBMITTED).size(),
        attempt.told.told(RecordingListener.Call.ENDED).size(),
        () -> "told of " + attempt.thrown);
  }

  private static void assertSharedSettles(Attempt[] attempts) throws Exception {
    ThreadPool pool = attempts[0].pool;
    Testing.get(pool.submit(() -> {}));
    // a task counts as waiting until the worker that has it has entered it into the books
    Testing.eventually("all were taken", () -> pool.statistics().backlog() == 0);
    Testing.eventually("all is over", () -> pool.statistics().running() == 0);
    Testing.eventually("all are idle", () -> pool.statistics().idle() == 2);
    Testing.assertBalanced(pool.statistics());
    for (int i = 0; i < attempts.length; i++) {
      Attempt attempt = attempts[i];
      String which = "attempt " + i + " in form " + attempt.form + " in " + pool;
      assertEquals(attempt.taken(), attempt.runs.get(), () -> which + ": " + attempt.thrown);
    }
  }

  /** Loads what a submission and a refusal need: a class that overflows as it is loaded stays broken. */
  private static void warmUp(Kind kind) throws Exception {
    for (int i = 0; i < 30; i++) {
      var attempt = new Attempt(kind, i % 3);
      attempt.submit();
      Testing.get(attempt.pool.submit(() -> 1));
      if (kind != Kind.IDLE_WORKERS) {
        Testing.stopped(attempt.pool);
        Testing.isAccepted(attempt::submit);
      }
    }
    try (ThreadPool none =
        new FaultyFactory(FaultyFactory.Fault.ERROR).pool(0, 1).start()) {
      for (String reason : List.of("once", "twice")) {
        assertEquals(false, Testing.isAccepted(() -> none.execute(() -> {})), reason);
      }
    }
  }

  private static CompletableFuture<Object> inSmallStack(Runnable body) {
    var result = new CompletableFuture<Object>();
    var thread = new Thread(
        null,
        () -> {
          try {
            body.run();
            result.complete("done");
          } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
          }
        },
        "small stack",
        STACK,
        false);
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}
