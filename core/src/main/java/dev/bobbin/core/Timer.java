package dev.bobbin.core;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does things at their time, on one daemon thread that comes when it is needed and goes when it has
 * had nothing to do for a while. What it does must be short, and never foreign code: not even an
 * interrupt, which a thread class of the user's may override.
 */
final class Timer {
  /*
   * One core thread that may time out, which ScheduledThreadPoolExecutor makes with the first entry,
   * and makes again for an entry that meets it going. With a core of 0 it would make one as well, but
   * that case has had bugs of its own. An entry that is cancelled is taken out at once, so that it
   * keeps nothing alive, this thread included.
   *
   * If the thread cannot be made, schedule throws, but the entry stays; the next one tries again.
   */
  private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The timer of all pools. */
  static final Timer SHARED = new Timer("PoolTimer", KEEP_ALIVE_NANOS);

  private final ScheduledThreadPoolExecutor executor;

  Timer(String threadName, long keepAliveNanos) {
    executor = new ScheduledThreadPoolExecutor(1, body -> SharedThread.of(threadName, body));
    executor.setKeepAliveTime(keepAliveNanos, TimeUnit.NANOSECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Does this after so many nanoseconds, or at once if they are not positive. */
  Alarm schedule(long nanos, Runnable action) {
    Future<?> entry = executor.schedule(action, nanos, TimeUnit.NANOSECONDS);
    return () -> entry.cancel(false);
  }
}
