package dev.bobbin.spi;

import java.util.Optional;

/**
 * What all plugins have in common. Implemented by authors of plugins through one of its kinds;
 * called by Bobbin while a pool is wired, on the wiring thread.
 *
 * <p>A plugin is found with {@link java.util.ServiceLoader}, and then needs a public class with a
 * public constructor without parameters that does nothing; or it is bound in Guice; or handed over
 * where the pool is made. One instance may serve any number of pools and threads. It must be able to
 * load, and answer these three methods, where the library it serves is absent.
 */
public interface Plugin {
  /**
   * Returns the name by which the plugin is chosen, denied and reported: lower-case words joined by
   * hyphens, unique among the plugins of its kind, always the same.
   */
  String name();

  /**
   * Returns where the plugin stands among those of its kind: lower comes first, and for propagators
   * outermost. Ties are broken by name. Defaults to 0.
   */
  default int order() {
    return 0;
  }

  /**
   * Returns why the plugin cannot work here, as a sentence, or empty if it can. A plugin that was
   * found and cannot work is listed with its reason and left out; one that was asked for by name is
   * then an error of wiring. Defaults to empty.
   */
  default Optional<String> unavailable() {
    return Optional.empty();
  }
}
