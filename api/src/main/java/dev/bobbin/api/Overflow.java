package dev.bobbin.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a task for which the backlog has no room. Immutable. One stands in the
 * configuration of a pool; an {@link OverflowPolicy} chooses one for each such task.
 *
 * <p>Once a stop has begun only {@link #refuse} and {@link #discardSilently} are left: whatever
 * else is configured refuses then.
 */
public final class Overflow {
  private static final Overflow REFUSE = new Overflow(Kind.REFUSE, null);
  private static final Overflow RUN_IN_CALLER = new Overflow(Kind.RUN_IN_CALLER, null);
  private static final Overflow DISCARD_OLDEST = new Overflow(Kind.DISCARD_OLDEST, null);
  private static final Overflow DISCARD_SILENTLY = new Overflow(Kind.DISCARD_SILENTLY, null);

  private final Kind kind;
  private final @Nullable Duration atMost;

  private Overflow(Kind kind, @Nullable Duration atMost) {
    this.kind = kind;
    this.atMost = atMost;
  }

  /** Refuses the task with a {@link TaskRejectedException}. The default. */
  public static Overflow refuse() {
    return REFUSE;
  }

  /**
   * Accepts the task and runs it on the submitter's thread before the submission returns. A pool
   * that stops waits for it; a stop that is called from it begins and returns.
   */
  public static Overflow runInCaller() {
    return RUN_IN_CALLER;
  }

  /**
   * Lets the submitter wait for room, and refuses the task if there is none in time or the submitter
   * is interrupted, which it then stays. A thread of the pool itself does not wait: there the task is
   * refused at once, since it might wait for itself.
   *
   * @param atMost how long
   * @throws IllegalArgumentException if it is not positive
   */
  public static Overflow block(Duration atMost) {
    return new Overflow(Kind.BLOCK, Durations.checkPositive("The time to block", atMost));
  }

  /**
   * Gives up the task that has waited longest among those of the lowest level that waits, if that
   * level is not above the new one's; its future or callback gets a {@link TaskDiscardedException}. If
   * there is none to give up, the new task is refused.
   */
  public static Overflow discardOldest() {
    return DISCARD_OLDEST;
  }

  /**
   * Drops the task without a word to the submitter; it counts as refused. Its future, if it has one,
   * completes with a {@link TaskRejectedException}; a callback is not called. Where this stands in the
   * configuration, tasks submitted after a stop are dropped likewise.
   */
  public static Overflow discardSilently() {
    return DISCARD_SILENTLY;
  }

  /** Returns which of the five this is. */
  public Kind kind() {
    return kind;
  }

  /** Returns how long a submitter waits for room; zero unless this is {@link Kind#BLOCK}. */
  public Duration atMost() {
    return atMost == null ? Duration.ZERO : atMost;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Overflow that
        && kind == that.kind
        && Objects.equals(atMost, that.atMost);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, atMost);
  }

  @Override
  public String toString() {
    return atMost == null ? kind.toString() : kind + " " + atMost;
  }

  /** Returns the one of this kind; {@code atMost} is for {@link Kind#BLOCK} alone. */
  static Overflow of(Kind kind, Duration atMost) {
    return switch (kind) {
      case REFUSE -> REFUSE;
      case RUN_IN_CALLER -> RUN_IN_CALLER;
      case DISCARD_OLDEST -> DISCARD_OLDEST;
      case DISCARD_SILENTLY -> DISCARD_SILENTLY;
      case BLOCK -> block(atMost);
    };
  }

  /** The five ways. */
  public enum Kind {
    /** See {@link Overflow#refuse}. */
    REFUSE,
    /** See {@link Overflow#runInCaller}. */
    RUN_IN_CALLER,
    /** See {@link Overflow#block}. */
    BLOCK,
    /** See {@link Overflow#discardOldest}. */
    DISCARD_OLDEST,
    /** See {@link Overflow#discardSilently}. */
    DISCARD_SILENTLY
  }
}
