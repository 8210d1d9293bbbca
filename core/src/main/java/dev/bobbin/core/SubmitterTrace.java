package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;

/** Where a task was submitted: the stack of that thread, kept for the report of a failure. Never thrown. */
final class SubmitterTrace extends Throwable {
  private static final long serialVersionUID = 1L;

  SubmitterTrace() {
    super(
        "submitted by thread '" + FailureReport.printable(Thread.currentThread().getName()) + "'",
        null,
        false,
        true);
  }
}
