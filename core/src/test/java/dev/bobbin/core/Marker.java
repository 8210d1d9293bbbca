package dev.bobbin.core;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import org.jspecify.annotations.Nullable;

/** Carries one text from the submitter to the worker. */
final class Marker implements ContextPropagator {
  private final ThreadLocal<@Nullable String> text = new ThreadLocal<>();

  void set(String value) {
    text.set(value);
  }

  @Nullable
  String get() {
    return text.get();
  }

  @Override
  public String name() {
    return "marker";
  }

  @Override
  public @Nullable CapturedContext capture() {
    String captured = text.get();
    return captured == null ? null : body -> runWith(captured, body);
  }

  private void runWith(String captured, Runnable body) {
    String before = text.get();
    text.set(captured);
    try {
      body.run();
    } finally {
      text.set(before);
    }
  }
}
