package dev.bobbin.examples.checksums;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumListTest {
  @TempDir
  Path folder;

  @Test
  void toBytes_isALineForEachFile_sortedByName() {
    var list = new ChecksumList(folder);
    list.add(folder.resolve("b"), "2222");
    list.add(folder.resolve("a").resolve("z"), "3333");
    list.add(folder.resolve("B"), "1111");

    assertEquals("1111  B\n3333  a/z\n2222  b\n", textOf(list));
    assertEquals(3, list.size());
  }

  @Test
  void toBytes_isEmpty_whenThereIsNoFile() {
    assertEquals("", textOf(new ChecksumList(folder)));
  }

  /** The expected lines are what sha256sum of GNU coreutils 9.1 writes. */
  @ParameterizedTest
  @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems forbid such names")
  @CsvSource({
    "e%5Cf, '\\1234  e\\\\f'",
    "a%0Ab, '\\1234  a\\nb'",
    "c%0Dd, '\\1234  c\\rd'",
    "trail%0D, '\\1234  trail\\r'",
    "%5Cn, '\\1234  \\\\n'",
    "tab%09here, '1234  tab\there'",
    "%20, '1234   '",
    "*star, '1234  *star'",
    "100%25, '1234  100%'",
    "-, '1234  ./-'",
    "-x, '1234  -x'",
  })
  void toBytes_hasTheNameAsSha256sumWritesIt_whenItIsUnusual(String uriName, String line) {
    var list = new ChecksumList(folder);
    list.add(pathOf(uriName), "1234");

    assertEquals(line + "\n", textOf(list));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have names of characters")
  void toBytes_hasTheBytesOfTheName_whenTheyAreNoText() {
    var list = new ChecksumList(folder);
    list.add(pathOf("x%FF%FE%C3%A4"), "1234");

    var expected = new ByteArrayOutputStream();
    expected.writeBytes("1234  x".getBytes(StandardCharsets.US_ASCII));
    expected.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xFE, (byte) 0xC3, (byte) 0xA4, '\n'});
    assertArrayEquals(expected.toByteArray(), list.toBytes());
  }

  @Test
  void add_refusesAFile_whenItIsNotInTheFolder() {
    var list = new ChecksumList(folder.resolve("in"));
    Path outside = folder.resolve("out");

    var thrown = assertThrows(IllegalArgumentException.class, () -> list.add(outside, "1234"));

    assertEquals(
        "'%s' is not in '%s'.".formatted(outside, folder.resolve("in")), thrown.getMessage());
  }

  private Path pathOf(String uriName) {
    String uri = folder.toUri().toString();
    return Path.of(URI.create(uri.endsWith("/") ? uri + uriName : uri + "/" + uriName));
  }

  private static String textOf(ChecksumList list) {
    return new String(list.toBytes(), StandardCharsets.UTF_8);
  }
}
