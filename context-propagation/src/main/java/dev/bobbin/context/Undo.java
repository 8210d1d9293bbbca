package dev.bobbin.context;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scope of what is installed on a thread: the steps that put the thread back as it was, noted as
 * it changes and taken in reverse at the end, all of them, whatever any of them throws.
 */
final class Undo {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  private Undo() {}

  /**
   * Runs {@code work}, and then every step that it noted. The first thing that is thrown on the way is
   * thrown in the end, the very object; what is thrown after it is suppressed in it.
   */
  static void after(Consumer<Undo> work) {
    var undo = new Undo();
    Throwable failure = null;
    try {
      work.accept(undo);
    } catch (Throwable thrown) {
      failure = thrown;
    }
    rethrow(undo.unwind(failure));
  }

  /** Notes a step: before the change that it undoes, so that a change half done is undone as well. */
  void note(Runnable step) {
    steps.push(step);
  }

  private @Nullable Throwable unwind(@Nullable Throwable failure) {
    Throwable first = failure;
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (Throwable thrown) {
        first = join(first, thrown);
      }
    }
    return first;
  }

  /** Returns what is to be thrown in the end, now that this has been thrown as well. */
  static Throwable join(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  /** Throws {@code failure} as it is, if there is one. */
  static void rethrow(@Nullable Throwable failure) {
    if (failure != null) {
      throw Undo.<RuntimeException>unchecked(failure);
    }
  }

  /** Throws {@code failure} as it is; work and steps can throw a checked one only in secret. */
  @SuppressWarnings("unchecked")
  static <X extends Throwable> X unchecked(Throwable failure) throws X {
    throw (X) failure;
  }
}
