package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The task of one asynchronous stage, which is also the executor that its stage is given: so it has
 * the context of the thread that added the stage, and can fail the stage if the pool gives it up.
 */
final class StageTask extends WorkTask implements Executor {
  /*
   * CompletableFuture calls execute at most once, when the stage is due; the call may come before it
   * has returned the stage, and so before `completing`. Whoever gives the task up, unrun or since it
   * has run too long, writes `givenUp`, then reads `stage`; `completing` writes `stage`, then reads
   * `givenUp`: one of them fails it. The same goes for a stop that abandons it while it runs.
   *
   * A stage that ends before its task was due, since what it depends on has failed or somebody has completed
   * it, drops the context. If the task is due at that very moment its worker may have the context as well,
   * in which it then does nothing.
   *
   * A stage that is done does nothing when its work is run once more: what a stop hands back of it
   * is harmless, and no more.
   */
  private final Pool pool;

  /** What the user gave, until it is run; then its class. For descriptions. Owner's alone. */
  private volatile Object function;

  /** Written in execute, before the append; then the claimer's. */
  private volatile @Nullable Runnable work;

  /** Written by who adds the stage, read by whoever gives the task up; see above. Null in the end. */
  private volatile @Nullable CompletableFuture<?> stage;

  private volatile @Nullable Throwable givenUp;

  /** Captures the calling thread's context. */
  StageTask(Pool pool, Object function) {
    super(capture(pool, function));
    this.function = function;
    this.pool = pool;
  }

  private static @Nullable CapturedContexts capture(Pool pool, Object function) {
    requireNonNull(function, "fn");
    return pool.plan().captureFor(function);
  }

  /** Names the stage that fails if this task is given up. */
  <S extends CompletableFuture<?>> S completing(S made) {
    stage = made;
    failIfGivenUp();
    if (hasContext()) { // a stage may end and its task never be due
      made.whenComplete((value, thrown) -> dropContext());
    }
    return made;
  }

  private void failIfGivenUp() {
    Throwable reason = givenUp;
    CompletableFuture<?> waiting = stage;
    if (reason != null && waiting != null) {
      stage = null;
      waiting.completeExceptionally(reason);
    }
  }

  @Override
  public void execute(Runnable due) {
    work = due;
    submit(pool.clock().submission(), pool.ticketFor(pool.terms()));
    try {
      pool.admit(this);
    } catch (Throwable refused) { // the stage tells of that
      dropContext();
      throw refused;
    }
  }

  @Override
  public void run() {
    takeWork().run();
  }

  @Override
  public void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    RunLimit limit = runner.limit(this, slot);
    takeWork().run(); // never throws: what the function throws is the stage's
    if (limit != null) {
      limit.end(null);
    }
    stage = null; // not before: a stop may abandon this
  }

  @Override
  public void failBody(
      Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    giveUp(thrown);
  }

  /** Fails the stage at once if this wins over the end of the function. */
  @Override
  public void timeOut(RunLimit limit) {
    Throwable told = limit.tellTimedOut();
    if (requireNonNull(ticket(), "ticket").timeOut(limit)) {
      givenUp = told;
      failIfGivenUp();
    }
  }

  private Runnable takeWork() {
    Runnable taken = requireNonNull(work, "work");
    work = null;
    function = function.getClass();
    return taken;
  }

  @Override
  public void breakOff(Throwable thrown) {
    givenUp = thrown;
    failIfGivenUp();
  }

  @Override
  public Ending ending() {
    return Ending.COMPLETED;
  }

  @Override
  public void complete(Slot slot) {}

  @Override
  public void discard(TaskRunner runner, TaskDiscardedException reason) {
    giveUp(reason);
  }

  /** Ends this unrun, and fails the stage. */
  void giveUp(Throwable reason) {
    takeWork();
    dropContext();
    givenUp = reason;
    failIfGivenUp();
  }

  @Override
  public void abandon(TaskAbandonedException reason) {
    givenUp = reason;
    failIfGivenUp();
  }

  @Override
  public Runnable bareWork() {
    Runnable waiting = work;
    return waiting == null ? () -> {} : waiting;
  }

  @Override
  public String description() {
    return Descriptions.of(ticket(), function);
  }
}
