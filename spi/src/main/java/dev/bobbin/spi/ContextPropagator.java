package dev.bobbin.spi;

import org.jspecify.annotations.Nullable;

/**
 * Carries one kind of context from the thread that submits a task to the worker that runs it.
 * Implemented by authors of plugins; {@link #capture} is called by the pool on the submitting
 * thread, once for each task, and must be cheap.
 *
 * <p>If it throws, that is reported under the plugin's name and the task goes without this context.
 */
public interface ContextPropagator extends Plugin {
  /**
   * Returns a snapshot of the calling thread's context, or null if there is nothing to carry. What
   * happens to the context afterwards must not change the snapshot.
   */
  @Nullable
  CapturedContext capture();
}
