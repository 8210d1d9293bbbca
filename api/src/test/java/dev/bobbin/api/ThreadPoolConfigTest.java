package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPoolConfig.Builder;
import dev.bobbin.api.ThreadPoolConfig.Timing;
import dev.bobbin.api.ThreadPoolConfig.Traces;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The description of a pool: its defaults, its values, and what it refuses. */
class ThreadPoolConfigTest {
  @Test
  void build_adaptsTheBoundThatWasNotSet_whenTheOtherIsBeyondItsDefault() {
    assertEquals(
        new PoolSizes(4, 4),
        ThreadPoolConfig.builder("io").maxWorkers(4).build().sizes());
    assertEquals(
        new PoolSizes(0, 0),
        ThreadPoolConfig.builder("io").maxWorkers(0).build().sizes());
    assertEquals(
        new PoolSizes(5, 8),
        ThreadPoolConfig.builder("io").maxWorkers(8).build().sizes());
    assertEquals(
        new PoolSizes(30, 30),
        ThreadPoolConfig.builder("io").minWorkers(30).build().sizes());
    assertEquals(
        new PoolSizes(2, 20),
        ThreadPoolConfig.builder("io").minWorkers(2).build().sizes());
  }

  private static Builder full() {
    return ThreadPoolConfig.builder("io")
        .minWorkers(2)
        .maxWorkers(8)
        .threadFactory("my-threads")
        .daemon(true)
        .priority(7)
        .timing(Timing.SAMPLED)
        .backlogLimit(100)
        .whenFull(Overflow.block(Duration.ofSeconds(2)))
        .rejectionStackTraces(false)
        .maxWait(Duration.ofSeconds(3))
        .maxRun(Duration.ofSeconds(4))
        .keepAlive(Duration.ofSeconds(5))
        .leaveInterval(Duration.ZERO)
        .growthPolicy("after-wait")
        .growthPause(Duration.ofMillis(6))
        .maxLentWorkers(3)
        .whenStarving(Starvation.FAIL)
        .renewAfter(Duration.ofHours(7))
        .renewAfterTasks(1_000)
        .contextMode("mdc", ContextMode.DETACH)
        .contextMode("locale", ContextMode.CLEAR)
        .whenContextFails(ContextFailure.FAIL)
        .detectContextLeaks(true)
        .foldFailures(false)
        .submitterTraces(Traces.SAMPLED)
        .requirePlugins("mdc", "slf4j")
        .denyPlugins("system-logger")
        .stopsBefore("db", "cache");
  }

  @Test
  void c1_build_hasTheDefaults_whenOnlyTheNameIsGiven() {
    ThreadPoolConfig config = ThreadPoolConfig.builder("io").build();
    assertEquals("io", config.name());
    assertEquals(5, config.minWorkers());
    assertEquals(20, config.maxWorkers());
    assertEquals(new PoolSizes(5, 20), config.sizes());
    assertEquals("platform", config.threadFactory());
    assertEquals(false, config.daemon());
    assertEquals(Thread.NORM_PRIORITY, config.priority());
    assertEquals(Timing.OFF, config.timing());
    assertEquals(Map.of(), config.contextModes());
    assertEquals(ContextFailure.RUN, config.whenContextFails());
    assertEquals(false, config.detectContextLeaks());
    assertEquals(true, config.foldFailures());
    assertEquals(Traces.OFF, config.submitterTraces());
    assertEquals(List.of(), config.requiredPlugins());
    assertEquals(List.of(), config.deniedPlugins());
    assertEquals(List.of(), config.stopsBefore());
    assertEquals(ThreadPoolConfig.UNBOUNDED, config.backlogLimit());
    assertEquals(Overflow.refuse(), config.whenFull());
    assertEquals(true, config.rejectionStackTraces());
    assertEquals(Optional.empty(), config.maxWait());
    assertEquals(Optional.empty(), config.maxRun());
    assertEquals(Optional.empty(), config.keepAlive());
    assertEquals(Duration.ofMillis(100), config.leaveInterval());
    assertEquals("at-once", config.growthPolicy());
    assertEquals(Duration.ofMillis(100), config.growthPause());
    assertEquals(20, config.maxLentWorkers());
    assertEquals(Starvation.WARN, config.whenStarving());
    assertEquals(Optional.empty(), config.renewAfter());
    assertEquals(OptionalLong.empty(), config.renewAfterTasks());
  }

