package dev.bobbin.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How much a test tagged "proof" or "stress" does. In the short form that is what the test says. In the
 * long form each has an equal share of the time that {@code bobbin.proof.minutes} gives to all, and does
 * as much as fits in. When it is done one line tells how much that was.
 */
final class Proofs {
  static final boolean LONG = "long".equals(System.getProperty("bobbin.proof"));

  /** How many interleavings tell how long one takes. */
  private static final int PILOT = 400;

  private static final double SHARE_SECONDS = LONG
      ? 60 * Double.parseDouble(System.getProperty("bobbin.proof.minutes", "60")) / sharers()
      : 0;

  private Proofs() {}

  /** One of many. */
  interface Round {
    void run(int number) throws Exception;
  }

  /** Does this so often; in the long form until the share of time is over. */
  static void rounds(int shortForm, Round round) throws Exception {
    long began = System.nanoTime();
    int done = 0;
    while (done < shortForm || (LONG && secondsSince(began) < SHARE_SECONDS)) {
      round.run(done++);
    }
    tell(done, "rounds", began);
  }

  /** Explores so many interleavings of the scenario; in the long form as many as fit in. */
  static void explore(int shortForm, Runnable scenario) {
    long began = System.nanoTime();
    int most = Integer.getInteger("bobbin.proof.interleavings", shortForm);
    String proof = testName().replace('.', '#');
    scenario.run(); // initialises classes, which to Lincheck may look as if the test had hung
    if (LONG) {
      explore(proof, PILOT, scenario);
      double each = secondsSince(began) / PILOT;
      most = (int) Math.max(shortForm, (SHARE_SECONDS - secondsSince(began)) / each);
    }
    explore(proof, most, scenario);
    tell(most, "interleavings", began);
  }

  /**
   * Has Lincheck explore, and once more in a JVM of its own if an execution seems to hang or Lincheck itself throws.
   * Lincheck takes an execution for hung that has not ended after half a minute, and so one that waits
   * for a lock of the JDK's whose holder it keeps from going on, which in a JVM that has run other tests
   * may be any. The threads of an execution that hung are there still in the next one, and disturb it. The
   * orders it tries are the same in each JVM: a hang of the team's own comes again, and fails the test.
   *
   * @param proof what {@link ProofRunner} calls the test
   */
  static void explore(String proof, int most, Runnable scenario) {
    explore(
        proof, most, () -> Lincheck.runConcurrentTest(most, scenario), Proofs::exploreElsewhere);
  }

  /** The same, where an explorer and a way to explore in another JVM are given. */
  static void explore(String proof, int most, Runnable explorer, Elsewhere elsewhere) {
    try {
      explorer.run();
    } catch (AssertionError | RuntimeException failure) {
      if (ProofRunner.isRunning() || !mayBeTheExplorers(failure)) {
        throw failure;
      }
      System.out.println("PROOF " + proof + ": explored again after " + failure);
      Thread.getAllStackTraces().forEach(Proofs::print); // what hangs is there still
      elsewhere.explore(proof, most, failure);
    }
  }

  /** Whether it may not be the scenario that failed: what that throws comes within an AssertionError. */
  private static boolean mayBeTheExplorers(Throwable failure) {
    return !(failure instanceof AssertionError)
        || String.valueOf(failure.getMessage()).contains("Concurrent test has hung");
  }

  /** Explores in a JVM of its own, and throws if that fails too. */
  interface Elsewhere {
    void explore(String proof, int most, Throwable failure);
  }

  private static void exploreElsewhere(String proof, int most, Throwable failure) {
    Fork again;
    try {
      Path folder = Fork.folder("again-" + proof.replace('#', '-'));
      List<String> options = List.of("-Dbobbin.proof.interleavings=" + most);
      again = Fork.run(folder, folder, options, ProofRunner.class.getName(), List.of(proof), 400);
    } catch (IOException | InterruptedException unable) {
      failure.addSuppressed(unable);
      throw new AssertionError("Could not explore " + proof + " once more", failure);
    }
    if (again.exit() != 0 || !again.output().contains(ProofRunner.PASSED + proof)) {
      String message = proof + " failed, and once more in a JVM of its own:\n" + again.output();
      throw new AssertionError(message, failure);
    }
  }

  private static void print(Thread thread, StackTraceElement[] stack) {
    System.out.println(thread + " " + thread.getState());
    for (StackTraceElement frame : stack) {
      System.out.println("    at " + frame);
    }
  }

  /** Returns the share of time of one proof, or what it takes in the short form. */
  static double seconds(double shortForm) {
    return LONG ? Math.max(shortForm, SHARE_SECONDS) : shortForm;
  }

  /** Tells that the calling test is done, on a line of its own. */
  static void tell(long number, String what, long beganNanos) {
    System.out.printf(
        Locale.ROOT,
        "PROOF %s: %,d %s in %.1f s%n",
        testName(),
        number,
        what,
        secondsSince(beganNanos));
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static String testName() {
    List<StackWalker.StackFrame> frames = StackWalker.getInstance()
        .walk(all -> all.filter(frame -> frame.getClassName().startsWith("dev.bobbin.")
                && frame.getClassName().endsWith("Test")
                && !frame.getMethodName().contains("$"))
            .toList());
    if (frames.isEmpty()) {
      return "of no test";
    }
    var test = frames.get(frames.size() - 1); // the one that JUnit has called
    String type = test.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + test.getMethodName();
  }

  // ------------------------------------------------------------------ the shares

  /** Returns how many tests ask this class how much to do. */
  private static int sharers() {
    Path folder = Fork.classes().resolve(Proofs.class.getPackageName().replace('.', '/'));
    try (Stream<Path> files = Files.list(folder)) {
      return Math.max(
          1, files.filter(Proofs::usesThis).mapToInt(Proofs::testsOf).sum());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static boolean usesThis(Path file) {
    try {
      String code = Files.readString(file, StandardCharsets.ISO_8859_1);
      return file.toString().endsWith("Test.class") && code.contains("dev/bobbin/core/Proofs");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static int testsOf(Path file) {
    String name = file.getFileName().toString().replace(".class", "");
    try {
      Class<?> type = Class.forName(
          Proofs.class.getPackageName() + "." + name, false, Proofs.class.getClassLoader());
      return Stream.of(type.getDeclaredMethods())
          .filter(method ->
              type.isAnnotationPresent(Tag.class) || method.isAnnotationPresent(Tag.class))
          .mapToInt(Proofs::runsOf)
          .sum();
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static int runsOf(Method test) {
    var csv = test.getAnnotation(CsvSource.class);
    var values = test.getAnnotation(ValueSource.class);
    var constants = test.getAnnotation(EnumSource.class);
    if (csv != null) {
      return csv.value().length;
    }
    if (values != null) {
      return values.ints().length + values.booleans().length + values.strings().length;
    }
    if (constants != null) {
      return constants.value().getEnumConstants().length;
    }
    return test.isAnnotationPresent(Test.class) ? 1 : 0;
  }
}
