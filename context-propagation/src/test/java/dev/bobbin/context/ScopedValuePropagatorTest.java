package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** On JDK 25 and later with real scoped values, which this reaches by reflection; before that, that it says so. */
class ScopedValuePropagatorTest {
  static Object newScopedValue() {
    try {
      return Class.forName("java.lang.ScopedValue").getMethod("newInstance").invoke(null);
    } catch (ReflectiveOperationException missing) {
      throw new AssertionError(missing);
    }
  }

  private static void where(Object scopedValue, Object value, Runnable body) {
    ScopedValues.here().run(new Object[] {scopedValue}, new Object[] {value}, body);
  }

  @Test
  @EnabledForJreRange(minVersion = 25, disabledReason = "an older JDK has no scoped values")
  void capture_takesWhatIsBound_nullIncluded_andNothingIfNothingIs() {
    Object user = newScopedValue();
    Object tenant = newScopedValue();
    Object unbound = newScopedValue();
    ContextPropagator propagator = ScopedValuePropagator.builder("my-scoped")
        .carry("user", user)
        .carry("unbound", unbound)
        .carry("tenant", tenant)
        .build();
    assertNull(propagator.capture());

    where(
        user,
        "ann",
        () -> where(tenant, null, () -> {
          CapturedContext captured = propagator.capture();
          NewThread.run(() -> captured.run(() -> {
            assertEquals("ann", ScopedValues.here().get(user));
            assertTrue(ScopedValues.here().isBound(tenant));
            assertNull(ScopedValues.here().get(tenant));
            assertFalse(ScopedValues.here().isBound(unbound));
          }));
          assertEquals("{user=ann, tenant=null}", captured.describe().toString());
        }));
    assertEquals("my-scoped[user, unbound, tenant]", propagator.toString());
  }

  @Test
  @EnabledForJreRange(minVersion = 25, disabledReason = "an older JDK has no scoped values")
  void carry_refuses_whatIsNoScopedValue_andWhatIsThereAlready() {
    Object user = newScopedValue();
    var builder = ScopedValuePropagator.builder("my-scoped").carry("user", user);

    assertEquals(
        "Propagator 'my-scoped': 'local' must be a java.lang.ScopedValue, was of java.lang.ThreadLocal. Thread-locals are ThreadLocalPropagator's.",
        assertThrows(
                IllegalArgumentException.class, () -> builder.carry("local", new ThreadLocal<>()))
            .getMessage());
    assertEquals(
        "Propagator 'my-scoped' already carries a scoped value under 'user'. Choose another key.",
        assertThrows(IllegalArgumentException.class, () -> builder.carry("user", newScopedValue()))
            .getMessage());
    assertEquals(
        "Propagator 'my-scoped' already carries the scoped value of 'again', as 'user'. Leave out one of the two.",
        assertThrows(IllegalArgumentException.class, () -> builder.carry("again", user))
            .getMessage());
  }

  @Test
  @EnabledForJreRange(maxVersion = 24, disabledReason = "this JDK has scoped values")
  void carry_saysWhatIsMissing_whenTheJdkHasNoScopedValues() {
    var builder = ScopedValuePropagator.builder("my-scoped");

    assertEquals(
        "Propagator 'my-scoped' cannot carry 'user': scoped values need JDK 25 or later, this is "
            + Runtime.version().feature()
            + ".",
        assertThrows(IllegalStateException.class, () -> builder.carry("user", new Object()))
            .getMessage());
  }

  @Test
  void builder_refuses_whatThreadLocalPropagatorRefuses() {
    for (String name : Arrays.asList("", "My-Scoped", "my_scoped")) {
      assertThrows(IllegalArgumentException.class, () -> ScopedValuePropagator.builder(name));
    }
    assertEquals(
        "Propagator 'empty' carries nothing. Name at least one scoped value with carry(key, scopedValue).",
        assertThrows(
                IllegalStateException.class,
                () -> ScopedValuePropagator.builder("empty").build())
            .getMessage());
    assertEquals(
        "Propagator 'my-scoped': a scoped value must have a key, was ' '. Give the word that reports are to show.",
        assertThrows(
                IllegalArgumentException.class,
                () -> ScopedValuePropagator.builder("my-scoped").carry(" ", new Object()))
            .getMessage());
  }
}
