package dev.bobbin.benchmarks;

import java.util.Queue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * What passing a task costs at the least: one thread that never parks, on a queue for many producers
 * and a single consumer. Not a pool that anyone could use: it has no sizes, it keeps a processor busy
 * for ever, and a task that blocks stops it.
 */
final class FloorPool implements PoolUnderLoad {
  private static final int CHUNK = 1024;

  private final Queue<Runnable> queue = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
  private final Thread consumer = new Thread(this::consume, "floor");
  private volatile boolean closed;

  private FloorPool() {}

  static FloorPool open() {
    var pool = new FloorPool();
    pool.consumer.setDaemon(true);
    pool.consumer.start();
    return pool;
  }

  private void consume() {
    while (true) {
      Runnable task = queue.poll();
      if (task != null) {
        task.run();
      } else if (closed) {
        return;
      } else {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void execute(Runnable task) {
    queue.add(task);
  }

  @Override
  public Object pool() {
    return queue;
  }

  @Override
  public void end() throws InterruptedException {
    closed = true;
    consumer.join();
  }
}
