package dev.bobbin.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.spi.FailureReport.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What reporters are told, and the one line that it makes. */
class FailureReportTest {
  private static final Throwable THROWN = new IllegalStateException("thrown");

  private static FailureReport.Builder builder() {
    return FailureReport.builder(Kind.TASK, "io", THROWN);
  }

  @Test
  void report_isBare_whenOnlyTheNecessaryIsGiven() {
    FailureReport report = builder().build();
    assertEquals(Kind.TASK, report.kind());
    assertEquals("io", report.pool());
    assertSame(THROWN, report.throwable());
    assertEquals("", report.worker());
    assertEquals("", report.subject());
    assertEquals(Map.of(), report.context());
    assertEquals(Optional.empty(), report.waited());
    assertEquals(Optional.empty(), report.ran());
    assertEquals("A task failed in pool 'io'", report.toString());
  }

  @Test
  void report_tellsAllInOneLine_whenAllIsGiven() {
    var context = new LinkedHashMap<String, String>();
    context.put("request", "42");
    context.put("user", "eve");
    FailureReport report = builder()
        .worker("PoolThread-io-0")
        .subject("copy a.txt")
        .context(context)
        .waited(Duration.ofMillis(7))
        .ran(Duration.ofSeconds(2))
        .build();
    context.clear();
    assertEquals(
        "A task failed in pool 'io' on PoolThread-io-0: copy a.txt, waited 7 ms, ran 2000 ms"
            + " request=42 user=eve",
        report.toString());
    assertEquals(Map.of("request", "42", "user", "eve"), report.context());
    assertThrows(UnsupportedOperationException.class, () -> report.context().clear());
    assertEquals(Optional.of(Duration.ofMillis(7)), report.waited());
    assertEquals(Optional.of(Duration.ofSeconds(2)), report.ran());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void report_beginsWithItsKind(Kind kind) {
    String words = switch (kind) {
      case TASK -> "A task";
      case FUTURE -> "A task whose future nobody has looked at";
      case CALLBACK -> "A callback";
      case CONTEXT -> "A context";
      case PLUGIN -> "A plugin";
      case THREAD -> "A thread";
      case POOL -> "The pool";
    };
    assertEquals(
        words + " failed in pool 'io'",
        FailureReport.builder(kind, "io", THROWN).build().toString());
  }

  @Test
  void report_makesItsLineSafe_butKeepsWhatWasGiven() {
    FailureReport report = builder()
        .worker("w\n1")
        .subject("a\r\nERROR forged")
        .context(Map.of("k\u2028ey", "v\u0085al"))
        .build();
    assertEquals("A task failed in pool 'io' on w?1: a??ERROR forged k?ey=v?al", report.toString());
    assertEquals("a\r\nERROR forged", report.subject());
    assertEquals(Map.of("k\u2028ey", "v\u0085al"), report.context());
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("plain text, äöü, 日本", "plain text, äöü, 日本"),
        Arguments.of("a\nb\rc\td", "a?b?c?d"),
        Arguments.of("\u0000\u001b[31m\u007f", "??[31m?"),
        Arguments.of("\u0085\u2028\u2029", "???"),
        Arguments.of("\u202eabc\u200b\ufeff", "?abc??"),
        Arguments.of("100%n ${jndi:x} {0}", "100%n ${jndi:x} {0}"),
        Arguments.of("\ud83d\ude00", "\ud83d\ude00"),
        Arguments.of("lone \ud83d half", "lone ? half"),
        Arguments.of("x".repeat(1_000), "x".repeat(1_000)),
        Arguments.of("x".repeat(1_001), "x".repeat(1_000) + "..."),
        Arguments.of("x".repeat(999) + "\ud83d\ude00", "x".repeat(999) + "?..."));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void printable_isOneHarmlessLine(String text, String printable) {
    assertEquals(printable, FailureReport.printable(text));
  }

  @Test
  void story_namesTheClassOfWhatWasThrown_toThoseWhoPrintItsOwnToo() {
    Throwable story =
        builder().submitter(new Throwable("submitted here")).build().story();
    assertEquals(THROWN.toString(), story.toString());
    assertEquals(THROWN.toString(), story.getMessage());
  }

  @Test
  void story_isWhatWasThrown_whenThatDoesNotTellItsTrace() {
    var hostile = new IllegalStateException("hostile") {
      private static final long serialVersionUID = 1L;

      @Override
      public StackTraceElement[] getStackTrace() {
        throw new IllegalArgumentException("no");
      }
    };
    FailureReport report = FailureReport.builder(Kind.TASK, "io", hostile)
        .submitter(new Throwable("submitted here"))
        .build();
    assertSame(hostile, report.story());
  }

  @Test
  void builder_namesTheParameter_whenItIsNull() {
    assertEquals("kind", nullIn(() -> FailureReport.builder(null, "io", THROWN)));
    assertEquals("pool", nullIn(() -> FailureReport.builder(Kind.TASK, null, THROWN)));
    assertEquals("throwable", nullIn(() -> FailureReport.builder(Kind.TASK, "io", null)));
    assertEquals("worker", nullIn(() -> builder().worker(null)));
    assertEquals("subject", nullIn(() -> builder().subject(null)));
    assertEquals("context", nullIn(() -> builder().context(null)));
    assertEquals("pool", nullIn(() -> WorkerThreadSettings.builder(null, "t")));
    assertEquals("threadName", nullIn(() -> WorkerThreadSettings.builder("io", null)));
    assertEquals("text", nullIn(() -> FailureReport.printable(null)));
  }

  private static String nullIn(Executable call) {
    return assertThrows(NullPointerException.class, call).getMessage();
  }
}
