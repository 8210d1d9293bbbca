package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskAbandonedException;
import dev.bobbin.api.TaskDiscardedException;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A task of {@code submit}, which is its own future. */
final class PoolFuture<T extends @Nullable Object> extends PoolStage<T>
    implements RunnableFuture<T>, PoolTask {
  /*
   * The state of the work, changed by CAS out of WAITING and RUNNING:
   *
   *   WAITING  -> GONE        by cancel, or by a user who completes the future: never runs
   *   WAITING  -> RUNNING     by the worker that took it: the claim
   *   WAITING  -> GIVEN_UP    by whoever gives it up
   *   RUNNING  -> ENDED       by the worker, when the work has returned or thrown
   *   RUNNING  -> INTERRUPTING -> CANCELLED   by cancel, which interrupts in between if it may
   *   RUNNING  -> INTERRUPTING -> TIMED_OUT   by an errand, which interrupts, see RunLimit
   *
   * The worker writes `runner`, then reads the state; cancel changes the state, then reads `runner`:
   * so either the work is not begun, or the interrupt finds its thread. A worker that has ended its
   * work and finds INTERRUPTING waits for what follows, which is a few instructions off, and then
   * clears the interrupt: it cannot hit the next task. What is cancelled or timed out is completed at
   * once by whoever did that, or by a worker that has ended the work meanwhile: by both with the same.
   * A cancel that finds ENDED waits for the completion and tells how it went, unless it comes from the
   * worker itself, out of the restoring of the context.
   *
   * A stop that has given up abandons a task that still runs: the future fails, and nothing else. The
   * state stays RUNNING and goes to ENDED when the work ends, which counts for the books as it ended;
   * the worker's completion then comes too late. A work that ends at that very moment may be counted
   * as completed while its future failed, as any abandoned one may.
   *
   * Dependents. While the worker completes the future it counts as on its way, if nothing but
   * waiters depends on the future, so that a waiter who submits again finds it; else it stays busy
   * until complete() has returned. The methods that add a stage all ask newIncompleteFuture (that of
   * minimalCompletionStage by way of whenComplete) or toCompletableFuture, on the thread that adds;
   * an asynchronous one asks for its executor before, and so captures the context of that thread:
   *
   *   NONE -> STAGED       by whoever adds a stage
   *   NONE -> COMPLETING   by the worker; whoever adds a stage now waits until the future is done, and
   *                        so runs it himself
   *
   * CompletableFuture.allOf and anyOf ask neither; what they add is seen by comparing the number of
   * dependents with the number of waiters. One that is added between this comparison and the
   * completion runs on a worker that counts as on its way; so does one that is taken for a waiter
   * which has counted itself and is a few instructions from becoming a dependent.
   *
   * A pool that is asked for futures makes many of them, so this is kept small: what is never needed
   * at the same time shares a field, what has few values is a byte, and a time costs only those tasks
   * that are timed. Where references are compressed it has 48 bytes.
   *
   * `held` is in turn the context, from the submission until the claimer takes it; what the work
   * returned or threw, from its end until the completion; and an unseen failure, from then on; in
   * between it is null. FAILED in `marks` says that the work threw it, since work may also return an
   * exception as its value.
   *
   * A failure is reported unless somebody looks at it. Looking is to ask, when this is complete, how it
   * has ended, or to depend on it, before or after. Who completes it with a failure, and found no
   * dependent then, writes the unseen failure into `held`, then reads `seen` and `dependents`; who looks
   * writes one of these, then reads `held`. One of the two sees the other. allOf and anyOf of a future
   * that has failed read its result themselves, and state() of newer JDKs does: these nobody can note.
   */
  private static final byte WAITING = 0;
  private static final byte RUNNING = 1;
  private static final byte ENDED = 2;
  private static final byte INTERRUPTING = 3;
  private static final byte CANCELLED = 4;
  private static final byte TIMED_OUT = 5;
  private static final byte GONE = 6;
  private static final byte GIVEN_UP = 7;

  private static final byte NONE = 0;
  private static final byte STAGED = 1;
  private static final byte COMPLETING = 2;

  /** In {@link #marks}: the pool has this task on its books. */
  private static final byte SUBMITTED = 1;

  /** In {@link #marks}: the work threw, or could not be called. */
  private static final byte FAILED = 2;

  /** In {@link #marks}: it is one of many that the pool itself waits for, which is no look. */
  private static final byte IN_BATCH = 4;

  /** In {@link #marks}: another future stands before it, which sees to the report. */
  private static final byte BEHIND = 8;

  private static final VarHandle STATE = field("state", byte.class);
  private static final VarHandle HELD = field("held", Object.class);
  private static final VarHandle DEPENDENTS = field("dependents", byte.class);
  private static final VarHandle WAITERS = field("waiters", int.class);

  /** The ticket, and the time if there is one. Changed by the submitter before the append. */
  private @Nullable Object ticket;

  /** The work, a {@link Callable}, until it is run; then its class, for descriptions. Owner's alone. */
  private volatile Object work;

  /**
   * The context, or what the work returned or threw, see above. Guarded by {@link #state}: the
   * submitter's until WAITING is left, then the claimer's.
   */
  private @Nullable Object held;

  /** The thread that runs the work, until it has completed this. Written by it, read by cancel. */
  private volatile @Nullable Thread runner;

  /** The threads that wait and were counted by {@link #beginWait}. Changed by adding. */
  private volatile int waiters;

  /** See above. Changed by CAS; written as it is only out of INTERRUPTING, by whoever interrupted. */
  private volatile byte state;

  /** See above. Changed by CAS. */
  private volatile byte dependents;

  /** Whether somebody has looked at the failure that this ends with, or waits to. Set once, by any thread. */
  private volatile boolean seen;

  /** Guarded by {@link #state}, as {@link #held} is. Others read SUBMITTED, which changes no more then. */
  private byte marks;

  PoolFuture(Pool pool, Callable<T> work, @Nullable Ticket ticket) {
    super(pool);
    this.work = work;
    this.ticket = ticket;
  }

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(PoolFuture.class, name, type);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  /** Returns whether this is a future of the pool's that was not submitted to it before, nor has ended. */
  boolean belongsTo(Pool pool) {
    return this.pool == pool && !isSubmitted() && state == WAITING;
  }

  /** Returns the work until it is run; then its class. */
  Object work() {
    Object given = work;
    return given instanceof ValuedRunnable<?> valued ? valued.work() : given;
  }

  /** Notes that this is about to go into its pool's backlog. */
  void submit(@Nullable CapturedContexts context, long submittedAt) {
    held = context;
    ticket = TimedTicket.of(submittedAt, ticket());
    marks |= SUBMITTED;
  }

  /** Notes that the pool did not take this on after all: it is on nobody's books. */
  void refused() {
    if (state == WAITING
        || state == GIVEN_UP) { // else it was taken on, and something was thrown then
      marks = 0;
      CapturedContexts.discard(takeContext());
    }
  }

  /** Notes that another future stands before this. Called before this is submitted. */
  void beBehind() {
    marks |= BEHIND;
  }

  /** Notes that the pool waits for this before anybody has it. Called before this is submitted. */
  void beInBatch() {
    marks |= IN_BATCH;
  }

  /** Waits for this as one of a batch; false if the time was up before. */
  boolean awaitInBatch(long nanos) throws InterruptedException {
    Worker replaced = isDone() || nanos <= 0 ? null : pool.beforeWait(this);
    int counted = beginWait();
    try {
      getAtOnce(nanos);
      return true;
    } catch (ExecutionException | CancellationException ended) {
      return true;
    } catch (TimeoutException late) {
      return false;
    } finally {
      endWait(counted);
      pool.afterWait(replaced);
    }
  }

  private boolean isSubmitted() {
    return (marks & SUBMITTED) != 0;
  }

  /** Notes that the pool dropped this unrun, and tells whoever waits. */
  void drop(TaskRejectedException refusal) {
    refused();
    STATE.compareAndSet(this, WAITING, GIVEN_UP); // unless it was claimed to be refused
    takeWork();
    super.completeExceptionally(refusal);
  }

  // ------------------------------------------------------------------ as a task

  @Override
  public @Nullable Ticket ticket() {
    return TimedTicket.ticketIn(ticket);
  }

  @Override
  public boolean claim() {
    return STATE.compareAndSet(this, WAITING, RUNNING);
  }

  @Override
  public boolean claimToDiscard() {
    return STATE.compareAndSet(this, WAITING, GIVEN_UP);
  }

  @Override
  public boolean isGone() {
    int now = state;
    return now == GONE || now == GIVEN_UP;
  }

  @Override
  public @Nullable CapturedContexts takeContext() {
    if (held instanceof CapturedContexts context) { // else it is taken, or this is complete
      held = null;
      return context;
    }
    return null;
  }

  @Override
  public long submittedAt() {
    return TimedTicket.timeIn(ticket);
  }

  @Override
  public void runBody(TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    call(runner, slot);
    keepFailure(context, slot);
  }

  /** Keeps with a failure what a report tells, which is made when that is gone. Called inside the context. */
  private void keepFailure(@Nullable CapturedContexts context, Slot slot) {
    boolean behind = (marks & BEHIND) != 0;
    if (hasFailed() && (behind || context != null && isAlone())) {
      held = new FailedIn(
          requireNonNull(failure(), "failure"),
          context == null ? Map.of() : context.describe(),
          startedIn(slot));
    }
  }

  /** Calls the work, under its limit if it is a pool that has it run. */
  private void call(@Nullable TaskRunner limiter, @Nullable Slot slot) {
    runner = Thread.currentThread();
    RunLimit limit = null;
    try {
      Callable<T> taken = takeWork();
      if (state == RUNNING) {
        limit = limiter == null || slot == null ? null : limiter.limit(this, slot);
        held = taken.call();
      }
    } catch (Throwable thrown) {
      fail(thrown);
    }
    endWork(limit);
  }

  @Override
  public void failBody(
      Throwable thrown, TaskRunner runner, @Nullable CapturedContexts context, Slot slot) {
    this.runner = Thread.currentThread(); // for a cancel out of the restoring of the outer contexts
    takeWork();
    fail(thrown);
    endWork(null);
    keepFailure(context, slot);
  }

  private void endWork(@Nullable RunLimit limit) {
    if (!STATE.compareAndSet(this, RUNNING, ENDED)) {
      while (state == INTERRUPTING) {
        Thread.onSpinWait();
      }
      if (limit != null && state == TIMED_OUT) {
        limit.timedOut(failure());
      } else {
        Thread.interrupted();
      }
    }
    if (limit != null) {
      limit.cancel();
    }
  }

  @Override
  public void timeOut(RunLimit limit) {
    limit.tellTimedOut(); // made while there is nobody to wait for it
    if (STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
      if (!isAlone()) { // the worker, which sees to the report, finds no dependents any more
        seen = true;
      }
      try {
        limit.thread().interrupt();
      } finally { // as in cancel
        state = TIMED_OUT;
        super.completeExceptionally(timedOut());
      }
    }
  }

  /** Returns what to tell of the work that has timed out. */
  private Throwable timedOut() {
    Ticket limited = requireNonNull(ticket(), "ticket");
    return requireNonNull(limited.timedOut(), "timed out");
  }

  @SuppressWarnings("unchecked") // the field holds the work until here
  private Callable<T> takeWork() {
    var taken = (Callable<T>) work;
    work = typeOf(taken);
    return taken;
  }

  /** Returns what tells the work in reports once it is let go of: the class that the user gave. */
  private static Class<?> typeOf(Object work) {
    return ContextualWork.unwrapped(work).getClass();
  }

  @Override
  public void breakOff(Throwable thrown) {
    fail(thrown);
    STATE.compareAndSet(this, RUNNING, ENDED);
  }

  /** Holds what the work threw, in the place of whatever is held. */
  private void fail(Throwable thrown) {
    held = thrown;
    marks |= FAILED;
  }

  @Override
  public Ending ending() {
    if (state == CANCELLED) {
      return Ending.CANCELLED;
    }
    return hasFailed() ? Ending.FAILED : Ending.COMPLETED;
  }

  @Override
  public @Nullable Throwable failure() {
    if (!hasFailed()) {
      return null;
    }
    return held instanceof FailedIn failed ? failed.thrown : (Throwable) held;
  }

  /** What the work threw, the context in which it did, and when it began, if it is timed. */
  private record FailedIn(Throwable thrown, Map<String, String> context, long startedAt) {}

  private long startedIn(@Nullable Slot slot) {
    return slot == null || submittedAt() == TaskClock.UNTIMED
        ? TaskClock.UNTIMED
        : slot.startedAt();
  }

  /** Returns whether the work threw. */
  boolean hasFailed() {
    return (marks & FAILED) != 0;
  }

  @Override
  public void complete(Slot slot) {
    boolean unstaged = DEPENDENTS.compareAndSet(this, NONE, COMPLETING);
    int present = getNumberOfDependents();
    if (unstaged && present <= waiters) {
      slot.looking();
    }
    finish(unstaged && (present == 0 || isInBatch()), slot);
  }

  @SuppressWarnings("unchecked") // what is held and no failure is what the work returned
  private void finish(boolean alone, @Nullable Slot slot) {
    Throwable failure = failure();
    Map<String, String> context = held instanceof FailedIn failed ? failed.context : Map.of();
    if (state == CANCELLED) {
      super.cancel(false);
      failure = null;
    } else if (state == TIMED_OUT) {
      failure = timedOut();
      super.completeExceptionally(failure);
    } else if (failure != null) {
      super.completeExceptionally(asThrown(failure));
    } else {
      super.complete((T) held);
    }
    held = null;
    runner = null;
    boolean userWasFirst = failure != null && !isWithoutValue();
    if (failure != null && !userWasFirst && alone) {
      reportUnlessSeen(failure, context, startedIn(slot));
    }
  }

  /** Returns whether nobody waits for this or depends on it. */
  private boolean isAlone() {
    return dependents != STAGED && (getNumberOfDependents() == 0 || isInBatch());
  }

  /** Returns whether nobody waits for this but the pool itself, for as long as it is not complete. */
  private boolean isInBatch() {
    return (marks & IN_BATCH) != 0;
  }

  /** Has the failure that this is completed with reported if nobody ever looks at it. */
  private void reportUnlessSeen(Throwable failure, Map<String, String> context, long startedAt) {
    if (seen) {
      return;
    }
    HELD.setVolatile(this, pool.noteUnseen(this, reportOf(failure, context, startedAt)));
    if (seen || dependents == STAGED) {
      forget();
    }
  }

  /** Returns what the future before this reports of a failure. Called while this is being completed. */
  FailureReport reportOf(Throwable failure) {
    return held instanceof FailedIn failed
        ? reportOf(failure, failed.context, failed.startedAt)
        : reportOf(failure, Map.of(), TaskClock.UNTIMED);
  }

  private FailureReport reportOf(Throwable failure, Map<String, String> context, long startedAt) {
    FailureReport.Builder report = FailureReport.builder(Kind.FUTURE, pool.name(), failure)
        .worker(Thread.currentThread().getName())
        .subject(description())
        .context(context)
        .submitter(Ticket.submitterOf(ticket()));
    if (startedAt != TaskClock.UNTIMED) {
      report
          .waited(Duration.ofNanos(startedAt - submittedAt()))
          .ran(Duration.ofNanos(pool.clock().now() - startedAt));
    }
    return report.build();
  }

  private void forget() {
    if (HELD.getVolatile(this) instanceof UnseenFailures.Failure unseen
        && HELD.compareAndSet(this, unseen, null)) {
      unseen.seen();
    }
  }

  @Override
  void see() {
    if (!seen && isWithoutValue()) {
      seen = true;
      forget();
    }
  }

  /**
   * Returns what makes a {@link CompletableFuture} tell this very failure: a bare {@link
   * CancellationException} would count as a cancel, and a bare {@link CompletionException} be looked
   * into for its cause.
   */
  private static Throwable asThrown(Throwable failure) {
    return failure instanceof CancellationException || failure instanceof CompletionException
        ? new CompletionException(failure)
        : failure;
  }

  @Override
  public void discard(TaskRunner runner, TaskDiscardedException reason) {
    takeWork();
    boolean alone = isAlone();
    CapturedContexts context = takeContext();
    super.completeExceptionally(reason);
    CapturedContexts.discard(context);
    if (alone && reason.reason() != RejectionReason.STOPPING) { // else the stop tells of it
      reportUnlessSeen(reason, Map.of(), TaskClock.UNTIMED);
    }
  }

  @Override
  public void abandon(TaskAbandonedException reason) {
    super.completeExceptionally(reason);
  }

  @Override
  public Runnable bareWork() {
    if (work instanceof ValuedRunnable<?> valued) {
      return valued.work();
    }
    return work instanceof Callable<?> call ? new BareCall(call) : this;
  }

  @Override
  public String description() {
    return Descriptions.of(ticket(), work);
  }

  /**
   * Runs the work on the calling thread, if nobody has; for executors that were handed a future which
   * no pool has on its books. One that its pool has taken on is left to its pool.
   */
  @Override
  public void run() {
    if (!isSubmitted() && claim()) {
      call(null, null);
      finish(isAlone(), null);
    }
  }

  // ------------------------------------------------------------------ as a future

  /** Takes the task out before it runs; false if it runs, ran, or is out already. */
  boolean withdraw() {
    if (state == WAITING) {
      pool.team().checkHeadroomToEnd();
    }
    if (!STATE.compareAndSet(this, WAITING, GONE)) {
      return false;
    }
    work = typeOf(work);
    CapturedContexts context = takeContext();
    if (isSubmitted()) {
      pool.noteCancelled(this);
    }
    CapturedContexts.discard(context);
    return true;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!isDone() && !withdraw()) {
      if (STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
        try {
          Thread running = runner;
          if (mayInterruptIfRunning && running != null) {
            running.interrupt();
          }
        } finally { // a thread class of the user's may throw, and the worker waits for this
          state = CANCELLED;
          super.cancel(mayInterruptIfRunning);
        }
      } else if (state == ENDED && runner == Thread.currentThread()) {
        return false; // the work has ended and its context is being restored: too late
      } else {
        awaitCompletion();
      }
    }
    return super.cancel(mayInterruptIfRunning);
  }

  /** Waits for the completion that follows the end of the work at once. */
  private void awaitCompletion() {
    try {
      joinAtOnce();
    } catch (CompletionException | CancellationException failed) {
      // how it went is not the question
    }
  }

  @Override
  public boolean complete(T value) {
    withdraw();
    return super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable cause) {
    requireNonNull(cause, "cause"); // before the task is out, and nobody completes this any more
    withdraw();
    return super.completeExceptionally(cause);
  }

  @Override
  public void obtrudeValue(T value) {
    withdraw();
    super.obtrudeValue(value);
  }

  @Override
  public void obtrudeException(Throwable cause) {
    requireNonNull(cause, "cause");
    withdraw();
    super.obtrudeException(cause);
  }

  /** As inherited, but by {@link #complete}, so that the task is taken out. */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    requireNonNull(supplier, "supplier");
    requireNonNull(executor, "executor").execute(() -> {
      if (!isDone()) {
        try {
          complete(supplier.get());
        } catch (Throwable thrown) {
          completeExceptionally(
              thrown instanceof CompletionException ? thrown : new CompletionException(thrown));
        }
      }
    });
    return this;
  }

  @Override
  PoolFuture<?> task() {
    return this;
  }

  /** Returns whether nobody has taken the task yet. */
  boolean isWaiting() {
    return state == WAITING;
  }

  /** Returns the thread that runs the work, or null if none does. */
  @Nullable
  Thread runner() {
    return runner;
  }

  /**
   * Counts the caller among the waiters, just before it becomes a dependent: nothing that can take
   * time must come between. So a thread of the common pool, which helps with other work first, is not
   * counted; the worker then stays busy, to no harm.
   *
   * @return 1 if the caller was counted, else 0
   */
  @Override
  int beginWait() {
    boolean helps = Thread.currentThread() instanceof ForkJoinWorkerThread thread
        && thread.getPool() == ForkJoinPool.commonPool();
    if (helps) {
      return 0;
    }
    WAITERS.getAndAdd(this, 1);
    return 1;
  }

  @Override
  void endWait(int counted) {
    if (counted > 0) {
      WAITERS.getAndAdd(this, -counted);
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    noteStage();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    noteStage();
    return this;
  }

  private void noteStage() {
    if (!DEPENDENTS.compareAndSet(this, NONE, STAGED)) {
      while (dependents == COMPLETING && !isDone()) {
        Thread.onSpinWait();
      }
    }
    see();
  }
}
