package dev.bobbin.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Puts one load on one subject. Called by JMH, on one thread; an invocation is a batch, of some
 * milliseconds at least, so that what JMH does before and after each does not count.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LoadBenchmark {
  /** The key of the subject. */
  @Param("bobbin")
  public String subject = "";

  /** The key of the load. */
  @Param("flood1")
  public String load = "";

  /** The sizes of the pool. */
  @Param("5-20")
  public String sizes = "";

  /** How many operations a batch has; JMH is told the same number, to divide by it. */
  @Param("200000")
  public int tasks;

  private @Nullable Batch batch;

  /** Made by JMH. */
  public LoadBenchmark() {}

  /** Opens the pool. */
  @Setup(Level.Trial)
  public void open() throws Exception {
    batch = Load.of(load).open(Subject.of(subject), Sizes.parse(sizes), tasks);
  }

  /** Makes ready for a batch. */
  @Setup(Level.Invocation)
  public void prepare() throws Exception {
    opened().prepare();
  }

  /** Runs a batch. */
  @Benchmark
  public void batch() throws Exception {
    opened().run();
  }

  /** Checks that each task of the batch ran once. */
  @TearDown(Level.Invocation)
  public void finish() throws Exception {
    Batch over = opened();
    long ran = over.finish();
    Costs.add(over.latencyNanos(), ran);
  }

  /** Ends the pool. */
  @TearDown(Level.Trial)
  public void end() throws Exception {
    opened().end();
  }

  private Batch opened() {
    if (batch == null) {
      throw new IllegalStateException("The pool was not opened.");
    }
    return batch;
  }
}
