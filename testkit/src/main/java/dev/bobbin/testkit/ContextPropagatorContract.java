package dev.bobbin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ContextPropagator} must do. A test of one extends this, and says how a thread is given
 * a value that the propagator carries, and how it is read there:
 *
 * <pre>{@code
 * class LocalePropagatorTest extends ContextPropagatorContract {
 *   protected ContextPropagator propagator() {
 *     return new LocalePropagator();
 *   }
 *
 *   protected void with(String value, Runnable body) {
 *     Locales.runWith(Locale.forLanguageTag(value), body);
 *   }
 *   ...
 * }
 * }</pre>
 *
 * <p>Values are single words of at most eight lower-case letters; a propagator of another type makes its values
 * of them.
 */
public abstract class ContextPropagatorContract extends PluginContract {
  private static final int AT_ONCE = 4;

  /** Called by JUnit. */
  protected ContextPropagatorContract() {}

  /** Returns the propagator. */
  protected abstract ContextPropagator propagator();

  /** Runs {@code body} with {@code value} as the calling thread's value, and puts back what was there. */
  protected abstract void with(String value, Runnable body);

  /** Returns the calling thread's value, or null if it has none. */
  protected abstract @Nullable String value();

  /**
   * Changes the calling thread's value and leaves it so, as a careless task does. Where the kind of context
   * does not let a task do so, this does nothing.
   */
  protected abstract void leaveBehind(String value);

  /** Returns what {@link CapturedContext#describe} tells of a captured {@code value}. */
  protected abstract Map<String, String> described(String value);

  @Override
  final Plugin plugin() {
    return propagator();
  }

  private CapturedContext captured(String value) {
    var captured = new ArrayList<@Nullable CapturedContext>();
    with(value, () -> captured.add(propagator().capture()));
    return only(captured);
  }

  private static CapturedContext only(List<? extends @Nullable CapturedContext> captured) {
    assertEquals(1, captured.size(), "the body was not run once");
    CapturedContext context = captured.get(0);
    if (context == null) {
      throw new AssertionError("nothing was captured where there is a value");
    }
    return context;
  }

  /** A thread that has no value: capturing works there too, whether there is something to carry or not. */
  @Test
  void capture_returns_whenThereIsNoValue() {
    Threads.run(() -> {
      String bottom = value();
      CapturedContext captured = propagator().capture();
      if (captured != null) {
        Threads.run(() -> captured.run(() -> assertEquals(bottom, value())));
      }
    });
  }

  @Test
  void capture_readsOnTheSubmittingThreadAtThatMoment() {
    var captured = new ArrayList<@Nullable CapturedContext>();
    with("outer", () -> {
      with("caller", () -> captured.add(propagator().capture()));
      leaveBehind("later");
    });

    Threads.run(() -> only(captured).run(() -> assertEquals("caller", value())));
  }

  @Test
  void capture_isUntouched_whenTheSubmitterChangesItsValueLater() {
    with("caller", () -> {
      CapturedContext captured = only(listOf(propagator().capture()));
      leaveBehind("later");
      Threads.run(() -> captured.run(() -> assertEquals("caller", value())));
    });
  }

  private static List<@Nullable CapturedContext> listOf(@Nullable CapturedContext captured) {
    var list = new ArrayList<@Nullable CapturedContext>();
    list.add(captured);
    return list;
  }

  @Test
  void capture_changesNothingOnTheSubmittingThread() {
    with("caller", () -> {
      propagator().capture();
      assertEquals("caller", value());
    });
  }

  @Test
  void run_callsTheBodyOnceOnTheCallingThread() {
    CapturedContext captured = captured("caller");

    Threads.run(() -> {
      var threads = new ArrayList<Thread>();
      captured.run(() -> threads.add(Thread.currentThread()));
      assertEquals(List.of(Thread.currentThread()), threads);
    });
  }

  @Test
  void run_leavesTheWorkerAsItWas_whenTheBodyReturns() {
    CapturedContext captured = captured("caller");

    Threads.run(() -> {
      String bottom = value();
      captured.run(() -> assertEquals("caller", value()));
      assertEquals(bottom, value());
      with("worker", () -> {
        captured.run(() -> assertEquals("caller", value()));
        assertEquals("worker", value());
      });
    });
  }

