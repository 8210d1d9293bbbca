package dev.bobbin.core;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a team, with the epoch that the state word must bear for them to be in force and the
 * handle of the change that set them. A worker that is lent, and the one too many while another is
 * renewed, are part of them: each loan and each return is a change with an epoch of its own.
 */
final class Sizes {
  final PoolSizes target;
  final int min;

  /** Up to how many workers are made: the maximum, and one for each that is lent. */
  final int max;

  /** How many workers may be: more than {@link #max} only while one is renewed. */
  final int most;

  /** How many workers are lent in place of some that block. */
  final int lent;

  /** 1 while one worker more may be, in place of one that is to go, else 0. */
  final int renewing;

  /** How many tasks may wait for workers that are all busy. */
  final int limit;

  final int epoch;

  /** Completes when the last resize is in force; a loan hands it on. */
  final Handle inForce;

  /** The least minimum and the largest maximum of the changes under way, this one among them. */
  final int leastMin;

  final int largestMost;

  /** Whether the workers were seen between the bounds, with the word at this epoch. Set once. */
  private volatile boolean settled;

  Sizes(PoolSizes target, int limit, int epoch) {
    this(target, limit, epoch, 0, 0, new Handle(), null);
  }

  private Sizes(
      PoolSizes target,
      int limit,
      int epoch,
      int lent,
      int renewing,
      Handle inForce,
      @Nullable Sizes before) {
    this.target = target;
    this.min = target.minWorkers();
    this.max = Math.min(PoolSizes.LIMIT, target.maxWorkers() + lent);
    this.most = Math.min(PoolSizes.LIMIT, max + renewing);
    this.lent = lent;
    this.renewing = renewing;
    this.limit = limit;
    this.epoch = epoch;
    this.inForce = inForce;
    if (before == null) {
      this.leastMin = min;
      this.largestMost = most;
    } else if (before.settled) {
      this.leastMin = Math.min(min, before.min);
      this.largestMost = Math.max(most, before.most);
    } else {
      this.leastMin = Math.min(min, before.leastMin);
      this.largestMost = Math.max(most, before.largestMost);
    }
  }

  /** Returns what follows when somebody sets other sizes; what is lent or renewed stays so. */
  Sizes resized(PoolSizes target, int limit) {
    return new Sizes(target, limit, nextEpoch(), lent, renewing, new Handle(), this);
  }

  /** Returns what follows when so many more are lent, or so many fewer. */
  Sizes lending(int more) {
    return new Sizes(target, limit, nextEpoch(), lent + more, renewing, inForce, this);
  }

  /** Returns what follows when one worker may be too many, or no longer. */
  Sizes renewing(boolean oneMore) {
    return new Sizes(target, limit, nextEpoch(), lent, oneMore ? 1 : 0, inForce, this);
  }

  private int nextEpoch() {
    return TeamState.nextEpoch(epoch);
  }

  /** Returns whether one worker more can be counted. */
  boolean hasRoomForOneMore() {
    return target.maxWorkers() + lent + renewing < PoolSizes.LIMIT;
  }

  /** Returns whether the word is of these sizes, and as many workers live and are made as they want. */
  boolean areKeptBy(long word) {
    return TeamState.epoch(word) == epoch
        && TeamState.total(word) <= most
        && TeamState.live(word) >= min;
  }

  void setSettled() {
    settled = true;
  }

  boolean isSettled() {
    return settled;
  }

  /**
   * Returns whether this step of a running team keeps to the changes under way, of which this was the
   * last one known before the step; for assertions.
   */
  boolean allow(long before, long after) {
    return TeamState.phase(after) != TeamState.RUNNING
        || (TeamState.total(after) <= largestMost
            && (TeamState.live(after) >= TeamState.live(before)
                || TeamState.live(after) >= leastMin));
  }

  @Override
  public String toString() {
    return "epoch %d, %s, lent %d, renewing %d, under way from %d to %d"
        .formatted(epoch, target, lent, renewing, leastMin, largestMost);
  }

  boolean isBounded() {
    return limit != ThreadPoolConfig.UNBOUNDED;
  }

  /**
   * Completes the handle; what depends on it, which is foreign code, does not run on the caller, unless
   * no thread can be had for it. Never throws.
   */
  void complete() {
    if (inForce.getNumberOfDependents() > 0) {
      try {
        inForce.completeAsync(() -> target);
        return;
      } catch (Throwable noThread) {
        // the caller is a worker that begins or leaves, or a stop: it must go on
      }
    }
    inForce.complete(target);
  }

  /**
   * What callers of a resize get, as a stage. It is no minimal stage of another future, which would
   * be a dependent like any other, so that every handle were completed by a thread of its own.
   */
  static final class Handle extends CompletableFuture<PoolSizes> {
    @Override
    public CompletableFuture<PoolSizes> toCompletableFuture() {
      return copy(); // nobody but the team says that the sizes are in force
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }
  }
}
