package dev.bobbin.core;

import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.WorkerThreadFactory;

/** The kinds of plugin, with the words for them. */
enum PluginKind {
  THREAD_FACTORY(WorkerThreadFactory.class, "thread factory", "thread factories"),
  CONTEXT_PROPAGATOR(ContextPropagator.class, "context propagator", "context propagators"),
  FAILURE_REPORTER(FailureReporter.class, "failure reporter", "failure reporters"),
  GROWTH_POLICY(GrowthPolicy.class, "growth policy", "growth policies"),
  POOL_LISTENER(PoolListener.class, "pool listener", "pool listeners");

  private final Class<? extends Plugin> type;
  private final String one;
  private final String many;

  PluginKind(Class<? extends Plugin> type, String one, String many) {
    this.type = type;
    this.one = one;
    this.many = many;
  }

  Class<? extends Plugin> type() {
    return type;
  }

  String one() {
    return one;
  }

  String many() {
    return many;
  }

  /** Returns "Thread factory" and the like, for the beginning of a sentence. */
  String atFront() {
    return Words.capitalized(one);
  }
}
