package dev.bobbin.core;

/** A thread that never starts, and says of itself what a test wants it to say. */
final class HandThread extends Thread {
  private final Runnable body;
  private State state = State.NEW;
  private int interrupts;

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
  }
}
