package dev.bobbin.context;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Carries the map of SLF4J's MDC, under the name {@code slf4j-mdc}, so that the log lines of a task
 * bear what the submitter had put there and nothing else. Where the MDC is empty, that is carried: what
 * another task has left on the worker does not show, and what this one leaves is put back. The stacks
 * of {@code MDC.pushByKey} stay behind.
 *
 * <p>Unavailable where SLF4J is absent, and where its MDC keeps nothing: with no logging back end, or
 * one without an MDC.
 */
@AutoService(ContextPropagator.class)
public final class Slf4jMdcPropagator implements ContextPropagator {
  // No name of SLF4J is in this class: it must load where there is none. All of them are in
  // Slf4jMdc.

  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public Slf4jMdcPropagator() {}

  @Override
  public String name() {
    return "slf4j-mdc";
  }

  @Override
  public Optional<String> unavailable() {
    return Absence.of(
        "SLF4J", "org.slf4j:slf4j-api 2 and a back end", () -> Slf4jMdc.unavailable());
  }

  @Override
  public CapturedContext capture() {
    return Slf4jMdc.capture();
  }

  @Override
  public Set<ContextMode> modes() {
    return EnumSet.allOf(ContextMode.class);
  }

  @Override
  public CapturedContext cleared() {
    return Slf4jMdc.cleared();
  }

  /** As {@link #capture}, which copies. */
  @Override
  public CapturedContext detach() {
    return capture();
  }
}
