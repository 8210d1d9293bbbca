package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/** What a team asks of the machine; a harness in test code puts itself in its place. */
interface Seams {
  /** The machine itself. */
  Seams REAL = new Machine(Timer.SHARED);

  /** Starts the thread that was made for this worker. */
  void start(Worker worker, Thread thread);

  /** Waits until {@link #unpark}, or returns for no reason at all. */
  void park(Worker worker);

  /** Waits for so many nanoseconds or until {@link #unpark}, or returns for no reason at all. */
  void pause(Worker worker, long nanos);

  /** Ends the worker's present or next {@link #park} or {@link #pause}. */
  void unpark(Worker worker);

  /** Returns how many threads can run at once. */
  default int processors() {
    return 2;
  }

  /** Returns for how long a worker looks on for a task before it parks; 0: not at all. Always the same. */
  default long lingerNanos() {
    return 0;
  }

  /** Lets a moment pass, much shorter than it would take to park and be woken. */
  default void spin() {}

  /** Starts the thread that was made for these errands. */
  void startErrands(Errands errands, Thread thread);

  /** Throws a {@link StackOverflowError} if the stack has no room for a reservation and its undoing. */
  default void checkHeadroom() {
    Headroom.check();
  }

  /** Does so if it has none for the end of a task that waits, and for what follows from that. */
  default void checkMuchHeadroom() {
    Headroom.checkMuch();
  }

  /** Returns an empty backlog; smaller pieces of it show a harness more of what can happen. */
  default Backlog newBacklog() {
    return new Backlog();
  }

  /** Has somebody notice when a pool that was made is collected; null if nobody does. */
  default ForgottenPools.@Nullable Trace watch(Pool pool, PoolHost host) {
    return null;
  }

  /** Returns the time in nanoseconds, from an arbitrary origin, never running backwards. */
  long nanoTime();

  /**
   * Has the timer do this after so many nanoseconds of {@link #nanoTime}, never before. What it does
   * must be short and call no foreign code. Throws what the machine throws if the timer has no thread
   * and gets none; the action may then be done late all the same.
   */
  Alarm schedule(long nanos, Runnable action);
}
