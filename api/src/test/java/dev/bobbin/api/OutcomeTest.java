package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Outcome.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a task ended, and the helpers of a failure (reference section 4.2). */
class OutcomeTest {
  @Test
  void success_givesItsValue() throws Throwable {
    Outcome<String> outcome = Outcome.success("value");
    assertTrue(outcome.isSuccess());
    assertEquals("value", outcome.get());
    assertEquals("VALUE", outcome.<String>fold(String::toUpperCase, failure -> "failed"));
    assertEquals(Outcome.success("value"), outcome);
    assertNull(Outcome.success(null).get());
  }

  @Test
  void failure_throwsTheVeryThrowable_whenAskedForItsValue() {
    var cause = new IOException("gone");
    StackTraceElement[] trace = cause.getStackTrace();
    Outcome<String> outcome = Outcome.failure(cause);
    assertFalse(outcome.isSuccess());
    assertSame(cause, assertThrows(IOException.class, outcome::get));
    assertEquals(trace.length, cause.getStackTrace().length);
    assertSame(cause, outcome.<Throwable>fold(value -> null, Failure::cause));
  }

  @Test
  void failure_namesTheParameter_whenTheCauseIsNull() {
    assertEquals(
        "cause",
        assertThrows(NullPointerException.class, () -> Outcome.failure(null)).getMessage());
  }

  /** What can be asked of a failure. */
  @Nested
  class Asked {
    private final Failure<Object> failure = new Failure<>(new FileNotFoundException("a.txt"));

    @Test
    void check_givesTheFirstArgumentThatMatches_alongTheAncestors() {
      assertSame(
          IOException.class,
          failure.check(RuntimeException.class, IOException.class, FileNotFoundException.class));
      assertSame(FileNotFoundException.class, failure.check(FileNotFoundException.class));
      assertNull(failure.check(RuntimeException.class));
      assertNull(failure.check(new String[0]));
    }

    @Test
    void check_comparesWholeNames_whenGivenNames() {
      assertEquals("java.io.IOException", failure.check("x.Y", "java.io.IOException"));
      assertEquals("java.lang.Throwable", failure.check("java.lang.Throwable"));
      assertNull(failure.check("IOException"));
      assertNull(failure.check("java.lang.RuntimeException"));
    }

    @Test
    void trap_givesTheMatch_orThrowsTheCauseItself() throws Throwable {
      assertSame(IOException.class, failure.trap(IOException.class));
      assertSame(
          failure.cause(),
          assertThrows(
              FileNotFoundException.class, () -> failure.trap(IllegalStateException.class)));
    }

    @Test
    void texts_tellClassMessageAndFrames() {
      assertEquals("a.txt", failure.message());
      String[] brief = failure.brief().split(System.lineSeparator());
      assertEquals("java.io.FileNotFoundException: a.txt", brief[0]);
      assertEquals("  " + failure.cause().getStackTrace()[0], brief[1]);
      assertEquals(failure.cause().getStackTrace().length + 1, brief.length);
    }

    @Test
    void full_tellsCausesAndSuppressedOnes() {
      var cause = new IllegalStateException("outer", new IOException("inner"));
      cause.addSuppressed(new IOException("beside"));
      String full = new Failure<>(cause).full();
      assertTrue(full.contains("Caused by: java.io.IOException: inner"), full);
      assertTrue(full.contains("Suppressed: java.io.IOException: beside"), full);
    }

    @Test
    void message_isText_whenTheThrowableHasNone() {
      assertEquals("null", new Failure<>(new IOException()).message());
      assertTrue(new Failure<>(new IOException()).brief().startsWith("java.io.IOException"));
    }
  }

  /** A throwable whose every method throws. */
  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new StackOverflowError("no text");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("no trace");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause");
    }
  }

  /** A throwable that has no trace to show. */
  private static final class Traceless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public StackTraceElement[] getStackTrace() {
      return null;
    }

    @Override
    public String toString() {
      return null;
    }
  }

  @Nested
  class WhenTheThrowableIsHostile {
    private final Failure<Object> failure = new Failure<>(new Hostile());

    @Test
    void message_saysSo() {
      assertEquals("(its getMessage threw java.lang.IllegalStateException)", failure.message());
    }

    @Test
    void brief_doesWithoutWhatCannotBeHad() {
      assertEquals(
          Hostile.class.getName() + ": (its getMessage threw java.lang.IllegalStateException)",
          failure.brief());
    }

    @Test
    void full_fallsBackToTheBriefText() {
      assertEquals(failure.brief(), failure.full());
    }

    @Test
    void detached_andCheck_work() {
      Failure<Object> detached = failure.detached();
      assertEquals(failure.message(), detached.message());
      assertEquals(failure.brief(), detached.brief());
      assertEquals("java.lang.RuntimeException", detached.check("java.lang.RuntimeException"));
      assertSame(RuntimeException.class, failure.check(RuntimeException.class));
    }

    @Test
    void brief_doesWithoutATrace_whenThereIsNone() {
      var traceless = new Failure<>(new Traceless());
      assertEquals(Traceless.class.getName() + ": null", traceless.brief());
      assertNotNull(traceless.full());
      assertNotNull(traceless.detached().toString());
    }
  }

  @Nested
  class Detached {
    @Test
    void detached_keepsTextsAndNames_butNotTheThrowable() {
      var failure = new Failure<>(new FileNotFoundException("a.txt"));
      Failure<Object> detached = new Failure<>(failure.cause()).detached();
      assertEquals(failure.message(), detached.message());
      assertEquals(failure.brief(), detached.brief());
      assertEquals("java.io.IOException", detached.check("java.io.IOException"));
      assertNull(detached.check(IOException.class));
      assertEquals("java.io.FileNotFoundException: a.txt", detached.cause().toString());
      assertSame(detached.cause(), detached.detached().cause());
    }

    @Test
    void detached_letsTheThrowableGo() {
      Failure<Object> detached = detachedOf(new IOException("big", new IllegalStateException()));
      long began = System.nanoTime();
      while (!reference.refersTo(null)) {
        System.gc();
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(60), "still reachable");
      }
      assertEquals("big", detached.message());
    }

    private WeakReference<Throwable> reference = new WeakReference<>(null);

    private Failure<Object> detachedOf(Throwable cause) {
      reference = new WeakReference<>(cause);
      return new Failure<>(cause).detached();
    }

    @Test
    void detached_keepsItsTextsAndNames_whenItsCauseGoesThroughAStream() throws Exception {
      Failure<Object> detached = new Failure<>(new FileNotFoundException("a.txt")).detached();
      var copy = new Failure<>((Throwable)
          ConfigSerializationTest.read(ConfigSerializationTest.written(detached.cause())));
      assertEquals(detached.message(), copy.message());
      assertEquals(detached.brief(), copy.brief());
      assertEquals(detached.full(), copy.full());
      assertEquals("java.io.IOException", copy.check("java.io.IOException"));
    }
  }
}
