package dev.bobbin.core;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskDiscardedException;
import org.jspecify.annotations.Nullable;

/** A task that can be cancelled while it waits, and knows what became of it. */
final class HandTask extends WorkTask {
  private enum Claim {
    NONE,
    CLAIMED,
    CANCELLED
  }

  private final String name;
  private final Runnable work;
  private Claim claim = Claim.NONE;
  private Runnable beforeClaim = () -> {};
  private int runs;
  private int discards;
  private @Nullable RejectionReason reason;

  HandTask(String name, Runnable work) {
    super(null);
    this.name = name;
    this.work = work;
  }

  /** Does this when a taker has the task in hand and has not claimed it yet. */
  void beforeClaim(Runnable action) {
    beforeClaim = action;
  }

  /** Cancels the task if nobody has claimed it. */
  boolean cancel(Team team) {
    if (claim != Claim.NONE) {
      return false;
    }
    claim = Claim.CANCELLED;
    team.noteCancelled(this);
    return true;
  }

  int runs() {
    return runs;
  }

  int discards() {
    return discards;
  }

  boolean isCancelled() {
    return claim == Claim.CANCELLED;
  }

  @Nullable
  RejectionReason reason() {
    return reason;
  }

  void noteDiscarded(RejectionReason why) {
    discards++;
    reason = why;
  }

  @Override
  public boolean claim() {
    Runnable action = beforeClaim;
    beforeClaim = () -> {};
    action.run();
    if (claim != Claim.NONE) {
      return false;
    }
    claim = Claim.CLAIMED;
    return true;
  }

  @Override
  public boolean claimToDiscard() {
    return claim();
  }

  @Override
  public boolean isGone() {
    return claim == Claim.CANCELLED;
  }

  @Override
  public void run() {
    runs++;
    work.run();
  }

  @Override
  public long submittedAt() {
    return TaskClock.UNTIMED;
  }

  @Override
  public void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    run();
  }

  @Override
  public void failBody(
      Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    throw new AssertionError("it has no context that could fail", thrown);
  }

  @Override
  public Ending ending() {
    return Ending.COMPLETED;
  }

  @Override
  public void complete(Slot slot) {}

  @Override
  public void discard(TaskRunner runner, TaskDiscardedException why) {
    noteDiscarded(why.reason());
  }

  @Override
  public Runnable bareWork() {
    return this;
  }

  @Override
  public String description() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
