package dev.bobbin.guice;

import com.google.common.util.concurrent.Service;
import dev.bobbin.api.StopReport;
import dev.bobbin.api.ThreadPool;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;

/**
 * The one that starts and stops the pools of an injector. Made by {@link ThreadPoolModule},
 * injected where an application begins and ends, and called there; safe for use by many threads.
 *
 * <pre>{@code
 * try (PoolOwner owner = injector.getInstance(PoolOwner.class)) {
 *   owner.start();
 *   …
 * }
 * }</pre>
 *
 * <p>It owns the pools declared in its own injector, not those of parents, children or private
 * modules, which have owners of their own.
 *
 * <p>{@link #start} and {@link #close} bear {@code jakarta.annotation}'s {@link PostConstruct} and
 * {@link PreDestroy}, so that a host with a life cycle of its own finds them; Guice itself has
 * none.
 */
public final class PoolOwner implements AutoCloseable {
  private final Fleet fleet;

  PoolOwner(Fleet fleet) {
    this.fleet = fleet;
  }

  /**
   * Makes all pools, then starts them in the order of their declaration. Does nothing to those that
   * run.
   *
   * <p>If one cannot be started, those that this call has started are stopped again, as {@link
   * #close} does it, so that no thread is left behind by an application that does not come up; what
   * had been running goes on until {@link #close}. What went wrong is thrown, failures to stop
   * suppressed in it.
   *
   * @throws IllegalStateException if the owner has been closed, or one of the pools has stopped
   * @throws com.google.inject.ProvisionException if a pool cannot be made; none is then started
   * @throws dev.bobbin.api.ThreadCreationException if a pool gets not one thread
   */
  @PostConstruct
  public void start() {
    fleet.start();
  }

  /**
   * Stops all pools and waits until they have stopped, as {@link ThreadPool#close} does: what was
   * accepted runs. One pool after the other, in the reverse order of their declaration, save that a
   * pool stops before those that its {@code stopsBefore} names. May be called often and by many:
   * all wait for the same end.
   *
   * <p>If stopping one fails the others are stopped all the same; the first failure is thrown with
   * the later ones suppressed. A pool that is injected only afterwards has stopped already.
   */
  @PreDestroy
  @Override
  public void close() {
    fleet.close();
  }

  /**
   * Stops all pools as {@link #close} does, within one deadline for all together; then {@linkplain
   * ThreadPool#stop(Duration) gives up} what has not ended.
   *
   * @return a report for each pool, in the order in which they were stopped; none for those that
   *     were never needed
   * @throws IllegalArgumentException if {@code deadline} is negative
   */
  public List<StopReport> stop(Duration deadline) {
    return fleet.stop(deadline);
  }

  /** Returns all pools in the order of their declaration, made if need be, not started. */
  public List<ThreadPool> pools() {
    return fleet.pools();
  }

  /**
   * Returns one pool as a Guava service, for those who manage such: it starts the pool when it
   * starts and stops it when it stops. The same one each time.
   *
   * @throws IllegalArgumentException if this owner has no such pool
   */
  public Service service(String poolName) {
    return fleet.service(poolName);
  }

  @Override
  public String toString() {
    return "Owner of " + fleet;
  }
}
