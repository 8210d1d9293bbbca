package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The works of {@code callMultipleInThread}, as one task. */
final class WorkList implements Runnable {
  /** Each is let go of when it has returned. Written by the thread that runs them. */
  private final @Nullable Runnable[] works;

  /** How many have begun. Written by the thread that runs them. */
  private volatile int begun;

  WorkList(List<? extends Runnable> works) {
    this.works = requireNonNull(works, "works").toArray(Runnable[]::new);
    for (Runnable work : this.works) {
      requireNonNull(work, "work");
    }
  }

  @Override
  public void run() {
    for (int i = 0; i < works.length; i++) {
      Runnable work = works[i];
      if (work != null) {
        begun = i + 1;
        work.run();
        works[i] = null;
      }
    }
  }

  @Override
  public String toString() {
    int current = begun;
    Runnable work = current == 0 ? null : works[current - 1];
    return work == null
        ? "%d works as one task".formatted(works.length)
        : "work %d of %d: %s".formatted(current, works.length, Descriptions.of(work));
  }
}
