package dev.bobbin.examples.checksums;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Checksums in the form of {@code sha256sum}: a line for each file, sorted by the bytes of its name.
 * Names are relative to the folder. Not for use by several threads.
 *
 * <p>The names are bytes, not texts: on Unix a name may be anything, and one that is no text in the
 * charset of this JVM could not be written otherwise. A name with a backslash or a line break is
 * escaped, and its line begins with a backslash.
 */
final class ChecksumList {
  private final Path folder;
  private final String prefix;
  private final List<Line> lines = new ArrayList<>();

  ChecksumList(Path folder) {
    String raw = rawPath(folder);
    this.folder = folder;
    this.prefix = raw.endsWith("/") ? raw : raw + "/";
  }

  void add(Path file, String checksum) {
    lines.add(new Line(nameOf(file), checksum));
  }

  int size() {
    return lines.size();
  }

  /** Returns the whole list. */
  byte[] toBytes() {
    var text = new ByteArrayOutputStream();
    lines.stream()
        .sorted(Comparator.comparing(Line::name, Arrays::compareUnsigned))
        .forEach(line -> line.writeTo(text));
    return text.toByteArray();
  }

  private byte[] nameOf(Path file) {
    String raw = rawPath(file);
    if (!raw.startsWith(prefix)) {
      throw new IllegalArgumentException("'%s' is not in '%s'.".formatted(file, folder));
    }
    String name = raw.substring(prefix.length());
    return decoded(name.equals("-") ? "./-" : name); // to sha256sum, - alone is its own input
  }

  /** Returns the path as a URI has it: with slashes, and each unusual byte as % and two digits. */
  private static String rawPath(Path path) {
    return path.toUri().getRawPath();
  }

  private static byte[] decoded(String raw) {
    var bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private record Line(byte[] name, String checksum) {
    void writeTo(ByteArrayOutputStream text) {
      var escaped = new ByteArrayOutputStream(name.length);
      for (byte b : name) {
        switch (b) {
          case '\\' -> escaped.writeBytes("\\\\".getBytes(US_ASCII));
          case '\n' -> escaped.writeBytes("\\n".getBytes(US_ASCII));
          case '\r' -> escaped.writeBytes("\\r".getBytes(US_ASCII));
          default -> escaped.write(b);
        }
      }
      if (escaped.size() > name.length) {
        text.write('\\');
      }
      text.writeBytes((checksum + "  ").getBytes(US_ASCII));
      text.writeBytes(escaped.toByteArray());
      text.write('\n');
    }
  }
}
