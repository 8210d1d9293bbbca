package dev.bobbin.context;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries OpenTelemetry's {@code Context}, under the name {@code opentelemetry-context}: the current span,
 * the baggage, and whatever else is in it. Reports of failures tell the ids of trace and span.
 *
 * <p>The root context is carried as any other, and what was current on the worker is current again
 * afterwards, even if the task left a scope of its own open.
 *
 * <p>Unavailable where {@code io.opentelemetry:opentelemetry-api} is absent. OpenTelemetry's Java agent
 * does not need it, nor disturb it: what the agent has put into force on the submitting thread is what
 * is carried.
 */
@AutoService(ContextPropagator.class)
public final class OpenTelemetryContextPropagator implements ContextPropagator {
  // No name of OpenTelemetry's is in this class, which must load without it: all are in
  // OpenTelemetryContext.

  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public OpenTelemetryContextPropagator() {}

  @Override
  public String name() {
    return "opentelemetry-context";
  }

  @Override
  public Optional<String> unavailable() {
    return Absence.of(
        "OpenTelemetry",
        "io.opentelemetry:opentelemetry-api",
        () -> OpenTelemetryContext.unavailable());
  }

  @Override
  public CapturedContext capture() {
    return OpenTelemetryContext.capture();
  }

  /** Returns which context it is, whatever becomes of what is in it, and the ids. */
  @Override
  public Map<String, String> present() {
    return OpenTelemetryContext.present();
  }

  @Override
  public Set<ContextMode> modes() {
    return EnumSet.allOf(ContextMode.class);
  }

  /** Returns the root context. */
  @Override
  public CapturedContext cleared() {
    return OpenTelemetryContext.cleared();
  }

  /**
   * Returns a context with the ids of the current span, which what the task begins has for its parent, and
   * with the baggage; neither the span itself nor anything else is in it.
   */
  @Override
  public CapturedContext detach() {
    return OpenTelemetryContext.detach();
  }
}
