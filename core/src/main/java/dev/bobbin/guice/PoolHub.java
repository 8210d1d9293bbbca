package dev.bobbin.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.spi.Message;
import dev.bobbin.api.ThreadPool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the modules of one level of injectors meet: checks what they declare when the injector is
 * made, and keeps their pools.
 */
final class PoolHub {
  /** Set once, by Guice, while the injector is made. */
  private @Nullable Fleet fleet;

  /** Returns the hub of the injector's own level. */
  static PoolHub of(Injector injector) {
    return PrivateKeys.all(injector, PoolHub.class).get(0);
  }

  /**
   * Called by Guice once all bindings are there, and before any eager singleton. Makes the pools
   * whose plugins are all known, since that is how to find out whether they can be made.
   *
   * @throws ProvisionException whose messages Guice takes over as errors of the injector
   */
  @Inject
  void check(Injector injector) {
    Declarations declarations = Declarations.in(injector);
    List<Message> messages = new ArrayList<>(new WiringCheck(injector, declarations).messages());
    var maker = new PoolMaker(injector, declarations);
    var made = new Fleet(declarations, maker);
    for (String name : declarations.names()) {
      if (!new BoundPlugins(injector, name).any()) {
        try {
          made.make(name);
        } catch (ProvisionException mistakes) {
          messages.addAll(mistakes.getErrorMessages());
        }
      }
    }
    if (!messages.isEmpty()) {
      throw new ProvisionException(messages);
    }
    fleet = made;
  }

  /** Returns the pool of that name, and makes it if need be. */
  ThreadPool pool(String name) {
    return fleet().handOut(name);
  }

  PoolOwner owner() {
    return fleet().owner();
  }

  Declarations declarations() {
    return fleet().declarations();
  }

  private Fleet fleet() {
    return requireNonNull(fleet, "The injector has not been made yet");
  }
}
