package dev.bobbin.examples.checksums;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.examples.LogCapture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ChecksumsTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir
  Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path folder = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.toRealPath().resolve("folder"));
    output = temp.resolve("list");
  }

  @Test
  void run_writesTheListAndEndsWithTheStatistics() throws IOException {
    make("one", "hello");
    make("deep/two", "hello");

    int exitCode = run("--min=2", "--max=3");

    assertEquals(0, exitCode, err.toString());
    assertEquals(HELLO + "  deep/two\n" + HELLO + "  one\n", list());
    assertEquals(
        """
        2 files in %1$s, 0 unreadable
        Pool 'digest': STOPPED, workers 0 (busy 0, idle 0) of 2 to 3, backlog 0, running 0, accepted 2, completed 2, failed 0, cancelled 0, discarded 0, refused 0
        Check with: cd %1$s && sha256sum -c %2$s
        """.formatted(folder, output.toAbsolutePath()),
        out.toString().replace(System.lineSeparator(), "\n"));
    assertEquals("", err.toString());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems forbid such names")
  void run_writesAListThatSha256sumAccepts_whateverTheNames() throws Exception {
    List<String> names = List.of(
        "plain",
        "-",
        "-c",
        "*star",
        "%23hash",
        "%20",
        "two%20words",
        "tab%09",
        "a%0Ab",
        "c%0Dd",
        "%0D",
        "e%5Cf",
        "%5C",
        "%FF%FE",
        "%C3%A4",
        "dir/%0A/x",
        "dir/-",
        "'%22$(x)%60");
    for (String name : names) {
      Path file = Path.of(URI.create(folder.toUri() + name));
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }

    assertEquals(0, run(), err.toString());

    List<String> checked = sha256sumCheck();
    assertEquals(names.size(), checked.size());
    assertEquals(
        List.of(), checked.stream().filter(line -> !line.endsWith(": OK")).toList());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "needs sha256sum")
  void run_isAccepted_whenThereAreMoreFilesThanMayBeUnderWayAtOnce() throws Exception {
    for (int i = 0; i < 2_500; i++) {
      make("file-" + i, "content of " + i);
    }

    assertEquals(0, run(), err.toString());

    assertEquals(2_500, sha256sumCheck().size());
    assertTrue(out.toString().contains("accepted 2500, completed 2500"), out.toString());
  }

  @Test
  void run_leavesOutItsOwnList_whenItLiesInTheFolder() throws IOException {
    make("one", "hello");
    output = folder.resolve("SHA256SUMS");

    assertEquals(0, run());
    assertEquals(0, run());

    assertEquals(HELLO + "  one\n", list());
  }

  @Test
  void run_reportsWhatCannotBeReadAndGoesOn() throws IOException {
    make("good", "hello");
    make("secret\nline", "hello");
    Hasher denied = file -> {
      if (file.getFileName().toString().startsWith("secret")) {
        throw new AccessDeniedException(file.toString());
      }
      return new Sha256().hash(file);
    };

    try (var failures = LogCapture.of("dev.bobbin.failures", Level.ERROR)) {
      assertEquals(1, run(withHasher(denied)));

      assertEquals(HELLO + "  good\n", list());
      assertTrue(
          out.toString().startsWith("1 files in " + folder + ", 1 unreadable"), out.toString());
      assertTrue(out.toString().contains("accepted 2, completed 1, failed 1"), out.toString());
      assertEquals(1, failures.events().size());
      ILoggingEvent failure = failures.events().get(0);
      assertEquals("No checksum of 'secret?line'", failure.getThrowableProxy().getMessage());
      assertEquals(
          AccessDeniedException.class.getName(),
          failure.getThrowableProxy().getCause().getClassName());
      assertTrue(failure.getThreadName().startsWith("PoolThread-digest-"), failure.getThreadName());
      Map<String, String> context = failure.getMDCPropertyMap();
      assertEquals(folder.toString(), context.get("folder"));
      assertTrue(
          failure.getFormattedMessage().contains(" run=" + context.get("run")),
          failure.getFormattedMessage());
    }
  }

  @Test
  void run_reportsAFolderThatCannotBeLookedInto() throws Exception {
    var run = Guice.createInjector(new ChecksumsModule(config())).getInstance(ChecksumRun.class);
    var locked = new FoundFile(folder.resolve("locked"), new AccessDeniedException("locked"));

    try (var failures = LogCapture.of("dev.bobbin.failures", Level.ERROR)) {
      ChecksumRun.Result result = run.hash(folder, List.of(locked), Progress.none());

      assertEquals(1, result.unreadable());
      assertEquals(0, result.list().size());
      assertEquals(1, failures.events().size());
    }
  }

  @Test
  void context_reachesEachWorkerAndItsLogLines() throws IOException {
    for (int i = 0; i < 50; i++) {
      make("file-" + i, "content of " + i);
    }
    Set<String> runs = ConcurrentHashMap.newKeySet();
    Hasher noting = file -> {
      runs.add(RunContext.RUN.get() + " in " + RunContext.FOLDER.get());
      return new Sha256().hash(file);
    };

    try (var log = LogCapture.of("dev.bobbin.examples", Level.INFO)) {
      assertEquals(0, run(withHasher(noting), "--verbose", "--max=4"));

      List<ILoggingEvent> lines = log.events().stream()
          .filter(line -> line.getFormattedMessage().startsWith("hashed "))
          .toList();
      assertEquals(50, lines.size());
      Set<Map<String, String>> contexts =
          lines.stream().map(ILoggingEvent::getMDCPropertyMap).collect(toSet());
      assertEquals(1, contexts.size());
      Map<String, String> context = contexts.iterator().next();
      assertEquals(Set.of("run", "folder"), context.keySet());
      assertEquals(Set.of(context.get("run") + " in " + folder), runs);
      for (ILoggingEvent line : lines) {
        assertTrue(line.getThreadName().startsWith("PoolThread-digest-"), line.getThreadName());
      }
    }
  }

  @Test
  void hash_collatesOnTheCallingThread() throws Exception {
    make("one", "hello");
    make("two", "hello");
    var run = Guice.createInjector(new ChecksumsModule(config())).getInstance(ChecksumRun.class);
    var steps = new ArrayList<Thread>();
    var progress = new Progress() {
      @Override
      public void step() {
        steps.add(Thread.currentThread());
      }

      @Override
      public void close() {}
    };

    run.hash(folder, FolderWalk.of(folder, output), progress);

    assertEquals(2, steps.size());
    assertSame(Thread.currentThread(), steps.get(0));
    assertSame(Thread.currentThread(), steps.get(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--max=0 | --max must be at least 1, was 0: without workers nothing is hashed.",
        "--min=-1 | Pool 'digest': minWorkers must not be negative, was -1. Give 0 or more.",
        "--min=4 --max=3 | Pool 'digest': minWorkers must not be greater than maxWorkers, was 4 with maxWorkers 3. Give both bounds in one call.",
        "--min=many | Invalid value for option '--min': 'many' is not an int",
        "--thread-factory=Nice | Plugin name 'Nice' cannot be used. Give lower-case words joined by hyphens, such as my-threads.",
        "--threads=9 | Unknown option: '--threads=9'",
        "again | Unmatched argument at index 2: 'again'",
      })
  void run_isRefusedWithAUsageLine_whenAnArgumentIsWrong(String arguments, String sentence)
      throws IOException {
    make("one", "hello");

    assertEquals(2, run(arguments.split(" ")));

    assertEquals(
        "checksums: " + sentence + "\n"
            + "Usage: checksums [-hv] [--max=N] [--min=N] [-o=FILE] [--thread-factory=NAME] [FOLDER]\n",
        err.toString().replace(System.lineSeparator(), "\n"));
    assertEquals("", out.toString());
    assertFalse(Files.exists(output));
  }

  @Test
  void run_namesThoseThereAre_whenTheThreadFactoryIsUnknown() throws IOException {
    assertEquals(2, run("--thread-factory=nope"));

    String said = err.toString();
    assertTrue(
        said.startsWith("checksums: Pool 'digest': thread factory 'nope' was not found."), said);
    assertTrue(said.contains("'platform'"), said);
    assertTrue(said.contains("Usage: checksums "), said);
  }

  @Test
  void run_isRefused_whenTheFolderIsNone() throws IOException {
    folder = temp.resolve("nowhere");

    assertEquals(2, run());

    assertTrue(
        err.toString().startsWith("checksums: FOLDER '%s' is not a folder.".formatted(folder)),
        err.toString());
  }

  @Test
  void run_isRefused_whenTheOutputCannotBeAFile() throws IOException {
    output = folder;
    assertEquals(2, run());
    output = temp.resolve("nowhere").resolve("list");
    assertEquals(2, run());

    String sentence = "checksums: --output '%s' is not a file in a folder that exists.";
    assertTrue(err.toString().contains(sentence.formatted(folder)), err.toString());
    assertTrue(err.toString().contains(sentence.formatted(output)), err.toString());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have no /dev/full")
  void run_exitsWithOne_whenTheListCannotBeWritten() throws IOException {
    make("one", "hello");
    output = Path.of("/dev/full");

    assertEquals(1, run());

    assertTrue(err.toString().startsWith("checksums: java.io.IOException: "), err.toString());
  }

  @Test
  void help_namesEachArgument() {
    CommandLine command = Checksums.commandLine(ChecksumsModule::new);
    command.setOut(new PrintWriter(out, true));

    assertEquals(0, command.execute("--help"));

    for (String argument : List.of("FOLDER", "--output", "--min", "--max", "--thread-factory")) {
      assertTrue(out.toString().contains(argument), argument);
    }
  }

  private int run(String... arguments) {
    return run(ChecksumsModule::new, arguments);
  }

  private int run(Function<ThreadPoolConfig, Module> wiring, String... arguments) {
    CommandLine command = Checksums.commandLine(wiring);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    Stream<String> own = Stream.of(folder.toString(), "--output=" + output);
    return command.execute(Stream.concat(own, Arrays.stream(arguments)).toArray(String[]::new));
  }

  private static Function<ThreadPoolConfig, Module> withHasher(Hasher hasher) {
    return config -> Modules.override(new ChecksumsModule(config))
        .with(binder -> binder.bind(Hasher.class).toInstance(hasher));
  }

  private static ThreadPoolConfig config() {
    return ThreadPoolConfig.builder("digest").minWorkers(1).maxWorkers(2).build();
  }

  private void make(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private String list() throws IOException {
    return Files.readString(output);
  }

  /** Returns the lines that the real program prints; it must accept them all. */
  private List<String> sha256sumCheck() throws IOException, InterruptedException {
    Path said = temp.resolve("said");
    Process check = new ProcessBuilder("sha256sum", "--check", "--strict", output.toString())
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
    assertTrue(check.waitFor(60, TimeUnit.SECONDS));
    // A name is printed as it is, and may have a \r.
    List<String> lines =
        List.of(Files.readString(said, StandardCharsets.ISO_8859_1).split("\n"));
    assertEquals(0, check.exitValue(), lines.toString());
    return lines;
  }
}
