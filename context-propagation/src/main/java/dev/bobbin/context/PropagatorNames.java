package dev.bobbin.context;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/** The rules for the names of propagators that applications make, and for what these carry. */
final class PropagatorNames {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");

  private PropagatorNames() {}

  /** Returns the name of a propagator if it can be one. */
  static String checked(String name) {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "Propagator name '%s' cannot be used. Give lower-case words joined by hyphens, such as my-locals."
              .formatted(SafeText.printable(name)));
    }
    return name;
  }

  /** Refuses a key that reports could not show. */
  static void checkKey(String propagator, String kind, String key) {
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "Propagator '%s': a %s must have a key, was '%s'. Give the word that reports are to show."
              .formatted(propagator, kind, SafeText.printable(key)));
    }
  }

  static IllegalArgumentException takenKey(String propagator, String kind, String key) {
    return new IllegalArgumentException(
        "Propagator '%s' already carries a %s under '%s'. Choose another key."
            .formatted(propagator, kind, SafeText.printable(key)));
  }

  static IllegalArgumentException carriedTwice(
      String propagator, String kind, String key, String before) {
    return new IllegalArgumentException(
        "Propagator '%s' already carries the %s of '%s', as '%s'. Leave out one of the two."
            .formatted(propagator, kind, SafeText.printable(key), SafeText.printable(before)));
  }

  static IllegalStateException empty(String propagator, String kind, String call) {
    return new IllegalStateException(
        "Propagator '%s' carries nothing. Name at least one %s with %s."
            .formatted(propagator, kind, call));
  }
}