  /** A pool's body never throws; whoever wraps a task by hand has one that does. */
  @Test
  void run_leavesTheWorkerAsItWas_whenTheBodyThrows() {
    CapturedContext captured = captured("caller");
    var thrown = new AssertionError("as it is");

    Threads.run(() -> with("worker", () -> {
      var passed = assertThrows(
          AssertionError.class,
          () -> captured.run(() -> {
            throw thrown;
          }));
      assertSame(thrown, passed);
      assertEquals(0, passed.getSuppressed().length);
      assertEquals("worker", value());
    }));
  }

  @Test
  void run_leavesTheWorkerAsItWas_whenTheBodyLeavesSomethingBehind() {
    CapturedContext captured = captured("caller");

    Threads.run(() -> {
      String bottom = value();
      captured.run(() -> leaveBehind("left"));
      assertEquals(bottom, value());
      with("worker", () -> {
        captured.run(() -> leaveBehind("left"));
        assertEquals("worker", value());
      });
    });
  }

  @Test
  void run_nests_whenATaskSubmitsATask() {
    CapturedContext outer = captured("outer");

    Threads.run(() -> outer.run(() -> {
      CapturedContext inner = only(listOf(propagator().capture()));
      with("between", () -> inner.run(() -> assertEquals("outer", value())));
      assertEquals("outer", value());
    }));
  }

  /** One capture serves many tasks: those of an executor that keeps the context of who asked for it. */
  @Test
  void run_canBeCalledAgain_andByManyThreadsAtOnce() {
    CapturedContext captured = captured("caller");

    for (int again = 0; again < 2; again++) {
      Threads.runAtOnce(AT_ONCE, () -> {
        String bottom = value();
        captured.run(() -> assertEquals("caller", value()));
        assertEquals(bottom, value());
      });
    }
  }

  @Test
  void modes_haveThatOfCarrying() {
    assertTrue(propagator().modes().contains(ContextMode.PROPAGATE));
  }

  /** Where the propagator can clear; made once, this serves all tasks of a pool. */
  @Test
  void cleared_takesTheValueAway_andPutsItBack() {
    if (propagator().modes().contains(ContextMode.CLEAR)) {
      CapturedContext cleared = propagator().cleared();
      Threads.runAtOnce(AT_ONCE, () -> {
        String bottom = value();
        with("worker", () -> {
          cleared.run(() -> {
            assertNull(value());
            leaveBehind("left");
          });
          assertEquals("worker", value());
        });
        assertEquals(bottom, value());
      });
    } else {
      assertThrows(UnsupportedOperationException.class, () -> propagator().cleared());
    }
  }

  @Test
  void detach_isUntouched_whenTheSubmittersValueIsGone() {
    if (propagator().modes().contains(ContextMode.DETACH)) {
      var captured = new ArrayList<@Nullable CapturedContext>();
      with("caller", () -> captured.add(propagator().detach()));
      Threads.run(() -> with("worker", () -> {
        only(captured).run(() -> assertEquals(detached("caller"), value()));
        assertEquals("worker", value());
      }));
    } else {
      assertThrows(UnsupportedOperationException.class, () -> propagator().detach());
    }
  }

  /** By which a pool finds what a task has left behind. */
  @Test
  void present_isTheSameAgain_whenTheValueIs_andAnotherWhenItIsNot() {
    Threads.run(() -> {
      Map<String, String> bottom = propagator().present();
      with("worker", () -> {
        Map<String, String> present = propagator().present();
        with("outer", () -> assertNotEquals(present, propagator().present()));
        assertEquals(present, propagator().present());
      });
      assertEquals(bottom, propagator().present());
    });
  }

  /** Returns what {@link #value} is in a detached copy of this value. Defaults to the same value. */
  protected @Nullable String detached(String value) {
    return value;
  }

  @Test
  void describe_tellsTheValue_onAnyThread() {
    CapturedContext captured = captured("caller");

    Threads.run(() -> assertEquals(described("caller"), captured.describe()));
  }
}
