package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.Measurement.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures Bobbin beside its peers and writes a report.
 *
 * <p>Exit codes: 0 if all was measured, 1 if something failed, 2 if the arguments are wrong.
 */
@Command(
    name = "benchmarks",
    description = "Measures Bobbin beside its peers, and writes a report.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
public final class Comparison {
  private static final String RESULTS = "results.tsv";
  private static final List<Load> SHORT_LOADS =
      List.of(Load.FLOOD1, Load.FLOOD4, Load.TREE, Load.HANDOFF, Load.FUTURE, Load.BLOCKING);
  private static final List<Sizes> ONE_SIZE = List.of(new Sizes(5, 20));
  private static final List<Sizes> TWO_SIZES = List.of(new Sizes(5, 20), new Sizes(2, 2));

  /** What the commands let one choose. */
  static final class Options {
    @Option(
        names = "--jdks",
        split = ",",
        paramLabel = "HOME",
        description = "The JDKs to measure on. Default: the one that runs this")
    private List<Path> jdks = List.of();

    @Option(
        names = "--sizes",
        split = ",",
        paramLabel = "MIN-MAX",
        description = "The sizes of the pools.")
    private List<Sizes> sizes = List.of();

    @Option(
        names = "--loads",
        split = ",",
        paramLabel = "LOAD",
        description = "The loads, such as flood1.")
    private List<Load> loads = List.of();

    @Option(
        names = "--subjects",
        split = ",",
        paramLabel = "SUBJECT",
        description =
            "The subjects, such as fork-join; without bobbin there is nothing to compare.")
    private List<Subject> subjects = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds.")
    private int rounds;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where results and report go.")
    private @Nullable Path out;

    private Path out(String otherwise) {
      return out == null ? Path.of(otherwise) : out;
    }
  }

  @Spec
  private CommandSpec spec = CommandSpec.create();

  private Comparison() {}

  /** Runs the program and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the program. */
  static CommandLine commandLine() {
    return new CommandLine(new Comparison())
        .registerConverter(Sizes.class, Sizes::parse)
        .registerConverter(Load.class, Load::of)
        .registerConverter(Subject.class, Subject::of)
        .setUsageHelpAutoWidth(true);
  }

  @Command(
      description = "Seconds, in this JVM: sees that every load runs on every subject.",
      mixinStandardHelpOptions = true)
  int smoke(@Mixin Options options) throws IOException, InterruptedException {
    // It measures nothing that another run could disturb.
    System.setProperty("jmh.ignoreLock", "true");
    var choice = choice(options, Effort.SMOKE, Arrays.asList(Load.values()), ONE_SIZE, 1);
    return run(Effort.SMOKE, choice, options.out("target/benchmarks/smoke"), true);
  }

  @Command(
      name = "short",
      description = "Ten minutes: pools of 5-20, six loads, three rounds; for a look.",
      mixinStandardHelpOptions = true)
  int look(@Mixin Options options) throws IOException, InterruptedException {
    var choice = choice(options, Effort.SHORT, SHORT_LOADS, ONE_SIZE, 3);
    return run(Effort.SHORT, choice, options.out("target/benchmarks/short"), true);
  }

  @Command(
      description = "Some hours: everything, seven rounds. Interrupted, it goes on where it was.",
      mixinStandardHelpOptions = true)
  int full(@Mixin Options options) throws IOException, InterruptedException {
    var choice = choice(options, Effort.FULL, Arrays.asList(Load.values()), TWO_SIZES, 7);
    return run(Effort.FULL, choice, options.out("docs/benchmarks"), false);
  }

  @Command(
      description = "Writes the report of a full run again, from what was measured so far.",
      mixinStandardHelpOptions = true)
  int report(@Mixin Options options) throws IOException {
    Path folder = options.out("docs/benchmarks");
    write(folder, Results.read(folder.resolve(RESULTS)));
    return 0;
  }

  private Campaign.Choice choice(
      Options options, Effort effort, List<Load> loads, List<Sizes> sizes, int rounds)
      throws IOException, InterruptedException {
    List<Jdk> jdks = new ArrayList<>();
    for (Path home : options.jdks) {
      try {
        jdks.add(Jdk.at(home));
      } catch (IllegalArgumentException wrong) {
        throw refusal(wrong);
      }
    }
    return new Campaign.Choice(
        jdks.isEmpty() ? List.of(Jdk.running()) : jdks,
        options.sizes.isEmpty() ? sizes : options.sizes,
        options.loads.isEmpty() ? loads : options.loads,
        options.subjects.isEmpty() ? Arrays.asList(Subject.values()) : options.subjects,
        options.rounds == 0 ? rounds : options.rounds,
        effort.forked());
  }

  private int run(Effort effort, Campaign.Choice choice, Path folder, boolean afresh)
      throws IOException, InterruptedException {
    Path file = folder.resolve(RESULTS);
    if (afresh) {
      Files.deleteIfExists(file);
    }
    Results results;
    try {
      results = Results.open(file, Machine.facts(effort));
    } catch (IllegalStateException others) {
      throw refusal(others);
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Key> failed = new Campaign(choice, new Measuring(effort)::measure, out).run(results);
    write(folder, results);
    failed.forEach(key -> out.println("FAILED: " + key));
    out.flush();
    return failed.isEmpty() ? 0 : 1;
  }

  /** Returns what ends the program with this message and the usage. */
  private ParameterException refusal(RuntimeException wrong) {
    return new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
  }

  private void write(Path folder, Results results) throws IOException {
    Path page = Report.write(folder, results);
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    out.println(Files.readString(page));
    out.println("Written to " + page);
    out.flush();
  }
}
