package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One worker that is to go, and the one that comes in its place; see {@link Renewals}. */
final class Renewal extends Errands.Errand {
  private static final int ASKED = 0;
  private static final int READY = 1;
  private static final int OVER = 2;

  private final Worker goer;
  private final AtomicInteger state = new AtomicInteger(ASKED);

  /** Whether an errand was sent for a thread of the comer's that died before it began. */
  private final AtomicBoolean buries = new AtomicBoolean();

  /** Written by its maker. */
  private volatile @Nullable Worker comer;

  Renewal(Errands errands, Worker goer) {
    super(errands);
    this.goer = goer;
  }

  Worker goer() {
    return goer;
  }

  void comer(Worker worker) {
    comer = worker;
  }

  /** Says that the comer is there; the goer may go, unless this is over. */
  void setReady() {
    state.compareAndSet(ASKED, READY);
  }

  /** Returns whether the comer is there and this is not over. */
  boolean isReady() {
    return state.get() == READY;
  }

  /**
   * Ends this, and does what must be done once for that.
   *
   * @return false if it was over before
   */
  boolean end(Runnable once) {
    int before = state.getAndSet(OVER);
    if (before == OVER) {
      return false;
    }
    boolean done = false;
    try {
      once.run();
      done = true;
    } finally {
      if (!done) { // the heap is exhausted: whoever looks next ends it
        state.set(before);
      }
    }
    comer = null;
    return true;
  }

  /** Returns whether the goer has gone, and an Error has kept this from ending. */
  boolean isLeftOver() {
    return goer.hasLeft();
  }

  /** Returns, once, whether the comer's thread has died before it began. */
  boolean mustBury() {
    Worker made = comer;
    return made != null && made.isStillborn() && buries.compareAndSet(false, true);
  }

  @Override
  void act(Team team) {
    if (state.get() == ASKED) {
      team.makeReplacement(this);
    }
  }
}
