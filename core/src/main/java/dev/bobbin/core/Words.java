package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import java.net.URL;
import java.security.CodeSource;
import java.util.Collection;
import java.util.stream.Collectors;

/** Makes what comes from plugins fit for sentences that end up in logs. */
final class Words {
  private Words() {}

  /** Returns what was thrown as its type and message, whatever its methods do. */
  static String of(Throwable thrown) {
    String type = thrown.getClass().getName();
    try {
      String message = thrown.getMessage();
      return FailureReport.printable(message == null ? type : type + ": " + message);
    } catch (RuntimeException | LinkageError hostile) {
      return type;
    }
  }

  /** Returns the class's name and where it was loaded from. */
  static String origin(Class<?> type) {
    String place = placeOf(type);
    return place.isEmpty() ? type.getName() : "%s (%s)".formatted(type.getName(), place);
  }

  private static String placeOf(Class<?> type) {
    try {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      URL location = source == null ? null : source.getLocation();
      return location == null ? "" : "in " + FailureReport.printable(location.toString());
    } catch (SecurityException hidden) {
      return "";
    }
  }

  /** Returns "'a', 'b'", or "none". */
  static String quoted(Collection<String> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  static String uncapitalized(String text) {
    return Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  /** Returns the text as the end of a sentence: without a full stop of its own. */
  static String clause(String text) {
    String shown = FailureReport.printable(text.strip());
    return shown.endsWith(".") ? shown.substring(0, shown.length() - 1) : shown;
  }
}
