package dev.bobbin.guice;

import com.google.inject.Binder;
import com.google.inject.binder.LinkedBindingBuilder;
import com.google.inject.multibindings.Multibinder;

/** Binds under the keys of one pool, or of all, and sees to it that the bindings are checked. */
record QualifiedBinder(Binder binder, PluginKeys keys) {

  <T> LinkedBindingBuilder<T> add(Class<T> type) {
    binder.install(new HubModule());
    return Multibinder.newSetBinder(binder, keys.one(type)).addBinding();
  }

  <T> LinkedBindingBuilder<T> bind(Class<T> type) {
    binder.install(new HubModule());
    return binder.bind(keys.one(type));
  }
}
