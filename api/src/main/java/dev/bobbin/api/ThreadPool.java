package dev.bobbin.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 * <p>Memory consistency effects: actions in a thread before it submits a task happen-before the
 * task begins, on whatever worker; the task happens-before its callback and before whatever follows
 * a successful {@code get} or {@code join} of its future; every task happens-before the return of
 * {@link #stop()} and of an {@link #awaitTermination} that answered true.
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
   * <p>Called by one of this pool's own threads it begins the stop and returns a report of that
   * moment; the deadline is kept by a timer. Several stops with several deadlines: the first to
   * pass decides.
   *
   * @param deadline how long to drain, from now; {@link Duration#ZERO} gives up at once
   * @return what ran, what never ran and what would not end
   * @throws IllegalArgumentException if {@code deadline} is negative
   */
  StopReport stop(Duration deadline);

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
   * Makes one worker more, unless the maximum is reached; takes back a {@link #stopAWorker} that has
   * not happened yet first.
   *
   * @return whether this changed anything; false in a pool that was not started, or if no thread
   *     could be made, which is reported
   * @throws IllegalStateException if this pool is stopping or has stopped
   */
  boolean startAWorker();

  /**
   * Lets one worker go as soon as one is idle, after the backlog; does nothing at the minimum.
   *
   * @return whether this changed anything; false in a pool that was not started
   * @throws IllegalStateException if this pool is stopping or has stopped
   */
  boolean stopAWorker();

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
   * Runs {@code task} on a worker. What it throws goes to the failure reporters.
   *
   * @throws TaskRejectedException if the pool does not take the task
   */
  @Override
  void execute(Runnable task);

  /**
   * Runs {@code task} on a worker.
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
   * Does what {@link #stop(Duration) stop(Duration.ZERO)} does, without waiting.
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
