package dev.bobbin.examples.plugin;

import com.google.auto.service.AutoService;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;

/**
 * Makes platform threads with names that fit into {@code top -H}, under the name {@code short-names}.
 *
 * <p>Linux shows the first 15 characters of a thread's name, which is {@code PoolThread-mail} for
 * every worker of a pool called mail. This factory says {@code mail-0}, {@code mail-1} and so on, and
 * cuts the pool's name, never the number. All else is as the pool wants it.
 */
@AutoService(WorkerThreadFactory.class)
public final class ShortNames implements WorkerThreadFactory {
  private static final int LONGEST = 15;

  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public ShortNames() {}

  @Override
  public String name() {
    return "short-names";
  }

  @Override
  public Thread newThread(WorkerThreadSettings settings, Runnable body) {
    var thread = new Thread(null, body, shortName(settings), 0, false);
    thread.setDaemon(settings.daemon());
    thread.setPriority(settings.priority());
    thread.setContextClassLoader(settings.contextClassLoader());
    return thread;
  }

  private static String shortName(WorkerThreadSettings settings) {
    String longName = settings.threadName();
    String number = longName.substring(longName.lastIndexOf('-'));
    String pool = settings.pool();
    return pool.substring(0, Math.min(pool.length(), LONGEST - number.length())) + number;
  }
}
