package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import org.junit.jupiter.api.Test;

class BobbinContextPropagatorTest extends PropagatorContract {
  private static final ContextKey<String> KEY = ContextKey.named("key");

  @Override
  ContextPropagator propagator() {
    return new BobbinContextPropagator();
  }

  @Override
  void with(String value, Runnable body) {
    Context.with(KEY, value).run(body);
  }

  @Override
  String value() {
    return KEY.get();
  }

  @Override
  void leaveBehind(String value) {
    Context.install(Context.with(KEY, value));
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
