package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one task has to be kept of beside its work, if something is asked for it: its {@link Terms}
 * and, for a task that has no state of its own, the claim.
 */
final class Ticket {
  /*
   * The claim, by CAS, of a task that is no future:
   *
   *   WAITING -> TAKEN   by the worker that runs it
   *   WAITING -> GONE    by whoever gives it up unrun
   */
  private static final int WAITING = 0;
  private static final int TAKEN = 1;
  private static final int GONE = 2;

  final Terms terms;
  private final AtomicInteger claim = new AtomicInteger(WAITING);

  private Ticket(Terms terms) {
    this.terms = terms;
  }

  static @Nullable Ticket of(@Nullable Terms terms) {
    return terms == null ? null : new Ticket(terms);
  }

  boolean claim() {
    return claim.compareAndSet(WAITING, TAKEN);
  }

  boolean claimToDiscard() {
    return claim.compareAndSet(WAITING, GONE);
  }

  boolean isGone() {
    return claim.get() == GONE;
  }
}
