package dev.bobbin.core;

import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.spi.FailureReport.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A task of {@code execute} of which more is to be known than its work: a context, a time, a {@link
 * Ticket}; any other goes through as it was given.
 */
final class PlainTask extends WorkTask {
  private final Runnable work;

  /** What the work threw. The runner's alone. */
  private @Nullable Throwable failure;

  PlainTask(
      Runnable work,
      @Nullable CapturedContexts context,
      long submittedAt,
      @Nullable Ticket ticket) {
    super(context, submittedAt, ticket);
    this.work = work;
  }

  @Override
  public void run() {
    work.run();
  }

  @Override
  public void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    RunLimit limit = runner.limit(this, slot);
    Throwable told = null;
    try {
      work.run();
    } catch (Throwable thrown) {
      failure = thrown;
      told = thrown;
    }
    if (limit != null) {
      told = limit.end(told);
    }
    if (told != null) {
      runner.report(Kind.TASK, this, told, this, context, slot);
    }
  }

  @Override
  public void failBody(
      Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    failure = thrown;
    runner.report(Kind.TASK, this, thrown, this, context, slot);
  }

  @Override
  public void breakOff(Throwable thrown) {
    failure = thrown;
  }

  @Override
  public Ending ending() {
    return failure == null ? Ending.COMPLETED : Ending.FAILED;
  }

  @Override
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void complete(Slot slot) {}

  @Override
  public void discard(TaskRunner runner, TaskDiscardedException reason) {
    CapturedContexts captured = takeContext();
    if (captured == null) {
      runner.reportDiscarded(this, reason, null);
    } else {
      captured.run(() -> runner.reportDiscarded(this, reason, captured));
    }
  }

  @Override
  public Runnable bareWork() {
    return work;
  }

  @Override
  public String description() {
    return Descriptions.of(ticket(), work);
  }
}
