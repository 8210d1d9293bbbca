package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Guice;
import org.junit.jupiter.api.Test;

/** Proves that a round of the matrix runs on the Guice that it names. */
class GuiceLineTest {
  @Test
  void guice_isTheOneThatTheBuildNames() {
    String version = System.getProperty("bobbin.guice.version");
    String jar = Guice.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    assertTrue(jar.endsWith("guice-" + version + ".jar"), () -> jar + " is not " + version);
  }
}
