package dev.bobbin.core;

/**
 * Finds out whether the stack has room, before something is reserved that must be given back: a
 * {@link StackOverflowError} is then thrown where nothing has happened yet.
 */
final class Headroom {
  /*
   * Whoever enters a method looks whether the stack reaches as far down as its frame and the JVM's own zone
   * below that. The locals count for the frame, also those of a block that is never entered: the
   * interpreter makes room for them, and both compilers look as far as the interpreter would, which might
   * have to take over. So a method with many locals finds out about as many bytes at the cost
   * of a call. It has a call in it, since one without need not look; and what leads to the
   * block is a field that nobody can take for a constant, or the compilers would leave it out.
   */

  /** Never true. Not final, see above. */
  private static boolean huge;

  /** Three times as much as {@link #check} finds, in frames of {@link #descend}. */
  private static final int MANY_FRAMES = 96;

  private Headroom() {}

  /**
   * Finds three pages: more than what stands between a reservation and its undoing, which is interpreted,
   * when this is compiled, and so is packed more closely.
   */
  static void check() {
    if (huge) {
      long a00_0, a00_1, a00_2, a00_3, a00_4, a00_5, a00_6, a00_7, a00_8, a00_9, a00_a, a00_b;
      long a01_0, a01_1, a01_2, a01_3, a01_4, a01_5, a01_6, a01_7, a01_8, a01_9, a01_a, a01_b;
      long a02_0, a02_1, a02_2, a02_3, a02_4, a02_5, a02_6, a02_7, a02_8, a02_9, a02_a, a02_b;
      long a03_0, a03_1, a03_2, a03_3, a03_4, a03_5, a03_6, a03_7, a03_8, a03_9, a03_a, a03_b;
      long a04_0, a04_1, a04_2, a04_3, a04_4, a04_5, a04_6, a04_7, a04_8, a04_9, a04_a, a04_b;
      long a05_0, a05_1, a05_2, a05_3, a05_4, a05_5, a05_6, a05_7, a05_8, a05_9, a05_a, a05_b;
      long a06_0, a06_1, a06_2, a06_3, a06_4, a06_5, a06_6, a06_7, a06_8, a06_9, a06_a, a06_b;
      long a07_0, a07_1, a07_2, a07_3, a07_4, a07_5, a07_6, a07_7, a07_8, a07_9, a07_a, a07_b;
      long a08_0, a08_1, a08_2, a08_3, a08_4, a08_5, a08_6, a08_7, a08_8, a08_9, a08_a, a08_b;
      long a09_0, a09_1, a09_2, a09_3, a09_4, a09_5, a09_6, a09_7, a09_8, a09_9, a09_a, a09_b;
      long a10_0, a10_1, a10_2, a10_3, a10_4, a10_5, a10_6, a10_7, a10_8, a10_9, a10_a, a10_b;
      long a11_0, a11_1, a11_2, a11_3, a11_4, a11_5, a11_6, a11_7, a11_8, a11_9, a11_a, a11_b;
      long a12_0, a12_1, a12_2, a12_3, a12_4, a12_5, a12_6, a12_7, a12_8, a12_9, a12_a, a12_b;
      long a13_0, a13_1, a13_2, a13_3, a13_4, a13_5, a13_6, a13_7, a13_8, a13_9, a13_a, a13_b;
      long a14_0, a14_1, a14_2, a14_3, a14_4, a14_5, a14_6, a14_7, a14_8, a14_9, a14_a, a14_b;
      long a15_0, a15_1, a15_2, a15_3, a15_4, a15_5, a15_6, a15_7, a15_8, a15_9, a15_a, a15_b;
      long a16_0, a16_1, a16_2, a16_3, a16_4, a16_5, a16_6, a16_7, a16_8, a16_9, a16_a, a16_b;
      long a17_0, a17_1, a17_2, a17_3, a17_4, a17_5, a17_6, a17_7, a17_8, a17_9, a17_a, a17_b;
      long a18_0, a18_1, a18_2, a18_3, a18_4, a18_5, a18_6, a18_7, a18_8, a18_9, a18_a, a18_b;
      long a19_0, a19_1, a19_2, a19_3, a19_4, a19_5, a19_6, a19_7, a19_8, a19_9, a19_a, a19_b;
      long a20_0, a20_1, a20_2, a20_3, a20_4, a20_5, a20_6, a20_7, a20_8, a20_9, a20_a, a20_b;
      long a21_0, a21_1, a21_2, a21_3, a21_4, a21_5, a21_6, a21_7, a21_8, a21_9, a21_a, a21_b;
      long a22_0, a22_1, a22_2, a22_3, a22_4, a22_5, a22_6, a22_7, a22_8, a22_9, a22_a, a22_b;
      long a23_0, a23_1, a23_2, a23_3, a23_4, a23_5, a23_6, a23_7, a23_8, a23_9, a23_a, a23_b;
      long a24_0, a24_1, a24_2, a24_3, a24_4, a24_5, a24_6, a24_7, a24_8, a24_9, a24_a, a24_b;
      long a25_0, a25_1, a25_2, a25_3, a25_4, a25_5, a25_6, a25_7, a25_8, a25_9, a25_a, a25_b;
      long a26_0, a26_1, a26_2, a26_3, a26_4, a26_5, a26_6, a26_7, a26_8, a26_9, a26_a, a26_b;
      long a27_0, a27_1, a27_2, a27_3, a27_4, a27_5, a27_6, a27_7, a27_8, a27_9, a27_a, a27_b;
      long a28_0, a28_1, a28_2, a28_3, a28_4, a28_5, a28_6, a28_7, a28_8, a28_9, a28_a, a28_b;
      long a29_0, a29_1, a29_2, a29_3, a29_4, a29_5, a29_6, a29_7, a29_8, a29_9, a29_a, a29_b;
      long a30_0, a30_1, a30_2, a30_3, a30_4, a30_5, a30_6, a30_7, a30_8, a30_9, a30_a, a30_b;
      long a31_0, a31_1, a31_2, a31_3, a31_4, a31_5, a31_6, a31_7, a31_8, a31_9, a31_a, a31_b;
      long a32_0, a32_1, a32_2, a32_3, a32_4, a32_5, a32_6, a32_7, a32_8, a32_9, a32_a, a32_b;
      long a33_0, a33_1, a33_2, a33_3, a33_4, a33_5, a33_6, a33_7, a33_8, a33_9, a33_a, a33_b;
      long a34_0, a34_1, a34_2, a34_3, a34_4, a34_5, a34_6, a34_7, a34_8, a34_9, a34_a, a34_b;
      long a35_0, a35_1, a35_2, a35_3, a35_4, a35_5, a35_6, a35_7, a35_8, a35_9, a35_a, a35_b;
      long a36_0, a36_1, a36_2, a36_3, a36_4, a36_5, a36_6, a36_7, a36_8, a36_9, a36_a, a36_b;
      long a37_0, a37_1, a37_2, a37_3, a37_4, a37_5, a37_6, a37_7, a37_8, a37_9, a37_a, a37_b;
      long a38_0, a38_1, a38_2, a38_3, a38_4, a38_5, a38_6, a38_7, a38_8, a38_9, a38_a, a38_b;
      long a39_0, a39_1, a39_2, a39_3, a39_4, a39_5, a39_6, a39_7, a39_8, a39_9, a39_a, a39_b;
      long a40_0, a40_1, a40_2, a40_3, a40_4, a40_5, a40_6, a40_7, a40_8, a40_9, a40_a, a40_b;
      long a41_0, a41_1, a41_2, a41_3, a41_4, a41_5, a41_6, a41_7, a41_8, a41_9, a41_a, a41_b;
      long a42_0, a42_1, a42_2, a42_3, a42_4, a42_5, a42_6, a42_7, a42_8, a42_9, a42_a, a42_b;
      long a43_0, a43_1, a43_2, a43_3, a43_4, a43_5, a43_6, a43_7, a43_8, a43_9, a43_a, a43_b;
      long a44_0, a44_1, a44_2, a44_3, a44_4, a44_5, a44_6, a44_7, a44_8, a44_9, a44_a, a44_b;
      long a45_0, a45_1, a45_2, a45_3, a45_4, a45_5, a45_6, a45_7, a45_8, a45_9, a45_a, a45_b;
      long a46_0, a46_1, a46_2, a46_3, a46_4, a46_5, a46_6, a46_7, a46_8, a46_9, a46_a, a46_b;
      long a47_0, a47_1, a47_2, a47_3, a47_4, a47_5, a47_6, a47_7, a47_8, a47_9, a47_a, a47_b;
      long a48_0, a48_1, a48_2, a48_3, a48_4, a48_5, a48_6, a48_7, a48_8, a48_9, a48_a, a48_b;
      long a49_0, a49_1, a49_2, a49_3, a49_4, a49_5, a49_6, a49_7, a49_8, a49_9, a49_a, a49_b;
      long a50_0, a50_1, a50_2, a50_3, a50_4, a50_5, a50_6, a50_7, a50_8, a50_9, a50_a, a50_b;
      long a51_0, a51_1, a51_2, a51_3, a51_4, a51_5, a51_6, a51_7, a51_8, a51_9, a51_a, a51_b;
      long a52_0, a52_1, a52_2, a52_3, a52_4, a52_5, a52_6, a52_7, a52_8, a52_9, a52_a, a52_b;
      long a53_0, a53_1, a53_2, a53_3, a53_4, a53_5, a53_6, a53_7, a53_8, a53_9, a53_a, a53_b;
      long a54_0, a54_1, a54_2, a54_3, a54_4, a54_5, a54_6, a54_7, a54_8, a54_9, a54_a, a54_b;
      long a55_0, a55_1, a55_2, a55_3, a55_4, a55_5, a55_6, a55_7, a55_8, a55_9, a55_a, a55_b;
      long a56_0, a56_1, a56_2, a56_3, a56_4, a56_5, a56_6, a56_7, a56_8, a56_9, a56_a, a56_b;
      long a57_0, a57_1, a57_2, a57_3, a57_4, a57_5, a57_6, a57_7, a57_8, a57_9, a57_a, a57_b;
      long a58_0, a58_1, a58_2, a58_3, a58_4, a58_5, a58_6, a58_7, a58_8, a58_9, a58_a, a58_b;
      long a59_0, a59_1, a59_2, a59_3, a59_4, a59_5, a59_6, a59_7, a59_8, a59_9, a59_a, a59_b;
      long a60_0, a60_1, a60_2, a60_3, a60_4, a60_5, a60_6, a60_7, a60_8, a60_9, a60_a, a60_b;
      long a61_0, a61_1, a61_2, a61_3, a61_4, a61_5, a61_6, a61_7, a61_8, a61_9, a61_a, a61_b;
      long a62_0, a62_1, a62_2, a62_3, a62_4, a62_5, a62_6, a62_7, a62_8, a62_9, a62_a, a62_b;
      long a63_0, a63_1, a63_2, a63_3, a63_4, a63_5, a63_6, a63_7, a63_8, a63_9, a63_a, a63_b;
      checkMuch();
    }
  }

  /** Finds nine pages, for the ends of tasks that wait, each of which must be told of and make way for others. */
  static void checkMuch() {
    descend(MANY_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /** Finds a page: enough to take a task back out of the backlog, where most likely nothing will be reserved. */
  static void checkLittle() {
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
