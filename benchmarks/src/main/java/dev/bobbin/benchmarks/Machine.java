package dev.bobbin.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.bobbin.core.ThreadPools;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Tells under which conditions measurements are made. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final int DIGITS = 12;
  private static final long GIB = 1L << 30;

  private Machine() {}

  /** Returns the facts about this machine, these libraries and this effort, in the order to show. */
  static Map<String, String> facts(Effort effort) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", memory());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    for (Subject subject : Subject.values()) {
      String version = subject.version();
      if (version != null) {
        facts.put(subject.title(), version);
      }
    }
    facts.put("digest of Bobbin's core", digest());
    facts.put("JMH", Subject.versionOf(OptionsBuilder.class));
    facts.put("JVM options", String.join(" ", Jdk.COMMON_OPTIONS));
    facts.put("effort", effort.description());
    return facts;
  }

  /** Returns the first digits of what tells one build of the core from another; none without a jar. */
  private static String digest() {
    Path jar = Subject.homeOf(ThreadPools.class);
    if (!Files.isRegularFile(jar)) {
      return "none";
    }
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
      return HexFormat.of().formatHex(sum).substring(0, DIGITS);
    } catch (IOException | NoSuchAlgorithmException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String processor() {
    if (Files.isReadable(PROCESSORS)) {
      try (Stream<String> lines = Files.lines(PROCESSORS)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown");
      } catch (IOException unreadable) {
        return "unknown";
      }
    }
    return "unknown";
  }

  private static String memory() {
    long bytes =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.round((double) bytes / GIB) + " GiB";
  }
}
