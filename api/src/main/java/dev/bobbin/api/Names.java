package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/** Checks the names of pools and plugins, which end up in thread names, logs and reports. */
final class Names {
  private static final Pattern POOL =
      Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N} ._:/@+#-]{0,98}[\\p{L}\\p{N}._:/@+#-])?");
  private static final Pattern PLUGIN =
      Pattern.compile("[a-z][a-z0-9]{0,49}(?:-[a-z0-9]{1,50}){0,9}");
  private static final int SHOWN = 100;

  private Names() {}

  static String checkPool(String name) {
    requireNonNull(name, "name");
    if (!POOL.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Pool name '%s' cannot be used. Give 1 to 100 letters, digits, inner spaces or . _ - : / @ + #, the first a letter or digit."
              .formatted(printable(name)));
    }
    return name;
  }

  static String checkPlugin(String name) {
    requireNonNull(name, "name");
    if (!PLUGIN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Plugin name '%s' cannot be used. Give lower-case words joined by hyphens, such as my-threads."
              .formatted(printable(name)));
    }
    return name;
  }

  private static String printable(String name) {
    String shown = name.length() > SHOWN ? name.substring(0, SHOWN) + "..." : name;
    return shown.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }
}
