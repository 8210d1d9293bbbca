package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import java.util.concurrent.CompletableFuture;

/**
 * The sizes of a team, with the epoch that the state word must bear for them to be in force and the
 * handle of the change that set them.
 */
final class Sizes {
  final PoolSizes target;
  final int min;
  final int max;
  final int epoch;
  final CompletableFuture<PoolSizes> inForce = new CompletableFuture<>();

  Sizes(PoolSizes target, int epoch) {
    this.target = target;
    this.min = target.minWorkers();
    this.max = target.maxWorkers();
    this.epoch = epoch;
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
}
