package dev.bobbin.api;

import org.jspecify.annotations.Nullable;

/**
 * A thread that a pool asked for could not be made or started. The cause of a {@link
 * TaskRejectedException} with reason {@link RejectionReason#NO_THREAD}, thrown by {@link
 * ThreadPool#start()} if not one thread could be made, and otherwise reported.
 */
public final class ThreadCreationException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception; called by pools.
   *
   * @param message which pool, which factory, what it did and the way out
   * @param cause what the factory or the start of the thread threw, or null
   */
  public ThreadCreationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
