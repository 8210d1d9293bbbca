package dev.bobbin.examples.checksums;

/** Says which file has no checksum; the cause says why, and has the only trace of interest. */
final class UnreadableFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableFileException(String file, Throwable cause) {
    super("No checksum of '%s'".formatted(file), cause, false, false);
  }
}
