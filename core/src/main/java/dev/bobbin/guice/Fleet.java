package dev.bobbin.guice;

import dev.bobbin.api.PoolState;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The pools of one level of injectors, and how they start and stop together. */
final class Fleet {
  /*
   * A fleet is open, then closed, and never opens again. There is no lock, since pools call foreign
   * code when they are made, started and stopped.
   *
   * Closing writes `closed` and then reads `made`; making writes `made` and then reads `closed`. So
   * of a pool that is made while the fleet closes, at least one of the two knows, and stops it;
   * both may, for a stop can be repeated. The same holds for the shutdown hook and `closed`.
   *
   * Two threads that make one pool at the same time make two, of which one is kept; the other was
   * never started and is forgotten.
   */
  private final Declarations declarations;
  private final PoolMaker maker;
  private final Map<String, ThreadPool> made = new ConcurrentHashMap<>();
  private final Map<String, PoolService> services = new ConcurrentHashMap<>();
  private final PoolOwner owner = new PoolOwner(this);
  private final @Nullable ShutdownHook hook;

  /** Goes from false to true once. */
  private volatile boolean closed;

  Fleet(Declarations declarations, PoolMaker maker) {
    this.declarations = declarations;
    this.maker = maker;
    this.hook = declarations
        .shutdownHook()
        .map(deadline -> new ShutdownHook(this, deadline))
        .orElse(null);
  }

  Declarations declarations() {
    return declarations;
  }

  PoolOwner owner() {
    return owner;
  }

  @Nullable
  ShutdownHook hook() {
    return hook;
  }

  /** Returns the pool, made if need be; one that is made when all is over is stopped at once. */
  ThreadPool make(String name) {
    ThreadPool known = made.get(name);
    if (known != null) {
      return known;
    }
    ThreadPool fresh = maker.make(name);
    ThreadPool earlier = made.putIfAbsent(name, fresh);
    if (earlier != null) {
      return earlier;
    }
    if (closed) {
      fresh.stop();
    }
    return fresh;
  }

  /** Returns the pool for somebody to use. */
  ThreadPool handOut(String name) {
    ThreadPool pool = make(name);
    registerHook();
    return pool;
  }

  /** Returns all pools in the order of declaration, made if need be. */
  List<ThreadPool> pools() {
    return declarations.names().stream().map(this::handOut).toList();
  }

  PoolService service(String name) {
    declarations.pool(name); // or it throws
    return services.computeIfAbsent(name, known -> new PoolService(known, () -> handOut(known)));
  }

  /** Starts all pools in the order of declaration. If one does not, those just started stop. */
  void start() {
    checkOpen();
    List<ThreadPool> pools = pools();
    Set<ThreadPool> started = Collections.newSetFromMap(new IdentityHashMap<>());
    try {
      for (ThreadPool pool : pools) {
        boolean fresh = pool.state() == PoolState.NEW;
        pool.start();
        if (fresh) {
          started.add(pool);
        }
      }
    } catch (RuntimeException | Error failure) {
      try {
        stopEach(started::contains, ThreadPool::close);
      } catch (RuntimeException | Error further) {
        suppress(further, failure);
      }
      throw failure;
    }
  }

  /** Stops all pools one after the other, and waits for each. */
  void close() {
    closeWith(ThreadPool::close);
  }

  /** Stops all pools one after the other, within one deadline for all. */
  List<StopReport> stop(Duration deadline) {
    long end = System.nanoTime() + nanosOf(deadline);
    var reports = new ArrayList<StopReport>();
    closeWith(pool -> {
      long left = Math.max(0, end - System.nanoTime());
      reports.add(pool.stop(Duration.ofNanos(left)));
    });
    return List.copyOf(reports);
  }

  @Override
  public String toString() {
    return "pools %s%s".formatted(declarations.names(), closed ? ", closed" : "");
  }

  private void closeWith(Consumer<ThreadPool> stop) {
    closed = true;
    try {
      stopEach(pool -> true, stop);
    } finally {
      if (hook != null) {
        hook.unregister();
      }
    }
  }

  /** Stops those that are meant, in the order of stop, whatever some of them throw. */
  private void stopEach(Predicate<ThreadPool> meant, Consumer<ThreadPool> stop) {
    var failures = new ArrayList<Throwable>();
    for (ThreadPool pool : inOrderOfStop()) {
      if (meant.test(pool)) {
        try {
          stop.accept(pool);
        } catch (RuntimeException | Error thrown) {
          failures.add(thrown);
        }
      }
    }
    throwFirst(failures);
  }

  private static void throwFirst(List<Throwable> failures) {
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.get(0);
    failures.forEach(later -> suppress(later, first));
    if (first instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) first;
  }

  private static void suppress(Throwable later, Throwable first) {
    if (later != first) {
      first.addSuppressed(later);
    }
  }

  private List<ThreadPool> inOrderOfStop() {
    return WiringCheck.stopOrder(declarations).names().stream()
        .map(made::get)
        .filter(Objects::nonNull)
        .toList();
  }

  private void registerHook() {
    if (hook != null && !closed) {
      hook.register();
      if (closed) {
        hook.unregister();
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          ("The owner of the pools %s has been closed, and what has stopped stays stopped."
                  + " Make a new injector.")
              .formatted(Sentences.quoted(declarations.names())));
    }
  }

  private static long nanosOf(Duration deadline) {
    if (deadline.isNegative()) {
      throw new IllegalArgumentException(
          "The deadline of a stop must not be negative, was %s.".formatted(deadline));
    }
    try {
      return Math.min(deadline.toNanos(), Long.MAX_VALUE / 2);
    } catch (ArithmeticException centuries) {
      return Long.MAX_VALUE / 2;
    }
  }
}