  @Test
  void c2_build_hasTheValuesGiven_whenAllAreGiven() {
    ThreadPoolConfig config = full().build();
    assertEquals(2, config.minWorkers());
    assertEquals(8, config.maxWorkers());
    assertEquals("my-threads", config.threadFactory());
    assertEquals(true, config.daemon());
    assertEquals(7, config.priority());
    assertEquals(Timing.SAMPLED, config.timing());
    assertEquals(
        Map.of("mdc", ContextMode.DETACH, "locale", ContextMode.CLEAR), config.contextModes());
    assertEquals(ContextFailure.FAIL, config.whenContextFails());
    assertEquals(true, config.detectContextLeaks());
    assertEquals(false, config.foldFailures());
    assertEquals(Traces.SAMPLED, config.submitterTraces());
    assertEquals(List.of("mdc", "slf4j"), config.requiredPlugins());
    assertEquals(List.of("system-logger"), config.deniedPlugins());
    assertEquals(List.of("db", "cache"), config.stopsBefore());
    assertEquals(100, config.backlogLimit());
    assertEquals(Overflow.block(Duration.ofSeconds(2)), config.whenFull());
    assertEquals(false, config.rejectionStackTraces());
    assertEquals(Optional.of(Duration.ofSeconds(3)), config.maxWait());
    assertEquals(Optional.of(Duration.ofSeconds(4)), config.maxRun());
    assertEquals(Optional.of(Duration.ofSeconds(5)), config.keepAlive());
    assertEquals(Duration.ZERO, config.leaveInterval());
    assertEquals("after-wait", config.growthPolicy());
    assertEquals(Duration.ofMillis(6), config.growthPause());
    assertEquals(3, config.maxLentWorkers());
    assertEquals(Starvation.FAIL, config.whenStarving());
    assertEquals(Optional.of(Duration.ofHours(7)), config.renewAfter());
    assertEquals(OptionalLong.of(1_000), config.renewAfterTasks());
    assertEquals(
        "ThreadPoolConfig['io', workers 2 to 8, threads 'my-threads' (daemon), priority 7,"
            + " timing SAMPLED, backlog 100, when full BLOCK PT2S (no stack traces), wait PT3S, run"
            + " PT4S, keep-alive PT5S (one leaves per PT0S), growth 'after-wait' (pause PT0.006S), lends"
            + " 3, when starving FAIL, renews after PT7H or after 1000 tasks, contexts {locale=CLEAR, mdc=DETACH} (when one fails FAIL, leaks are looked for), tells each of storms of failures, submitters' traces SAMPLED, requires [mdc, slf4j], denies [system-logger], stops before [db, cache]]",
        config.toString());
  }

  @Test
  void toString_namesOnlyTheRenewalThatIsSet() {
    Builder builder = ThreadPoolConfig.builder("io");
    assertTrue(builder.build().toString().contains(", renews never,"));
    assertTrue(builder.renewAfterTasks(1).build().toString().contains(", renews after 1 tasks,"));
    assertTrue(ThreadPoolConfig.builder("io")
        .renewAfter(Duration.ofDays(1))
        .build()
        .toString()
        .contains(", renews after PT24H,"));
  }

  @Test
  void maxLentWorkers_followsTheMaximumWithinTheLimit_unlessItIsSet() {
    Builder builder = ThreadPoolConfig.builder("io");
    assertEquals(7, builder.maxWorkers(7).build().maxLentWorkers());
    assertEquals(9, builder.build().toBuilder().maxWorkers(9).build().maxLentWorkers());
    assertEquals(0, builder.maxWorkers(PoolSizes.LIMIT).build().maxLentWorkers());
    assertEquals(0, builder.maxWorkers(7).maxLentWorkers(0).build().maxLentWorkers());
  }

  @Test
  void build_acceptsEqualSizesAndZero_c5() {
    assertEquals(
        3, ThreadPoolConfig.builder("io").minWorkers(3).maxWorkers(3).build().maxWorkers());
    assertEquals(
        0, ThreadPoolConfig.builder("io").minWorkers(0).maxWorkers(0).build().maxWorkers());
  }

  @Test
  void build_keepsEachNameOnceAndInOrder_whenOneIsAddedTwice() {
    ThreadPoolConfig config = ThreadPoolConfig.builder("io")
        .requirePlugins("b", "a")
        .requirePlugins("b", "c")
        .build();
    assertEquals(List.of("b", "a", "c"), config.requiredPlugins());
  }

  /** A wrong value with the whole of what is said about it. */
  private record Wrong(UnaryOperator<Builder> change, String text) {}

