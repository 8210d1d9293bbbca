package dev.bobbin.contract;

import dev.bobbin.api.ThreadPoolConfig;

/** The contract over a pool that makes its threads when they are needed. */
class BobbinElasticContractTest extends BobbinContract {
  @Override
  void configure(ThreadPoolConfig.Builder config) {
    config.minWorkers(0);
  }
}
