package dev.bobbin.core;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * Memory order, rules 12 and 13: a cancel changes the state, then reads who runs the work; the worker writes that,
 * then reads the state. The work goes on until it is interrupted or the cancel is over.
 */
@JCStressTest
@Outcome(
    id = {"true, 1", "false, 0", "false, 2"},
    expect = Expect.FORBIDDEN,
    desc =
        "Cancelled, but the work runs uninterrupted; or not cancelled, and it does not run, or is interrupted.")
@Outcome(
    expect = Expect.ACCEPTABLE,
    desc = "Not begun, or begun and interrupted; or run as if nothing was.")
@State
public class CancelAndStartOrder {
  private final ManualSeams seams = new ManualSeams();
  private final Pool pool = OrderBench.pool(seams);
  private final Worker worker;
  private final CompletableFuture<?> future;
  private volatile boolean cancelIsOver;
  private int work;

  /** Makes a pool with a task that waits. */
  public CancelAndStartOrder() {
    pool.start();
    worker = seams.begin(pool.team());
    future = pool.submit(() -> {
      while (!cancelIsOver && !Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      work = Thread.currentThread().isInterrupted() ? 2 : 1;
    });
  }

  /** The canceller. */
  @Actor
  public void canceller(ZI_Result seen) {
    seen.r1 = future.cancel(true);
    cancelIsOver = true;
  }

  /** The worker. */
  @Actor
  public void worker(ZI_Result seen) {
    seams.step(pool.team(), worker);
    seen.r2 = work;
  }
}
