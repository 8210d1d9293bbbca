package dev.bobbin.examples.checksums;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void bar_showsHowManyFilesAreDone() {
    try (Progress bar = Progress.bar(3, new PrintStream(shown, true, StandardCharsets.UTF_8))) {
      bar.step();
      bar.step();
    }

    String text = shown.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("SHA-256"), text);
    assertTrue(text.contains("2/3 files"), text);
  }

  @Test
  void progress_isSilent_whenThereIsNoTerminal() {
    PrintStream before = System.err;
    System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
    try (Progress progress = Progress.of(1)) { // tests are run by a JVM without a terminal
      progress.step();
    } finally {
      System.setErr(before);
    }

    assertEquals("", shown.toString(StandardCharsets.UTF_8));
  }
}
