package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static Spread of(Double... numbers) {
    return Spread.of(List.of(numbers)).orElseThrow();
  }

  @Test
  void of_isEmpty_whenThereIsNothing() {
    assertEquals(Optional.empty(), Spread.of(List.of()));
  }

  @Test
  void of_isTheNumber_whenThereIsOne() {
    assertEquals(new Spread(3, 3, 3), of(3.0));
  }

  @Test
  void of_liesBetweenTheNumbers_whenTheyAreEven() {
    // Sorted 1 2 3 4: the quartiles are three quarters of the way from 1 to 2, and a quarter from 3
    // to 4.
    assertEquals(new Spread(1.75, 2.5, 3.25), of(4.0, 1.0, 3.0, 2.0));
  }

  @Test
  void of_takesTheNumbersThemselves_whenTheyAreFive() {
    assertEquals(new Spread(20, 30, 40), of(50.0, 10.0, 30.0, 40.0, 20.0));
  }

  @Test
  void of_isNotMoved_whenOneNumberIsFarOff() {
    // Sorted 1 1 1 2 2 2 900: the middle is the fourth, the quartiles are halfway at 1, 1 and at 2,
    // 2.
    assertEquals(new Spread(1, 2, 2), of(900.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0));
  }

  @Test
  void text_showsMedianAndQuartiles() {
    assertEquals("0.83 [0.80–0.90]", new Spread(0.799, 0.8251, 0.9).text(2));
    assertEquals("31 [30–33]", new Spread(30.2, 31.4, 32.5001).text(0));
  }
}
