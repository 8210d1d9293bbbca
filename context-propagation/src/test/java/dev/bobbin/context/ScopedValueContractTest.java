package dev.bobbin.context;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledForJreRange;

@EnabledForJreRange(minVersion = 25, disabledReason = "an older JDK has no scoped values")
class ScopedValueContractTest extends ContextPropagatorContract {
  private final Object key = ScopedValuePropagatorTest.newScopedValue();

  @Override
  protected ContextPropagator propagator() {
    return ScopedValuePropagator.builder("my-scoped").carry("key", key).build();
  }

  @Override
  protected void with(String value, Runnable body) {
    ScopedValues.here().run(new Object[] {key}, new Object[] {value}, body);
  }

  @Override
  protected String value() {
    return ScopedValues.here().isBound(key) ? (String) ScopedValues.here().get(key) : null;
  }

  @Override
  protected void leaveBehind(String value) {
    // nobody can: a binding ends with the call that it was made for
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of("key", value);
  }
}
