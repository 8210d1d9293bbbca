package dev.bobbin.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A future of {@code deferToThread}, or a stage behind one. What is asynchronous here and names no
 * executor runs where the future completes.
 */
class DeliveredStage<T extends @Nullable Object> extends CompletableFuture<T> {
  final Executor deliverOn;

  DeliveredStage(Executor deliverOn) {
    this.deliverOn = deliverOn;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new DeliveredStage<>(deliverOn);
  }

  @Override
  public Executor defaultExecutor() {
    return deliverOn;
  }
}
