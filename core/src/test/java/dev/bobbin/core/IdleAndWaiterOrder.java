package dev.bobbin.core;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * Memory order, rule 16: a waiter for idleness enters, then looks; a worker counts itself idle, then looks whether
 * somebody waits.
 */
@JCStressTest
@Outcome(
    id = "false",
    expect = Expect.FORBIDDEN,
    desc =
        "The waiter sees the worker at work, the worker sees nobody waiting, and nobody is told.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "The waiter knows.")
@State
public class IdleAndWaiterOrder {
  private final OrderBench bench = new OrderBench(1, 1);
  private final Worker worker = bench.seams.begin(bench.team);
  private IdleWatch.Waiter entered;
  private boolean sawIt;

  /** The waiter. */
  @Actor
  public void waiter() {
    entered = bench.team.idleWatch().enter();
    sawIt = bench.team.isIdle();
  }

  /** The worker. */
  @Actor
  public void worker() {
    bench.seams.step(bench.team, worker);
  }

  /** What came of it. */
  @Arbiter
  public void end(Z_Result knows) {
    knows.r1 = sawIt || entered.isTold();
  }
}
