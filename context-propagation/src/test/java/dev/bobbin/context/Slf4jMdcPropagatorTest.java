package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class Slf4jMdcPropagatorTest extends ContextPropagatorContract {

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Override
  protected ContextPropagator propagator() {
    return new Slf4jMdcPropagator();
  }

  @Override
  protected void with(String value, Runnable body) {
    String before = MDC.get("key");
    MDC.put("key", value);
    try {
      body.run();
    } finally {
      if (before == null) {
        MDC.remove("key");
      } else {
        MDC.put("key", before);
      }
    }
  }

  @Override
  protected String value() {
    return MDC.get("key");
  }

  @Override
  protected void leaveBehind(String value) {
    MDC.put("key", value);
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of("key", value);
  }

  @Test
  void run_hidesAndPutsBackWhatTheWorkerHas_whenTheSubmittersMdcIsEmpty() {
    CapturedContext captured = propagator().capture();

    NewThread.run(() -> {
      MDC.put("key", "worker");
      captured.run(() -> {
        assertNull(MDC.get("key"));
        MDC.put("other", "left by the task");
      });
      assertEquals(Map.of("key", "worker"), MDC.getCopyOfContextMap());
    });
  }

  @Test
  void run_putsBackTheWholeMap() {
    MDC.put("a", "submitter");
    MDC.put("b", "submitter");
    CapturedContext captured = propagator().capture();

    NewThread.run(() -> {
      MDC.put("a", "worker");
      MDC.put("c", "worker");
      captured.run(() -> {
        assertEquals(Map.of("a", "submitter", "b", "submitter"), MDC.getCopyOfContextMap());
        MDC.put("d", "task");
        MDC.remove("c");
      });
      assertEquals(Map.of("a", "worker", "c", "worker"), MDC.getCopyOfContextMap());
    });
  }

  @Test
  void run_clears_whenTheWorkerHadNoMap() {
    MDC.put("a", "submitter");
    CapturedContext captured = propagator().capture();

    NewThread.run(() -> {
      assertNull(MDC.getCopyOfContextMap());
      captured.run(() -> MDC.put("d", "task"));
      assertNull(MDC.getCopyOfContextMap());
    });
  }

  @Test
  void describe_isSortedAndSurvivesNull() {
    MDC.put("b", "2");
    MDC.put("a", null);

    assertEquals("{a=null, b=2}", propagator().capture().describe().toString());
  }
}
