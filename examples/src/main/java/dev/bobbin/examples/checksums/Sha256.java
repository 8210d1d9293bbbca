package dev.bobbin.examples.checksums;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SHA-256, which every JDK has. */
final class Sha256 implements Hasher {
  private static final Logger LOG = LoggerFactory.getLogger(Sha256.class);
  private static final int PIECE = 64 * 1024;

  @Override
  public String hash(Path file) throws IOException {
    MessageDigest digest = newDigest();
    long size = 0;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] piece = new byte[PIECE];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
        size += read;
      }
    }
    LOG.debug("hashed {}, {} bytes", RunContext.shown(file), size);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("This JDK has no SHA-256, which each must have", impossible);
    }
  }
}
