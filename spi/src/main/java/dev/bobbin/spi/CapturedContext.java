package dev.bobbin.spi;

import java.util.Map;

/**
 * A context that was captured on the submitting thread. Implemented by authors of plugins; called by
 * the pool on the worker. Must not change once it is captured.
 *
 * <p>The body that the pool hands in never throws and knows whether it ran. If {@link #run} throws
 * before or after the body, does not run it, runs it twice or on another thread, that is reported
 * once under the plugin's name, and the task still runs exactly once, outside this context if need
 * be.
 *
 * <p>Memory consistency effects: actions in the submitting thread before {@link
 * ContextPropagator#capture} returned happen-before {@link #run}.
 */
public interface CapturedContext {
  /**
   * Puts this context in force on the calling thread, runs {@code body} once on it, and puts back
   * exactly what was there before.
   */
  void run(Runnable body);

  /**
   * Is told that a task will never run inside of this: it was refused, cancelled or given up. Called in the
   * place of {@link #run}, once for each such task, on whatever thread ends it. What is thrown is reported
   * under the plugin's name. Does nothing by default, which is right for whatever only holds values.
   */
  default void discarded() {}

  /**
   * Returns the keys and values of this context as text, for reports of failures. Called on the
   * worker, only when there is something to report. Defaults to none.
   */
  default Map<String, String> describe() {
    return Map.of();
  }
}
