package dev.bobbin.guice;

import com.google.inject.Binder;
import com.google.inject.Module;

/** Gives one level of injectors its {@link PoolHub}, however many modules ask for it. */
final class HubModule implements Module {
  @Override
  public void configure(Binder binder) {
    binder.bind(PrivateKeys.make(PoolHub.class)).toInstance(new PoolHub());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HubModule;
  }

  @Override
  public int hashCode() {
    return HubModule.class.hashCode();
  }

  @Override
  public String toString() {
    return "HubModule";
  }
}
