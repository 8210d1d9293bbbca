package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Walks through the states of a team at random, some thousand times, with every check of the harness
 * after every action. A walk is made again from its seed alone.
 */
@Tag("proof")
class TeamExplorerTest {
  private static final int WALKS = 6_000;

  @ParameterizedTest(name = "{0} actions")
  @ValueSource(ints = {12, 40, 120})
  void everyWalk_keepsTheInvariantsAndLosesNoTask(int actions) throws Exception {
    Proofs.rounds(WALKS / actions * 12, walk -> walk(actions * 1_000_000_000L + walk, actions));
  }

  /** Keeps a place for the seed of a walk that fails. */
  @Test
  void walk_isTheSame_whenItsSeedIs() {
    var first = new RandomWalk(4713);
    var second = new RandomWalk(4713);
    first.run(40);
    second.run(40);

    assertEquals(first.story(), second.story());
    assertTrue(first.story().lines().count() >= 40, first.story());
  }

  private static void walk(long seed, int actions) {
    try {
      new RandomWalk(seed).run(actions);
    } catch (Throwable thrown) {
      tellShortest(seed, actions, thrown);
    }
  }

  /** Fails with the story of the shortest beginning of the walk that fails as well. */
  private static void tellShortest(long seed, int actions, Throwable thrown) {
    for (int length = 0; length <= actions; length++) {
      var again = new RandomWalk(seed);
      try {
        again.run(length);
      } catch (Throwable shorter) {
        fail(
            "Seed %d fails after %d actions: %s%n%s"
                .formatted(seed, length, shorter.getMessage(), again.story()),
            shorter);
      }
    }
    fail("Seed %d fails, but not a second time".formatted(seed), thrown);
  }
}
