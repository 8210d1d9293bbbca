package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.Measured.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** What Bobbin is to reach, and whether it does. */
final class Goals {
  /** A goal: the load it is about, what it asks for, and how it is judged. */
  record Goal(String load, String text, BiFunction<Measured, Setting, String> judgement) {}

  private static final String OPEN = "not measured";
  private static final List<Subject> THREAD_POOL_EXECUTORS =
      List.of(Subject.TPE_FIXED, Subject.TPE_CORE);
  private static final double BYTES = 24;
  private static final double FLOORS = 2;

  private Goals() {}

  /** Returns all goals, in the order to show. */
  static List<Goal> all() {
    List<Goal> goals = new ArrayList<>();
    for (Load load : List.of(Load.FLOOD1, Load.FLOOD4, Load.TREE)) {
      goals.add(best(load, Figure.TIME, 0.9));
      goals.add(best(load, Figure.CPU, 0.9));
      goals.add(threadPoolExecutor(load, 0.5));
    }
    for (Load load : List.of(Load.FLOOD1US, Load.BLOCKING, Load.GROW)) {
      goals.add(best(load, Figure.TIME, 1));
      goals.add(threadPoolExecutor(load, 1));
    }
    for (Load load : List.of(Load.HANDOFF, Load.FUTURE, Load.TRICKLE)) {
      goals.add(best(load, Figure.TIME, 1));
      goals.add(best(load, Figure.CPU, 1));
      goals.add(threadPoolExecutor(load, 1));
    }
    goals.add(new Goal("flood1", "at most 24 bytes per `execute`", Goals::bytesPerExecute));
    goals.add(new Goal(
        "flood1",
        "fewer bytes than `ThreadPoolExecutor.execute`",
        (measured, setting) -> bytesBesideTpe(measured, setting, Load.FLOOD1, false)));
    goals.add(new Goal(
        "future",
        "no more bytes than `ThreadPoolExecutor.submit`",
        (measured, setting) -> bytesBesideTpe(measured, setting, Load.FUTURE, true)));
    goals.add(new Goal("context0", "within the noise of flood1", Goals::contextNone));
    goals.add(context(Load.CONTEXT1, 30));
    goals.add(context(Load.CONTEXT3, 70));
    goals.add(floor(Load.FLOOD1));
    goals.add(floor(Load.TREE));
    return goals;
  }

  /**
   * Returns with whom Bobbin is compared for the best peer: all but virtual threads where tasks block,
   * since they are not bound to the sizes.
   */
  static List<Subject> peers(Load load) {
    return Arrays.stream(Subject.values())
        .filter(Subject::isPeer)
        .filter(subject -> subject != Subject.VIRTUAL || load != Load.BLOCKING)
        .toList();
  }

  private static Goal best(Load load, Figure figure, double limit) {
    String text = "%s at most %.2f of that of the best peer";
    return new Goal(
        load.key(),
        String.format(Locale.ROOT, text, figure == Figure.TIME ? "time" : "processor time", limit),
        (measured, setting) -> measured
            .best(setting, load, Figure.TIME, peers(load))
            .map(peer -> beside(measured, setting, load, peer, figure, limit))
            .orElse(OPEN));
  }

  private static Goal threadPoolExecutor(Load load, double limit) {
    return new Goal(
        load.key(),
        String.format(Locale.ROOT, "time at most %.2f of `ThreadPoolExecutor`'s", limit),
        (measured, setting) -> measured
            .best(setting, load, Figure.TIME, THREAD_POOL_EXECUTORS)
            .map(peer -> beside(measured, setting, load, peer, Figure.TIME, limit))
            .orElse(OPEN));
  }

  private static String beside(
      Measured measured, Setting setting, Load load, Subject peer, Figure figure, double limit) {
    return measured
        .ratio(setting, load, peer, figure)
        .map(ratio -> verdict(ratio.median() <= limit, ratio.text(2) + " of " + peer.title()))
        .orElse(OPEN);
  }

  private static String bytesPerExecute(Measured measured, Setting setting) {
    return measured
        .series(setting, Load.FLOOD1, Subject.BOBBIN, Figure.BYTES)
        .spread()
        .map(bytes -> verdict(bytes.median() <= BYTES, bytes.text(1)))
        .orElse(OPEN);
  }

  private static String bytesBesideTpe(
      Measured measured, Setting setting, Load load, boolean mayBeEqual) {
    Optional<Spread> bytes =
        measured.series(setting, load, Subject.BOBBIN, Figure.BYTES).spread();
    Optional<Spread> theirs =
        measured.series(setting, load, Subject.TPE_FIXED, Figure.BYTES).spread();
    if (bytes.isEmpty() || theirs.isEmpty()) {
      return OPEN;
    }
    // In whole bytes: what a batch itself allocates is a small part of one for each task.
    long mine = Math.round(bytes.get().median());
    long others = Math.round(theirs.get().median());
    return verdict(mine < others || mayBeEqual && mine == others, mine + " against " + others);
  }

  private static String contextNone(Measured measured, Setting setting) {
    return measured
        .series(setting, Load.CONTEXT0, Subject.BOBBIN, Figure.TIME)
        .ratioTo(measured.series(setting, Load.FLOOD1, Subject.BOBBIN, Figure.TIME))
        .map(ratio -> verdict(ratio.low() <= 1, ratio.text(2) + " of flood1"))
        .orElse(OPEN);
  }

  private static Goal context(Load load, int limit) {
    return new Goal(
        load.key(),
        "at most %d ns more than context0".formatted(limit),
        (measured, setting) -> measured
            .series(setting, load, Subject.BOBBIN, Figure.TIME)
            .moreThan(measured.series(setting, Load.CONTEXT0, Subject.BOBBIN, Figure.TIME))
            .map(more -> verdict(more.median() <= limit, more.text(0) + " ns more"))
            .orElse(OPEN));
  }

  private static Goal floor(Load load) {
    return new Goal(
        load.key(),
        "time at most twice the floor",
        (measured, setting) -> beside(measured, setting, load, Subject.FLOOR, Figure.TIME, FLOORS));
  }

  private static String verdict(boolean met, String figure) {
    return (met ? "met: " : "**missed**: ") + figure;
  }
}
