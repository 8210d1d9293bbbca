package dev.bobbin.core;

import dev.bobbin.api.StopReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The stage that tells of a pool's end, made when the first one asks for it. */
final class Termination {
  private final CompletableFuture<StopReport> future = new CompletableFuture<>();
  private final CompletionStage<StopReport> stage = future.minimalCompletionStage();
  private final AtomicBoolean claimed = new AtomicBoolean();

  /** Returns what users get; it cannot be completed through this. */
  CompletionStage<StopReport> stage() {
    return stage;
  }

  /** Decides that the caller sees to the completion; false if somebody else does. */
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  /** Completes the stage and runs, on the calling thread, what depends on it. */
  void complete(StopReport report) {
    future.complete(report);
  }
}
