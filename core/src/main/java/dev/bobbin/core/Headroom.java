package dev.bobbin.core;

/**
 * Finds out whether the stack has room, before something is reserved that must be given back: a
 * {@link StackOverflowError} is then thrown where nothing has happened yet.
 */
final class Headroom {
  /** More than what stands between a reservation and its undoing, interpreted, when this is compiled. */
  private static final int FRAMES = 64;

  private Headroom() {}

  static void check() {
    descend(FRAMES, 1, 2, 3, 4);
  }

  private static long descend(int frames, long a, long b, long c, long d) {
    return frames == 0 ? a : 1 + descend(frames - 1, b, c, d, a);
  }
}
