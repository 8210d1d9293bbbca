package dev.bobbin.core;

/** A thread that never starts, and says of itself what a test wants it to say. */
final class HandThread extends Thread {
  private final Runnable body;
  private State state = State.NEW;
  private int interrupts;
  private boolean strikes;

  HandThread(Runnable body, String name) {
    super(body, name);
    this.body = body;
  }

  Runnable body() {
    return body;
  }

  /** Makes it a thread that has ended. */
  void die() {
    state = State.TERMINATED;
  }

  /** Makes it a thread that was started before. */
  void pretendStarted() {
    state = State.RUNNABLE;
  }

  /** Has it throw at each interrupt from now on, as a class of the user's may. */
  void strikeAtInterrupts() {
    strikes = true;
  }

  int interrupts() {
    return interrupts;
  }

  @Override
  public State getState() {
    return state;
  }

  @Override
  public void interrupt() {
    interrupts++;
    if (strikes) {
      throw new StackOverflowError("as deep as it goes");
    }
  }
}
