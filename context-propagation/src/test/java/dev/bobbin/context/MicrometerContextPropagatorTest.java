package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MicrometerContextPropagatorTest extends ContextPropagatorContract {
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  static {
    ContextRegistry.getInstance().registerThreadLocalAccessor("key", LOCAL);
  }

  @AfterEach
  void clear() {
    LOCAL.remove();
  }

  @Override
  protected ContextPropagator propagator() {
    return new MicrometerContextPropagator();
  }

  @Override
  protected void with(String value, Runnable body) {
    String before = LOCAL.get();
    LOCAL.set(value);
    try {
      body.run();
    } finally {
      LOCAL.set(before);
    }
  }

  @Override
  protected String value() {
    return LOCAL.get();
  }

  @Override
  protected void leaveBehind(String value) {
    LOCAL.set(value);
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of("key", value);
  }

  /** With registries of their own, as the one of the process is for all tests. */
  @Nested
  class Accessors {
    private final ContextRegistry registry = new ContextRegistry();
    private final MicrometerAccessors accessors = new MicrometerAccessors(registry);
    private final List<String> events = new ArrayList<>();

    /** Notes what is asked of it, and throws if it is set to "trouble". */
    private final class Noting implements ThreadLocalAccessor<String> {
      private final String key;
      private final ThreadLocal<String> local = new ThreadLocal<>();
      private final RuntimeException thrown = new IllegalStateException("cannot be set");

      Noting(String key, String value) {
        this.key = key;
        if (value != null) {
          local.set(value);
        }
        registry.registerThreadLocalAccessor(this);
      }

      @Override
      public Object key() {
        return key;
      }

      @Override
      public String getValue() {
        return local.get();
      }

      @Override
      public void setValue(String value) {
        events.add(key + "=" + value);
        if (value.equals("trouble")) {
          throw thrown;
        }
        local.set(value);
      }

      @Override
      public void setValue() {
        events.add(key + " unset");
        local.remove();
      }

      @Override
      public void restore(String previousValue) {
        events.add(key + " back to " + previousValue);
        local.set(previousValue);
      }

      @Override
      public void restore() {
        events.add(key + " back to none");
        local.remove();
      }
    }

    @Test
    void capture_returnsNull_whenNothingIsRegistered() {
      assertNull(accessors.capture());
    }

    @Test
    void run_setsInOrder_unsetsWhatTheSubmitterLacks_andRestoresInReverse() {
      new Noting("a", "submitter");
      var b = new Noting("b", null);
      CapturedContext captured = accessors.capture();
      b.local.set("worker");

      captured.run(() -> events.add("body"));

      assertEquals(
          List.of("a=submitter", "b unset", "body", "b back to worker", "a back to submitter"),
          events);
      assertEquals(Map.of("a", "submitter"), captured.describe());
    }

    @Test
    void run_tellsTheAccessorThatThereWasNothing_whenTheWorkerHadNone() {
      new Noting("a", "submitter");
      CapturedContext captured = accessors.capture();

      NewThread.run(() -> captured.run(() -> {}));

      assertEquals(List.of("a=submitter", "a back to none"), events);
    }

    @Test
    void run_undoesTheEarlierOnesAndSkipsTheBody_whenOneCannotBeSet() {
      new Noting("a", "submitter");
      var b = new Noting("b", "trouble");
      CapturedContext captured = accessors.capture();

      NewThread.run(() -> assertSame(
          b.thrown,
          assertThrows(IllegalStateException.class, () -> captured.run(() -> events.add("body")))));

      assertEquals(List.of("a=submitter", "b=trouble", "b back to none", "a back to none"), events);
    }

    @Test
    void capture_takesUpWhatIsRegisteredLater_andLeavesOutWhatIsGone() {
      new Noting("a", "one");
      assertEquals(Map.of("a", "one"), accessors.capture().describe());

      new Noting("b", "two");
      assertEquals(Map.of("a", "one", "b", "two"), accessors.capture().describe());

      registry.removeThreadLocalAccessor((Object) "a");
      assertEquals(Map.of("b", "two"), accessors.capture().describe());
    }
  }
}