  static Stream<Wrong> wrongValues() {
    return Stream.of(
        new Wrong(
            builder -> builder.backlogLimit(-1),
            "Pool 'io': backlogLimit must not be negative, was -1. Give 0 or more, or UNBOUNDED."),
        new Wrong(
            builder -> builder.maxWait(Duration.ZERO),
            "Pool 'io': maxWait must be positive, was PT0S. Leave it out for no limit."),
        new Wrong(
            builder -> builder.maxRun(Duration.ofNanos(-1)),
            "Pool 'io': maxRun must be positive, was PT-0.000000001S. Leave it out for no limit."),
        new Wrong(
            builder -> builder.keepAlive(Duration.ZERO),
            "Pool 'io': keepAlive must be positive, was PT0S. Leave it out for no limit."),
        new Wrong(
            builder -> builder.leaveInterval(Duration.ofMillis(-1)),
            "Pool 'io': leaveInterval must not be negative, was PT-0.001S. Give Duration.ZERO for"
                + " none."),
        new Wrong(
            builder -> builder.growthPause(Duration.ofMillis(-1)),
            "Pool 'io': growthPause must not be negative, was PT-0.001S. Give Duration.ZERO for"
                + " none."),
        new Wrong(
            builder -> builder.growthPolicy("At once"),
            "Plugin name 'At once' cannot be used. Give lower-case words joined by hyphens,"
                + " such as my-threads."),
        new Wrong(
            builder -> builder.maxLentWorkers(-1),
            "Pool 'io': maxLentWorkers must be from 0 to 32767, was -1. Give 0 to lend none."),
        new Wrong(
            builder -> builder.maxLentWorkers(32_768),
            "Pool 'io': maxLentWorkers must be from 0 to 32767, was 32768. Give 0 to lend none."),
        new Wrong(
            builder -> builder.renewAfter(Duration.ZERO),
            "Pool 'io': renewAfter must be positive, was PT0S. Leave it out for no limit."),
        new Wrong(
            builder -> builder.renewAfterTasks(0),
            "Pool 'io': renewAfterTasks must be positive, was 0. Leave it out for no renewal."),
        new Wrong(
            builder -> builder.minWorkers(-1),
            "Pool 'io': minWorkers must not be negative, was -1. Give 0 or more."),
        new Wrong(
            builder -> builder.minWorkers(-1).maxWorkers(-2), // the minimum is looked at first
            "Pool 'io': minWorkers must not be negative, was -1. Give 0 or more."),
        new Wrong(
            builder -> builder.minWorkers(0).maxWorkers(-1),
            "Pool 'io': minWorkers must not be greater than maxWorkers, was 0 with maxWorkers -1."
                + " Give both bounds in one call."),
        new Wrong(
            builder -> builder.minWorkers(9).maxWorkers(8),
            "Pool 'io': minWorkers must not be greater than maxWorkers, was 9 with maxWorkers 8."
                + " Give both bounds in one call."),
        new Wrong(
            builder -> builder.maxWorkers(32_768),
            "Pool 'io': maxWorkers must be at most 32767, was 32768."),
        new Wrong(
            builder -> builder.priority(0), "Pool 'io': priority must be from 1 to 10, was 0."),
        new Wrong(
            builder -> builder.priority(11), "Pool 'io': priority must be from 1 to 10, was 11."),
        new Wrong(
            builder -> builder.requirePlugins("a").denyPlugins("a"),
            "Pool 'io': plugin 'a' is both required and denied. Leave out one of the two."),
        new Wrong(
            builder -> builder.contextMode("a", ContextMode.CLEAR).denyPlugins("a"),
            "Pool 'io': plugin 'a' is denied, and its context is to be CLEAR. Leave out one of the two."),
        new Wrong(
            builder ->
                builder.contextMode("a", ContextMode.CLEAR).contextMode("a", ContextMode.DETACH),
            "Pool 'io': context propagator 'a' is to CLEAR and to DETACH. Leave out one of the two."),
        new Wrong(
            builder -> builder.contextMode("A", ContextMode.CLEAR),
            "Plugin name 'A' cannot be used. Give lower-case words joined by hyphens,"
                + " such as my-threads."),
        new Wrong(
            builder -> builder.stopsBefore("io"),
            "Pool 'io': it cannot stop before itself. Name another pool."),
        new Wrong(
            builder -> builder.threadFactory("My Threads"),
            "Plugin name 'My Threads' cannot be used. Give lower-case words joined by hyphens,"
                + " such as my-threads."),
        new Wrong(
            builder -> builder.requirePlugins("ok", "-no"),
            "Plugin name '-no' cannot be used. Give lower-case words joined by hyphens,"
                + " such as my-threads."),
        new Wrong(
            builder -> builder.denyPlugins(""),
            "Plugin name '' cannot be used. Give lower-case words joined by hyphens,"
                + " such as my-threads."),
        new Wrong(
            builder -> builder.stopsBefore("  "),
            "Pool name '  ' cannot be used. Give 1 to 100 letters, digits, inner spaces or"
                + " . _ - : / @ + #, the first a letter or digit."));
  }

