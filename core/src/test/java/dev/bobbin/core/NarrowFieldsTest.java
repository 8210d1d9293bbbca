package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fields that wrap after years wrap in seconds here: the same classes with narrower fields, made from
 * their byte code when the test runs. Those that never wrap are asserted to be in their range whenever
 * they change, here as in every test.
 *
 * <ul>
 *   <li>the epoch of the sizes, 15 bits in the team's word: 8 here
 *   <li>the version of the idle stack, 32 bits: 18 here; with fewer a thread that is off its processor
 *       for long would really be deceived
 *   <li>the turns of a backlog with levels, an int: 8 bits here
 * </ul>
 */
@Tag("stress")
class NarrowFieldsTest {
  @Test
  void race20_everyFieldThatWraps_losesAndDoublesNothing() throws Exception {
    Path folder = Fork.folder("narrow");
    narrow(
        folder,
        ByteCode.of(TeamState.class)
            .replaceConstants("nextEpoch"::equals, (1L << 15) - 1, (1L << 8) - 1));
    narrow(
        folder,
        ByteCode.of(Slots.class).replaceConstants("versionAfter"::equals, 1L << 32, 1L << 46));
    narrow(
        folder,
        ByteCode.of(Backlog.class)
            .redirect("pollByTurn", "AtomicInteger.getAndIncrement", Narrow.class));
    long began = System.nanoTime();
    int wraps = 200;
    for (boolean more = true; more; more = Proofs.LONG && secondsSince(began) < Proofs.seconds(0)) {
      Fork soak =
          Fork.run(folder, folder, List.of(), NarrowSoak.class.getName(), List.of("" + wraps), 600);

      assertEquals(0, soak.exit(), soak::output);
      assertTrue(soak.output().contains("SOAKED"), soak::output);
    }
    Proofs.tell(wraps, "wraps of each field at least", began);
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void narrow(Path folder, ByteCode code) {
    assertEquals(1, code.changes(), "places changed; was something renamed?");
    code.writeTo(folder);
  }
}
