package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import dev.bobbin.api.ContextFailedException;
import dev.bobbin.spi.CapturedContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the propagators of one pool captured for one task. Runs a body inside all of it, exactly once
 * and on the calling thread, whatever the propagators do. Immutable.
 */
final class CapturedContexts {
  /*
   * Every task in a backlog has one of these, so it is small: what the outermost propagator captured
   * is a field, and where a pool has no other there is no array.
   *
   * What runs a body is made whole before the first context is entered: for want of memory nothing
   * has begun, rather than half. The way in is a chain of one step for each context, of which the
   * first is the nest as well, which has what is the same for all steps.
   */
  private final ContextPlan plan;

  /** That of the plan's first propagator. */
  private final @Nullable CapturedContext first;

  /** Those of the plan's other propagators, in its order, or null if there is none. */
  private final @Nullable CapturedContext @Nullable [] others;

  CapturedContexts(
      ContextPlan plan,
      @Nullable CapturedContext first,
      @Nullable CapturedContext @Nullable [] others) {
    this.plan = plan;
    this.first = first;
    this.others = others;
  }

  /** Returns what the plan's propagator of this index captured, or null if it is nothing. */
  private @Nullable CapturedContext at(int index) {
    return index == 0 ? first : others == null ? null : others[index - 1];
  }

  private int count() {
    return others == null ? 1 : 1 + others.length;
  }

  /** Returns the index of the outermost context. */
  private int outermost() {
    int index = 0;
    while (at(index) == null) {
      index++;
    }
    return index;
  }

  /** Tells all the contexts that the task is never run. Never throws. */
  void discarded() {
    for (int i = 0; i < count(); i++) {
      discarded(i);
    }
  }

  private void discarded(int index) {
    CapturedContext context = at(index);
    if (context != null) {
      try {
        context.discarded();
      } catch (Throwable thrown) {
        plan.complain(index, "threw when it was told that its task is never run", thrown);
      }
    }
  }

  /** Tells these contexts, if there are any, that the task is never run. Never throws. */
  static void discard(@Nullable CapturedContexts contexts) {
    if (contexts != null) {
      contexts.discarded();
    }
  }

  /** Returns what one of the contexts could not be captured for, or null if all could. */
  @Nullable
  ContextFailedException failure() {
    for (int i = 0; i < count(); i++) {
      if (at(i) instanceof Uncaptured uncaptured) {
        return uncaptured.failure();
      }
    }
    return null;
  }

  /**
   * Runs {@code body}, which must not throw, inside all the contexts that can be put into force. Never
   * throws.
   */
  void run(Runnable body) {
    new BodyNest(this, body).enter();
  }

  /** Runs the body of a task inside all the contexts, for the worker of this slot. Never throws. */
  void run(PoolTask task, TaskRunner runner, Slot slot) {
    new TaskNest(this, task, runner, slot).enter();
  }

  /** Returns the keys and values of all the contexts; those that cannot be told are left out. */
  Map<String, String> describe() {
    var all = new LinkedHashMap<String, String>();
    for (int i = 0; i < count(); i++) {
      CapturedContext context = at(i);
      if (context != null) {
        describe(context, all);
      }
    }
    return all;
  }

  private static void describe(CapturedContext context, Map<String, String> all) {
    try {
      context
          .describe()
          .forEach((key, value) -> all.put(String.valueOf(key), String.valueOf(value)));
    } catch (Throwable thrown) {
      all.put(
          context.getClass().getName(),
          "(its describe threw " + thrown.getClass().getName() + ")");
    }
  }

  /** The body as one propagator gets it: what lies further inside. Knows whether it ran. */
  private static class Step implements Runnable {
    /** What all the steps have in common; null in the nest itself, which is its own. */
    private final @Nullable Nest nest;

    /** The step into the next context; null if the body is next. Written before the first is entered. */
    private @Nullable Step inner;

    private final short index;

    /** Whether it has begun. Touched by the owner only. */
    private boolean ran;

