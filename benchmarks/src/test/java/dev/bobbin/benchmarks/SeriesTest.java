package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final Series MINE = new Series(Map.of(1, 10.0, 2, 30.0, 3, 60.0));

  @Test
  void ratioTo_comparesWhatIsOfOneRound() {
    // 10/20, 30/20 and 60/20, that is 0.5, 1.5 and 3.
    var other = new Series(Map.of(1, 20.0, 2, 20.0, 3, 20.0));

    assertEquals(Optional.of(new Spread(1.0, 1.5, 2.25)), MINE.ratioTo(other));
  }

  @Test
  void ratioTo_isSteady_whenTheMachineSlowsBothDown() {
    var other = new Series(Map.of(1, 20.0, 2, 60.0, 3, 120.0));

    assertEquals(Optional.of(new Spread(0.5, 0.5, 0.5)), MINE.ratioTo(other));
  }

  @Test
  void ratioTo_leavesOutARound_whenOneOfThePairIsMissing() {
    // Round 2 is missing there, round 4 here: 10/5 and 60/15, that is 2 and 4.
    var other = new Series(Map.of(1, 5.0, 3, 15.0, 4, 1.0));

    assertEquals(Optional.of(new Spread(2.5, 3, 3.5)), MINE.ratioTo(other));
  }

  @Test
  void ratioTo_leavesOutARound_whenTheOtherIsNothing() {
    var other = new Series(Map.of(1, 0.0, 2, 15.0));

    assertEquals(Optional.of(new Spread(2, 2, 2)), MINE.ratioTo(other));
  }

  @Test
  void ratioTo_isEmpty_whenNoRoundHasBoth() {
    assertEquals(Optional.empty(), MINE.ratioTo(new Series(Map.of(4, 1.0))));
    assertEquals(Optional.empty(), MINE.ratioTo(new Series(Map.of())));
  }

  @Test
  void moreThan_subtractsWhatIsOfOneRound() {
    // 10-4, 30-25 and 60-53, that is 6, 5 and 7.
    var other = new Series(Map.of(1, 4.0, 2, 25.0, 3, 53.0, 4, 1.0));

    assertEquals(Optional.of(new Spread(5.5, 6, 6.5)), MINE.moreThan(other));
  }
}