  @ParameterizedTest
  @MethodSource("wrongValues")
  void c3_c4_build_saysWhatIsWrong_whenAValueIs(Wrong wrong) {
    Builder builder = ThreadPoolConfig.builder("io");
    var thrown = assertThrows(
        IllegalArgumentException.class, () -> wrong.change().apply(builder).build());
    assertEquals(wrong.text(), thrown.getMessage());
  }

  @Test
  void builder_isAsBefore_whenAValueWasRefused() {
    Builder builder = full();
    assertThrows(IllegalArgumentException.class, () -> builder.priority(99));
    assertThrows(IllegalArgumentException.class, () -> builder.threadFactory("NO"));
    assertEquals(full().build(), builder.build());
  }

  static Stream<Consumer<Builder>> nulls() {
    return Stream.of(
        builder -> builder.threadFactory(null),
        builder -> builder.contextMode(null, ContextMode.CLEAR),
        builder -> builder.requirePlugins((String) null),
        builder -> builder.denyPlugins((String) null),
        builder -> builder.stopsBefore((String) null));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void builder_namesTheParameter_whenItIsNull(Consumer<Builder> change) {
    Builder builder = ThreadPoolConfig.builder("io");
    assertEquals(
        "name",
        assertThrows(NullPointerException.class, () -> change.accept(builder)).getMessage());
  }

  @Test
  void timing_namesTheParameter_whenItIsNull() {
    Builder builder = ThreadPoolConfig.builder("io");
    assertEquals(
        "timing",
        assertThrows(NullPointerException.class, () -> builder.timing(null)).getMessage());
  }

  @Test
  void toBuilder_beginsWithEveryValue_andLeavesTheOriginalAlone() {
    ThreadPoolConfig original = full().build();
    Builder copy = original.toBuilder();
    assertEquals(original, copy.build());
    copy.minWorkers(0)
        .maxWorkers(1)
        .threadFactory("virtual")
        .daemon(false)
        .priority(1)
        .timing(Timing.ON)
        .requirePlugins("more")
        .denyPlugins("other")
        .stopsBefore("third");
    assertEquals(full().build(), original);
    assertEquals(List.of("mdc", "slf4j", "more"), copy.build().requiredPlugins());
  }

  @Test
  void build_givesASnapshot_whenTheBuilderGoesOn() {
    Builder builder = full();
    ThreadPoolConfig first = builder.build();
    builder.maxWorkers(100).requirePlugins("late").contextMode("late", ContextMode.CLEAR);
    assertEquals(2, first.contextModes().size());
    assertEquals(8, first.maxWorkers());
    assertEquals(List.of("mdc", "slf4j"), first.requiredPlugins());
    assertThrows(
        UnsupportedOperationException.class, () -> first.requiredPlugins().add("x"));
    assertThrows(
        UnsupportedOperationException.class, () -> first.deniedPlugins().clear());
    assertThrows(UnsupportedOperationException.class, () -> first.contextModes().clear());
    assertThrows(UnsupportedOperationException.class, () -> first.stopsBefore().clear());
  }

  static Stream<UnaryOperator<Builder>> otherValues() {
    return Stream.of(
        builder -> builder.minWorkers(1),
        builder -> builder.maxWorkers(9),
        builder -> builder.threadFactory("platform"),
        builder -> builder.daemon(false),
        builder -> builder.priority(6),
        builder -> builder.timing(Timing.OFF),
        builder -> builder.contextMode("more", ContextMode.CLEAR),
        builder -> builder.whenContextFails(ContextFailure.REFUSE),
        builder -> builder.detectContextLeaks(false),
        builder -> builder.foldFailures(true),
        builder -> builder.submitterTraces(Traces.ON),
        builder -> builder.requirePlugins("more"),
        builder -> builder.denyPlugins("more"),
        builder -> builder.stopsBefore("more"));
  }

  @ParameterizedTest
  @MethodSource("otherValues")
  void equals_isFalse_whenOneValueDiffers(UnaryOperator<Builder> change) {
    assertNotEquals(full().build(), change.apply(full()).build());
  }

  @Test
  void equals_isByValue() {
    assertEquals(full().build(), full().build());
    assertEquals(full().build().hashCode(), full().build().hashCode());
    assertNotEquals(full().build(), ThreadPoolConfig.builder("other").build());
    assertNotEquals(full().build(), "io");
  }
}
