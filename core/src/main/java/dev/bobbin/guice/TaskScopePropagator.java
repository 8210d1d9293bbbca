package dev.bobbin.guice;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Gives each task its scope, and its tree's. Outermost of all propagators, since others may ask for objects. */
final class TaskScopePropagator implements ContextPropagator {
  /*
   * A tree begins with a task that was submitted outside of all tasks. Its users are the tasks that run in
   * it and those that wait: who captures counts its task in, and the end of the task, run or not, counts it
   * out; the last closes the objects of the tree. While a task runs it is a user, so the count is above 0 as
   * long as somebody can ask for an object or count another task in.
   *
   * What was captured once may serve several tasks, such as those of an executor that keeps the context of
   * who asked for it. The first use has the count of the capture; each other one counts itself in, and begins
   * a tree of its own if this one is over.
   */
  static final TaskScopePropagator INSTANCE = new TaskScopePropagator();

  private static final ThreadLocal<@Nullable Task> CURRENT = new ThreadLocal<>();

  private TaskScopePropagator() {}

  /** The scope of one task that runs. */
  private record Task(TaskObjects own, Tree tree) {}

  /** What a task shares with those that it submits. */
  private static final class Tree {
    final TaskObjects objects = new TaskObjects();

    /** How many tasks use this: 0 once it is over. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** Counts one more in; false if this is over. */
    boolean enter() {
      return users.updateAndGet(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** Counts one out; returns what closing has thrown, before or here. */
    @Nullable
    Throwable leave(@Nullable Throwable before) {
      return users.decrementAndGet() == 0 ? objects.close(before) : before;
    }
  }

  /** Returns the objects of the calling thread's task, or of its tree; null if it runs none. */
  static @Nullable TaskObjects objects(boolean inherited) {
    Task task = CURRENT.get();
    if (task == null) {
      return null;
    }
    return inherited ? task.tree.objects : task.own;
  }

  @Override
  public String name() {
    return "task-scope";
  }

  @Override
  public int order() {
    return Integer.MIN_VALUE;
  }

  @Override
  public CapturedContext capture() {
    Task task = CURRENT.get();
    return new Captured(task != null && task.tree.enter() ? task.tree : new Tree());
  }

  /** Nothing of a thread's own can be left behind here. */
  @Override
  public Map<String, String> present() {
    return Map.of();
  }

  /** The tree that a task is to run in. */
  private static final class Captured implements CapturedContext {
    private final Tree captured;

    /** Whether the count of the capture is used. */
    private final AtomicBoolean used = new AtomicBoolean();

    Captured(Tree tree) {
      this.captured = tree;
    }

    private Tree tree() {
      boolean first = used.compareAndSet(false, true);
      return first || captured.enter() ? captured : new Tree();
    }

    @Override
    public void run(Runnable body) {
      Task before = CURRENT.get();
      var task = new Task(new TaskObjects(), tree());
      CURRENT.set(task);
      Throwable thrown = null;
      try {
        body.run();
      } finally {
        thrown = task.own.close(null);
        CURRENT.set(before);
        thrown = task.tree.leave(thrown);
      }
      if (thrown != null) {
        throw TaskObjects.failure(thrown);
      }
    }

    @Override
    public void discarded() {
      if (used.compareAndSet(false, true)) {
        Throwable thrown = captured.leave(null);
        if (thrown != null) {
          throw TaskObjects.failure(thrown);
        }
      }
    }
  }
}
