package dev.bobbin.core;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Memory order, rule 2: a worker that says that it is taking, claims a task and looks whether another waits; a submitter that
 * appends that other, then asks whether somebody is on the way.
 */
@JCStressTest
@Outcome(
    id = "false, true",
    expect = Expect.FORBIDDEN,
    desc = "The worker sees no second task, and its submitter thinks that the worker comes for it.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "One of the two sees the other.")
@State
public class BeginAndAppendOrder {
  private static final Runnable NOTHING = () -> {};

  private final Lane lane = new Lane(2);
  private final Slot slot = new Slot(0);

  /** Makes a worker that is on its way to a task. */
  public BeginAndAppendOrder() {
    slot.looking();
    lane.append(NOTHING);
  }

  /** The worker. */
  @Actor
  public void worker(ZZ_Result saw) {
    lane.poll(slot);
    saw.r1 = slot.mayMoreWait;
  }

  /** The submitter of a second task. */
  @Actor
  public void submitter(ZZ_Result saw) {
    lane.append(NOTHING);
    saw.r2 = slot.state() == Slot.LOOKING;
  }
}
