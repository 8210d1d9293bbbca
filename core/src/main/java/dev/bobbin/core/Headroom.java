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

  /** Never true, which neither javac nor the JVM may know: what asks for it is then never left out. */
  private static boolean huge;

  private Headroom() {}

  static void check() {
    descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /** For the ends of tasks that wait, each of which must be told of and make way for others. */
  static void checkMuch() {
    descend(MANY_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  /**
   * Finds room to take a task back out of the backlog, which is a page of the stack and more; for where
   * most likely nothing will be reserved. Costs next to nothing: whoever enters a method looks, as far
   * below as its frame may reach and the JVM's own zone, whether that is stack still, and its locals,
   * which are larger than a page, count for that although nothing ever enters the block that has them.
   * So do the interpreter and both compilers, these for the frame that the interpreter would have if it
   * had to take over. A method without a call in it would not look.
   */
  static void checkLittle() {
    if (huge) {
      long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, aa, ab, ac, ad, ae, af;
      long b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, ba, bb, bc, bd, be, bf;
      long c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, ca, cb, cc, cd, ce, cf;
      long d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, da, db, dc, dd, de, df;
      long e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, ea, eb, ec, ed, ee, ef;
      long f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, fa, fb, fc, fd, fe, ff;
      long g0, g1, g2, g3, g4, g5, g6, g7, g8, g9, ga, gb, gc, gd, ge, gf;
      long h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, ha, hb, hc, hd, he, hf;
      long r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, ra, rb, rc, rd, re, rf;
      long j0, j1, j2, j3, j4, j5, j6, j7, j8, j9, ja, jb, jc, jd, je, jf;
      long k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, ka, kb, kc, kd, ke, kf;
      long l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, la, lb, lc, ld, le, lf;
      long m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, ma, mb, mc, md, me, mf;
      long n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, na, nb, nc, nd, ne, nf;
      long o0, o1, o2, o3, o4, o5, o6, o7, o8, o9, oa, ob, oc, od, oe, of;
      long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, pa, pb, pc, pd, pe, pf;
      long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, qa, qb, qc, qd, qe, qf;
      check();
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
