package dev.bobbin.core;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The machine itself: its threads and its clock. Not final, so that a test puts itself in the place of a part. */
class Machine implements Seams {
  /** About what it takes to park a thread and wake it again, which is what lingering may save. */
  private static final long LINGER_NANOS = 20_000;

  private static final int SPINS = 8;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final Timer timer;

  Machine(Timer timer) {
    this.timer = timer;
  }

  @Override
  public void start(Worker worker, Thread thread) {
    thread.start();
  }

  @Override
  public void park(Worker worker) {
    LockSupport.park(worker);
    Thread.interrupted(); // an interrupt meant for nobody must not make the worker spin
  }

  @Override
  public void pause(Worker worker, long nanos) {
    LockSupport.parkNanos(worker, nanos);
    Thread.interrupted();
  }

  @Override
  public void unpark(Worker worker) {
    LockSupport.unpark(worker.thread());
  }

  @Override
  public int processors() {
    return PROCESSORS;
  }

  @Override
  public long lingerNanos() {
    return PROCESSORS == 1 ? 0 : LINGER_NANOS; // where nobody could submit meanwhile
  }

  @Override
  public void spin() {
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void startErrands(Errands errands, Thread thread) {
    thread.start();
  }

  @Override
  public ForgottenPools.@Nullable Trace watch(Pool pool, PoolHost host) {
    return ForgottenPools.SHARED.add(pool, host);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Alarm schedule(long nanos, Runnable action) {
    return timer.schedule(nanos, action);
  }
}
