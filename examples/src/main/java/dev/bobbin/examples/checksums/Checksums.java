package dev.bobbin.examples.checksums;

import ch.qos.logback.classic.Level;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.spi.Message;
import dev.bobbin.api.ThreadPoolConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Writes the SHA-256 checksum of each file in a folder, in the form that {@code sha256sum -c} reads.
 *
 * <p>Exit codes, as those of {@code sha256sum}: 0 if each file has its checksum, 1 if one could not
 * be read or the list not be written, 2 if the arguments are wrong.
 */
@Command(
    name = "checksums",
    description = "Writes the SHA-256 checksum of each file in a folder, for sha256sum -c.",
    footer = {
      "",
      "Left out are .git, folders called target, the list itself, and what is not a regular file;"
          + " symbolic links are not followed. Names in the list are relative to the folder.",
      "Exit code 1 if a file could not be read, 2 if an argument is wrong."
    },
    sortOptions = false)
public final class Checksums implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Checksums.class);

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "The folder to walk. Default: ${DEFAULT-VALUE}")
  private Path folder = Path.of(".");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "SHA256SUMS",
      description = "The list to write. Default: ${DEFAULT-VALUE}")
  private Path output = Path.of("SHA256SUMS");

  @Option(
      names = "--min",
      paramLabel = "N",
      defaultValue = "1",
      description = "The least number of workers. Default: ${DEFAULT-VALUE}")
  private int min;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "The greatest number of workers. Default: one per processor, at least --min")
  private @Nullable Integer max;

  @Option(
      names = "--thread-factory",
      paramLabel = "NAME",
      defaultValue = "platform",
      description = "The plugin that makes the threads. Default: ${DEFAULT-VALUE}")
  private String threadFactory = "platform";

  @Option(
      names = {"-v", "--verbose"},
      description = "Logs a line for each file.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  private final Function<ThreadPoolConfig, Module> wiring;

  private Checksums(Function<ThreadPoolConfig, Module> wiring) {
    this.wiring = wiring;
  }

  /** Runs the program and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine(ChecksumsModule::new).execute(args));
  }

  /** Returns the program, wired by what {@code wiring} makes of the pool's configuration. */
  static CommandLine commandLine(Function<ThreadPoolConfig, Module> wiring) {
    return new CommandLine(new Checksums(wiring))
        .setParameterExceptionHandler(Checksums::refuse)
        .setUsageHelpAutoWidth(true);
  }

  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("checksums: " + wrong.getMessage());
    err.println("Usage: " + command.getHelp().synopsis(0).strip());
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public Integer call() throws Exception {
    if (verbose
        && LoggerFactory.getLogger("dev.bobbin.examples")
            instanceof ch.qos.logback.classic.Logger logger) {
      logger.setLevel(Level.DEBUG);
    }
    Path root = checkedFolder();
    checkOutput();
    Injector injector = injector();
    try {
      return RunContext.call(
          newId(), root, () -> run(root, injector.getInstance(ChecksumRun.class)));
    } catch (IOException failed) {
      spec.commandLine().getErr().println("checksums: " + failed);
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int run(Path root, ChecksumRun run) throws IOException, InterruptedException {
    List<FoundFile> files = FolderWalk.of(root, output);
    LOG.debug("{} files in {}", files.size(), root);
    ChecksumRun.Result result;
    try (Progress progress = Progress.of(files.size())) {
      result = run.hash(root, files, progress);
    }
    Files.write(output, result.list().toBytes());
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d files in %s, %d unreadable%n", result.list().size(), root, result.unreadable());
    out.printf("Pool 'digest': %s%n", result.statistics());
    out.printf("Check with: %s%n", checkCommand(root));
    out.flush();
    return result.unreadable() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Path checkedFolder() {
    if (!Files.isDirectory(folder)) {
      throw wrong("FOLDER '%s' is not a folder.".formatted(folder), null);
    }
    try {
      return folder.toRealPath();
    } catch (IOException unreachable) {
      throw wrong("FOLDER '%s' cannot be reached: %s".formatted(folder, unreachable), unreachable);
    }
  }

  private void checkOutput() {
    Path parent = output.toAbsolutePath().getParent();
    if (Files.isDirectory(output) || parent == null || !Files.isDirectory(parent)) {
      throw wrong("--output '%s' is not a file in a folder that exists.".formatted(output), null);
    }
  }

  private Injector injector() {
    try {
      return Guice.createInjector(wiring.apply(digest()));
    } catch (CreationException unwired) {
      String problems = unwired.getErrorMessages().stream()
          .map(Message::getMessage)
          .collect(Collectors.joining(" "));
      throw wrong(problems, unwired);
    }
  }

  private ThreadPoolConfig digest() {
    int most = max == null ? Math.max(min, Runtime.getRuntime().availableProcessors()) : max;
    if (most < 1) {
      throw wrong(
          "--max must be at least 1, was %d: without workers nothing is hashed.".formatted(most),
          null);
    }
    try {
      return ThreadPoolConfig.builder("digest")
          .minWorkers(min)
          .maxWorkers(most)
          .threadFactory(threadFactory)
          .build();
    } catch (IllegalArgumentException unusable) {
      throw wrong(unusable.getMessage(), unusable);
    }
  }

  private String checkCommand(Path root) {
    Path here = Path.of("").toAbsolutePath();
    return root.equals(here)
        ? "sha256sum -c " + quoted(output)
        : "cd %s && sha256sum -c %s".formatted(quoted(root), quoted(output.toAbsolutePath()));
  }

  /** Returns the path as one word for a shell. */
  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./-]+") && !text.startsWith("-")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String newId() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  private ParameterException wrong(String sentence, @Nullable Throwable cause) {
    return new ParameterException(spec.commandLine(), sentence, cause);
  }
}
