package dev.bobbin.core;

import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A propagator in another mode than that of carrying what it captures. Made once for each pool. */
final class PropagatorInMode implements ContextPropagator {
  private final ContextPropagator propagator;
  private final Supplier<@Nullable CapturedContext> capture;

  private PropagatorInMode(
      ContextPropagator propagator, Supplier<@Nullable CapturedContext> capture) {
    this.propagator = propagator;
    this.capture = capture;
  }

  /**
   * Returns what a pool is to use of a propagator in a mode that it has: nothing in the mode that leaves
   * all unchanged.
   *
   * @throws RuntimeException if the propagator throws, or has nothing to clear with
   */
  static @Nullable ContextPropagator of(ContextPropagator propagator, ContextMode mode) {
    return switch (mode) {
      case PROPAGATE -> propagator;
      case UNCHANGED -> null;
      case DETACH -> new PropagatorInMode(propagator, propagator::detach);
      case CLEAR -> {
        CapturedContext cleared = propagator.cleared();
        if (cleared == null) {
          throw new NullPointerException("cleared() returned null");
        }
        yield new PropagatorInMode(propagator, () -> cleared);
      }
    };
  }

  @Override
  public String name() {
    return propagator.name();
  }

  @Override
  public int order() {
    return propagator.order();
  }

  @Override
  public Map<String, String> present() {
    return propagator.present();
  }

  @Override
  public @Nullable CapturedContext capture() {
    return capture.get();
  }
}
