package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/** A task in a form of the pool's own that is no future, with the context of its submitter. */
abstract class WorkTask implements PoolTask {
  /** Written before the append; then the claimer's. */
  private @Nullable CapturedContexts context;

  WorkTask(@Nullable CapturedContexts context) {
    this.context = context;
  }

  @Override
  public final @Nullable CapturedContexts takeContext() {
    CapturedContexts taken = context;
    context = null;
    return taken;
  }
}
