package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Memory order, rule 1, its two halves: an append, then a look at the word; a count as idle, then a look at the
 * backlog. A fence stands between each two.
 */
@JCStressTest
@Outcome(
    id = "false, false",
    expect = Expect.FORBIDDEN,
    desc = "The submitter sees nobody idle, and the worker sees nothing waiting.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "One of the two sees the other.")
@State
public class AppendAndCountOrder {
  private final Lane lane = new Lane(2);
  private final AtomicLong word = new AtomicLong(TeamState.ONE_LIVE);

  /** The submitter. */
  @Actor
  public void submitter(ZZ_Result saw) {
    lane.append(() -> {});
    saw.r1 = TeamState.idle(word.get()) > 0;
  }

  /** The worker. */
  @Actor
  public void worker(ZZ_Result saw) {
    word.getAndAdd(TeamState.ONE_IDLE);
    saw.r2 = lane.countUpTo(1) > 0;
  }
}
