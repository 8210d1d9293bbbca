package dev.bobbin.core;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A consumer with the context of who wrapped it. Immutable. */
final class ContextualConsumer<T extends @Nullable Object> implements Consumer<T> {
  private final CapturedContexts contexts;
  private final Consumer<T> consumer;

  ContextualConsumer(CapturedContexts contexts, Consumer<T> consumer) {
    this.contexts = contexts;
    this.consumer = consumer;
  }

  @Override
  public void accept(T value) {
    new ContextualWork<@Nullable Object>(
            contexts, new ValuedRunnable<@Nullable Object>(() -> consumer.accept(value), null))
        .run();
  }

  @Override
  public String toString() {
    return Descriptions.of(consumer);
  }
}
