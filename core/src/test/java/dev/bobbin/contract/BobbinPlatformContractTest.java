package dev.bobbin.contract;

import dev.bobbin.api.ThreadPoolConfig;

/** The contract over a pool with platform threads and no bound. */
class BobbinPlatformContractTest extends BobbinContract {
  @Override
  void configure(ThreadPoolConfig.Builder config) {
    config.threadFactory("platform");
  }
}
