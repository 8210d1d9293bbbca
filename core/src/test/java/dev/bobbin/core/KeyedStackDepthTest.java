package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Race 19 for tasks with a key: submissions, cancels and stops at every depth of the stack from its
 * end upwards. No key is wedged, no future stays incomplete, and the books balance.
 */
@Tag("stress")
@Timeout(4 * Held.LONG_SECONDS)
class KeyedStackDepthTest {
  private static final int ENOUGH = 60;
  private static final int MOST = 3_000;

  /** What is tried at every depth. */
  enum Attempted {
    SUBMIT,
    CANCEL_HEAD,
    CANCEL_HELD,
    SHUTDOWN_NOW
  }

  @ParameterizedTest
  @EnumSource(Attempted.class)
  void key_isNotWedged_atAnyDepth(Attempted attempted) throws Exception {
    for (int i = 0;
        i < 40;
        i++) { // loads what is needed: a class that overflows as it is loaded stays broken
      var attempt = new Attempt();
      attempt.make(attempted);
      attempt.tryIt(attempted);
      attempt.assertSettles();
    }
    for (int round = 0; round < 3; round++) {
      var attempts = new ArrayList<Attempt>();
      for (int i = 0; i < MOST; i++) {
        attempts.add(new Attempt());
      }
      var diver = new Diver(attempts, attempted);
      Testing.get(inSmallStack(diver::dive));
      assertEquals(ENOUGH, diver.succeeded, "never came to where there is room");
      for (int i = 0; i < diver.next; i++) {
        attempts.get(i).assertSettles();
      }
    }
  }

  /** A pool never started, where one task of a key is under way and one is held back. */
  private static final class Attempt {
    final ThreadPool pool = Testing.pool(0, 1).build();
    final AtomicInteger runs = new AtomicInteger();
    private final ThreadPool key = pool.inOrder("k");
    final CompletableFuture<?> head = key.submit(runs::incrementAndGet);
    final CompletableFuture<?> held = key.submit(runs::incrementAndGet);
    CompletableFuture<?> last;
    private boolean stopped;

    void make(Attempted attempted) {
      stopped = attempted == Attempted.SHUTDOWN_NOW;
    }

    void tryIt(Attempted attempted) {
      switch (attempted) {
        case SUBMIT -> last = key.submit(runs::incrementAndGet);
        case CANCEL_HEAD -> head.cancel(true);
        case CANCEL_HELD -> held.cancel(true);
        case SHUTDOWN_NOW -> pool.shutdownNow();
      }
    }

    void assertSettles() throws Exception {
      if (stopped) {
        pool.shutdownNow();
      } else {
        pool.start();
        assertEquals("after", key.submit(() -> "after").get(20, TimeUnit.SECONDS));
        pool.shutdown();
      }
      assertTrue(pool.awaitTermination(20, TimeUnit.SECONDS), pool::toString);
      assertTrue(head.isDone(), "head");
      assertTrue(held.isDone(), "held");
      assertTrue(last == null || last.isDone(), "last");
      Testing.assertBalanced(pool.statistics());
      assertEquals(0, pool.statistics().backlog() + pool.statistics().running(), pool::toString);
    }
  }

  /** Goes down to the end of the stack, and makes one attempt in each frame on the way up. */
  private static final class Diver {
    private final List<Attempt> attempts;
    private final Attempted attempted;
    private int next;
    private int succeeded;

    Diver(List<Attempt> attempts, Attempted attempted) {
      this.attempts = attempts;
      this.attempted = attempted;
    }

    void dive() {
      try {
        dive();
      } catch (StackOverflowError end) {
        // this is the deepest frame
      }
      if (next < MOST && succeeded < ENOUGH) {
        Attempt attempt = attempts.get(next++);
        try {
          attempt.make(attempted);
          attempt.tryIt(attempted);
          succeeded++;
        } catch (StackOverflowError tooDeep) {
          // the next one is made further up
        }
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
        256 * 1024,
        false);
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}
