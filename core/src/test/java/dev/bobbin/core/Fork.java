package dev.bobbin.core;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One run of a program in a JVM of its own, within a bound of time. */
record Fork(String output, int exit) {
  /** The exit of a program that had to be ended. */
  static final int HUNG = -1;

  /** Returns the folder of the compiled tests. */
  static Path classes() {
    try {
      return Path.of(
          Fork.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Returns a folder of the build in which forks may leave files, without what was there before. */
  static Path folder(String name) throws IOException {
    Path folder = classes().resolveSibling("proofs").resolve(name);
    if (Files.exists(folder)) {
      List<Path> old;
      try (Stream<Path> all = Files.walk(folder)) {
        old = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : old) {
        Files.delete(path);
      }
    }
    return Files.createDirectories(folder);
  }

  /**
   * Runs the program with assertions on, with this JVM's class path.
   *
   * @param in the folder it runs in
   * @param ahead a folder of classes that stands ahead of the class path
   */
  static Fork run(
      Path in,
      Path ahead,
      List<String> options,
      String program,
      List<String> arguments,
      long seconds)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-ea");
    command.addAll(options);
    command.add("-classpath");
    command.add(ahead + File.pathSeparator + System.getProperty("java.class.path"));
    command.add("-Dbobbin.proof=short"); // how long it goes on is for the caller to say
    command.add(program);
    command.addAll(arguments);
    Path output = in.resolve("output.txt");
    Process jvm = new ProcessBuilder(command)
        .directory(in.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    boolean ended = false;
    try {
      ended = jvm.waitFor(seconds, TimeUnit.SECONDS);
    } finally {
      if (!ended) {
        jvm.descendants().forEach(ProcessHandle::destroyForcibly);
        jvm.destroyForcibly().waitFor();
      }
    }
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    return new Fork(text, ended ? jvm.exitValue() : HUNG);
  }
}
