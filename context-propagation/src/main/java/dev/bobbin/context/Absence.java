package dev.bobbin.context;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;

/** Why a plugin cannot work: the library that it serves is not there, or is broken. */
final class Absence {
  private Absence() {}

  /**
   * Returns what {@code ask} does, which uses the library, or what keeps it from that, as a sentence.
   *
   * @param library the name of the library
   * @param artifact group and artifact id, to be added by whoever wants the plugin
   * @param ask a lambda, never a method reference, which links the class behind it before this is called
   */
  static Optional<String> of(String library, String artifact, Supplier<Optional<String>> ask) {
    try {
      return ask.get();
    } catch (ExceptionInInitializerError broken) {
      return Optional.of(
          "%s could not be initialized: %s".formatted(library, SafeText.of(broken.getCause())));
    } catch (LinkageError absent) {
      return Optional.of("%s is not on the class path; add %s".formatted(library, artifact));
    } catch (RuntimeException
        | ServiceConfigurationError failed) { // the latter of what it looks up
      return Optional.of("%s could not be initialized: %s".formatted(library, SafeText.of(failed)));
    }
  }
}
