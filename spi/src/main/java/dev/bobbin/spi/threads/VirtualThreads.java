package dev.bobbin.spi.threads;

import com.google.auto.service.AutoService;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.Optional;

/**
 * Makes virtual threads where the running JDK has them (21 and later), under the name {@code
 * virtual}. Name and context class loader are as the pool wants them, thread-locals are not
 * inherited; the daemon flag and the priority of a virtual thread are fixed and not followed.
 */
@SuppressWarnings("exports") // AutoService is gone from the class file that is run
@AutoService(WorkerThreadFactory.class)
public final class VirtualThreads implements WorkerThreadFactory {
  /** Does nothing; called by {@link java.util.ServiceLoader}. */
  public VirtualThreads() {}

  @Override
  public String name() {
    return "virtual";
  }

  @Override
  public Optional<String> unavailable() {
    return VirtualThreadBuilder.isPresent()
        ? Optional.empty()
        : Optional.of("virtual threads need JDK 21 or later, this is JDK "
            + Runtime.version().feature());
  }

  @Override
  public Thread newThread(WorkerThreadSettings settings, Runnable body) {
    Thread thread = VirtualThreadBuilder.unstarted(settings.threadName(), body);
    thread.setContextClassLoader(settings.contextClassLoader());
    return thread;
  }
}
