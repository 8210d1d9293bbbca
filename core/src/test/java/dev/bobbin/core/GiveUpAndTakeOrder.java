package dev.bobbin.core;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/**
 * Memory order, rules 10 and 13: a stop that gives up writes the phase, then looks at the slots; a worker says
 * that it is taking, then reads the phase. The task never ends.
 */
@JCStressTest
@Outcome(
    id = {"0, 0, .*", "1, 1, .*", "1, 0, false"},
    expect = Expect.FORBIDDEN,
    desc = "The task is neither run nor given up, or both, or it runs and nobody interrupts it.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "Given up, or run and interrupted.")
@State
public class GiveUpAndTakeOrder {
  private final OrderBench bench = new OrderBench(1, 1);
  private final Worker worker = bench.seams.begin(bench.team);

  /** Makes a team with a task that waits. */
  public GiveUpAndTakeOrder() {
    bench.team.submit(() -> {
      bench.ran.incrementAndGet();
      throw new ManualSeams.NeverEnds();
    });
  }

  /** The stop. */
  @Actor
  public void stop() {
    bench.team.giveUp();
  }

  /** The worker. */
  @Actor
  public void worker() {
    bench.seams.step(bench.team, worker);
  }

  /** What came of it. */
  @Arbiter
  public void end(IIZ_Result seen) {
    seen.r1 = bench.ran.get();
    seen.r2 = bench.discarded.get();
    Thread thread = worker.thread();
    seen.r3 = thread != null && thread.isInterrupted();
  }
}
