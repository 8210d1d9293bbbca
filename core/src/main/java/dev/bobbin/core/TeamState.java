package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;

/**
 * The layout of a team's state word: what must be decided together, in one {@code long}. All methods
 * are pure functions of the word.
 */
final class TeamState {
  /*
   * From the lowest bit:
   *
   *   live    15   workers whose body has begun and that have not left
   *   making  15   places reserved for a thread that is in the making: until its body begins
   *   idle    15   workers that have published themselves as waiting and that nobody has woken
   *   waking   1   a worker was woken and has neither taken a task, parked nor left since
   *   epoch   15   of the sizes; wraps
   *   phase    3   see the constants
   *
   * live + making is at most PoolSizes.LIMIT, which fills 15 bits; idle is at most live.
   */
  static final int NEW = 0;
  static final int STARTING = 1;
  static final int RUNNING = 2;
  static final int DRAINING = 3;
  static final int GIVEN_UP = 4;
  static final int ENDED = 5;

  private static final int COUNT_BITS = 15;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final int MAKING_SHIFT = COUNT_BITS;
  private static final int IDLE_SHIFT = 2 * COUNT_BITS;
  private static final int EPOCH_SHIFT = 3 * COUNT_BITS + 1;
  private static final int PHASE_SHIFT = EPOCH_SHIFT + COUNT_BITS;

  static final long ONE_LIVE = 1L;
  static final long ONE_MAKING = 1L << MAKING_SHIFT;
  static final long ONE_IDLE = 1L << IDLE_SHIFT;
  static final long WAKING = 1L << (3 * COUNT_BITS);

  private TeamState() {}

  static int live(long word) {
    return (int) (word & COUNT_MASK);
  }

  static int making(long word) {
    return (int) (word >>> MAKING_SHIFT & COUNT_MASK);
  }

  /** Live workers and places in the making together: what the sizes bound. */
  static int total(long word) {
    return live(word) + making(word);
  }

  static int idle(long word) {
    return (int) (word >>> IDLE_SHIFT & COUNT_MASK);
  }

  static boolean isWaking(long word) {
    return (word & WAKING) != 0;
  }

  static int epoch(long word) {
    return (int) (word >>> EPOCH_SHIFT & COUNT_MASK);
  }

  static int nextEpoch(int epoch) {
    return (int) (epoch + 1 & COUNT_MASK);
  }

  static int phase(long word) {
    return (int) (word >>> PHASE_SHIFT);
  }

  static long withEpoch(long word, int epoch) {
    return word & ~(COUNT_MASK << EPOCH_SHIFT) | (long) epoch << EPOCH_SHIFT;
  }

  static long withPhase(long word, int phase) {
    return word & ~(-1L << PHASE_SHIFT) | (long) phase << PHASE_SHIFT;
  }

  static PoolState poolState(long word) {
    return switch (phase(word)) {
      case NEW, STARTING -> PoolState.NEW;
      case RUNNING -> PoolState.RUNNING;
      case DRAINING, GIVEN_UP -> PoolState.STOPPING;
      default -> PoolState.STOPPED;
    };
  }

  /** Returns whether {@code after} may follow {@code before}; for assertions. */
  static boolean isValidStep(long before, long after) {
    return total(after) <= PoolSizes.LIMIT
        && idle(after) <= live(after)
        && phase(after) <= ENDED
        && Math.abs(live(after) - live(before)) <= 1
        && Math.abs(making(after) - making(before)) <= 1
        && Math.abs(idle(after) - idle(before)) <= 1
        && (phase(after) >= phase(before) || phase(before) == STARTING && phase(after) == NEW)
        && (phase(after) != ENDED || total(after) == 0);
  }

  static String describe(long word) {
    return "phase %d, epoch %d, live %d, making %d, idle %d%s"
        .formatted(
            phase(word),
            epoch(word),
            live(word),
            making(word),
            idle(word),
            isWaking(word) ? ", one waking" : "");
  }
}
