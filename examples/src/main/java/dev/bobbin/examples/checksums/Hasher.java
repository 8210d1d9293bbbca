package dev.bobbin.examples.checksums;

import java.io.IOException;
import java.nio.file.Path;

/** Makes the checksum of a file. Called on workers, by many at once. */
interface Hasher {
  /** Returns the checksum in hexadecimal digits. */
  String hash(Path file) throws IOException;
}
