package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two bounds of a pool. */
class PoolSizesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1|4|minWorkers must not be negative, was -1. Give 0 or more.",
        "-3|-4|minWorkers must not be negative, was -3. Give 0 or more.",
        "5|4|minWorkers must not be greater than maxWorkers, was 5 with maxWorkers 4. Give both bounds in one call.",
        "0|-1|minWorkers must not be greater than maxWorkers, was 0 with maxWorkers -1. Give both bounds in one call.",
        "0|32768|maxWorkers must be at most 32767, was 32768.",
        "0|2147483647|maxWorkers must be at most 32767, was 2147483647."
      })
  void constructor_saysWhatIsWrong_whenTheBoundsAre(int min, int max, String text) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> new PoolSizes(min, max));
    assertEquals(text, thrown.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "7, 7", "0, 32767", "32767, 32767"})
  void constructor_takesTheBounds_whenTheyMakeSense(int min, int max) {
    var sizes = new PoolSizes(min, max);
    assertEquals(min, sizes.minWorkers());
    assertEquals(max, sizes.maxWorkers());
  }

  @Test
  void with_changesOneBound_andChecksBoth() {
    var sizes = new PoolSizes(2, 4);
    assertEquals(new PoolSizes(3, 4), sizes.withMinWorkers(3));
    assertEquals(new PoolSizes(2, 9), sizes.withMaxWorkers(9));
    assertEquals(new PoolSizes(2, 4), sizes);
    assertThrows(IllegalArgumentException.class, () -> sizes.withMinWorkers(5));
    assertThrows(IllegalArgumentException.class, () -> sizes.withMaxWorkers(1));
  }
}
