package dev.bobbin.guice;

import com.google.inject.Provider;
import com.google.inject.Scopes;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The objects of one task, or of one tree of tasks, until they are closed. For use by several threads. */
final class TaskObjects {
  /*
   * An object is made with no lock held, since that is foreign code. Of two that are made at once the one
   * that is entered first counts, and the other is closed at once.
   */
  private static final Object NULL = new Object();

  private final Map<Object, Object> made = new ConcurrentHashMap<>();

  private final Lock noting = new ReentrantLock();

  /** What is to be closed, newest first. Nothing foreign is called under {@link #noting}, which adds to it. */
  private final Deque<AutoCloseable> toClose = new ConcurrentLinkedDeque<>();

  /** Returns the object of this binding. */
  <T extends @Nullable Object> T get(Object binding, Provider<T> unscoped) {
    Object known = made.get(binding);
    if (known == null) {
      T fresh = unscoped.get();
      if (Scopes.isCircularProxy(fresh)) {
        return fresh; // only stands for the object while that is being made
      }
      known = enter(binding, fresh == null ? NULL : fresh);
    }
    return told(known);
  }

  private Object enter(Object binding, Object fresh) {
    Object known = made.putIfAbsent(binding, fresh);
    if (known == null) {
      if (fresh instanceof AutoCloseable closeable) {
        note(closeable);
      }
      return fresh;
    }
    if (fresh != known && fresh instanceof AutoCloseable late && !isNoted(late)) {
      Throwable thrown = close(late, null);
      if (thrown != null) {
        throw failure(thrown);
      }
    }
    return known;
  }

  /** Notes what is to be closed, once: a binding that leads to another one gives the object of that. */
  private void note(AutoCloseable closeable) {
    noting.lock();
    try {
      if (!isNoted(closeable)) {
        toClose.push(closeable);
      }
    } finally {
      noting.unlock();
    }
  }

  private boolean isNoted(AutoCloseable closeable) {
    return toClose.stream().anyMatch(noted -> noted == closeable);
  }

  @SuppressWarnings({"unchecked", "NullAway"
  }) // only what the binding's provider gave is entered for it
  private static <T extends @Nullable Object> T told(Object known) {
    return known == NULL ? (T) null : (T) known;
  }

  /** Closes all, whatever that throws; returns the first that was thrown, before it or here. */
  @Nullable
  Throwable close(@Nullable Throwable before) {
    Throwable first = before;
    for (AutoCloseable next = toClose.poll(); next != null; next = toClose.poll()) {
      first = close(next, first);
    }
    made.clear();
    return first;
  }

  private static @Nullable Throwable close(AutoCloseable closeable, @Nullable Throwable before) {
    try {
      closeable.close();
      return before;
    } catch (Throwable thrown) {
      if (before == null) {
        return thrown;
      }
      if (before != thrown) {
        before.addSuppressed(thrown);
      }
      return before;
    }
  }

  /** Returns what tells that something could not be closed. */
  static IllegalStateException failure(Throwable thrown) {
    return new IllegalStateException("An object of a task scope could not be closed.", thrown);
  }
}
