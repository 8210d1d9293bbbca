package dev.bobbin.core;

import dev.bobbin.api.ContextWrapper;
import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A view of a pool with options for the tasks that are submitted to it; the rest is the pool's. */
final class PoolWith extends Submissions {
  private final Pool pool;
  private final TaskOptions options;
  private final @Nullable Terms terms;

  PoolWith(Pool pool, TaskOptions options) {
    this.pool = pool;
    this.options = options;
    this.terms = pool.terms(options);
  }

  @Override
  Pool pool() {
    return pool;
  }

  @Override
  @Nullable
  Terms terms() {
    return terms;
  }

  @Override
  TaskOptions options() {
    return options;
  }

  @Override
  public String name() {
    return pool.name();
  }

  @Override
  public PoolState state() {
    return pool.state();
  }

  @Override
  public PoolSizes sizes() {
    return pool.sizes();
  }

  @Override
  public PoolStatistics statistics() {
    return pool.statistics();
  }

  @Override
  public ContextWrapper contextWrapper() {
    return pool.contextWrapper();
  }

  @Override
  public void dumpStats() {
    pool.dumpStats();
  }

  @Override
  public void start() {
    pool.start();
  }

  @Override
  public void stop() {
    pool.stop();
  }

  @Override
  public StopReport stop(Duration deadline) {
    return pool.stop(deadline);
  }

  @Override
  public StopReport stop(Duration quietPeriod, Duration deadline) {
    return pool.stop(quietPeriod, deadline);
  }

  @Override
  public CompletionStage<StopReport> termination() {
    return pool.termination();
  }

  @Override
  public boolean awaitIdle(Duration atMost) throws InterruptedException {
    return pool.awaitIdle(atMost);
  }

  @Override
  public CompletionStage<PoolSizes> adjustPoolSize(int minWorkers, int maxWorkers) {
    return pool.adjustPoolSize(minWorkers, maxWorkers);
  }

  @Override
  public CompletionStage<PoolSizes> adjustPoolSize(UnaryOperator<PoolSizes> change) {
    return pool.adjustPoolSize(change);
  }

  @Override
  public CompletionStage<PoolSizes> adjustPoolSize(
      int minWorkers, int maxWorkers, int backlogLimit) {
    return pool.adjustPoolSize(minWorkers, maxWorkers, backlogLimit);
  }

  @Override
  public int backlogLimit() {
    return pool.backlogLimit();
  }

  @Override
  public boolean startAWorker() {
    return pool.startAWorker();
  }

  @Override
  public int prestart(int workers) {
    return pool.prestart(workers);
  }

  @Override
  public boolean stopAWorker() {
    return pool.stopAWorker();
  }

  @Override
  public <T extends @Nullable Object> T callBlocking(Callable<? extends T> call) throws Exception {
    return pool.callBlocking(call);
  }

  @Override
  public void runBlocking(Runnable call) {
    pool.runBlocking(call);
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(timeout, unit);
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return pool + " with " + options;
  }
}
