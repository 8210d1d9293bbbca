package dev.bobbin.core;

import java.util.concurrent.locks.LockSupport;

/**
 * For what must be done, may be done twice, and failed for want of memory, such as telling a waiter of
 * an end: it is tried again for a second or so, since other threads may give memory back. Needs none.
 */
final class Scarcity {
  /** How often it is tried again. */
  static final int TRIES = 100;

  private static final long PAUSE_NANOS = 10_000_000;

  private Scarcity() {}

  /** Waits a little before the next try; throws what it is given if none is left. */
  static void pause(int triesLeft, OutOfMemoryError full) {
    if (triesLeft == 0) {
      throw full;
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }
}
