package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;

/** What is said of a library that cannot be used. */
class AbsenceTest {
  private static Optional<String> told(Error thrown) {
    return Absence.of("Library", "the.library:artifact", () -> {
      throw thrown;
    });
  }

  @Test
  void of_tellsWhatIsMissing() {
    assertEquals(
        Optional.of("Library is not on the class path; add the.library:artifact"),
        told(new NoClassDefFoundError("the/library/Thing")));
  }

  /** Micrometer looks its accessors up when its registry is first asked for; one broken is no error of a pool. */
  @Test
  void of_tellsWhatIsBroken_whenTheLibraryCannotLoadAServiceOfItsOwn() {
    assertEquals(
        Optional.of(
            "Library could not be initialized: java.util.ServiceConfigurationError: broken"),
        told(new ServiceConfigurationError("broken")));
  }
}
