package dev.bobbin.benchmarks;

import java.util.Locale;

/** What is measured of a subject under a load. */
enum Figure {
  /** Nanoseconds per operation. */
  TIME,
  /** Nanoseconds of processor time of the whole process per operation. */
  CPU,
  /** Bytes that all threads allocate per operation. */
  BYTES,
  /** How many batches were measured. */
  BATCHES,
  /** How many tasks ran in them, by count. */
  RAN,
  /** Bytes that the pool holds for a task that waits, without the task itself. */
  QUEUED_TASK,
  /** Bytes on the heap for an idle worker, its thread included. */
  IDLE_WORKER,
  /** Bytes on the heap for an idle pool. */
  IDLE_POOL,
  /** How many threads an idle pool has. */
  IDLE_THREADS,
  /** Nanoseconds of processor time that all the idle pools together take in a second. */
  IDLE_CPU;

  /** Returns the name in results. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the figure of this key. */
  static Figure of(String key) {
    for (Figure figure : values()) {
      if (figure.key().equals(key)) {
        return figure;
      }
    }
    throw new IllegalArgumentException("There is no figure '%s'.".formatted(key));
  }
}
