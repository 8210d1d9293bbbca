package dev.bobbin.core;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Runs single proofs in a JVM of its own, see {@link BrokenVariantsTest}. Each argument names one, as in
 * {@code TeamRacesTest#race01} or, with a number that the test wants, {@code WalkTest#walk:12}; the line
 * that it prints of each tells how it went.
 */
final class ProofRunner {
  static final String PASSED = "PROOF PASSED ";
  static final String FAILED = "PROOF FAILED ";

  /** Written before any proof runs. */
  private static boolean running;

  private ProofRunner() {}

  /** Returns whether this is the program of the JVM. */
  static boolean isRunning() {
    return running;
  }

  /** Runs the proofs, one after the other. */
  public static void main(String[] proofs) {
    running = true;
    for (String proof : proofs) {
      try {
        run(proof);
        System.out.println(PASSED + proof);
      } catch (LinkageError unsound) {
        unsound.printStackTrace(
            System.out); // the class was damaged: that tells nothing of the proof
        System.exit(2);
      } catch (Throwable thrown) {
        thrown.printStackTrace(System.out);
        System.out.println(FAILED + proof);
      }
    }
    System.exit(0); // whatever threads are left
  }

  private static void run(String proof) throws Throwable {
    String[] parts = proof.split("[#:]");
    Class<?> type = Class.forName(ProofRunner.class.getPackageName() + "." + parts[0]);
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    try {
      if (parts.length == 3) {
        Method method = type.getDeclaredMethod(parts[1], int.class);
        method.setAccessible(true);
        method.invoke(constructor.newInstance(), Integer.parseInt(parts[2]));
      } else {
        Method method = type.getDeclaredMethod(parts[1]);
        method.setAccessible(true);
        method.invoke(constructor.newInstance());
      }
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
  }
}
