package dev.bobbin.core;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * Memory order: who fails a future notes its failure, then reads whether somebody has looked; who looks writes that,
 * then reads what is noted.
 */
@JCStressTest
@Outcome(
    id = {"true, 1", "false, 0"},
    expect = Expect.FORBIDDEN,
    desc = "Looked at and reported, or neither.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "One of both.")
@State
public class LookAndFailOrder {
  private final ManualSeams seams = new ManualSeams();
  private final Pool pool = OrderBench.pool(seams);
  private final Worker worker;
  private final CompletableFuture<?> future;

  /** Makes a pool with a task that waits, and will fail. */
  public LookAndFailOrder() {
    pool.start();
    worker = seams.begin(pool.team());
    future = pool.submit(() -> {
      throw new IllegalStateException("on purpose");
    });
  }

  /** The worker. */
  @Actor
  public void worker() {
    seams.step(pool.team(), worker);
  }

  /** Who looks; if the future has not failed yet it is no look. */
  @Actor
  public void looker(ZI_Result seen) {
    seen.r1 = future.isCompletedExceptionally();
  }

  /** What is left to report. */
  @Arbiter
  public void noted(ZI_Result seen) {
    seen.r2 = pool.unseenFailures();
  }
}
