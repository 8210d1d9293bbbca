package dev.bobbin.testkit;

import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.threads.PlatformThreads;

class PlatformThreadsContractTest extends WorkerThreadFactoryContract {
  @Override
  protected WorkerThreadFactory factory() {
    return new PlatformThreads();
  }
}
