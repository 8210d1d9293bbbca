package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jcstress.Main;

/**
 * Memory order, which a model checker of interleavings does not see: runs the classes named {@code
 * …Order} in this package with jcstress, in JVMs of their own. Each names the result that it forbids.
 */
@Tag("proof")
class MemoryOrderTest {
  /** How many runs of one class there are in a run of all. */
  private static final int RUNS = 26;

  /** How long one run of one class takes. */
  private static final long MILLIS = Math.max(250, (long) (Proofs.seconds(0) * 1_000 / RUNS));

  private static final Pattern RESULT =
      Pattern.compile("\\[(OK|FAILED|ERROR|.*)] dev\\.bobbin\\.core\\.(\\w+)");
  private static final Pattern SAMPLES = Pattern.compile(
      "^ +\\S.*?\\s([\\d,]+)\\s+<?[\\d.]+%\\s+(Acceptable|Interesting|Forbidden|Unknown)");

  /** What lacks a fence, and which class sees that. */
  enum MissingFence {
    /** Rule 2: a worker that has said that it is taking claims its task with release alone. */
    BEHIND_A_CLAIM(
        ByteCode.of(Lane.Segment.class).redirect("take", "VarHandle.compareAndSet", Broken.class),
        BeginAndAppendOrder.class),

    /** Rule 1: a task is put into its slot of the lane with release alone. */
    BEHIND_AN_APPEND(
        ByteCode.of(Lane.Segment.class)
            .redirect("putIfNull", "VarHandle.compareAndExchange", Broken.class),
        AppendAndCountOrder.class);

    final ByteCode code;
    final Class<?> proof;

    MissingFence(ByteCode code, Class<?> proof) {
      this.code = code;
      this.proof = proof;
    }
  }

  @Test
  void forbiddenOrder_isNeverSeen() throws Exception {
    long began = System.nanoTime();
    var names = new TreeSet<String>();
    for (Class<?> proof : proofs()) {
      names.add(proof.getSimpleName());
    }
    Results results = run(Fork.folder("orders"), "Order");

    assertEquals(0, results.fork.exit(), results.fork::output);
    assertEquals(names, results.samples.keySet(), results.fork::output);
    for (String name : names) {
      assertEquals("OK", results.verdicts.get(name), results.fork::output);
      assertTrue(results.samples.get(name) > 0, () -> name + " was never run");
    }
    Proofs.tell(results.samples.values().stream().mapToLong(n -> n).sum(), "samples", began);
  }

  @ParameterizedTest
  @EnumSource
  void missingFence_isCaught(MissingFence fence) throws Exception {
    assertEquals(1, fence.code.changes(), "places changed; was something renamed?");
    Path folder = Fork.folder("fence-" + fence.ordinal());
    fence.code.writeTo(folder);
    String name = fence.proof.getSimpleName();
    Results results = run(folder, name);

    assertEquals("FAILED", results.verdicts.get(name), results.fork::output);
  }

  private static Results run(Path folder, String which) throws Exception {
    Fork fork = Fork.run(
        folder,
        folder,
        List.of(),
        Main.class.getName(),
        List.of(
            "-v",
            "-t",
            "dev.bobbin.core.*" + which + "$",
            "-r",
            folder.toString(),
            "-f",
            "1",
            "-iters",
            "1",
            "-time",
            String.valueOf(MILLIS),
            "-sc",
            "false",
            "-jvmArgs",
            "-XX:+UseSerialGC"),
        600 + (long) Proofs.seconds(0));
    return new Results(fork);
  }

  /** Returns the classes there are, so that none is left out unnoticed. */
  private static List<Class<?>> proofs() throws IOException {
    Path folder = Fork.classes().resolve("dev/bobbin/core");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Order.class"))
          .map(MemoryOrderTest::named)
          .collect(Collectors.toList());
    }
  }

  private static Class<?> named(String file) {
    try {
      return Class.forName("dev.bobbin.core." + file.replace(".class", ""));
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What jcstress says at its end of each class. */
  private static final class Results {
    final Fork fork;
    final Map<String, String> verdicts = new HashMap<>();
    final Map<String, Long> samples = new HashMap<>();

    Results(Fork fork) {
      this.fork = fork;
      String name = null;
      int end = fork.output().lastIndexOf("RUN RESULTS:");
      for (String line : fork.output().substring(Math.max(0, end)).split("\\R")) {
        Matcher result = RESULT.matcher(line);
        Matcher sampled = SAMPLES.matcher(line);
        if (result.find()) {
          name = result.group(2);
          verdicts.put(name, result.group(1));
        } else if (name != null && sampled.find()) {
          samples.merge(name, Long.parseLong(sampled.group(1).replace(",", "")), Long::sum);
        }
      }
    }
  }
}
