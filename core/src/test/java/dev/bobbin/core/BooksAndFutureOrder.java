package dev.bobbin.core;

import dev.bobbin.api.PoolStatistics;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/**
 * Memory order, rule 15: who sees that a future is done sees its task off the books.
 */
@JCStressTest
@Outcome(
    id = {"true, 0, .*", "true, .*, 1"},
    expect = Expect.FORBIDDEN,
    desc = "The future is done, and its task is not counted as completed, or still as running.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "The books say what the future says.")
@State
public class BooksAndFutureOrder {
  private final ManualSeams seams = new ManualSeams();
  private final Pool pool = OrderBench.pool(seams);
  private final Worker worker;
  private final CompletableFuture<?> future;

  /** Makes a pool with a task that waits. */
  public BooksAndFutureOrder() {
    pool.start();
    worker = seams.begin(pool.team());
    future = pool.submit(() -> {});
  }

  /** The worker. */
  @Actor
  public void worker() {
    seams.step(pool.team(), worker);
  }

  /** Who waits for the future. */
  @Actor
  public void waiter(ZII_Result seen) {
    seen.r1 = future.isDone();
    PoolStatistics numbers = pool.statistics();
    seen.r2 = (int) numbers.completed();
    seen.r3 = (int) numbers.running();
  }
}
