package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

/**
 * The numbers of one pool, read at one moment. Immutable.
 *
 * <p>Workers, sizes and state come from one read. Each counter of tasks is exact and never smaller
 * than in an earlier snapshot; no snapshot shows more tasks ended than taken or more taken than
 * accepted. While tasks flow, numbers may be apart by what happened during the reading; when nothing
 * moves, {@code accepted = completed + failed + cancelled + discarded + backlog + running} holds to
 * the last task.
 *
 * <p>Snapshots are made by pools; the {@link #builder() builder} is there for them and for tests.
 */
public final class PoolStatistics {
  private final PoolState state;
  private final int workers;
  private final int busy;
  private final int lent;
  private final int renewing;
  private final PoolSizes sizes;
  private final int backlogLimit;
  private final long backlog;
  private final long running;
  private final long accepted;
  private final long completed;
  private final long failed;
  private final long cancelled;
  private final long discarded;
  private final long refused;

  private PoolStatistics(Builder builder) {
    this.state = builder.state;
    this.workers = builder.workers;
    this.busy = builder.busy;
    this.lent = builder.lent;
    this.renewing = builder.renewing;
    this.sizes = builder.sizes;
    this.backlogLimit = builder.backlogLimit;
    this.backlog = builder.backlog;
    this.running = builder.running;
    this.accepted = builder.accepted;
    this.completed = builder.completed;
    this.failed = builder.failed;
    this.cancelled = builder.cancelled;
    this.discarded = builder.discarded;
    this.refused = builder.refused;
  }

  /** Returns a builder of which every number is 0 and the state {@link PoolState#NEW}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns where the pool stood in its life. */
  public PoolState state() {
    return state;
  }

  /** Returns how many workers there were, those whose thread was still being made included. */
  public int workers() {
    return workers;
  }

  /** Returns how many workers had neither a task nor the dependents of one. */
  public int idle() {
    return workers - busy;
  }

  /** Returns how many workers held a task, its callback or its dependent stages. */
  public int busy() {
    return busy;
  }

  /**
   * Returns how many workers the pool was allowed beside its maximum, in place of workers that had
   * announced that they block, see {@link ThreadPool#callBlocking}.
   */
  public int lent() {
    return lent;
  }

  /** Returns 1 if the pool was allowed one worker more while it replaced one by a new one, else 0. */
  public int renewing() {
    return renewing;
  }

  /** Returns the least number of workers the pool was to keep. */
  public int minWorkers() {
    return sizes.minWorkers();
  }

  /** Returns the greatest number of workers the pool was to have. */
  public int maxWorkers() {
    return sizes.maxWorkers();
  }

  /**
   * Returns how many tasks were allowed to wait for workers that are all busy; {@link
   * ThreadPoolConfig#UNBOUNDED} for any number.
   */
  public int backlogLimit() {
    return backlogLimit;
  }

  /** Returns how many accepted tasks no worker had taken yet, those held back by a key included. */
  public long backlog() {
    return backlog;
  }

  /** Returns how many tasks had been taken and were not yet off the books. */
  public long running() {
    return running;
  }

  /** Returns how many tasks the pool had taken on. */
  public long accepted() {
    return accepted;
  }

  /** Returns how many tasks had ended normally. */
  public long completed() {
    return completed;
  }

  /** Returns how many tasks had ended by a throwable of their own. */
  public long failed() {
    return failed;
  }

  /** Returns how many tasks had left the pool after a {@code cancel} that won. */
  public long cancelled() {
    return cancelled;
  }

  /** Returns how many accepted tasks the pool had given up without running them. */
  public long discarded() {
    return discarded;
  }

  /** Returns how many submissions had been turned down; they are not among the accepted. */
  public long refused() {
    return refused;
  }

  /** Returns the numbers in one line, as they stand in messages and logs. */
  @Override
  public String toString() {
    return state
        + (", workers " + workers + " (busy " + busy + ", idle " + idle() + ")")
        + (" of " + minWorkers() + " to " + maxWorkers() + extraText())
        + (", backlog " + backlog + limitText() + ", running " + running + ", accepted " + accepted)
        + (", completed " + completed + ", failed " + failed + ", cancelled " + cancelled)
        + (", discarded " + discarded + ", refused " + refused);
  }

  private String extraText() {
    return (lent == 0 ? "" : ", lent " + lent) + (renewing == 0 ? "" : ", renewing " + renewing);
  }

  private String limitText() {
    return backlogLimit == ThreadPoolConfig.UNBOUNDED ? "" : " of " + backlogLimit;
  }

  /** Collects the numbers of one snapshot. Not for use by several threads. */
  public static final class Builder {
    private PoolState state = PoolState.NEW;
    private int workers;
    private int busy;
    private int lent;
    private int renewing;
    private PoolSizes sizes = new PoolSizes(0, 0);
    private int backlogLimit = ThreadPoolConfig.UNBOUNDED;
    private long backlog;
    private long running;
    private long accepted;
    private long completed;
    private long failed;
    private long cancelled;
    private long discarded;
    private long refused;

    private Builder() {}

    /** Sets the state. Defaults to {@link PoolState#NEW}. */
    public Builder state(PoolState state) {
      this.state = requireNonNull(state, "state");
      return this;
    }

    /** Sets the number of workers. Defaults to 0. */
    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    /** Sets the number of busy workers. Defaults to 0. */
    public Builder busy(int busy) {
      this.busy = busy;
      return this;
    }

    /** Sets the number of workers allowed in place of some that block. Defaults to 0. */
    public Builder lent(int lent) {
      this.lent = lent;
      return this;
    }

    /** Sets the number of workers allowed while others are replaced. Defaults to 0. */
    public Builder renewing(int renewing) {
      this.renewing = renewing;
      return this;
    }

    /** Sets the sizes in force. Defaults to (0, 0). */
    public Builder sizes(PoolSizes sizes) {
      this.sizes = requireNonNull(sizes, "sizes");
      return this;
    }

    /** Sets the bound of the backlog. Defaults to {@link ThreadPoolConfig#UNBOUNDED}. */
    public Builder backlogLimit(int backlogLimit) {
      this.backlogLimit = backlogLimit;
      return this;
    }

    /** Sets the number of waiting tasks. Defaults to 0. */
    public Builder backlog(long backlog) {
      this.backlog = backlog;
      return this;
    }

    /** Sets the number of running tasks. Defaults to 0. */
    public Builder running(long running) {
      this.running = running;
      return this;
    }

    /** Sets the number of accepted tasks. Defaults to 0. */
    public Builder accepted(long accepted) {
      this.accepted = accepted;
      return this;
    }

    /** Sets the number of tasks that ended normally. Defaults to 0. */
    public Builder completed(long completed) {
      this.completed = completed;
      return this;
    }

    /** Sets the number of tasks that threw. Defaults to 0. */
    public Builder failed(long failed) {
      this.failed = failed;
      return this;
    }

    /** Sets the number of cancelled tasks. Defaults to 0. */
    public Builder cancelled(long cancelled) {
      this.cancelled = cancelled;
      return this;
    }

    /** Sets the number of tasks given up unrun. Defaults to 0. */
    public Builder discarded(long discarded) {
      this.discarded = discarded;
      return this;
    }

    /** Sets the number of refused submissions. Defaults to 0. */
    public Builder refused(long refused) {
      this.refused = refused;
      return this;
    }

    /** Returns the snapshot. */
    public PoolStatistics build() {
      return new PoolStatistics(this);
    }
  }
}
