package dev.bobbin.context;

import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries the {@linkplain Thread#getContextClassLoader() context class loader} of the thread that submits
 * a task, under the name {@code context-class-loader}, so that libraries that look services up by it
 * find on the worker what they would have found there.
 *
 * <p>It is not found on the class path but handed over where a pool is made, or bound in Guice: a worker
 * has the class loader that its pool was given, and few programs want another. A task that waits keeps
 * the class loader of its submitter, and with it all its classes.
 */
public final class ContextClassLoaderPropagator implements ContextPropagator {
  /** Makes one; any number of pools can share it. */
  public ContextClassLoaderPropagator() {}

  @Override
  public String name() {
    return "context-class-loader";
  }

  @Override
  public CapturedContext capture() {
    return new Captured(Thread.currentThread().getContextClassLoader());
  }

  /** Returns all but {@link ContextMode#DETACH}: there is no copy of a class loader. */
  @Override
  public Set<ContextMode> modes() {
    return EnumSet.complementOf(EnumSet.of(ContextMode.DETACH));
  }

  /** Returns what sets none. */
  @Override
  public CapturedContext cleared() {
    return new Captured(null);
  }

  private record Captured(@Nullable ClassLoader loader) implements CapturedContext {
    @Override
    public void run(Runnable body) {
      Thread worker = Thread.currentThread();
      ClassLoader before = worker.getContextClassLoader();
      worker.setContextClassLoader(loader);
      try {
        body.run();
      } finally {
        worker.setContextClassLoader(before);
      }
    }

    @Override
    public Map<String, String> describe() {
      return Map.of("context-class-loader", SafeText.of(loader));
    }
  }
}
