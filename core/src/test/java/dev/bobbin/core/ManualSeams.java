package dev.bobbin.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Seams without threads: workers are begun and stepped by whoever calls {@link #runUntilQuiet}. */
final class ManualSeams implements Seams {
  private final List<Worker> newborn = new CopyOnWriteArrayList<>();
  private final List<Worker> alive = new CopyOnWriteArrayList<>();

  @Override
  public void start(Worker worker, Thread thread) {
    newborn.add(worker);
  }

  @Override
  public void park(Worker worker) {}

  @Override
  public void unpark(Worker worker) {}

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
  public long nanoTime() {
    return 0;
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
    if (!team.step(worker)) {
      alive.remove(worker);
    }
    return true;
  }

  /** Begins and steps all workers until each has left or waits to be woken. */
  void runUntilQuiet(Team team) {
    for (boolean moved = true; moved; ) {
      moved = false;
      while (!newborn.isEmpty()) {
        begin(team);
        moved = true;
      }
      for (Worker worker : alive) {
        moved |= step(team, worker);
      }
    }
  }

  int alive() {
    return alive.size();
  }
}
