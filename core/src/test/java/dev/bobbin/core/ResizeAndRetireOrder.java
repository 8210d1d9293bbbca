package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Memory order, rule 6: a resize that lowers and raises the sizes, against a worker that may go.
 */
@JCStressTest
@Outcome(
    id = {"0", "1"},
    expect = Expect.FORBIDDEN,
    desc = "A worker went by the old sizes, and nobody made up for it.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "The minimum is there.")
@State
public class ResizeAndRetireOrder {
  private final OrderBench bench = new OrderBench(2, 2);
  private final Worker worker = bench.seams.begin(bench.team);

  /** The resizer. */
  @Actor
  public void resizer() {
    bench.team.adjust(sizes -> new PoolSizes(1, 1));
    bench.team.adjust(sizes -> new PoolSizes(2, 2));
  }

  /** The worker. */
  @Actor
  public void worker() {
    bench.seams.step(bench.team, worker);
  }

  /** What came of it. */
  @Arbiter
  public void end(I_Result live) {
    bench.seams.runUntilQuiet(bench.team);
    live.r1 = bench.seams.alive();
  }
}
