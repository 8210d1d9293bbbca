package dev.bobbin.benchmarks;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Makes one measurement: one call of JMH's runner, for one load on one subject. */
final class Measuring {
  /** What JMH and its profilers call the figures beside the time. */
  private static final Map<String, Figure> LABELS = Map.of(
      "gc.alloc.rate.norm",
      Figure.BYTES,
      Costs.CPU,
      Figure.CPU,
      Costs.BATCHES,
      Figure.BATCHES,
      Costs.RAN,
      Figure.RAN);

  private static final TimeValue LIMIT = TimeValue.minutes(3);

  private final Effort effort;

  Measuring(Effort effort) {
    this.effort = effort;
  }

  /** Makes the measurement on this JDK; one that is not forked is on the running JDK. */
  Measurement measure(Jdk jdk, Measurement.Key key)
      throws RunnerException, IOException, InterruptedException {
    if (key.load() == Load.IDLE) {
      return new Measurement(key, Footprint.inOwnJvm(jdk, key, effort));
    }
    RunResult result = new Runner(options(jdk, key).build()).runSingle();
    return new Measurement(key, figures(result));
  }

  private ChainedOptionsBuilder options(Jdk jdk, Measurement.Key key) {
    int tasks = effort.tasks(key.load());
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include("^" + LoadBenchmark.class.getName().replace(".", "\\.") + "\\.batch$")
        .param("subject", key.subject().key())
        .param("load", key.load().key())
        .param("sizes", key.sizes().toString())
        .param("tasks", String.valueOf(tasks))
        .operationsPerInvocation(tasks)
        .threads(1)
        .warmupIterations(effort.warmups(key.load()))
        .warmupTime(time())
        .measurementIterations(effort.iterations())
        .measurementTime(time())
        .timeout(LIMIT)
        .addProfiler(GCProfiler.class)
        .addProfiler(Costs.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    if (!effort.forked()) {
      return options.forks(0);
    }
    return options
        .forks(1)
        .jvm(jdk.java().toString())
        .jvmArgs(jdk.options().toArray(String[]::new));
  }

  private TimeValue time() {
    return new TimeValue(effort.each().toNanos(), TimeUnit.NANOSECONDS);
  }

  private static Map<Figure, Double> figures(RunResult result) {
    Map<String, Double> told = new HashMap<>();
    result.getSecondaryResults().forEach((label, value) -> told.put(label, value.getScore()));
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    Double latency = told.get(Costs.LATENCY);
    figures.put(Figure.TIME, latency == null ? result.getPrimaryResult().getScore() : latency);
    told.forEach((label, value) -> {
      Figure figure = LABELS.get(label);
      if (figure != null) {
        figures.put(figure, value);
      }
    });
    return figures;
  }
}
