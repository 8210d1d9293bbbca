package dev.bobbin.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Provides something of the level of injectors where it is bound. Two are equal if they provide the
 * same thing, so that Guice takes two bindings to them for one.
 */
abstract class HubProvider<T> implements Provider<T> {
  private final Object what;

  /** Set once, by Guice, before the first {@link #get}. */
  private @Nullable Injector injector;

  HubProvider(Object what) {
    this.what = what;
  }

  @Inject
  final void setInjector(Injector injector) {
    this.injector = injector;
  }

  abstract T from(Injector injector);

  @Override
  public final T get() {
    return from(requireNonNull(injector, "injector"));
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof HubProvider<?> that
        && getClass() == that.getClass()
        && what.equals(that.what);
  }

  @Override
  public final int hashCode() {
    return what.hashCode();
  }

  @Override
  public final String toString() {
    return "%s[%s]".formatted(getClass().getSimpleName(), what);
  }
}
