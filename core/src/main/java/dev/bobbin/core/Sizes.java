package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.concurrent.CompletableFuture;

/**
 * The sizes of a team, with the epoch that the state word must bear for them to be in force and the
 * handle of the change that set them.
 */
final class Sizes {
  final PoolSizes target;
  final int min;
  final int max;

  /** How many tasks may wait for workers that are all busy. */
  final int limit;

  final int epoch;
  final Handle inForce = new Handle();

  Sizes(PoolSizes target, int limit, int epoch) {
    this.target = target;
    this.min = target.minWorkers();
    this.max = target.maxWorkers();
    this.limit = limit;
    this.epoch = epoch;
  }

  boolean isBounded() {
    return limit != ThreadPoolConfig.UNBOUNDED;
  }

  /**
   * Completes the handle; what depends on it, which is foreign code, does not run on the caller, unless
   * no thread can be had for it. Never throws.
   */
  void complete() {
    if (inForce.getNumberOfDependents() > 0) {
      try {
        inForce.completeAsync(() -> target);
        return;
      } catch (Throwable noThread) {
        // the caller is a worker that begins or leaves, or a stop: it must go on
      }
    }
    inForce.complete(target);
  }

  /**
   * What callers of a resize get, as a stage. It is no minimal stage of another future, which would
   * be a dependent like any other, so that every handle were completed by a thread of its own.
   */
  static final class Handle extends CompletableFuture<PoolSizes> {
    @Override
    public CompletableFuture<PoolSizes> toCompletableFuture() {
      return copy(); // nobody but the team says that the sizes are in force
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }
  }
}
