package dev.bobbin.core;

import dev.bobbin.api.ContextFailedException;
import dev.bobbin.spi.CapturedContext;

/** Stands for a context that could not be captured, and has been reported, where its task is to fail for that. */
record Uncaptured(ContextFailedException failure) implements CapturedContext {
  @Override
  public void run(Runnable body) {
    throw failure;
  }
}
