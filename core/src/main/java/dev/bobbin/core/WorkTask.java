package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/** A task in a form of the pool's own that is no future, with the context of its submitter. */
abstract class WorkTask implements PoolTask {
  /** Written before the append; then the claimer's. */
  private @Nullable CapturedContexts context;

  /** The ticket, and the time if there is one. Written before the append. */
  private @Nullable Object ticket;

  WorkTask(@Nullable CapturedContexts context) {
    this.context = context;
  }

  WorkTask(@Nullable CapturedContexts context, long submittedAt, @Nullable Ticket ticket) {
    this.context = context;
    this.ticket = TimedTicket.of(submittedAt, ticket);
  }

  /** Notes when this is submitted, and with which ticket. Called by the submitter before the append. */
  final void submit(long submittedAt, @Nullable Ticket ticket) {
    this.ticket = TimedTicket.of(submittedAt, ticket);
  }

  @Override
  public @Nullable Ticket ticket() {
    return TimedTicket.ticketIn(ticket);
  }

  @Override
  public long submittedAt() {
    return TimedTicket.timeIn(ticket);
  }

  final boolean hasContext() {
    return context != null;
  }

  /** Notes that this is never run, and was not taken on or is given up by the caller. Never throws. */
  final void dropContext() {
    CapturedContexts.discard(takeContext());
  }

  @Override
  public final @Nullable CapturedContexts takeContext() {
    CapturedContexts taken = context;
    context = null;
    return taken;
  }
}
