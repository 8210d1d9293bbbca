package dev.bobbin.core;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Takes the place of standard error for a while, and keeps what is written there. */
final class CapturedErr implements AutoCloseable {
  private final PrintStream real = System.err;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  CapturedErr() {
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  /** Returns what was written so far. */
  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    System.setErr(real);
  }
}
