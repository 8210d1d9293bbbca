package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the tests of memory order share: a running team without threads, whose workers are stepped. They
 * are small, for many thousands of them are made in a second.
 */
final class OrderBench implements Team.Host {
  private static final ThreadPoolConfig ONE_WORKER =
      ThreadPoolConfig.builder("order").minWorkers(1).maxWorkers(1).build();

  final ManualSeams seams = new ManualSeams();
  final Team team;
  final AtomicInteger ran = new AtomicInteger();
  final AtomicInteger discarded = new AtomicInteger();

  /** Makes a team that has begun its minimum. */
  OrderBench(int min, int max) {
    team = new Team(
        "order",
        new PoolSizes(min, max),
        ThreadPoolConfig.UNBOUNDED,
        this,
        new TaskClock(ThreadPoolConfig.Timing.OFF, seams::nanoTime),
        seams,
        new Backlog(2));
    team.start();
  }

  /** Returns a pool of one worker that is not started. */
  static Pool pool(Seams seams) {
    var threads = new WorkerThreadFactory() {
      @Override
      public String name() {
        return "unstarted";
      }

      @Override
      public Thread newThread(WorkerThreadSettings settings, Runnable body) {
        return new Thread(body);
      }
    };
    return new Pool(
        ONE_WORKER, new Wiring(threads, List.of(), List.of()), null, false, null, seams);
  }

  /** Submits a task that counts that it ran; false if it was refused. */
  boolean submit() {
    try {
      team.submit(ran::incrementAndGet);
      return true;
    } catch (TaskRejectedException stopping) {
      return false;
    }
  }

  @Override
  public void run(Runnable task, Slot slot) {
    task.run();
    slot.end(PoolTask.Ending.COMPLETED);
    team.ended(task);
  }

  @Override
  public TaskRejectedException refusal(
      RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause) {
    return new TaskRejectedException("order", reason, statistics, cause);
  }

  @Override
  public void discard(Runnable task, RejectionReason reason, @Nullable Throwable cause) {
    discarded.incrementAndGet();
  }

  @Override
  public Thread newThread(Worker worker) {
    return new Thread(worker);
  }

  @Override
  public ThreadCreationException threadFailure(
      Worker worker, String what, @Nullable Throwable thrown) {
    return new ThreadCreationException(what, thrown);
  }

  @Override
  public void reportThread(ThreadCreationException failure) {
    throw failure;
  }

  @Override
  public void reportDefect(Throwable thrown) {
    throw new AssertionError(thrown);
  }
}
