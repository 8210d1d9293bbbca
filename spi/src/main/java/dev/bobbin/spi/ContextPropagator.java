package dev.bobbin.spi;

import dev.bobbin.api.ContextMode;
import java.util.Map;
import java.util.Set;
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

  /**
   * Returns what the calling thread has of this kind just now, as keys and texts. Called on workers, before
   * and after tasks, by a pool that looks for what these leave behind; equal answers say that nothing was.
   * Defaults to what a {@link #capture captured} context tells of itself.
   */
  default Map<String, String> present() {
    CapturedContext captured = capture();
    if (captured == null) {
      return Map.of();
    }
    try {
      return captured.describe();
    } finally {
      captured.discarded(); // nothing runs in it
    }
  }

  /**
   * Returns the modes in which a pool can use this, which its configuration chooses from; {@link
   * ContextMode#UNCHANGED} needs no word, since a pool then does not use it. Asked once for each pool, when
   * it is wired. Defaults to {@link ContextMode#PROPAGATE} alone.
   */
  default Set<ContextMode> modes() {
    return Set.of(ContextMode.PROPAGATE);
  }

  /**
   * Returns a context that takes away, for the time of its body, whatever the calling thread has of this
   * kind, and puts it back. Called, where a pool is to clear, once when that is wired, so it serves all
   * its tasks. Not called unless {@link #modes} has {@link ContextMode#CLEAR}. Defaults to refusing.
   *
   * @throws UnsupportedOperationException unless it is overridden
   */
  default CapturedContext cleared() {
    throw new UnsupportedOperationException("Propagator '%s' cannot clear.".formatted(name()));
  }

  /**
   * Returns, as {@link #capture} does, a snapshot of the calling thread's context, or null if there is
   * nothing to carry; but one that needs nothing of what it was taken from: it holds copies of the values,
   * which stay as they are when what they belong to, such as a request, has ended. Called in the place of
   * {@link #capture}, on the submitting thread, where a pool is to detach. Not called unless {@link
   * #modes} has {@link ContextMode#DETACH}. Defaults to refusing.
   *
   * @throws UnsupportedOperationException unless it is overridden
   */
  default @Nullable CapturedContext detach() {
    throw new UnsupportedOperationException("Propagator '%s' cannot detach.".formatted(name()));
  }
}
