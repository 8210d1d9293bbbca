package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContextClassLoaderPropagatorTest extends ContextPropagatorContract {
  /** A class loader that stands for a value. */
  private static final class Named extends ClassLoader {
    private final String value;

    Named(String value) {
      super(null);
      this.value = value;
    }

    @Override
    public String toString() {
      return value;
    }
  }

  private ClassLoader before;

  @BeforeEach
  void keep() {
    before = Thread.currentThread().getContextClassLoader();
  }

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Override
  protected ContextPropagator propagator() {
    return new ContextClassLoaderPropagator();
  }

  @Override
  protected void with(String value, Runnable body) {
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    leaveBehind(value);
    try {
      body.run();
    } finally {
      Thread.currentThread().setContextClassLoader(own);
    }
  }

  @Override
  protected String value() {
    return Thread.currentThread().getContextClassLoader() instanceof Named named
        ? named.value
        : null;
  }

  @Override
  protected void leaveBehind(String value) {
    Thread.currentThread().setContextClassLoader(new Named(value));
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of("context-class-loader", value);
  }

  @Test
  void run_setsNone_whenTheSubmitterHasNone() {
    Thread.currentThread().setContextClassLoader(null);
    CapturedContext captured = propagator().capture();

    NewThread.run(() -> {
      var own = new Named("worker");
      Thread.currentThread().setContextClassLoader(own);
      captured.run(() -> assertNull(Thread.currentThread().getContextClassLoader()));
      assertEquals(own, Thread.currentThread().getContextClassLoader());
    });
    assertEquals(Map.of("context-class-loader", "null"), captured.describe());
  }
}
