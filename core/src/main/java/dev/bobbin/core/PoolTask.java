package dev.bobbin.core;

import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import org.jspecify.annotations.Nullable;

/**
 * A task in a form of the pool's own, which knows more than a bare {@link Runnable}: a context, a
 * callback, a future, or when it was submitted. Called by the team and the {@link TaskRunner}; from
 * a successful {@link #claim} on by one thread at a time, unless a method says otherwise.
 */
interface PoolTask extends Runnable {
  /**
   * Returns the task as what it is, or null if it is as its submitter gave it. Two comparisons of
   * classes: to ask whether an object is of an interface takes the JVM, up to JDK 22, a search through
   * all that its class implements whenever it is not.
   */
  static @Nullable PoolTask of(@Nullable Runnable task) {
    if (task instanceof WorkTask own) {
      return own;
    }
    return task instanceof PoolFuture<?> future ? future : null;
  }

  /**
   * Returns what is asked for this task, or null if nothing is. It holds the claim as well, for tasks
   * that have no state of their own; without one, whoever took the task out of the backlog has it.
   */
  default @Nullable Ticket ticket() {
    return null;
  }

  /** Returns whether it runs in the order of others of its key. */
  default boolean hasKey() {
    Ticket ticket = ticket();
    return ticket != null && ticket.terms.key() != null;
  }

  /** Decides that the calling worker runs this task; false if somebody ended it before. */
  default boolean claim() {
    Ticket ticket = ticket();
    return ticket == null || ticket.claim();
  }

  /** Decides that the caller gives this task up unrun; false if somebody ended it before. */
  default boolean claimToDiscard() {
    Ticket ticket = ticket();
    return ticket == null || ticket.claimToDiscard();
  }

  /** Returns whether somebody ended this task before a worker took it. Called by any thread. */
  default boolean isGone() {
    Ticket ticket = ticket();
    return ticket != null && ticket.isGone();
  }

  /** Returns the submitter's context, or null, and forgets it. */
  @Nullable
  CapturedContexts takeContext();

  /** Returns when the task was submitted, by the pool's clock, or {@link TaskClock#UNTIMED}. */
  long submittedAt();

  /**
   * Runs the work, lets go of it, and tells a callback, or the reporters of a failure that nobody
   * else is told of. Called on the worker, inside the context. Never throws.
   */
  void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot);

  /**
   * Ends the work unrun, as if it had thrown this, and tells whom {@link #runBody} would tell. Called on the
   * worker in the place of that, inside of those contexts that could be put into force. Never throws.
   */
  void failBody(Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot);

  /**
   * Makes a failure of a task whose {@link #runBody} could not be called or did not return, for want of
   * memory or of stack. Called on the worker. Never throws.
   */
  default void breakOff(Throwable thrown) {}

  /** Returns how the work ended, once {@link #runBody} has returned. */
  Ending ending();

  /** Returns what the work threw if it failed, from {@link #runBody} to {@link #complete}. */
  default @Nullable Throwable failure() {
    return null;
  }

  /** Tells whoever waits, once the task is off the books. Called on the worker. Never throws. */
  void complete(Slot slot);

  /** Tells a callback or a future that the task was given up unrun. Never throws. */
  void discard(TaskRunner runner, TaskDiscardedException reason);

  /**
   * Tells a future that nobody waits for the end of this task any more. The task still runs, and ends
   * for the books when it does. Called by any thread. Never throws.
   */
  default void abandon(TaskAbandonedException reason) {}

  /** Interrupts the work if it still runs, and fails what can be failed now. Called by an errand. */
  default void timeOut(RunLimit limit) {
    Ticket ticket = ticket();
    if (ticket != null) {
      ticket.timeOut(limit);
    }
  }

  /** Returns the work alone, for those who might want to run it after all. Called before a discard. */
  Runnable bareWork();

  /** Returns the text of the work. Called by any thread, at any time. */
  String description();

  /** How a task ended that was taken. */
  enum Ending {
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
