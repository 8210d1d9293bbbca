package dev.bobbin.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a propagator does that overrides nothing. */
class ContextPropagatorTest {
  /** Whoever counts what was captured and is still to run is not to count what was only looked at. */
  @Test
  void present_letsGoOfWhatItCaptures() {
    var discarded = new AtomicInteger();
    ContextPropagator propagator = new ContextPropagator() {
      @Override
      public String name() {
        return "counting";
      }

      @Override
      public CapturedContext capture() {
        return new CapturedContext() {
          @Override
          public void run(Runnable body) {
            body.run();
          }

          @Override
          public Map<String, String> describe() {
            return Map.of("key", "value");
          }

          @Override
          public void discarded() {
            discarded.incrementAndGet();
          }
        };
      }
    };

    assertEquals(Map.of("key", "value"), propagator.present());
    assertEquals(1, discarded.get());
  }
}
