package dev.bobbin.context;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries every thread-local that Micrometer's {@code ContextRegistry} knows an accessor of, under the
 * name {@code micrometer-context}: observations, what Spring and Reactor register, and what the
 * application registers itself. It asks the one registry of the process, {@code
 * ContextRegistry.getInstance()}, anew with each task.
 *
 * <p>All values are set, or none; where the submitter has none, the worker has none for the time of the
 * task (Micrometer's {@code clearMissing}); and afterwards each accessor is asked, in reverse, to put
 * back what was there. With no accessor registered there is nothing to carry.
 *
 * <p>Unavailable where {@code io.micrometer:context-propagation} is absent.
 */
@AutoService(ContextPropagator.class)
public final class MicrometerContextPropagator implements ContextPropagator {
  // No name of Micrometer's is in this class, which must load without it: all are in
  // MicrometerAccessors.

  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public MicrometerContextPropagator() {}

  @Override
  public String name() {
    return "micrometer-context";
  }

  @Override
  public Optional<String> unavailable() {
    return Absence.of(
        "Micrometer's context propagation",
        "io.micrometer:context-propagation",
        () -> MicrometerAccessors.unavailable());
  }

  @Override
  public @Nullable CapturedContext capture() {
    return MicrometerAccessors.ofTheProcess().capture();
  }

  /** Returns the keys, and which object stands under each, not its text. */
  @Override
  public Map<String, String> present() {
    return MicrometerAccessors.ofTheProcess().present();
  }

  /** Returns all but {@link ContextMode#DETACH}: what an accessor gives is the library's own, not a copy. */
  @Override
  public Set<ContextMode> modes() {
    return EnumSet.complementOf(EnumSet.of(ContextMode.DETACH));
  }

  @Override
  public CapturedContext cleared() {
    return MicrometerAccessors.ofTheProcess().cleared();
  }
}
