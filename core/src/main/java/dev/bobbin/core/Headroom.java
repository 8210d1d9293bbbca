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

  /** Never true. Not final, so that nobody takes it for a constant, see checkLittle. */
  private static boolean huge;

  private Headroom() {}

  static void check() {
    descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /** For the ends of tasks that wait, each of which must be told of and make way for others. */
  static void checkMuch() {
    descend(MANY_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /** Finds a page: enough to take a task back out of the backlog, where most likely nothing will be reserved. */
  static void checkLittle() {
    /*
     * Whoever enters a method looks whether the stack reaches as far down as its frame and the JVM's own
     * zone below that. The locals count for the frame, also those of a block that is never entered: the
     * interpreter makes room for them, and both compilers look as far as the interpreter would, which
     * might have to take over. So this finds out about a page at the cost of a call. It has a call in it,
     * since a method without one need not look; and what leads to the block is no constant, or
     * the compilers would leave it out.
     */
    if (huge) {
      long b00_0, b00_1, b00_2, b00_3, b00_4, b00_5, b00_6, b00_7, b00_8, b00_9, b00_a, b00_b;
      long b01_0, b01_1, b01_2, b01_3, b01_4, b01_5, b01_6, b01_7, b01_8, b01_9, b01_a, b01_b;
      long b02_0, b02_1, b02_2, b02_3, b02_4, b02_5, b02_6, b02_7, b02_8, b02_9, b02_a, b02_b;
      long b03_0, b03_1, b03_2, b03_3, b03_4, b03_5, b03_6, b03_7, b03_8, b03_9, b03_a, b03_b;
      long b04_0, b04_1, b04_2, b04_3, b04_4, b04_5, b04_6, b04_7, b04_8, b04_9, b04_a, b04_b;
      long b05_0, b05_1, b05_2, b05_3, b05_4, b05_5, b05_6, b05_7, b05_8, b05_9, b05_a, b05_b;
      long b06_0, b06_1, b06_2, b06_3, b06_4, b06_5, b06_6, b06_7, b06_8, b06_9, b06_a, b06_b;
      long b07_0, b07_1, b07_2, b07_3, b07_4, b07_5, b07_6, b07_7, b07_8, b07_9, b07_a, b07_b;
      long b08_0, b08_1, b08_2, b08_3, b08_4, b08_5, b08_6, b08_7, b08_8, b08_9, b08_a, b08_b;
      long b09_0, b09_1, b09_2, b09_3, b09_4, b09_5, b09_6, b09_7, b09_8, b09_9, b09_a, b09_b;
      long b10_0, b10_1, b10_2, b10_3, b10_4, b10_5, b10_6, b10_7, b10_8, b10_9, b10_a, b10_b;
      long b11_0, b11_1, b11_2, b11_3, b11_4, b11_5, b11_6, b11_7, b11_8, b11_9, b11_a, b11_b;
      long b12_0, b12_1, b12_2, b12_3, b12_4, b12_5, b12_6, b12_7, b12_8, b12_9, b12_a, b12_b;
      long b13_0, b13_1, b13_2, b13_3, b13_4, b13_5, b13_6, b13_7, b13_8, b13_9, b13_a, b13_b;
      long b14_0, b14_1, b14_2, b14_3, b14_4, b14_5, b14_6, b14_7, b14_8, b14_9, b14_a, b14_b;
      long b15_0, b15_1, b15_2, b15_3, b15_4, b15_5, b15_6, b15_7, b15_8, b15_9, b15_a, b15_b;
      long b16_0, b16_1, b16_2, b16_3, b16_4, b16_5, b16_6, b16_7, b16_8, b16_9, b16_a, b16_b;
      long b17_0, b17_1, b17_2, b17_3, b17_4, b17_5, b17_6, b17_7, b17_8, b17_9, b17_a, b17_b;
      long b18_0, b18_1, b18_2, b18_3, b18_4, b18_5, b18_6, b18_7, b18_8, b18_9, b18_a, b18_b;
      long b19_0, b19_1, b19_2, b19_3, b19_4, b19_5, b19_6, b19_7, b19_8, b19_9, b19_a, b19_b;
      long b20_0, b20_1, b20_2, b20_3, b20_4, b20_5, b20_6, b20_7, b20_8, b20_9, b20_a, b20_b;
      long b21_0, b21_1, b21_2, b21_3, b21_4, b21_5, b21_6, b21_7, b21_8, b21_9, b21_a, b21_b;
      checkMuch();
    }
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
