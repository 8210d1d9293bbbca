package dev.bobbin.context;

import dev.bobbin.spi.FailureReport;
import org.jspecify.annotations.Nullable;

/** The texts of objects of others, whatever those do when they are asked. */
final class SafeText {
  private SafeText() {}

  /** Returns {@code value} as text; if its {@code toString} throws, a text that says so. */
  static String of(@Nullable Object value) {
    try {
      // Twice, since a toString may return null.
      return String.valueOf(String.valueOf(value));
    } catch (Throwable thrown) {
      return "(its toString threw " + thrown.getClass().getName() + ")";
    }
  }

  /** Returns {@code text} fit for one line of a message. */
  static String printable(String text) {
    return FailureReport.printable(text);
  }
}
