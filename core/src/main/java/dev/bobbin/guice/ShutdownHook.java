package dev.bobbin.guice;

import dev.bobbin.api.StopReport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stops a fleet when the JVM shuts down, and never for longer than its deadline and the second per
 * pool that a stop which gave up waits for what it interrupted. What is left is written to standard error, since loggers have shutdown hooks too and may be gone.
 */
final class ShutdownHook {
  private static final Logger LOGGER = System.getLogger(PoolOwner.class.getName());

  private final Fleet fleet;
  private final Duration deadline;
  private final Thread thread;
  private final AtomicBoolean registered = new AtomicBoolean();

  ShutdownHook(Fleet fleet, Duration deadline) {
    this.fleet = fleet;
    this.deadline = deadline;
    this.thread = new Thread(null, this::run, "PoolOwner-shutdown", 0, false);
  }

  Thread thread() {
    return thread;
  }

  /** Registers the hook the first time; a JVM that shuts down already takes no more. */
  void register() {
    if (registered.compareAndSet(false, true)) {
      try {
        Runtime.getRuntime().addShutdownHook(thread);
      } catch (IllegalStateException tooLate) {
        LOGGER.log(Level.DEBUG, "The JVM shuts down already: no hook for the pools");
      }
    }
  }

  /** Takes the hook back, unless the JVM shuts down already: then it runs. */
  void unregister() {
    if (registered.get()) {
      try {
        Runtime.getRuntime().removeShutdownHook(thread);
      } catch (IllegalStateException running) {
        LOGGER.log(Level.TRACE, "The JVM shuts down already: the hook stays");
      }
    }
  }

  private void run() {
    for (StopReport report : fleet.stop(deadline)) {
      if (!report.stopped() || !report.discarded().isEmpty()) {
        System.err.println(report);
      }
    }
  }
}
