package dev.bobbin.contract;

import dev.bobbin.api.ThreadPoolConfig;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The contract over a pool with virtual threads and no bound. */
@EnabledForJreRange(min = JRE.JAVA_21)
class BobbinVirtualContractTest extends BobbinContract {
  @Override
  void configure(ThreadPoolConfig.Builder config) {
    config.threadFactory("virtual");
  }
}
