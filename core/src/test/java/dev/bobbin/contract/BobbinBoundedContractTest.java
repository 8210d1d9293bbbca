package dev.bobbin.contract;

import dev.bobbin.api.ThreadPoolConfig;

/** The contract over a pool whose backlog is bounded, widely enough for every check. */
class BobbinBoundedContractTest extends BobbinContract {
  @Override
  void configure(ThreadPoolConfig.Builder config) {
    config.backlogLimit(5_000);
  }
}
