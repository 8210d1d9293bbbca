package dev.bobbin.core;

import static dev.bobbin.core.TeamState.DRAINING;
import static dev.bobbin.core.TeamState.ENDED;
import static dev.bobbin.core.TeamState.NEW;
import static dev.bobbin.core.TeamState.ONE_IDLE;
import static dev.bobbin.core.TeamState.ONE_LIVE;
import static dev.bobbin.core.TeamState.ONE_MAKING;
import static dev.bobbin.core.TeamState.RUNNING;
import static dev.bobbin.core.TeamState.STARTING;
import static dev.bobbin.core.TeamState.WAKING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import org.junit.jupiter.api.Test;

/** What the state word tells of itself, and which steps its assertion lets pass. */
class TeamStateTest {
  private static long in(int phase) {
    return TeamState.withPhase(0, phase);
  }

  @Test
  void epoch_countsUp_andBeginsAgainBehindTheLast() {
    assertEquals(1, TeamState.nextEpoch(0));
    assertEquals(32767, TeamState.nextEpoch(32766));
    assertEquals(0, TeamState.nextEpoch(32767));
  }

  @Test
  void word_tellsAllThatItHolds() {
    long word = TeamState.withEpoch(in(RUNNING), 7) + 5 * ONE_LIVE + 4 * ONE_MAKING + 3 * ONE_IDLE;

    assertEquals("phase 2, epoch 7, live 5, making 4, idle 3", TeamState.describe(word));
    assertEquals(
        "phase 2, epoch 7, live 5, making 4, idle 3, one waking",
        TeamState.describe(word + WAKING));
  }

  @Test
  void phase_goesForward_orFromAStartBack() {
    assertTrue(TeamState.isValidStep(in(NEW), in(STARTING)));
    assertTrue(TeamState.isValidStep(in(STARTING), in(NEW)));
    assertFalse(TeamState.isValidStep(in(RUNNING), in(NEW)));
    assertFalse(TeamState.isValidStep(in(DRAINING), in(RUNNING)));
    assertFalse(TeamState.isValidStep(in(ENDED), in(ENDED + 1)));
  }

  @Test
  void end_comesWhenNobodyIsLeft() {
    assertTrue(TeamState.isValidStep(in(DRAINING), in(ENDED)));
    assertFalse(TeamState.isValidStep(in(DRAINING) + ONE_LIVE, in(ENDED) + ONE_LIVE));
    assertFalse(TeamState.isValidStep(in(DRAINING) + ONE_MAKING, in(ENDED) + ONE_MAKING));
  }

  @Test
  void counts_changeByOne_andKeepToTheirRanges() {
    long word = in(RUNNING) + 3 * ONE_LIVE + 3 * ONE_MAKING + 2 * ONE_IDLE;
    for (long one : new long[] {ONE_LIVE, ONE_MAKING, ONE_IDLE}) {
      assertTrue(TeamState.isValidStep(word, word + one));
      assertTrue(TeamState.isValidStep(word, word - one));
      assertFalse(TeamState.isValidStep(word, word - 2 * one));
    }
    assertFalse(TeamState.isValidStep(word, word + 2 * ONE_LIVE));
    assertFalse(TeamState.isValidStep(word, word + 2 * ONE_MAKING));
    assertFalse(TeamState.isValidStep(in(RUNNING), in(RUNNING) + ONE_IDLE), "idle, and not live");
    long full = in(RUNNING) + (PoolSizes.LIMIT - 1) * ONE_LIVE;
    assertTrue(TeamState.isValidStep(full, full + ONE_MAKING));
    assertFalse(TeamState.isValidStep(full + ONE_MAKING, full + 2 * ONE_MAKING));
  }
}
