package dev.bobbin.core;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool is made of, decided and checked: made by {@link WiringPlan#resolve}.
 *
 * @param threadFactory the one that makes the workers' threads
 * @param contextPropagators outermost first
 * @param failureReporters in the order in which they are told
 * @param growth what decides when the pool grows, or null if it grows at once
 * @param listeners in the order in which they are told
 */
record Wiring(
    WorkerThreadFactory threadFactory,
    List<ContextPropagator> contextPropagators,
    List<FailureReporter> failureReporters,
    @Nullable PoolGrowth growth,
    List<PoolListener> listeners) {
  Wiring {
    contextPropagators = List.copyOf(contextPropagators);
    failureReporters = List.copyOf(failureReporters);
    listeners = List.copyOf(listeners);
  }

  /** What a pool is made of that grows at once and has no listeners. */
  Wiring(
      WorkerThreadFactory threadFactory,
      List<ContextPropagator> contextPropagators,
      List<FailureReporter> failureReporters) {
    this(threadFactory, contextPropagators, failureReporters, null, List.of());
  }

  /** What a pool is made of that has no listeners. */
  Wiring(
      WorkerThreadFactory threadFactory,
      List<ContextPropagator> contextPropagators,
      List<FailureReporter> failureReporters,
      @Nullable PoolGrowth growth) {
    this(threadFactory, contextPropagators, failureReporters, growth, List.of());
  }
}
