package dev.bobbin.core;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A backlog that lets a test do something between two of its operations. */
final class HookedBacklog extends Backlog {
  /** Where the test steps in. */
  enum Point {
    BEFORE_APPEND,
    AFTER_APPEND,
    AFTER_POLL_OF_NOTHING,
    AFTER_POLL_OF_A_TASK,
    BEFORE_LOOKING,
    AFTER_LOOKING,
    AFTER_CLOSE
  }

  private Consumer<Point> hook = point -> {};
  private boolean silent;

  HookedBacklog(int capacity) {
    super(capacity);
  }

  /** Calls this at every point from now on, save from within itself. */
  void hook(Consumer<Point> hook) {
    this.hook = hook;
  }

  /** Does this the next time that this point is passed, and never again. */
  void once(Point where, Runnable action) {
    atThe(1, where, action);
  }

  /** Does this the given time that this point is passed, and never again. */
  void atThe(int time, Point where, Runnable action) {
    var passed = new int[1];
    hook(point -> {
      if (point == where && ++passed[0] == time) {
        hook(none -> {});
        action.run();
      }
    });
  }

  /** Returns how many tasks wait, without a word to the hook. */
  int count() {
    boolean before = silent;
    silent = true;
    int count = 0;
    while (super.hasMoreThan(count)) {
      count++;
    }
    silent = before;
    return count;
  }

  private void pass(Point point) {
    if (!silent) {
      hook.accept(point);
    }
  }

  @Override
  boolean append(Runnable task) {
    pass(Point.BEFORE_APPEND);
    boolean appended = super.append(task);
    pass(Point.AFTER_APPEND);
    return appended;
  }

  @Override
  @Nullable
  Runnable poll(@Nullable Slot taker) {
    Runnable task = super.poll(taker);
    pass(task == null ? Point.AFTER_POLL_OF_NOTHING : Point.AFTER_POLL_OF_A_TASK);
    return task;
  }

  @Override
  boolean hasMoreThan(int count) {
    pass(Point.BEFORE_LOOKING);
    boolean more = super.hasMoreThan(count);
    pass(Point.AFTER_LOOKING);
    return more;
  }

  @Override
  void close() {
    super.close();
    pass(Point.AFTER_CLOSE);
  }
}
