package dev.bobbin.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds to JMH's results what JMH does not measure: the processor time of the process, the latency of
 * loads that have one, and how many batches and tasks there were. Called by JMH, in the JVM that runs
 * the benchmark, before and after each iteration, and by {@link LoadBenchmark} after each batch.
 *
 * <p>The processor time is that of all threads of the process, from the begin of an iteration to its end,
 * divided by the operations of all batches in it. It includes workers and producers, those that change
 * sizes, and what the JVM does meanwhile: garbage collection and compilation. What happens between two
 * batches is in it too, which is next to nothing, except that {@link Load#GROW} makes and ends its pools
 * there. Batches are not measured one by one, since many systems count processor time in steps of ten
 * milliseconds.
 */
public final class Costs implements InternalProfiler {
  static final String CPU = "cpu";
  static final String LATENCY = "latency";
  static final String BATCHES = "batches";
  static final String RAN = "ran";

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static final AtomicLong latencyNanos = new AtomicLong();
  private static final AtomicLong batches = new AtomicLong();
  private static final AtomicLong ran = new AtomicLong();

  private long cpuBefore;

  /** Made by JMH. */
  public Costs() {}

  /** Returns the processor time of this process so far. */
  static long processNanos() {
    return PROCESS.getProcessCpuTime();
  }

  /** Adds a batch to those of the iteration. */
  static void add(long batchLatencyNanos, long batchRan) {
    latencyNanos.addAndGet(batchLatencyNanos);
    batches.incrementAndGet();
    ran.addAndGet(batchRan);
  }

  @Override
  public String getDescription() {
    return "Processor time of the process, latency and counts of the batches";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    latencyNanos.set(0);
    batches.set(0);
    ran.set(0);
    cpuBefore = processNanos();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long cpuNanos = processNanos() - cpuBefore;
    double operations = (double) batches.get() * benchmark.getOpsPerInvocation();
    List<ScalarResult> results = new ArrayList<>();
    results.add(average(CPU, cpuNanos / operations));
    if (latencyNanos.get() > 0) {
      results.add(average(LATENCY, latencyNanos.get() / operations));
    }
    results.add(sum(BATCHES, batches.get()));
    results.add(sum(RAN, ran.get()));
    return results;
  }

  private static ScalarResult average(String label, double value) {
    return new ScalarResult(label, value, "ns/op", AggregationPolicy.AVG);
  }

  private static ScalarResult sum(String label, double value) {
    return new ScalarResult(label, value, "counts", AggregationPolicy.SUM);
  }
}
