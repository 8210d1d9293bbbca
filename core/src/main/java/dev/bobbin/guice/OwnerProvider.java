package dev.bobbin.guice;

import com.google.inject.Injector;

/** Provides the owner of the pools of one level of injectors. */
final class OwnerProvider extends HubProvider<PoolOwner> {
  OwnerProvider() {
    super("the owner");
  }

  @Override
  PoolOwner from(Injector injector) {
    return PoolHub.of(injector).owner();
  }
}
