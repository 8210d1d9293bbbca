package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BobbinContextPropagatorTest extends ContextPropagatorContract {
  private static final ContextKey<String> KEY = ContextKey.named("key");

  @Override
  protected ContextPropagator propagator() {
    return new BobbinContextPropagator();
  }

  @Override
  protected void with(String value, Runnable body) {
    Context.with(KEY, value).run(body);
  }

  @Override
  protected String value() {
    return KEY.get();
  }

  @Override
  protected void leaveBehind(String value) {
    Context.install(Context.with(KEY, value));
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of("key", value);
  }

  @Test
  void capture_carriesTheWholeEffectiveContext_X2() {
    ContextKey<Integer> outer = ContextKey.named("outer");
    CapturedContext captured = Context.with(outer, 1)
        .call(() -> Context.with(KEY, "inner").call(() -> propagator().capture()));

    NewThread.run(() -> captured.run(() -> {
      assertEquals(1, outer.get());
      assertEquals("inner", KEY.get());
    }));
  }

  @Test
  void run_showsDefaultsSetAfterTheCapture_X4() {
    ContextKey<String> late = ContextKey.named("late");
    CapturedContext captured = Context.with(KEY, "x").call(() -> propagator().capture());

    late.setDefault("set later");

    assertEquals("set later", NewThread.call(() -> Context.empty().call(late::get)));
    NewThread.run(() -> captured.run(() -> assertEquals("set later", late.get())));
  }

  @Test
  void capture_returnsNull_whenThereIsNothingToCarry() {
    assertNull(propagator().capture());
    assertNull(Context.empty().call(() -> propagator().capture()));
  }
}
