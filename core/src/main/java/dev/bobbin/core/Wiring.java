package dev.bobbin.core;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.WorkerThreadFactory;
import java.util.List;

/**
 * What a pool is made of, decided and checked: made by {@link WiringPlan#resolve}.
 *
 * @param threadFactory the one that makes the workers' threads
 * @param contextPropagators outermost first
 * @param failureReporters in the order in which they are told
 */
record Wiring(
    WorkerThreadFactory threadFactory,
    List<ContextPropagator> contextPropagators,
    List<FailureReporter> failureReporters) {
  Wiring {
    contextPropagators = List.copyOf(contextPropagators);
    failureReporters = List.copyOf(failureReporters);
  }
}
