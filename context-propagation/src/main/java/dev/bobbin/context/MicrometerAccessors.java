package dev.bobbin.context;

import dev.bobbin.spi.CapturedContext;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The accessors in one of Micrometer's registries. The one place that touches Micrometer. Fails to link,
 * at the first call, where Micrometer is absent.
 */
final class MicrometerAccessors {
  private static final MicrometerAccessors OF_THE_PROCESS =
      new MicrometerAccessors(ContextRegistry.getInstance());

  private final ContextRegistry registry;

  /** What was registered when this was asked last. Written by any thread. */
  private volatile CarriedAccessor<?>[] known = {};

  MicrometerAccessors(ContextRegistry registry) {
    this.registry = registry;
  }

  /** Returns empty, where it returns. */
  static Optional<String> unavailable() {
    return Optional.empty();
  }

  static MicrometerAccessors ofTheProcess() {
    return OF_THE_PROCESS;
  }

  /** Returns the values that the calling thread has, or null if nothing is registered. */
  @Nullable
  CapturedContext capture() {
    CarriedAccessor<?>[] accessors = registered();
    if (accessors.length == 0) {
      return null;
    }
    var values = new @Nullable Object[accessors.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = accessors[i].captured();
    }
    return new CapturedThreadLocals(accessors, values);
  }

  /** Returns what takes away all values that the calling thread has, of whatever is registered by then. */
  CapturedContext cleared() {
    return body -> {
      CarriedAccessor<?>[] accessors = registered();
      new CapturedThreadLocals(accessors, new @Nullable Object[accessors.length]).run(body);
    };
  }

  /** Returns which values the calling thread has: their texts, as of an observation, may change meanwhile. */
  Map<String, String> present() {
    var identities = new HashMap<String, String>();
    for (CarriedAccessor<?> accessor : registered()) {
      Object value = accessor.present();
      if (value != null) {
        String identity = Integer.toHexString(System.identityHashCode(value));
        identities.put(accessor.key(), value.getClass().getName() + "@" + identity);
      }
    }
    return identities;
  }

  private CarriedAccessor<?>[] registered() {
    Object[] now = registry.getThreadLocalAccessors().toArray(); // at one moment: it may change
    CarriedAccessor<?>[] accessors = known;
    if (!isSame(accessors, now)) {
      accessors = Stream.of(now)
          .map(accessor -> new CarriedAccessor<>((ThreadLocalAccessor<?>) accessor))
          .toArray(CarriedAccessor<?>[]::new);
      known = accessors;
    }
    return accessors;
  }

  private static boolean isSame(CarriedAccessor<?>[] known, Object[] now) {
    if (known.length != now.length) {
      return false;
    }
    for (int i = 0; i < now.length; i++) {
      if (known[i].accessor != now[i]) {
        return false;
      }
    }
    return true;
  }

  /** The value behind one accessor. */
  private static final class CarriedAccessor<V> implements Carried {
    private final ThreadLocalAccessor<V> accessor;

    CarriedAccessor(ThreadLocalAccessor<V> accessor) {
      this.accessor = accessor;
    }

    @Override
    public String key() {
      return SafeText.of(accessor.key());
    }

    @Override
    public @Nullable Object captured() {
      return accessor.getValue();
    }

    @Override
    public @Nullable Object present() {
      return accessor.getValue();
    }

    @Override
    @SuppressWarnings("unchecked") // only what the accessor returned comes back here
    public void put(@Nullable Object value) {
      if (value == null) {
        accessor.setValue();
      } else {
        accessor.setValue((V) value);
      }
    }

    @Override
    @SuppressWarnings("unchecked") // only what the accessor returned comes back here
    public void putBack(@Nullable Object before) {
      if (before == null) {
        accessor.restore();
      } else {
        accessor.restore((V) before);
      }
    }
  }
}
