package dev.bobbin.core;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.spi.FailureReport.Kind;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A task of {@code callInThreadWithCallback}. */
final class CallbackTask<T extends @Nullable Object> extends WorkTask {
  /*
   * The work is gone before the callback is called, and the callback before the task is off the
   * books: each is taken out of its field and called in one expression, since a local variable of the
   * calling frame would keep it alive as long as the call. A callback that is to be called elsewhere
   * goes there with the outcome, by a hand-over that is still part of the body.
   */
  private final Class<?> workType;
  private @Nullable Callable<? extends T> work;
  private @Nullable OutcomeCallback<? super T> callback;

  /** Where the callback is to be called, or null for the worker. */
  private final @Nullable Executor deliverOn;

  /** What the work threw, until the task is off the books. The runner's alone. */
  private @Nullable Throwable failure;

  CallbackTask(
      OutcomeCallback<? super T> callback,
      Callable<? extends T> work,
      @Nullable CapturedContexts context,
      long submittedAt,
      @Nullable Ticket ticket,
      @Nullable Executor deliverOn) {
    super(context, submittedAt, ticket);
    this.callback = callback;
    this.work = work;
    this.workType = ContextualWork.unwrapped(work).getClass();
    this.deliverOn = deliverOn;
  }

  @Override
  public void run() {
    throw new UnsupportedOperationException("a task with a callback is run by its pool only");
  }

  @Override
  public void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    tell(call(runner.limit(this, slot)), runner, context, slot);
  }

  private Outcome<T> call(@Nullable RunLimit limit) {
    Outcome<T> outcome;
    try {
      outcome = Outcome.success(takeWork().call());
    } catch (Throwable thrown) {
      failure = thrown;
      outcome = failure(thrown);
    }
    Throwable told = limit == null ? failure : limit.end(failure);
    return told == failure || told == null ? outcome : Outcome.failure(told);
  }

  private static <T extends @Nullable Object> Outcome<T> failure(Throwable thrown) {
    for (int left = Scarcity.TRIES; ; left--) {
      try {
        return Outcome.failure(thrown);
      } catch (OutOfMemoryError full) {
        Scarcity.pause(left, full);
      }
    }
  }

  @SuppressWarnings("unchecked") // a callback for a supertype of T takes an outcome of T
  private void tell(
      Outcome<T> outcome,
      TaskRunner runner,
      @Nullable CapturedContexts context,
      @Nullable Slot slot) {
    if (deliverOn != null) {
      new Delivery<>((OutcomeCallback<T>) takeCallback(), outcome, runner, this)
          .handTo(deliverOn, context, slot);
      return;
    }
    Class<?> callbackType = Object.class;
    try {
      if (callback != null) {
        callbackType = callback.getClass();
      }
      ((OutcomeCallback<T>) takeCallback()).onOutcome(outcome);
    } catch (Throwable thrown) {
      runner.report(Kind.CALLBACK, callbackType, thrown, this, context, slot);
    }
  }

  private Callable<? extends T> takeWork() {
    Callable<? extends T> taken = work;
    work = null;
    if (taken == null) {
      throw new IllegalStateException("the work was run before");
    }
    return taken;
  }

  private OutcomeCallback<? super T> takeCallback() {
    OutcomeCallback<? super T> taken = callback;
    callback = null;
    if (taken == null) {
      throw new IllegalStateException("the callback was called before");
    }
    return taken;
  }

  @Override
  public void failBody(
      Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    work = null;
    failure = thrown;
    tell(failure(thrown), runner, context, slot);
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
  public void complete(Slot slot) {
    failure = null;
  }

  @Override
  public void discard(TaskRunner runner, TaskDiscardedException reason) {
    work = null;
    CapturedContexts captured = takeContext();
    if (captured == null) {
      tell(Outcome.failure(reason), runner, null, null);
    } else {
      captured.run(() -> tell(Outcome.failure(reason), runner, captured, null));
    }
  }

  @Override
  public Runnable bareWork() {
    Callable<? extends T> waiting = work;
    return waiting == null ? () -> {} : new BareCall(waiting);
  }

  @Override
  public String description() {
    Callable<? extends T> waiting = work;
    return Descriptions.of(ticket(), waiting == null ? workType : waiting);
  }
}
