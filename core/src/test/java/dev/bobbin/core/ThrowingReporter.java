package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;

/** Throws at every report. */
final class ThrowingReporter implements FailureReporter {
  @Override
  public String name() {
    return "throwing";
  }

  @Override
  public void report(FailureReport report) {
    throw new IllegalStateException("the reporter's own");
  }
}
