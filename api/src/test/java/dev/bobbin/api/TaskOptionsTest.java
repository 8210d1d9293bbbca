package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Options of tasks, and what happens where there is no room. */
class TaskOptionsTest {
  private static final TaskOptions FULL = TaskOptions.builder()
      .priority(Priority.HIGH)
      .maxWait(Duration.ofSeconds(1))
      .maxRun(Duration.ofSeconds(2))
      .name("report")
      .key(7)
      .build();

  @Test
  void none_leavesEverythingOpen() {
    TaskOptions none = TaskOptions.none();
    assertEquals(Optional.empty(), none.priority());
    assertEquals(Optional.empty(), none.maxWait());
    assertEquals(Optional.empty(), none.maxRun());
    assertEquals(Optional.empty(), none.name());
    assertEquals(Optional.empty(), none.key());
    assertEquals(none, TaskOptions.builder().build());
    assertEquals(
        "TaskOptions[priority open, wait open, run open, name open, key open]", none.toString());
  }

  @Test
  void build_hasTheValuesGiven() {
    assertEquals(Optional.of(Priority.HIGH), FULL.priority());
    assertEquals(Optional.of(Duration.ofSeconds(1)), FULL.maxWait());
    assertEquals(Optional.of(Duration.ofSeconds(2)), FULL.maxRun());
    assertEquals(Optional.of("report"), FULL.name());
    assertEquals(Optional.of(7), FULL.key());
    assertEquals(FULL, FULL.toBuilder().build());
    assertEquals(FULL.hashCode(), FULL.toBuilder().build().hashCode());
    assertNotEquals(FULL, FULL.toBuilder().key(8).build());
    assertEquals(
        "TaskOptions[priority HIGH, wait PT1S, run PT2S, name report, key java.lang.Integer]",
        FULL.toString());
  }

  @Test
  void over_takesWhatIsOpenFromTheBase_andWinsElsewhere() {
    assertEquals(FULL, TaskOptions.none().over(FULL));
    assertEquals(FULL, FULL.over(TaskOptions.none()));
    TaskOptions low = TaskOptions.builder().priority(Priority.LOW).name("other").build();
    assertEquals(FULL.toBuilder().priority(Priority.LOW).name("other").build(), low.over(FULL));
    assertEquals(FULL, FULL.over(low));
  }

  @Test
  void builder_saysWhatIsWrong() {
    TaskOptions.Builder builder = TaskOptions.builder();
    assertEquals(
        "maxWait must be positive, was PT0S. Leave it out for no limit.",
        assertThrows(IllegalArgumentException.class, () -> builder.maxWait(Duration.ZERO))
            .getMessage());
    assertEquals(
        "maxRun must be positive, was PT-1S. Leave it out for no limit.",
        assertThrows(IllegalArgumentException.class, () -> builder.maxRun(Duration.ofSeconds(-1)))
            .getMessage());
    assertEquals(
        "A task's name must not be blank. Leave it out instead.",
        assertThrows(IllegalArgumentException.class, () -> builder.name(" ")).getMessage());
    assertThrows(NullPointerException.class, () -> builder.key(null));
    assertThrows(NullPointerException.class, () -> builder.priority(null));
    assertEquals(TaskOptions.none(), builder.build(), "nothing was taken on");
  }

  @Test
  void overflow_saysWhatItIs() {
    assertSame(Overflow.refuse(), Overflow.refuse());
    assertEquals(Overflow.Kind.RUN_IN_CALLER, Overflow.runInCaller().kind());
    assertEquals(Duration.ZERO, Overflow.discardOldest().atMost());
    Overflow block = Overflow.block(Duration.ofSeconds(3));
    assertEquals(Duration.ofSeconds(3), block.atMost());
    assertEquals("BLOCK PT3S", block.toString());
    assertEquals("DISCARD_SILENTLY", Overflow.discardSilently().toString());
    assertEquals(block, Overflow.block(Duration.ofSeconds(3)));
    assertNotEquals(block, Overflow.block(Duration.ofSeconds(4)));
    assertNotEquals(Overflow.refuse(), Overflow.runInCaller());
    assertEquals(
        "The time to block must be positive, was PT0S. Leave it out for no limit.",
        assertThrows(IllegalArgumentException.class, () -> Overflow.block(Duration.ZERO))
            .getMessage());
  }
}
