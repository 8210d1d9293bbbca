package dev.bobbin.examples.plugin;

import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import dev.bobbin.testkit.WorkerThreadFactoryContract;

class ShortNamesContractTest extends WorkerThreadFactoryContract {
  @Override
  protected WorkerThreadFactory factory() {
    return new ShortNames();
  }

  @Override
  protected String expectedName(WorkerThreadSettings settings) {
    return "io-7";
  }
}
