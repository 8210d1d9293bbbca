package dev.bobbin.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A named pool of workers: it grows before it queues, runs tasks in the order in which they were
 * accepted, and loses none.
 *
 * <p>Implemented by Bobbin only, and called by applications on any thread; all methods are safe for
 * use by many threads at once. Do not implement it: methods may be added.
 *
 * <p><b>Life.</b> A pool is {@linkplain PoolState#NEW new}, {@linkplain PoolState#RUNNING running},
 * {@linkplain PoolState#STOPPING stopping}, {@linkplain PoolState#STOPPED stopped}. Tasks given to a
 * new pool wait for {@link #start} (a pool from an injector starts with its first task). The words
 * of {@link ExecutorService} belong to the same life: {@link #shutdown} begins what {@link #stop()}
 * does and does not wait; {@link #shutdownNow} is {@link #stop(Duration) stop(Duration.ZERO)}
 * without waiting; {@link #close} is {@link #stop()}.
 *
 * <p><b>Growth.</b> A waiting task is served by an idle worker if there is one, else by a new worker
 * if there are fewer than the maximum, else in its turn.
 *
 * <p><b>Failures.</b> Anything a task throws is caught. With a callback the callback has it, with a
 * future the future has it; else it goes to the pool's failure reporters. A worker outlives it.
 *
 * <p><b>Refusal.</b> Once a stop has begun every submission is refused with a {@link
 * TaskRejectedException}; so is one for which there is no worker and no thread can be made. What is
 * not refused is accepted, and then ends in exactly one of: completed, failed, cancelled, discarded.
 *
 * <p><b>Limits of time.</b> A task that waits longer than it may is discarded and never runs; one that
 * runs longer than it may is interrupted, see {@link TaskOptions}. One daemon thread, {@code
 * PoolTimer}, looks at the clock for all pools of the machine, while there is something to look for; it
 * calls no code of the application. What has to be called when a time is up, such as callbacks,
 * dependent stages and failure reporters, is called by the worker that took an expired task, or else on
 * a daemon thread of the pool's own, {@code PoolThread-<pool>-errands}, of which there is one at a time
 * and none without need. So a callback that blocks there holds up what is due after it.
 *
 * <p>Memory consistency effects: actions in a thread before it submits a task happen-before the
 * task begins, on whatever worker; the task happens-before its callback and before whatever follows
 * a successful {@code get} or {@code join} of its future; every task happens-before the return of
 * {@link #stop()}, of an {@link #awaitTermination} or {@link #awaitIdle} that answered true, and the
 * completion of {@link #termination}.
 */
public interface ThreadPool extends ExecutorService, AutoCloseable {

  /** Returns the name of this pool, which never changes. */
  String name();

  /** Returns where this pool stands in its life. */
  PoolState state();

  /** Returns the sizes in force. */
  PoolSizes sizes();

  /** Returns the numbers of this pool at this moment. Cheap, never blocks. */
  PoolStatistics statistics();

  /** Logs the numbers of this pool and what each of its workers is doing, at level info. */
  void dumpStats();

  /**
   * Starts this pool: makes its minimum of workers, and serves the tasks that already wait with as
   * many as the maximum allows. Does nothing if it is running.
   *
   * <p>If some threads cannot be made, that is reported and the pool goes on with those it has.
   *
   * @throws IllegalStateException if this pool is stopping or has stopped; nothing changes
   * @throws ThreadCreationException if threads are needed and not one could be made; the pool is
   *     then as before
   */
  void start();

  /**
   * Stops this pool: refuses new tasks, runs every accepted one, ends the workers, and returns when
   * all that is done. May be called often and by many: all wait for the same end. An interrupt does
   * not end the waiting, and stays set.
   *
   * <p>A pool that was never started, or that has neither a worker nor room for one, discards its
   * backlog at once. Called by one of this pool's own threads it begins the stop and returns, since
   * a thread cannot wait for itself.
   */
  void stop();

  /**
   * Stops this pool as {@link #stop()} does until the deadline, and then gives up: what still waits
   * is discarded, its futures and callbacks are completed with a {@link TaskDiscardedException},
   * running tasks are interrupted, and no waiting task starts any more.
   *
   * <p>What was interrupted is waited for once more, for a second at most. The futures of tasks that
   * have not ended by then fail with a {@link TaskAbandonedException}; such a task is in the report,
   * and counts as running until it really ends. A callback is told when its task ends, not before.
   *
   * <p>Called by one of this pool's own threads it begins the stop and returns a report of that
   * moment; the deadline, and that second, are then kept by a timer. The calling task is one of those
   * that are interrupted. Several stops with several deadlines: the first to pass decides.
   *
   * @param deadline how long to drain, from now; {@link Duration#ZERO} gives up at once
   * @return what ran, what never ran and what would not end
   * @throws IllegalArgumentException if {@code deadline} is negative
   */
  StopReport stop(Duration deadline);

  /**
   * Stops this pool as {@link #stop(Duration)} does, but goes on taking tasks until none has come for
   * a while, so that those who still depend on this pool can end first. A task that is refused, by a
   * full backlog say, has come as well. How long tasks run does not matter.
   *
   * <p>If another stop or shutdown begins meanwhile, the waiting for quiet is over at once. Called by
   * one of this pool's own threads it returns a report of that moment, and a timer does the rest.
   *
   * @param quietPeriod for how long no task must have been submitted before the pool refuses them;
   *     zero for at once. The pool may take up to twice as long to notice
   * @param deadline how long to wait for quiet and to drain, from now; then the pool gives up
   * @return what ran, what never ran and what would not end
   * @throws IllegalArgumentException if one is negative, or {@code quietPeriod} longer than {@code
   *     deadline}
   */
  StopReport stop(Duration quietPeriod, Duration deadline);

  /**
   * Returns a stage that completes when this pool has stopped, every task ended and every worker's
   * thread dead, with the same report as {@link #stop(Duration)} gives. Waits for nothing and begins
   * nothing.
   *
   * <p>The same stage for everyone who asks. It cannot be completed by its users; what was made to
   * depend on it before it completed runs on a thread of its own, never on a worker nor on the thread
   * that stops the pool. Ask before the pool stops: the tasks that a stop discards are kept for the
   * report only while somebody waits for one.
   */
  CompletionStage<StopReport> termination();

  /**
   * Waits until nothing runs and nothing waits, without stopping: every accepted task has ended, with
   * its callback and the stages that depend on it, and every worker is idle. A pool without workers is
   * idle when nothing waits; one that is stopping, when it has stopped.
   *
   * <p>While others go on submitting, this may never be. When it answers true every task has ended that
   * was accepted before the call, and happens-before the return.
   *
   * @param atMost how long to wait; zero only looks
   * @return whether that was seen; it may be over by the time of the return
   * @throws InterruptedException if the calling thread is interrupted
   * @throws IllegalStateException if called by one of this pool's own threads, which would wait for
   *     itself
   * @throws IllegalArgumentException if {@code atMost} is negative
   */
  boolean awaitIdle(Duration atMost) throws InterruptedException;

  /**
   * Sets both sizes in one step. Raised, workers come for the backlog at once; lowered, surplus
   * workers leave between tasks even while a backlog exists. The same call twice is the same as
   * once. In a pool that is not running the sizes are only stored.
   *
   * @return a stage that completes, with the sizes, when no worker is above the maximum and none
   *     below the minimum is missing, or when a later change takes this one's place
   * @throws IllegalArgumentException if {@code minWorkers} is negative or greater than {@code
   *     maxWorkers}, or {@code maxWorkers} greater than {@link PoolSizes#LIMIT}; nothing changes
   */
  CompletionStage<PoolSizes> adjustPoolSize(int minWorkers, int maxWorkers);

  /**
   * Sets both sizes to what {@code change} makes of those in force, so that one bound can be changed
   * without losing another caller's change. The function may be called again if another change came
   * between; it runs on the calling thread. What it throws reaches the caller, and nothing changes.
   *
   * @return as {@link #adjustPoolSize(int, int)}
   */
  CompletionStage<PoolSizes> adjustPoolSize(UnaryOperator<PoolSizes> change);

  /**
   * Sets both sizes and the bound of the backlog in one step. A lowered bound gives up nothing that
   * waits; it refuses what comes until there is room again. So does a lowered maximum, whose surplus
   * workers' tasks count against the bound until they end. A raised one lets those in who wait for
   * room.
   *
   * @param backlogLimit see {@link ThreadPoolConfig.Builder#backlogLimit}
   * @return as {@link #adjustPoolSize(int, int)}
   * @throws IllegalArgumentException as {@link #adjustPoolSize(int, int)}, and if {@code backlogLimit}
   *     is negative; nothing changes
   */
  CompletionStage<PoolSizes> adjustPoolSize(int minWorkers, int maxWorkers, int backlogLimit);

  /** Returns how many tasks may wait for workers that are all busy. */
  int backlogLimit();

  /**
   * Makes one worker more, unless the maximum is reached; takes back a {@link #stopAWorker} that has
   * not happened yet first.
   *
   * @return whether this changed anything; false in a pool that was not started, or if no thread
   *     could be made, which is reported
   * @throws IllegalStateException if this pool is stopping or has stopped
   */
  boolean startAWorker();

  /**
   * Makes workers at once, without waiting for tasks, until there are so many; starts a pool that was
   * not started, as {@link #start} does. Takes back what {@link #stopAWorker} calls have not happened
   * yet. Does not wait until the threads run. Workers above the minimum stay for good, or for the pool's
   * {@link ThreadPoolConfig#keepAlive} at least. In a pool that another thread is just starting this
   * does nothing.
   *
   * @param workers how many workers there are to be, from 0 to the maximum
   * @return how many threads were made, those of the start included; fewer than are missing if a thread
   *     could not be made, which is reported
   * @throws IllegalArgumentException if {@code workers} is negative or above the maximum; nothing changes
   * @throws IllegalStateException if this pool is stopping or has stopped
   * @throws ThreadCreationException if this starts the pool and not one thread can be made; the pool is
   *     as before
   */
  int prestart(int workers);

  /**
   * Lets one worker go as soon as one is idle, after the backlog; does nothing at the minimum.
   *
   * @return whether this changed anything; false in a pool that was not started
   * @throws IllegalStateException if this pool is stopping or has stopped
   */
  boolean stopAWorker();

  /**
   * Calls {@code call} here and now, on the calling thread, which announces that it will block for some
   * time. If that is a worker of this pool, the pool may use one more worker until the call has
   * returned or thrown, up to {@link ThreadPoolConfig#maxLentWorkers} at once; which worker leaves then
   * is the pool's affair. If no more may be lent, the pool is stopping, or the worker has announced as
   * much further up, it is just called; so it is on any other thread.
   *
   * <p>For what waits for something outside this pool, such as a lock, a socket or another pool. Waits for
   * futures of this pool need not be announced, see {@link Starvation}.
   *
   * @return what {@code call} returned
   * @throws Exception what {@code call} threw
   */
  <T extends @Nullable Object> T callBlocking(Callable<? extends T> call) throws Exception;

  /**
   * Runs {@code call} here and now as {@link #callBlocking} does, for what returns nothing and throws
   * nothing checked.
   */
  void runBlocking(Runnable call);

  /**
   * Runs {@code work} on a worker. The same as {@link #execute}.
   *
   * @throws TaskRejectedException if the pool does not take the task
   */
  void callInThread(Runnable work);

  /**
   * Runs {@code work} on a worker and tells {@code callback} how it ended, on the same worker, right
   * after it.
   *
   * @throws TaskRejectedException if the pool does not take the task; the callback is not called
   */
  <T extends @Nullable Object> void callInThreadWithCallback(
      OutcomeCallback<? super T> callback, Callable<? extends T> work);

  /**
   * Runs {@code work} on a worker and tells {@code callback} how it ended on an executor of the
   * caller's choice, such as an event loop or a user interface's thread. The task is over when the
   * outcome has been handed to {@code deliverOn}; the submitter's context is that of the work and of
   * the hand-over, not of the callback.
   *
   * <p>A task that the pool gives up is told of there too. What the callback throws there is reported.
   * If {@code deliverOn} does not take the outcome, what it threw is reported, and what the work threw,
   * if it did; the callback is then not called on any thread.
   *
   * @param deliverOn called on the worker, or on the thread that gives the task up
   * @throws TaskRejectedException if the pool does not take the task; the callback is not called
   */
  <T extends @Nullable Object> void callInThreadWithCallback(
      OutcomeCallback<? super T> callback, Callable<? extends T> work, Executor deliverOn);

  /**
   * Runs {@code work} on a worker; the future completes on an executor of the caller's choice, such as
   * an event loop, so that everything that depends on it runs there and not on a worker; also what is
   * asynchronous and names no executor. A thread that waits for the future runs nothing of that; one
   * that adds a stage to a future that is complete runs it itself, unless the stage is asynchronous. The
   * future completes once the submitter's context is restored and the task is off the books.
   *
   * <p>Cancelling fails the future at once, on the thread that cancels, takes the work out of the
   * backlog or interrupts it if it may, and drops its late outcome. Who completes the future himself
   * takes the work out of the backlog likewise, or lets it run and drops its outcome. A future that
   * the work returns is a value like others.
   *
   * <p>A task that the pool gives up fails the future with the reason, on {@code deliverOn} if that
   * takes it, else at once. If {@code deliverOn} does not take the outcome of the work, the future
   * fails with what it threw, on the worker, and what the work threw is reported. An executor that
   * takes the outcome and never runs it leaves the future open; {@link CompletableFuture#orTimeout}
   * is the guard against that.
   *
   * @param deliverOn called on the worker, or on the thread that gives the task up
   * @throws TaskRejectedException if the pool does not take the task
   */
  <T extends @Nullable Object> CompletableFuture<T> deferToThread(
      Executor deliverOn, Callable<? extends T> work);

  /**
   * Runs all of {@code works} on one worker, as one task, in their order, each let go of when it has
   * returned. The first that throws is reported, and the rest is left out.
   *
   * @param works copied; none may be null; none at all is a task that does nothing
   * @throws TaskRejectedException if the pool does not take the task
   */
  void callMultipleInThread(List<? extends Runnable> works);

  /**
   * Returns a view of this pool whose submissions have these options; options of a view of a view
   * win over those below. Everything else, its end included, is the pool's own.
   */
  ThreadPool with(TaskOptions options);

  /**
   * Returns a view of this pool whose tasks run one after another, in the order of their acceptance,
   * with each other and with all tasks of an equal key. The same as {@link #with} with that key.
   *
   * <p>However a task ends, thrown, cancelled, given up, the next one of the key runs. A task that is
   * held back is part of the backlog, and of its bound, but no worker is made for it. A key of
   * which no task waits or runs costs nothing.
   *
   * @param key see {@link TaskOptions.Builder#key}
   */
  ThreadPool inOrder(Object key);

  /**
   * Returns what wraps work in this pool's context, for threads and executors that are not this pool's:
   * with {@code contextWrapper().wrap(executor)} they carry what this pool carries.
   */
  ContextWrapper contextWrapper();

  /**
   * Runs {@code task} on a worker. What it throws goes to the failure reporters.
   *
   * @throws TaskRejectedException if the pool does not take the task
   */
  @Override
  void execute(Runnable task);

  /**
   * Runs {@code task} on a worker.
   *
   * <p>What depends on the future and is not asynchronous runs on the worker that completes it, outside
   * the submitter's context; or, as with any {@link CompletableFuture}, on a thread that waits for the
   * future, or on the one that adds it when the future is complete. What is asynchronous and names no
   * executor ({@code thenApplyAsync} and its like, also behind other stages) is a task of this pool, in
   * the context of the thread that <i>added</i> it, with no option of a view that the future came
   * from. It fails with a {@link TaskRejectedException} if the pool does not take
   * it then, and with a {@link TaskDiscardedException} if the pool gives it up.
   *
   * @return a future of its value, which completes after the submitter's context is restored and
   *     the task is off the books
   * @throws TaskRejectedException if the pool does not take the task
   */
  @Override
  <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> task);

  /**
   * Runs {@code task} on a worker.
   *
   * @return a future that completes with {@code result}, see {@link #submit(Callable)}
   * @throws TaskRejectedException if the pool does not take the task
   */
  @Override
  <T extends @Nullable Object> CompletableFuture<T> submit(Runnable task, T result);

  /**
   * Runs {@code task} on a worker.
   *
   * @return a future that completes with null, see {@link #submit(Callable)}
   * @throws TaskRejectedException if the pool does not take the task
   */
  @Override
  CompletableFuture<?> submit(Runnable task);

  /** Begins what {@link #stop()} does, without waiting. A new pool with a backlog is started first. */
  @Override
  void shutdown();

  /**
   * Does what {@link #stop(Duration) stop(Duration.ZERO)} does, without waiting. So the futures of
   * running tasks complete when these end, however long that takes, as everywhere with {@link
   * ExecutorService}; only a stop that has waited abandons them.
   *
   * @return the tasks given up by this call, as {@link StopReport#discarded} tells them
   */
  @Override
  List<Runnable> shutdownNow();

  /**
   * Does what {@link #stop()} does. An interrupt while it waits turns the stop into {@link
   * #stop(Duration) stop(Duration.ZERO)} and stays set.
   */
  @Override
  void close();
}
