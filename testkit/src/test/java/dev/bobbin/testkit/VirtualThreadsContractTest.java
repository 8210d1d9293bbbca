package dev.bobbin.testkit;

import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.threads.VirtualThreads;
import org.junit.jupiter.api.condition.EnabledForJreRange;

@EnabledForJreRange(minVersion = 21, disabledReason = "an older JDK has no virtual threads")
class VirtualThreadsContractTest extends WorkerThreadFactoryContract {
  @Override
  protected WorkerThreadFactory factory() {
    return new VirtualThreads();
  }
}
