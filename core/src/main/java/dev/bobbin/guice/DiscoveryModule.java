package dev.bobbin.guice;

import com.google.inject.Binder;
import com.google.inject.Module;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.WiringException;

/**
 * Looks for plugins while an injector is configured, once for each settings, whichever module comes
 * first: Guice installs one of several equal modules.
 */
final class DiscoveryModule implements Module {
  private final Located<DiscoverySettings> settings;

  DiscoveryModule(Located<DiscoverySettings> settings) {
    this.settings = settings;
  }

  @Override
  public void configure(Binder binder) {
    try {
      Plugins plugins = settings.value().discover();
      binder
          .withSource(settings.line())
          .bind(PrivateKeys.make(Discovered.class))
          .toInstance(new Discovered(settings.value(), plugins));
    } catch (WiringException mistakes) {
      Sentences.of(settings.line(), mistakes).forEach(binder::addError);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiscoveryModule that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  @Override
  public String toString() {
    return "DiscoveryModule[%s]".formatted(settings.value());
  }

  /** What was found. Equal to itself alone, since plugins are. */
  static final class Discovered {
    private final DiscoverySettings settings;
    private final Plugins plugins;

    Discovered(DiscoverySettings settings, Plugins plugins) {
      this.settings = settings;
      this.plugins = plugins;
    }

    DiscoverySettings settings() {
      return settings;
    }

    Plugins plugins() {
      return plugins;
    }
  }
}
