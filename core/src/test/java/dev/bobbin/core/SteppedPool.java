package dev.bobbin.core;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole {@link Pool} on a team that is driven by hand. */
final class SteppedPool extends Stepped implements WorkerThreadFactory {
  private final RecordingReporter reporter = new RecordingReporter();
  private final Pool pool;

  private SteppedPool(ThreadPoolConfig config) {
    allow(config.maxWorkers());
    PoolGrowth growth = new WiringPlan(config).resolve(Plugins.none()).growth();
    var wiring = new Wiring(this, List.of(), List.of(reporter), growth, List.of());
    this.pool = new Pool(config, wiring, null, false, null, this);
  }

  /** Returns a pool that was not started. */
  static SteppedPool made(int min, int max) {
    return made(config(min, max));
  }

  static SteppedPool made(ThreadPoolConfig config) {
    return new SteppedPool(config);
  }

  private static ThreadPoolConfig config(int min, int max) {
    return ThreadPoolConfig.builder("stepped").minWorkers(min).maxWorkers(max).build();
  }

  /** Returns a running pool whose minimum has begun and is parked. */
  static SteppedPool started(int min, int max) {
    return started(config(min, max));
  }

  static SteppedPool started(ThreadPoolConfig config) {
    SteppedPool stepped = made(config);
    stepped.act(stepped.pool::start);
    stepped.runAll();
    return stepped;
  }

  /** Returns the pool; who calls it checks the harness afterwards, or wraps the call in {@link #act}. */
  Pool pool() {
    return pool;
  }

  RecordingReporter reporter() {
    return reporter;
  }

  @Override
  Team team() {
    return pool.team();
  }

  @Override
  int running() {
    return -1; // a task with a callback or a future leaves the books before its worker's step ends
  }

  @Override
  void checkBooks(PoolStatistics statistics) {
    // what the tasks did is for the tests to say
  }

  @Override
  public String name() {
    return "by-hand";
  }

  @Override
  public @Nullable Thread newThread(WorkerThreadSettings settings, Runnable body) {
    return factory().newThread(body, settings.threadName());
  }
}
