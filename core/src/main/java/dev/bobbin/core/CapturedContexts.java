package dev.bobbin.core;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the propagators of one pool captured for one task. Runs a body inside all of it, exactly once
 * and on the calling thread, whatever the propagators do.
 */
final class CapturedContexts {
  private final ContextPropagator[] propagators;
  private final CapturedContext[] contexts;
  private final FailureReports reports;
  private int count;

  CapturedContexts(int capacity, FailureReports reports) {
    this.propagators = new ContextPropagator[capacity];
    this.contexts = new CapturedContext[capacity];
    this.reports = reports;
  }

  void add(ContextPropagator propagator, CapturedContext context) {
    propagators[count] = propagator;
    contexts[count++] = context;
  }

  /** Runs {@code body}, which must not throw, inside all the contexts. Never throws. */
  void run(Runnable body) {
    runFrom(0, body);
  }

  private void runFrom(int index, Runnable body) {
    if (index == count) {
      body.run();
      return;
    }
    var inside = new Inside(index, body);
    try {
      contexts[index].run(inside);
    } catch (Throwable thrown) {
      inside.complain(
          inside.ran ? "threw after it ran the task" : "threw before it ran the task", thrown);
    }
    if (!inside.ran) {
      inside.complain("did not run the task, which now runs without its context", null);
      inside.run();
    }
  }

  /** Returns the keys and values of all the contexts; those that cannot be told are left out. */
  Map<String, String> describe() {
    var all = new LinkedHashMap<String, String>();
    for (CapturedContext context : Arrays.copyOf(contexts, count)) {
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
    return all;
  }

  /** The body as one propagator gets it: what lies further inside. Knows whether it ran. */
  private final class Inside implements Runnable {
    private final int index;
    private final Thread owner = Thread.currentThread();

    /** What is to be run; null once it has begun. Touched by the owner only. */
    private @Nullable Runnable body;

    private boolean ran;

    /** One complaint about one propagator is enough. Set by any thread; a lost race repeats it. */
    private volatile boolean complained;

    Inside(int index, Runnable body) {
      this.index = index;
      this.body = body;
    }

    @Override
    public void run() {
      if (Thread.currentThread() != owner) {
        complain("ran the task on another thread, where it did nothing", null);
        return;
      }
      Runnable next = body;
      if (next == null) {
        complain("ran the task twice, the second time to no effect", null);
        return;
      }
      body = null;
      ran = true;
      runFrom(index + 1, next);
    }

    void complain(String what, @Nullable Throwable thrown) {
      if (!complained) {
        complained = true;
        reports.plugin(propagators[index], what, thrown);
      }
    }
  }
}
