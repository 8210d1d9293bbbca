package dev.bobbin.core;

/**
 * Finds out whether the stack has room, before something is reserved that must be given back: a
 * {@link StackOverflowError} is then thrown where nothing has happened yet.
 */
final class Headroom {
  /**
   * Together more than what stands between a reservation and its undoing, which is interpreted, when
   * this is compiled, and so is packed more closely.
   */
  private static final int FRAMES = 32;

  /** Enough to end a task, let the next of its key go and look after both. */
  private static final int MANY_FRAMES = 3 * FRAMES;

  /** Enough to take a task back out of the backlog. */
  private static final int FEW_FRAMES = 5;

  private Headroom() {}

  static void check() {
    descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /** For the ends of tasks that wait, each of which must be told of and make way for others. */
  static void checkMuch() {
    descend(MANY_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /** Costs next to nothing, for where most likely nothing will be reserved. */
  static void checkLittle() {
    descend(FEW_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  private static long descend(
      int frames,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k,
      long l) {
    return frames == 0 ? a : b + descend(frames - 1, b, c, d, e, f, g, h, i, j, k, l, a);
  }
}
