package dev.bobbin.benchmarks;

import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tasks as fast as they can be submitted, by one producer or several, until all have run. */
final class Flood implements Batch {
  /** How a task is made of the count of tasks, once, and then submitted again and again. */
  interface Kind extends Function<Tally, Consumer<PoolUnderLoad>> {}

  private static final int CALL_VALUE = 42;

  /** Tasks that only count themselves: as empty as a task can be whose running is to be known. */
  static final Kind EMPTY = tally -> {
    Runnable task = tally::add;
    return pool -> pool.execute(task);
  };

  /** Tasks that are busy for a microsecond. */
  static final Kind MICROSECOND = tally -> {
    Runnable task = () -> {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < 1_000) {
        Thread.onSpinWait();
      }
      tally.add();
    };
    return pool -> pool.execute(task);
  };

  /** Tasks with a callback, which counts if it is given the right value. */
  static final Kind CALLBACK = tally -> {
    OutcomeCallback<Integer> callback = outcome -> {
      if (outcome instanceof Outcome.Success<Integer> success && success.value() == CALL_VALUE) {
        tally.add();
      }
    };
    Callable<Integer> work = () -> CALL_VALUE;
    return pool -> pool.call(callback, work);
  };

  private final PoolUnderLoad pool;
  private final int tasks;
  private final Tally tally = new Tally();
  private final Consumer<PoolUnderLoad> submission;
  private final @Nullable Producers producers;

  /**
   * Makes a flood of {@code tasks}, which {@code producers} threads share evenly; a single producer is
   * the thread that runs the batch.
   */
  Flood(PoolUnderLoad pool, int tasks, int producers, Kind kind) {
    if (tasks % producers != 0) {
      throw new IllegalArgumentException(
          "%d tasks cannot be shared by %d producers.".formatted(tasks, producers));
    }
    this.pool = pool;
    this.tasks = tasks;
    this.submission = kind.apply(tally);
    int share = tasks / producers;
    this.producers = producers == 1 ? null : new Producers(producers, () -> submit(share));
  }

  private void submit(int share) {
    for (int i = 0; i < share; i++) {
      submission.accept(pool);
    }
  }

  @Override
  public void run() throws Exception {
    if (producers == null) {
      submit(tasks);
    } else {
      producers.go();
    }
    tally.await(tasks);
  }

  @Override
  public long finish() {
    if (producers != null) {
      producers.check();
    }
    tally.check();
    return tasks;
  }

  @Override
  public void end() throws Exception {
    if (producers != null) {
      producers.end();
    }
    pool.end();
    tally.check();
  }
}
