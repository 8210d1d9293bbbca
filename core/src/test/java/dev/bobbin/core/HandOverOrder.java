package dev.bobbin.core;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Memory order, the hand-over of a task: what its submitter wrote is there for the taker.
 */
@JCStressTest
@Outcome(
    id = "0",
    expect = Expect.FORBIDDEN,
    desc = "A task was taken, and what was written into it before is missing.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "Nothing was there yet, or all of it.")
@State
public class HandOverOrder {
  private final Lane lane = new Lane(2);

  /** The submitter. */
  @Actor
  public void submitter() {
    lane.append(new Numbered(42));
  }

  /** The taker. */
  @Actor
  public void taker(I_Result seen) {
    seen.r1 = lane.poll() instanceof Numbered task ? task.number : -1;
  }

  private static final class Numbered implements Runnable {
    private int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public void run() {
      number = 0;
    }
  }
}
