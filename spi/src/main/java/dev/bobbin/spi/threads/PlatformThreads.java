package dev.bobbin.spi.threads;

import com.google.auto.service.AutoService;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;

/**
 * Makes platform threads, under the name {@code platform}. Name, daemon flag, priority and context
 * class loader are as the pool wants them; thread-locals are not inherited from whoever happened to
 * cause the thread.
 */
@SuppressWarnings("exports") // AutoService is gone from the class file that is run
@AutoService(WorkerThreadFactory.class)
public final class PlatformThreads implements WorkerThreadFactory {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public PlatformThreads() {}

  @Override
  public String name() {
    return "platform";
  }

  @Override
  public Thread newThread(WorkerThreadSettings settings, Runnable body) {
    var thread = new Thread(null, body, settings.threadName(), 0, false);
    thread.setDaemon(settings.daemon());
    thread.setPriority(settings.priority());
    thread.setContextClassLoader(settings.contextClassLoader());
    return thread;
  }
}
