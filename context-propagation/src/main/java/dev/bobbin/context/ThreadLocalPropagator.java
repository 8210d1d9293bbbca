package dev.bobbin.context;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries the values of thread-locals that an application names. Immutable; made by applications and
 * handed over where a pool is made, or bound in Guice.
 *
 * <pre>{@code
 * ContextPropagator locals =
 *     ThreadLocalPropagator.builder("my-locals")
 *         .carry("tenant", TENANT)
 *         .carry("baggage", BAGGAGE, HashMap::new)
 *         .build();
 * }</pre>
 *
 * <p>For the time of a task, the worker has the values that the submitter had; afterwards it has its
 * own again, whatever the task did to them. They are set in the order in which they were named and put
 * back in reverse; if one cannot be set, those before it are put back and the task is not run in a
 * half-made context. If one cannot be put back, the others still are.
 *
 * <p><b>Null counts as absent.</b> A thread-local does not tell whether it was ever set, so one whose
 * value is null is removed: on the worker if the submitter had none, and afterwards if the worker had
 * none. (A plain {@link ThreadLocal}, which has no initial value, is set to null instead: that is the
 * same to whoever reads it, and cheaper.) Reading a thread-local that has an initial value creates
 * that value, as always, on the submitter and on the worker. One that has an initial value and was set
 * to null goes back to its initial value.
 *
 * <p>There is always something to carry, if only that the submitter has no values: so no task sees
 * what another one left in these thread-locals.
 */
public final class ThreadLocalPropagator implements ContextPropagator {
  private final String name;
  private final int order;
  private final CarriedThreadLocal<?>[] locals;
  private final CapturedContext nothing;

  private ThreadLocalPropagator(Builder builder) {
    this.name = builder.name;
    this.order = builder.order;
    this.locals = builder.locals.toArray(CarriedThreadLocal<?>[]::new);
    this.nothing = new CapturedThreadLocals(locals, new @Nullable Object[locals.length]);
  }

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
  public CapturedContext capture() {
    return locals.length == 1 ? captureOne(locals[0]) : captureAll();
  }

  @Override
  public Set<ContextMode> modes() {
    return EnumSet.allOf(ContextMode.class);
  }

  @Override
  public CapturedContext cleared() {
    return nothing;
  }

  /**
   * As {@link #capture}: what is copied depends on nothing, and what travels as it is should be immutable.
   */
  @Override
  public CapturedContext detach() {
    return capture();
  }

  private CapturedContext captureOne(CarriedThreadLocal<?> local) {
    Object value = local.captured();
    return value == null ? nothing : new CapturedThreadLocal(local, value);
  }

  private CapturedContext captureAll() {
    @Nullable Object[] values = null;
    for (int i = 0; i < locals.length; i++) {
      Object value = locals[i].captured();
      if (value != null) {
        values = values == null ? new @Nullable Object[locals.length] : values;
        values[i] = value;
      }
    }
    return values == null ? nothing : new CapturedThreadLocals(locals, values);
  }

  /** Returns the name and the keys, without any values. */
  @Override
  public String toString() {
    return name + Stream.of(locals).map(CarriedThreadLocal::key).toList();
  }

  /** Collects the thread-locals of one propagator. Not for use by several threads. */
  public static final class Builder {
    private static final String KIND = "thread-local";

    private final String name;
    private final List<CarriedThreadLocal<?>> locals = new ArrayList<>();
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
     * Adds a thread-local whose value travels as it is, so it should be immutable or safe for use by
     * several threads. Defaults to none.
     *
     * @param key what reports of failures call it
     * @throws IllegalArgumentException if the key is blank, or it or the thread-local is there already
     */
    public <T> Builder carry(String key, ThreadLocal<T> local) {
      return carry(key, local, UnaryOperator.identity());
    }

    /**
     * Adds a thread-local of which a copy travels. Defaults to none.
     *
     * @param key what reports of failures call it
     * @param copy makes the copy, on the submitting thread; never given null
     * @throws IllegalArgumentException if the key is blank, or it or the thread-local is there already
     */
    public <T> Builder carry(String key, ThreadLocal<T> local, UnaryOperator<T> copy) {
      requireNonNull(key, "key");
      requireNonNull(local, "local");
      requireNonNull(copy, "copy");
      PropagatorNames.checkKey(name, KIND, key);
      for (CarriedThreadLocal<?> other : locals) {
        if (other.key().equals(key)) {
          throw PropagatorNames.takenKey(name, KIND, key);
        }
        if (other.local() == local) {
          throw PropagatorNames.carriedTwice(name, KIND, key, other.key());
        }
      }
      locals.add(new CarriedThreadLocal<>(key, local, copy));
      return this;
    }

    /**
     * Returns the propagator.
     *
     * @throws IllegalStateException if it would carry nothing
     */
    public ThreadLocalPropagator build() {
      if (locals.isEmpty()) {
        throw PropagatorNames.empty(name, KIND, "carry(key, local)");
      }
      return new ThreadLocalPropagator(this);
    }
  }
}
