package dev.bobbin.benchmarks;

import java.util.Locale;

/** What is done to a subject. */
enum Load {
  FLOOD1(200_000, "one producer, empty tasks, until all have run") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Flood(subject.open(sizes), tasks, 1, Flood.EMPTY);
    }
  },
  FLOOD4(200_000, "four producers, empty tasks, until all have run") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Flood(subject.open(sizes), tasks, 4, Flood.EMPTY);
    }
  },
  FLOOD1US(20_000, "one producer, tasks that are busy for a microsecond") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Flood(subject.open(sizes), tasks, 1, Flood.MICROSECOND);
    }
  },
  TREE((1 << 17) - 1, "tasks that each submit two more from inside a worker, 17 levels") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Tree(subject.open(sizes), tasks);
    }

    @Override
    int smallTasks() {
      return 31;
    }
  },
  HANDOFF(2_000, "submit one, park until it ran") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Handoff(subject.open(sizes), tasks);
    }
  },
  FUTURE(2_000, "`submit(...).get()`, one after the other") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Futures(subject.open(sizes), tasks);
    }
  },
  TRICKLE(
      1_000,
      "one task each 100 µs, by a timetable; the producer parks and never spins; the time is that from submission to begin") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Trickle(subject.open(sizes), tasks);
    }
  },
  BLOCKING(200, "200 tasks that sleep for 2 ms; ideal is 200 / maximum × 2 ms") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Blocking(subject.open(sizes), tasks);
    }
  },
  CONTEXT0(200_000, "flood1 with no propagator") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return context(sizes, tasks, 0);
    }
  },
  CONTEXT1(200_000, "flood1 with one propagator, of a thread-local that has a value") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return context(sizes, tasks, 1);
    }
  },
  CONTEXT3(200_000, "flood1 with three such propagators") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return context(sizes, tasks, 3);
    }
  },
  CALLBACK(
      200_000,
      "flood1 with a callback: `callInThreadWithCallback`, and with the peers a task that calls back itself") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      return new Flood(subject.open(sizes), tasks, 1, Flood.CALLBACK);
    }
  },
  GROW(
      1,
      "from the minimum of workers until as many tasks as the maximum have begun at once; time, processor time and bytes are those of one growth, the bytes with making and closing the pool") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) {
      return new Growth(() -> subject.open(sizes), sizes);
    }

    @Override
    int smallTasks() {
      return 1;
    }

    @Override
    long ranPerBatch(Sizes sizes, int tasks) {
      return sizes.max();
    }
  },
  RESIZE(
      200_000,
      "flood1 while another thread halves the sizes and sets them back, with pauses of 100 µs between") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) throws Exception {
      PoolUnderLoad pool = subject.open(sizes);
      return new WhileResizing(new Flood(pool, tasks, 1, Flood.EMPTY), pool, sizes);
    }
  },
  IDLE(
      1_000,
      "a thousand pools that have had one task each, weighed and watched for a second; a worker and a queued task are weighed as well") {
    @Override
    Batch open(Subject subject, Sizes sizes, int tasks) {
      throw new UnsupportedOperationException("Idle pools are weighed, see Footprint.");
    }

    @Override
    int smallTasks() {
      return 5;
    }
  };

  private static final int SMALL = 20;
  private static final int IDLE_ROUNDS = 1;

  private final int tasks;
  private final String description;

  Load(int tasks, String description) {
    this.tasks = tasks;
    this.description = description;
  }

  private static Batch context(Sizes sizes, int tasks, int propagators) throws Exception {
    return new Flood(BobbinPool.open(sizes, propagators), tasks, 1, Flood.EMPTY);
  }

  /**
   * Returns this load on a new pool, not yet run.
   *
   * @param tasks how many tasks a batch has; {@link #IDLE}: how many pools
   */
  abstract Batch open(Subject subject, Sizes sizes, int tasks) throws Exception;

  /** Returns how many operations a batch has: tasks, or growths, or pools. */
  int tasks() {
    return tasks;
  }

  /** Returns how many are enough to see that it works. */
  int smallTasks() {
    return SMALL;
  }

  /** Returns how many tasks run in a batch of so many operations. */
  long ranPerBatch(Sizes sizes, int operations) {
    return operations;
  }

  /** Returns whether no peer has what this load asks for. */
  boolean bobbinOnly() {
    return this == CONTEXT0 || this == CONTEXT1 || this == CONTEXT3;
  }

  /** Returns whether a round is worth measuring: what is weighed does not differ from one to the next. */
  boolean isIn(int round) {
    return this != IDLE || round <= IDLE_ROUNDS;
  }

  /** Returns whether it takes the JVM longer than with others to compile all that it needs. */
  boolean isSlowToWarm() {
    return this == TREE;
  }

  /** Returns the name in results, in tables and on the command line. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what it is, in Markdown. */
  String description() {
    return description;
  }

  /** Returns the load of this key. */
  static Load of(String key) {
    for (Load load : values()) {
      if (load.key().equals(key)) {
        return load;
      }
    }
    throw new IllegalArgumentException("There is no load '%s'.".formatted(key));
  }
}
