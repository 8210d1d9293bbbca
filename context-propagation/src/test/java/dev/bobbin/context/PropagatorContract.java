package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every propagator of this module must do. Each test extends this and supplies one. */
abstract class PropagatorContract {
  /** Returns the propagator, which carries one value under the key {@code key}. */
  abstract ContextPropagator propagator();

  /** Runs {@code body} with {@code value} as the calling thread's value. */
  abstract void with(String value, Runnable body);

  /** Returns the calling thread's value, or null. */
  abstract String value();

  /** Changes the calling thread's value and leaves it so, as a careless task does. */
  abstract void leaveBehind(String value);

  private CapturedContext captured(String value) {
    var captured = new ArrayList<CapturedContext>();
    with(value, () -> captured.add(propagator().capture()));
    return assertNotNullOnly(captured);
  }

  private static CapturedContext assertNotNullOnly(List<CapturedContext> captured) {
    assertEquals(1, captured.size());
    assertNotNull(captured.get(0));
    return captured.get(0);
  }

  @Test
  void propagator_isAvailableHere() {
    assertEquals(Optional.empty(), propagator().unavailable());
    assertTrue(
        propagator().name().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), propagator().name());
  }

  @Test
  void capture_readsOnTheSubmittingThreadAtThatMoment_X1() {
    var captured = new ArrayList<CapturedContext>();
    with("outer", () -> {
      with("submitter", () -> captured.add(propagator().capture()));
      leaveBehind("after the submission");
    });

    NewThread.run(() -> assertNotNullOnly(captured).run(() -> assertEquals("submitter", value())));
  }

  @Test
  void capture_isUntouched_whenTheSubmitterChangesItsContextLater_X3() {
    with("at submission", () -> {
      CapturedContext captured = propagator().capture();
      leaveBehind("later");
      NewThread.run(() -> captured.run(() -> assertEquals("at submission", value())));
    });
  }

  @Test
  void run_callsTheBodyOnceOnTheCallingThread() {
    CapturedContext captured = captured("submitter");

    NewThread.run(() -> {
      var threads = new ArrayList<Thread>();
      captured.run(() -> threads.add(Thread.currentThread()));
      assertEquals(List.of(Thread.currentThread()), threads);
    });
  }

  @Test
  void run_leavesTheWorkerAsItWas_whenTheBodyReturns_X4() {
    CapturedContext captured = captured("submitter");

    NewThread.run(() -> {
      String bottom = value();
      captured.run(() -> assertEquals("submitter", value()));
      assertEquals(bottom, value());
      with("worker's own", () -> {
        captured.run(() -> assertEquals("submitter", value()));
        assertEquals("worker's own", value());
      });
    });
  }

  @Test
  void run_leavesTheWorkerAsItWas_whenTheBodyThrows_X4() {
    CapturedContext captured = captured("submitter");
    var thrown = new AssertionError("as it is");

    NewThread.run(() -> with("worker's own", () -> {
      var passed = assertThrows(
          AssertionError.class,
          () -> captured.run(() -> {
            throw thrown;
          }));
      assertSame(thrown, passed);
      assertEquals(0, passed.getSuppressed().length);
      assertEquals("worker's own", value());
    }));
  }

  @Test
  void run_leavesTheWorkerAsItWas_whenTheBodyLeavesSomethingBehind_X6() {
    CapturedContext captured = captured("submitter");

    NewThread.run(() -> {
      String bottom = value();
      captured.run(() -> leaveBehind("left behind"));
      assertEquals(bottom, value());
      with("worker's own", () -> {
        captured.run(() -> leaveBehind("left behind"));
        assertEquals("worker's own", value());
      });
    });
  }

  @Test
  void run_nests_whenATaskSubmitsATask() {
    CapturedContext outer = captured("outer");

    NewThread.run(() -> outer.run(() -> {
      CapturedContext inner = propagator().capture();
      with("between", () -> inner.run(() -> assertEquals("outer", value())));
      assertEquals("outer", value());
    }));
  }

  @Test
  void describe_tellsKeyAndValue() {
    assertEquals(Map.of("key", "submitter"), captured("submitter").describe());
  }
}
