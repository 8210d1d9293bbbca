package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicInteger;

/** A running team without threads, whose workers are stepped: what the tests of memory order share. */
final class OrderBench {
  private final TeamRacesTest.Bench bench;
  final ManualSeams seams;
  final Team team;
  final AtomicInteger ran;
  final AtomicInteger discarded;

  /** Makes a team that has made its minimum, of which nobody has begun. */
  OrderBench(int min, int max) {
    bench = new TeamRacesTest.Bench(min, max);
    seams = bench.seams;
    team = bench.team;
    ran = bench.ran;
    discarded = bench.discarded;
    team.start();
  }

  /** Returns a pool of one worker that is not started. */
  static Pool pool(ManualSeams seams) {
    return TeamRacesTest.pool(seams);
  }

  /** Submits a task that counts that it ran; false if it was refused. */
  boolean submit() {
    int before = bench.refused.get();
    bench.submit();
    return bench.refused.get() == before;
  }
}
