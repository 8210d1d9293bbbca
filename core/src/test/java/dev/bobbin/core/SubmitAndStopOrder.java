package dev.bobbin.core;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZIZ_Result;

/**
 * Memory order, rules 9 and 11: a submission against a stop, and a worker that drains.
 */
@JCStressTest
@Outcome(
    id = {"true, 0, .*", "false, 1, .*", ".*, .*, false"},
    expect = Expect.FORBIDDEN,
    desc =
        "A task that was accepted never runs, or one that was refused runs, or the team does not end.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "Run or refused, and the team has ended.")
@State
public class SubmitAndStopOrder {
  private final OrderBench bench = new OrderBench(1, 1);
  private final Worker worker = bench.seams.begin(bench.team);

  /** The submitter. */
  @Actor
  public void submitter(ZIZ_Result told) {
    told.r1 = bench.submit();
  }

  /** The stop, and the worker behind it. */
  @Actor
  public void stop() {
    bench.team.beginStop();
    bench.seams.step(bench.team, worker);
  }

  /** What comes of it. */
  @Arbiter
  public void end(ZIZ_Result told) {
    bench.seams.runUntilQuiet(bench.team);
    told.r2 = bench.ran.get();
    told.r3 = bench.team.hasEnded();
  }
}
