package dev.bobbin.context;

import com.google.auto.service.AutoService;
import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries the {@link Context} in force where a task is submitted, under the name {@code
 * bobbin-context}. A context is immutable, so capturing it is reading one reference; where none is in
 * force there is nothing to carry.
 */
@AutoService(ContextPropagator.class)
public final class BobbinContextPropagator implements ContextPropagator {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public BobbinContextPropagator() {}

  @Override
  public String name() {
    return "bobbin-context";
  }

  @Override
  public @Nullable CapturedContext capture() {
    Context current = Context.current();
    return current.isEmpty() ? null : current;
  }

  @Override
  public Set<ContextMode> modes() {
    return EnumSet.allOf(ContextMode.class);
  }

  @Override
  public CapturedContext cleared() {
    return Context.empty();
  }

  /** As {@link #capture}: a context depends on nothing. */
  @Override
  public @Nullable CapturedContext detach() {
    return capture();
  }
}
