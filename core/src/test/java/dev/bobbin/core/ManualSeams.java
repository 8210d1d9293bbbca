package dev.bobbin.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Seams without threads: workers are begun and stepped by whoever calls {@link #runUntilQuiet}. */
final class ManualSeams implements Seams {
  private final List<Worker> newborn = new CopyOnWriteArrayList<>();
  private final List<Worker> alive = new CopyOnWriteArrayList<>();
  private final List<Errands> errands = new CopyOnWriteArrayList<>();
  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /** Written by one thread at a time. */
  private volatile long now;

  /** For how long a worker lingers. Written before any does. */
  long linger;

  /** How often a worker let a moment pass. Written by one thread at a time. */
  private volatile int spins;

  /** What else happens while a worker pauses. Written before any does. */
  Runnable duringPause = () -> {};

  private volatile @Nullable Worker pausing;

  @Override
  public void start(Worker worker, Thread thread) {
    newborn.add(worker);
  }

  @Override
  public void park(Worker worker) {}

  @Override
  public void pause(Worker worker, long nanos) {
    pausing = worker;
    duringPause.run();
  }

  @Override
  public void unpark(Worker worker) {
    if (pausing == worker) {
      pausing = null;
    }
  }

  @Override
  public long lingerNanos() {
    return linger;
  }

  @Override
  public void spin() {
    spins++;
  }

  int spins() {
    return spins;
  }

  /** Returns the worker that has paused last, unless it was unparked since. */
  @Nullable
  Worker pausing() {
    return pausing;
  }

  /** Does nothing: the model checker takes the recursion for a loop that never ends. */
  @Override
  public void checkHeadroom() {}

  @Override
  public void checkMuchHeadroom() {}

  @Override
  public Backlog newBacklog() {
    return new Backlog(2);
  }

  @Override
  public void startErrands(Errands errands, Thread thread) {
    this.errands.add(errands);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Alarm schedule(long nanos, Runnable action) {
    var entry = new Entry(now + nanos, action);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** Moves the clock on, and does what is due as the timer's thread would. */
  void pass(long nanos) {
    now += nanos;
    for (Entry entry : entries) {
      if (entry.time <= now && entries.remove(entry)) {
        entry.action.run();
      }
    }
  }

  /** Returns how many entries the timer has. */
  int entries() {
    return entries.size();
  }

  /** Does the errands for which a thread was made. */
  void runErrands() {
    for (Errands made : errands) {
      if (errands.remove(made)) {
        made.run();
      }
    }
  }

  /** Begins the oldest worker that has not begun, and returns it. */
  Worker begin(Team team) {
    Worker worker = newborn.remove(0);
    worker.begin();
    team.begun(worker);
    alive.add(worker);
    return worker;
  }

  /** Does what the worker's thread would do next; nothing if it waits to be woken. */
  boolean step(Team team, Worker worker) {
    boolean waits = worker.isParked() && worker.isCounted() && !worker.isWoken();
    if (waits || !alive.contains(worker)) {
      return false;
    }
    try {
      if (!team.step(worker)) {
        alive.remove(worker);
      }
    } catch (NeverEnds task) {
      alive.remove(worker);
    }
    return true;
  }

  /** Begins and steps all workers until each has left or waits to be woken. */
  void runUntilQuiet(Team team) {
    runUntilQuiet(team, null);
  }

  /** Does so with all workers but this one, which is at a task. Where all that move linger, their time goes by. */
  void runUntilQuiet(Team team, @Nullable Worker busy) {
    for (boolean moved = true; moved; ) {
      moved = false;
      boolean lingers = false;
      while (!newborn.isEmpty()) {
        begin(team);
        moved = true;
      }
      for (Worker worker : alive) {
        boolean stepped = worker != busy && step(team, worker);
        lingers |= stepped && worker.isLingering();
        moved |= stepped && !worker.isLingering();
      }
      if (lingers && !moved) {
        pass(linger);
        moved = true;
      }
    }
  }

  int alive() {
    return alive.size();
  }

  /** What a task throws that is never to end: its worker stays busy, and is stepped no more. */
  static final class NeverEnds extends Error {
    private static final long serialVersionUID = 1;
  }

  private static final class Entry {
    final long time;
    final Runnable action;

    Entry(long time, Runnable action) {
      this.time = time;
      this.action = action;
    }
  }
}
