package dev.bobbin.core;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/** What a harness must see of a team and the team itself need not show. */
final class TeamView {
  private final Team team;

  TeamView(Team team) {
    this.team = team;
  }

  long word() {
    return (long) field("word");
  }

  Sizes sizes() {
    return (Sizes) field("sizes");
  }

  /** Returns whether the sizes last set are in force, by the rule that the handles go by. */
  boolean isInForce() {
    long word = word();
    Sizes sizes = sizes();
    return TeamState.phase(word) != TeamState.RUNNING || sizes.areKeptBy(word);
  }

  int dismissals() {
    return ((AtomicInteger) field("dismissals")).get();
  }

  Backlog backlog() {
    return (Backlog) field("backlog");
  }

  /** Returns what the team keeps for those who wait for its end. */
  Collection<?> givenUp() {
    return (Collection<?>) field("givenUp");
  }

  /** Returns the threads that a stop has yet to join. */
  Collection<?> leaving() {
    return (Collection<?>) field("leaving");
  }

  /** Does what whoever waits for the end does now and then: gives back the places of dead threads. */
  void lookForDeadThreads() {
    call("seeToStillborn");
  }

  private Object call(String name) {
    try {
      Method method = Team.class.getDeclaredMethod(name);
      method.setAccessible(true);
      return method.invoke(team);
    } catch (ReflectiveOperationException failed) {
      throw new AssertionError("the team's " + name + " failed", failed);
    }
  }

  private Object field(String name) {
    try {
      Field field = Team.class.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(team);
    } catch (ReflectiveOperationException renamed) {
      throw new AssertionError("the team has no field " + name, renamed);
    }
  }

  @Override
  public String toString() {
    return TeamState.describe(word());
  }
}
