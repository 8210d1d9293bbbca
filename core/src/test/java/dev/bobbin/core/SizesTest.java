package dev.bobbin.core;

import static dev.bobbin.core.TeamState.ONE_LIVE;
import static dev.bobbin.core.TeamState.ONE_MAKING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.ThreadPoolConfig;
import org.junit.jupiter.api.Test;

/** What the sizes of a team say of the steps that it may take. */
class SizesTest {
  private static final long RUNNING = TeamState.withPhase(0, TeamState.RUNNING);

  private static Sizes sizes(int min, int max) {
    return new Sizes(new PoolSizes(min, max), ThreadPoolConfig.UNBOUNDED, 0);
  }

  private static Sizes resized(Sizes before, int min, int max) {
    return before.resized(new PoolSizes(min, max), ThreadPoolConfig.UNBOUNDED);
  }

  private static boolean mayGrowTo(Sizes sizes, int workers) {
    long before = RUNNING + (workers - 1) * ONE_LIVE;
    return sizes.allow(before, before + ONE_MAKING);
  }

  private static boolean maySinkTo(Sizes sizes, int workers) {
    long before = RUNNING + (workers + 1) * ONE_LIVE;
    return sizes.allow(before, before - ONE_LIVE);
  }

  @Test
  void allow_keepsBetweenTheBounds_whenNoChangeIsUnderWay() {
    Sizes sizes = sizes(2, 4);

    assertTrue(mayGrowTo(sizes, 4));
    assertFalse(mayGrowTo(sizes, 5));
    assertTrue(maySinkTo(sizes, 2));
    assertFalse(maySinkTo(sizes, 1));
  }

  @Test
  void allow_keepsBetweenTheBoundsOfAllChangesUnderWay() {
    Sizes first = sizes(2, 4);
    Sizes second = resized(first, 6, 8);
    Sizes third = resized(second, 5, 5);

    assertTrue(mayGrowTo(third, 8));
    assertFalse(mayGrowTo(third, 9));
    assertTrue(maySinkTo(third, 2));
    assertFalse(maySinkTo(third, 1));
  }

  @Test
  void allow_forgetsWhatWasBefore_whenAChangeWasInForce() {
    Sizes first = sizes(0, 9);
    Sizes second = resized(first, 6, 8);
    second.setSettled();
    Sizes third = resized(second, 5, 5);

    assertFalse(mayGrowTo(third, 9));
    assertTrue(mayGrowTo(third, 8));
    assertFalse(maySinkTo(third, 4));
  }

  @Test
  void allow_countsLentAndRenewedWorkersApart() {
    Sizes sizes = sizes(1, 2);
    sizes.setSettled();
    Sizes lent = sizes.lending(1);
    lent.setSettled();
    Sizes renewing = lent.renewing(true);

    assertEquals(3, renewing.max, "nobody but the comer is made beyond");
    assertEquals(4, renewing.most);
    assertTrue(mayGrowTo(renewing, 4));
    assertFalse(mayGrowTo(renewing, 5));
    assertEquals(2, renewing.renewing(false).lending(-1).most);
  }

  @Test
  void allow_asksNothing_whenTheTeamDoesNotRun() {
    long draining = TeamState.withPhase(0, TeamState.DRAINING);

    assertTrue(sizes(2, 2).allow(draining + 2, draining + 1));
  }

  @Test
  void lending_handsTheHandleOn_andResizingMakesANewOne() {
    Sizes sizes = sizes(1, 2);

    assertSame(sizes.inForce, sizes.lending(1).inForce);
    assertSame(sizes.inForce, sizes.renewing(true).inForce);
    assertFalse(sizes.inForce == resized(sizes, 1, 3).inForce);
  }

  @Test
  void hasRoomForOneMore_endsAtWhatAWordCanCount() {
    Sizes sizes = sizes(0, PoolSizes.LIMIT - 1);

    assertTrue(sizes.hasRoomForOneMore());
    assertFalse(sizes.lending(1).hasRoomForOneMore());
    assertFalse(sizes.renewing(true).hasRoomForOneMore());
    assertEquals(PoolSizes.LIMIT, resized(sizes.lending(1), 0, PoolSizes.LIMIT).max);
  }

  @Test
  void sizes_tellAllThatAFailedAssertionShouldName() {
    Sizes first = sizes(1, 2);
    assertEquals(
        "epoch 1, " + new PoolSizes(3, 4) + ", lent 0, renewing 0, under way from 1 to 4",
        resized(first, 3, 4).toString());
    assertFalse(first.isBounded());
    assertTrue(new Sizes(new PoolSizes(1, 2), 0, 0).isBounded());
  }
}
