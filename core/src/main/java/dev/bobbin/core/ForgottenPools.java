package dev.bobbin.core;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Notices pools that are collected though nobody has stopped them, warns of each once, and begins to
 * stop it, so that its threads end.
 */
final class ForgottenPools {
  /*
   * What a user holds is the Pool; workers know its host alone. Each Pool has a trace, a phantom
   * reference, which is here until a stop has begun or the Pool is collected. A trace keeps no host
   * alive, since a task that waits may hold the Pool, and what waits is the host's.
   *
   *   MADE -> RUNNING   the pool was started
   *   MADE, RUNNING -> OVER   a stop has begun, or the Pool was collected: whoever does this step sees
   *                           to what follows, so a pool is warned of once, and never once stopped
   *
   * While a worker lives, one daemon thread for all pools waits for traces of what was collected. It
   * is needed, for where the workers of a forgotten pool are parked nothing else happens any more that
   * could look; it only waits, so it costs no processor time; and it ends when no worker lives, so it
   * keeps no class loader alive longer than they do. (A Cleaner's thread begins with the Cleaner, and
   * ends when that is collected.) Of pools that have no worker it takes the traces too; when it is not
   * there, whoever makes the next pool does.
   *
   *   watching: false -> true   by a worker that comes; then it makes the thread
   *   watching: true -> false   by the thread that finds that no worker lives; then it looks once more
   *
   * A failure that nobody has looked at is kept here, since all that leads to it may be collected with its
   * future, and it counts as a worker: there are pools that have none for a while.
   *
   * The last worker counts itself off, then wakes the thread with a reference that stands for no pool;
   * who takes that in the thread's place puts another there. The thread calls nothing foreign but the
   * logger: a pool with a team to stop is an errand of that team.
   */

  /** Those of all pools. */
  static final ForgottenPools SHARED = new ForgottenPools("PoolWatch");

  private static final System.Logger LOG = System.getLogger(ThreadPool.class.getName());

  private static final String GONE = "It is gone, and what waits in it will never run.";

  private static final int MADE = 0;
  private static final int RUNNING = 1;
  private static final int OVER = 2;

  private final String threadName;
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
  private final Set<Trace> traces = ConcurrentHashMap.newKeySet();

  private final Set<Collected> kept = ConcurrentHashMap.newKeySet();

  /** How many workers live, and how many failures are kept. */
  private final AtomicInteger workers = new AtomicInteger();

  private final AtomicBoolean watching = new AtomicBoolean();

  ForgottenPools(String threadName) {
    this.threadName = threadName;
  }

  /** Begins to watch a pool that was made. Makes no thread. */
  Trace add(Pool pool, PoolHost host) {
    boolean wakes = false;
    for (Reference<?> next = collected.poll(); next != null; next = collected.poll()) {
      wakes |= !(next instanceof Collected);
      see(next);
    }
    if (wakes && watching.get()) { // that was for the thread, which still waits for it
      wake();
    }
    var trace = new Trace(pool, host);
    traces.add(trace);
    return trace;
  }

  /** Returns how many pools are watched. */
  int size() {
    return traces.size();
  }

  boolean isWatching() {
    return watching.get();
  }

  /** A worker came. Never throws. */
  private void workerCame() {
    workers.incrementAndGet();
    watch();
  }

  private void watch() {
    if (workers.get() > 0 && watching.compareAndSet(false, true)) {
      try {
        SharedThread.of(threadName, this::work).start();
      } catch (Throwable noThread) { // the next worker tries again
        watching.set(false);
      }
    }
  }

  /** The body of the thread. */
  private void work() {
    do {
      while (workers.get() > 0) {
        try {
          see(collected.remove());
        } catch (InterruptedException stray) {
          // nobody may end this but the last worker
        }
      }
      watching.set(false);
    } while (workers.get() > 0 && watching.compareAndSet(false, true));
  }

  private void see(Reference<?> found) {
    if (found instanceof Collected known) {
      try {
        known.collected();
      } catch (Throwable thrown) {
        // the heap is exhausted, or the logger is broken; there is nobody to tell
      }
    }
  }

  private void workerWent() {
    if (workers.decrementAndGet() == 0) {
      wake();
    }
  }

  /** Has the thread look whether a worker lives. */
  private void wake() {
    new PhantomReference<>(this, collected).enqueue();
  }

  private static void warn(String pool, String what, Object numbers) {
    LOG.log(
        Level.WARNING,
        "Pool ''{0}'' was forgotten: nothing refers to it any more and nobody has stopped it. {1} It was: {2}. Keep a reference to a pool that is in use, and call stop() or close() when it is not.",
        pool,
        what,
        numbers);
  }

  /** A reference to what was collected. */
  interface Collected {
    /** Sees to what follows. Called once, on the thread that waits for it or by who makes a pool; calls nothing foreign. */
    void collected();
  }

  /** What is left of a pool that is collected. Kept by the pool's host, and here. */
  final class Trace extends PhantomReference<Pool> implements Collected {
    private final String name;
    private final WeakReference<PoolHost> host;
    private final LongSupplier waiting;
    private final AtomicInteger state = new AtomicInteger(MADE);

    private Trace(Pool pool, PoolHost host) {
      super(pool, collected);
      this.name = pool.name();
      this.host = new WeakReference<>(host);
      this.waiting = host.team().waitingWhileNew();
    }

    /** The pool was started; may be told more than once. Never throws. */
    void started() {
      state.compareAndSet(MADE, RUNNING);
    }

    /** A worker's thread has begun. Never throws. */
    void workerCame() {
      ForgottenPools.this.workerCame();
    }

    /** A worker's thread has nothing more to do. Never throws. */
    void workerWent() {
      ForgottenPools.this.workerWent();
    }

    /** Keeps a reference until it is let go of, and waits for its object. */
    void keep(Collected reference) {
      kept.add(reference);
      ForgottenPools.this.workerCame();
    }

    /** Lets go of it. Never throws. */
    void letGo(Collected reference) {
      if (kept.remove(reference)) {
        ForgottenPools.this.workerWent();
      }
    }

    /** A stop has begun; may be told more than once. Never throws. */
    void stopped() {
      end();
    }

    /** Ends the watch; returns the state that it was in. */
    private int end() {
      int before = state.getAndSet(OVER);
      if (before != OVER) {
        traces.remove(this);
      }
      return before;
    }

    /** Returns where references go whose objects are collected, if they are {@link Collected}. */
    ReferenceQueue<Object> queue() {
      return collected;
    }

    @Override
    public void collected() {
      int before = end();
      if (before == OVER) {
        return;
      }
      PoolHost left = host.get();
      if (left != null) {
        Errands errands = left.team().errands();
        errands.add(new Stop(errands));
      } else if (before == RUNNING) {
        warn(name, GONE, "running, without a worker");
      } else if (waiting.getAsLong() > 0) {
        warn(name, GONE, "never started, tasks that wait: " + waiting.getAsLong());
      }
    }
  }

  /** Stops a forgotten pool, and warns of it. */
  private static final class Stop extends Errands.Errand {
    Stop(Errands errands) {
      super(errands);
    }

    @Override
    void act(Team team) {
      PoolStatistics numbers = team.statistics();
      if (numbers.state() == PoolState.NEW && numbers.backlog() == 0) {
        return;
      }
      try {
        team.beginStop();
      } finally {
        warn(team.name(), "It is being stopped now.", numbers);
      }
    }
  }
}
