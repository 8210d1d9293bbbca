package dev.bobbin.api;

/**
 * What a pool does when one of its workers waits for a future of that same pool while every other
 * worker is taken, so that the wait may never end.
 */
public enum Starvation {
  /** Nothing; nobody looks. */
  IGNORE,
  /** The wait is warned of, once for each place in the code that waits so. */
  WARN,
  /** One more worker is lent for the time of the wait, within the bound; beyond it, as {@link #WARN}. */
  COMPENSATE,
  /** The wait fails at once; the task waited for is untouched. */
  FAIL
}
