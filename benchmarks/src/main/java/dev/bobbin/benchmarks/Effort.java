package dev.bobbin.benchmarks;

import java.time.Duration;

/**
 * How long one measurement takes.
 *
 * @param forked whether it has a JVM of its own
 * @param warmups iterations that do not count; twice as many for a load that is slow to warm
 * @param iterations iterations that count
 * @param each how long an iteration is; it ends with the batch that is then under way
 * @param small whether batches are as small as can be
 */
record Effort(boolean forked, int warmups, int iterations, Duration each, boolean small) {
  /** To see that it works: in this JVM, a batch or two. */
  static final Effort SMOKE = new Effort(false, 0, 1, Duration.ofMillis(1), true);

  /** For a look. */
  static final Effort SHORT = new Effort(true, 5, 3, Duration.ofMillis(400), false);

  /** To be published. */
  static final Effort FULL = new Effort(true, 4, 3, Duration.ofMillis(200), false);

  /** Returns how many operations a batch of this load has. */
  int tasks(Load load) {
    return small ? load.smallTasks() : load.tasks();
  }

  /** Returns how many iterations do not count. */
  int warmups(Load load) {
    return load.isSlowToWarm() ? 2 * warmups : warmups;
  }

  /** Returns how long idle pools are watched. */
  Duration watch() {
    return small ? Duration.ofMillis(10) : Duration.ofSeconds(1);
  }

  /** Returns what it is, in Markdown. */
  String description() {
    return "%d iterations of %d ms after %d to warm up (tree: %d), %s"
        .formatted(
            iterations,
            each.toMillis(),
            warmups,
            warmups(Load.TREE),
            forked ? "in a fresh JVM" : "in one JVM");
  }
}
