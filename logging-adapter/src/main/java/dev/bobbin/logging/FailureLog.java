package dev.bobbin.logging;

/** What the reporters of this package have in common. */
final class FailureLog {
  /** The name of the logger, one for all pools; the pool is told in each event. */
  static final String NAME = "dev.bobbin.failures";

  private FailureLog() {}
}
