package dev.bobbin.core;

/** The machine itself, without a watch over forgotten pools; a test puts itself in the place of a part. */
class RealSeams implements Seams {
  @Override
  public void start(Worker worker, Thread thread) {
    REAL.start(worker, thread);
  }

  @Override
  public void park(Worker worker) {
    REAL.park(worker);
  }

  @Override
  public void pause(Worker worker, long nanos) {
    REAL.pause(worker, nanos);
  }

  @Override
  public void unpark(Worker worker) {
    REAL.unpark(worker);
  }

  @Override
  public void startErrands(Errands errands, Thread thread) {
    REAL.startErrands(errands, thread);
  }

  @Override
  public long nanoTime() {
    return REAL.nanoTime();
  }

  @Override
  public Alarm schedule(long nanos, Runnable action) {
    return REAL.schedule(nanos, action);
  }
}
