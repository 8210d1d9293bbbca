package dev.bobbin.core;

import dev.bobbin.spi.Plugin;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The one place that asks {@link ServiceLoader}. A provider that cannot be loaded does not hide
 * those after it.
 */
final class ServiceScan {
  private final ClassLoader loader;
  private final Consumer<Provider<? extends Plugin>> found;
  private final BiConsumer<String, Throwable> broken;

  /**
   * @param found is handed each provider, not yet instantiated
   * @param broken is handed what could not even be named, as words, and what was thrown
   */
  ServiceScan(
      ClassLoader loader,
      Consumer<Provider<? extends Plugin>> found,
      BiConsumer<String, Throwable> broken) {
    this.loader = loader;
    this.found = found;
    this.broken = broken;
  }

  void scan(PluginKind kind) {
    Iterator<? extends Provider<? extends Plugin>> providers =
        ServiceLoader.load(kind.type(), loader).stream().iterator();
    String lastFailure = "";
    while (true) {
      Provider<? extends Plugin> next;
      try {
        if (!providers.hasNext()) {
          return;
        }
        next = providers.next();
      } catch (ServiceConfigurationError | LinkageError | RuntimeException thrown) {
        String failure = Words.of(thrown);
        if (failure.equals(lastFailure)) {
          return; // the very same failure again: the class loader itself is broken, nothing moves
        }
        lastFailure = failure;
        broken.accept(ServiceFiles.listing(kind.type(), failure, loader), thrown);
        continue;
      }
      found.accept(next);
    }
  }
}
