package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM beside that of the test, of the same JDK: for what a test cannot do to its own. It is ended
 * if it does not end in time, and what it has printed is then the message of the failure.
 */
public final class ForkedJvm {
  private final Class<?> program;
  private final List<String> options = new ArrayList<>();
  private String classPath = System.getProperty("java.class.path");
  private long seconds = Held.LONG_SECONDS;

  private ForkedJvm(Class<?> program) {
    this.program = program;
  }

  /** Returns one that is to run the main method of this class. */
  public static ForkedJvm of(Class<?> program) {
    return new ForkedJvm(program);
  }

  /** Adds options of the JVM, which stand before the class. */
  public ForkedJvm options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Runs with the places of these classes alone as the class path, and that of the program. */
  public ForkedJvm classPathOf(Class<?>... types) {
    var places = new ArrayList<String>();
    places.add(placeOf(program));
    for (Class<?> type : types) {
      places.add(placeOf(type));
    }
    classPath = String.join(System.getProperty("path.separator"), places);
    return this;
  }

  /** Waits so long instead of the usual bound, which only a failure reaches. */
  public ForkedJvm within(long seconds) {
    this.seconds = seconds;
    return this;
  }

  /** Runs the program with these arguments to its end, and returns how that was. */
  public Ended run(Object... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-classpath");
    command.add(classPath);
    command.add(program.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path output = Files.createTempFile("forked-jvm", ".txt"); // a pipe would have to be emptied
    try {
      Process jvm = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
      boolean over = false;
      try {
        over = jvm.waitFor(seconds, TimeUnit.SECONDS);
      } finally {
        if (!over) {
          jvm.destroyForcibly().waitFor();
        }
      }
      String printed = Files.readString(output, StandardCharsets.UTF_8);
      assertTrue(over, () -> program.getName() + " did not end. It printed: " + printed);
      return new Ended(jvm.exitValue(), printed);
    } finally {
      Files.delete(output);
    }
  }

  private static String placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  /** How a JVM ended: its exit status, and all that it wrote to standard output and standard error. */
  public record Ended(int status, String output) {
    /** Asserts the status, and returns the lines of the output. */
    public List<String> lines(int expectedStatus) {
      assertEquals(expectedStatus, status, output);
      return output.lines().toList();
    }
  }
}
