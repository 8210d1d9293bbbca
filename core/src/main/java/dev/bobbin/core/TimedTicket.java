package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/**
 * When a task was submitted, with the {@link Ticket} in whose place it stands: a task that is not timed
 * has no field for its time.
 */
record TimedTicket(long submittedAt, @Nullable Ticket ticket) {
  /** Returns what a task keeps of both. */
  static @Nullable Object of(long submittedAt, @Nullable Ticket ticket) {
    return submittedAt == TaskClock.UNTIMED ? ticket : new TimedTicket(submittedAt, ticket);
  }

  /** Returns the ticket in what {@link #of} returned. */
  static @Nullable Ticket ticketIn(@Nullable Object kept) {
    return kept instanceof TimedTicket timed ? timed.ticket : (Ticket) kept;
  }

  /** Returns the time in what {@link #of} returned, or {@link TaskClock#UNTIMED}. */
  static long timeIn(@Nullable Object kept) {
    return kept instanceof TimedTicket timed ? timed.submittedAt : TaskClock.UNTIMED;
  }
}
