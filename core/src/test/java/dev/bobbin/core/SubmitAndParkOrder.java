package dev.bobbin.core;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Memory order, rule 1: a submission against a worker that parks.
 */
@JCStressTest
@Outcome(
    id = "0",
    expect = Expect.FORBIDDEN,
    desc = "The task waits, the only worker is idle, and nobody is told.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "The task runs.")
@State
public class SubmitAndParkOrder {
  private final OrderBench bench = new OrderBench(1, 1);
  private final Worker worker = bench.seams.begin(bench.team);

  /** The submitter. */
  @Actor
  public void submitter() {
    bench.submit();
  }

  /** The worker. */
  @Actor
  public void worker() {
    bench.seams.step(bench.team, worker);
  }

  /** What comes of it. */
  @Arbiter
  public void end(I_Result ran) {
    bench.seams.runUntilQuiet(bench.team);
    ran.r1 = bench.ran.get();
  }
}