    /** One complaint about one propagator is enough. Set by any thread; a lost race repeats it. */
    private volatile boolean complained;

    Step(@Nullable Nest nest, int index) {
      this.nest = nest;
      this.index = (short) index;
    }

    Nest nest() {
      return nest == null ? (Nest) this : nest;
    }

    /** Has the propagator run this. */
    final void enter() {
      Nest nest = nest();
      CapturedContext context = nest.contexts.at(index);
      Throwable failure = null;
      try {
        if (context != null) {
          context.run(this);
        }
      } catch (Throwable thrown) {
        failure = thrown;
        if (!(context instanceof Uncaptured)) { // that was complained of
          complain(ran ? "threw after it ran the task" : "threw before it ran the task", thrown);
        }
      }
      if (!ran && nest.isToFail()) {
        if (failure == null) {
          complain("did not run the task, which now fails", null);
        }
        ran = true;
        discardInner();
        nest.fail(
            failure instanceof ContextFailedException told
                ? told
                : nest.contexts.plan.failure(index, failure));
      } else if (!ran) {
        if (failure == null) {
          complain("did not run the task, which now runs without its context", null);
        }
        run();
      }
    }

    @Override
    public final void run() {
      Nest nest = nest();
      if (Thread.currentThread() != nest.owner) {
        complain("ran the task on another thread, where it did nothing", null);
      } else if (ran) {
        complain("ran the task twice, the second time to no effect", null);
      } else {
        ran = true;
        Step next = inner;
        if (next == null) {
          nest.body();
        } else {
          next.enter();
        }
      }
    }

    /** Tells the contexts further inside that the body is not run. */
    private void discardInner() {
      for (Step step = inner; step != null; step = step.inner) {
        nest().contexts.discarded(step.index);
      }
    }

    private void complain(String what, @Nullable Throwable thrown) {
      if (!complained) {
        complained = true;
        nest().contexts.plan.complain(index, what, thrown);
      }
    }
  }

  /** The outermost step, and what it takes to run the body once all contexts are entered. */
  private abstract static class Nest extends Step {
    final CapturedContexts contexts;
    private final Thread owner = Thread.currentThread();

    Nest(CapturedContexts contexts) {
      super(null, contexts.outermost());
      this.contexts = contexts;
      Step last = this;
      for (int i = last.index + 1; i < contexts.count(); i++) {
        if (contexts.at(i) != null) {
          last.inner = new Step(this, i);
          last = last.inner;
        }
      }
    }

    /** Runs the body, and holds it no longer. Called once, unless {@link #fail} is. */
    abstract void body();

    /** Returns whether a body is not to run where a context cannot be put into force. */
    boolean isToFail() {
      return false;
    }

    /** Ends the body, unrun. Called once, unless {@link #body} is. */
    void fail(ContextFailedException failure) {
      throw new IllegalStateException("this body is run in any case", failure);
    }
  }

  /** Runs the body of a task. */
  private static final class TaskNest extends Nest {
    private @Nullable PoolTask task;
    private final TaskRunner runner;
    private final Slot slot;

    TaskNest(CapturedContexts contexts, PoolTask task, TaskRunner runner, Slot slot) {
      super(contexts);
      this.task = task;
      this.runner = runner;
      this.slot = slot;
    }

    @Override
    void body() {
      runner.runBody(take(), contexts, slot);
    }

    private PoolTask take() {
      PoolTask taken = requireNonNull(task, "task");
      task = null;
      return taken;
    }

    @Override
    boolean isToFail() {
      return contexts.plan.failsTasks();
    }

    @Override
    void fail(ContextFailedException failure) {
      take().failBody(failure, runner, contexts, slot);
    }
  }

  /** Runs any other body. */
  private static final class BodyNest extends Nest {
    private @Nullable Runnable body;

    BodyNest(CapturedContexts contexts, Runnable body) {
      super(contexts);
      this.body = body;
    }

    @Override
    void body() {
      Runnable taken = requireNonNull(body, "body");
      body = null;
      taken.run();
    }
  }
}
