package dev.bobbin.context;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries the values of {@code java.lang.ScopedValue}s that an application names, which need JDK 25 or
 * later. Immutable; made by applications and handed over where a pool is made, or bound in Guice.
 *
 * <pre>{@code
 * ContextPropagator scoped = ScopedValuePropagator.builder("my-scoped").carry("user", USER).build();
 * }</pre>
 *
 * <p>Those that are bound where a task is submitted are bound to the same values around the task; where
 * none of them is, there is nothing to carry. A binding ends with the task, whatever the task does; but
 * none can be taken away: a task that its submitter runs itself sees what is bound there.
 */
public final class ScopedValuePropagator implements ContextPropagator {
  private static final String KIND = "scoped value";

  private final String name;
  private final int order;
  private final List<Named> named;
  private final ScopedValues scopedValues;

  private ScopedValuePropagator(Builder builder, ScopedValues scopedValues) {
    this.name = builder.name;
    this.order = builder.order;
    this.named = List.copyOf(builder.named);
    this.scopedValues = scopedValues;
  }

  /** A scoped value, and what reports call it. */
  private record Named(String key, Object value) {}

  /**
   * Returns a builder of a propagator.
   *
   * @param name lower-case words joined by hyphens, unique among the propagators of a pool
   * @throws IllegalArgumentException if it is not that
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int order() {
    return order;
  }

  @Override
  public @Nullable CapturedContext capture() {
    int bound = 0;
    for (Named each : named) {
      if (scopedValues.isBound(each.value)) {
        bound++;
      }
    }
    if (bound == 0) {
      return null;
    }
    var captured = new Captured(
        scopedValues, new String[bound], new Object[bound], new @Nullable Object[bound]);
    int i = 0;
    for (Named each : named) {
      if (scopedValues.isBound(each.value)) {
        captured.names[i] = each.key;
        captured.keys[i] = each.value;
        captured.values[i] = scopedValues.get(each.value);
        i++;
      }
    }
    return captured;
  }

  /** Returns all but {@link ContextMode#CLEAR}: a binding cannot be taken away. */
  @Override
  public Set<ContextMode> modes() {
    return EnumSet.complementOf(EnumSet.of(ContextMode.CLEAR));
  }

  /** As {@link #capture}: the values should be immutable, and a binding of one's own depends on nothing. */
  @Override
  public @Nullable CapturedContext detach() {
    return capture();
  }

  /** Returns the name and the keys, without any values. */
  @Override
  public String toString() {
    return name + named.stream().map(Named::key).toList();
  }

  /** What was bound; the arrays belong together, and nobody changes them any more. */
  private record Captured(
      ScopedValues scopedValues,
      String[] names,
      Object[] keys,
      @Nullable Object[] values) implements CapturedContext {
    @Override
    public void run(Runnable body) {
      scopedValues.run(keys, values, body);
    }

    @Override
    public Map<String, String> describe() {
      var texts = new LinkedHashMap<String, String>();
      for (int i = 0; i < names.length; i++) {
        texts.put(names[i], SafeText.of(values[i]));
      }
      return Collections.unmodifiableMap(texts);
    }
  }

  /** Collects the scoped values of one propagator. Not for use by several threads. */
  public static final class Builder {
    private final String name;
    private final List<Named> named = new ArrayList<>();
    private int order;

    private Builder(String name) {
      this.name = PropagatorNames.checked(name);
    }

    /** Sets where it stands among the propagators: lower is outermost. Defaults to 0. */
    public Builder order(int order) {
      this.order = order;
      return this;
    }

    /**
     * Adds a scoped value. Defaults to none.
     *
     * @param key what reports of failures call it
     * @param scopedValue a {@code java.lang.ScopedValue}
     * @throws IllegalArgumentException if the key is blank, it or the scoped value is there already, or the
     *     object is no scoped value
     * @throws IllegalStateException if this JDK has no scoped values
     */
    public Builder carry(String key, Object scopedValue) {
      PropagatorNames.checkKey(name, KIND, requireNonNull(key, "key"));
      requireNonNull(scopedValue, "scopedValue");
      ScopedValues scopedValues = ScopedValues.here();
      if (scopedValues == null) {
        throw new IllegalStateException(
            "Propagator '%s' cannot carry '%s': scoped values need JDK 25 or later, this is %d."
                .formatted(name, SafeText.printable(key), Runtime.version().feature()));
      }
      if (!scopedValues.isKey(scopedValue)) {
        throw new IllegalArgumentException(
            "Propagator '%s': '%s' must be a java.lang.ScopedValue, was of %s. Thread-locals are ThreadLocalPropagator's."
                .formatted(name, SafeText.printable(key), scopedValue.getClass().getName()));
      }
      for (Named other : named) {
        if (other.key.equals(key)) {
          throw PropagatorNames.takenKey(name, KIND, key);
        }
        if (other.value == scopedValue) {
          throw PropagatorNames.carriedTwice(name, KIND, key, other.key);
        }
      }
      named.add(new Named(key, scopedValue));
      return this;
    }

    /**
     * Returns the propagator.
     *
     * @throws IllegalStateException if it would carry nothing
     */
    public ScopedValuePropagator build() {
      ScopedValues scopedValues = ScopedValues.here();
      if (named.isEmpty() || scopedValues == null) {
        throw PropagatorNames.empty(name, KIND, "carry(key, scopedValue)");
      }
      return new ScopedValuePropagator(this, scopedValues);
    }
  }
}
