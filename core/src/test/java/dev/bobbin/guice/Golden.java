package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.spi.ElementSource;
import com.google.inject.spi.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares errors of an injector with a file: each sentence, and the line of source it points at,
 * with line numbers and places on this machine blanked, in the order of the alphabet. What Guice's lines print around that differs
 * between them and is left out.
 */
final class Golden {
  private Golden() {}

  static void assertMistakes(String file, Collection<Message> messages) {
    String actual = messages.stream().map(Golden::shown).sorted().collect(Collectors.joining("\n"));
    assertEquals(read("mistakes/" + file + ".txt"), actual, file);
  }

  private static String shown(Message message) {
    return blanked(message.getMessage()) + "\n    at " + blanked(sourceOf(message)) + "\n";
  }

  private static String sourceOf(Message message) {
    List<Object> sources = message.getSources();
    Object source = sources.get(sources.size() - 1);
    return String.valueOf(
        source instanceof ElementSource element ? element.getDeclaringSource() : source);
  }

  private static String blanked(String text) {
    return text.replaceAll("\\.java:\\d+", ".java:*").replaceAll("file:[^ )]*", "file:*");
  }

  private static String read(String name) {
    try (InputStream file = Golden.class.getResourceAsStream(name)) {
      return file == null
          ? "(no file " + name + ")"
          : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException thrown) {
      throw new UncheckedIOException(thrown);
    }
  }
}
