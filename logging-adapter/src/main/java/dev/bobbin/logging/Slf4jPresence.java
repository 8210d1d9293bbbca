package dev.bobbin.logging;

import dev.bobbin.spi.FailureReport;
import java.util.Optional;

/** Whether SLF4J is at work, for both reporters, so that just one of them is available. */
final class Slf4jPresence {
  private Slf4jPresence() {}

  /** Returns why SLF4J would write nothing, or empty if it writes. Asks anew each time. */
  static Optional<String> whyAbsent() {
    try {
      return Slf4j.writes()
          ? Optional.empty()
          : Optional.of("SLF4J writes nothing here; add a logging back end, such as Logback");
    } catch (LinkageError absent) {
      return Optional.of(
          "SLF4J 2 is not on the class path; add org.slf4j:slf4j-api and a back end");
    } catch (RuntimeException failed) {
      return Optional.of(
          "SLF4J could not be initialized: " + FailureReport.printable(failed.toString()));
    }
  }
}
