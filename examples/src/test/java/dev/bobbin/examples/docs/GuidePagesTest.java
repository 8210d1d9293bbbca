package dev.bobbin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the pages of the guide tell the truth, as far as a program can know. */
class GuidePagesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path README = ROOT.resolve("README.md");
  private static final List<Path> SAMPLES = List.of(
      Path.of("src/test/java/dev/bobbin/examples/docs/GuideSamplesTest.java"),
      Path.of("src/test/java/dev/bobbin/examples/docs/RejectionSamplesTest.java"));

  @Test
  void firstProgram_compilesWithoutAWarningAndSaysWhatTheReadmeSays(@TempDir Path folder)
      throws Exception {
    List<String> blocks = blocks(README, "java");
    assertEquals(1, blocks.size());
    String program = blocks.get(0);
    assertEquals(15, program.lines().filter(line -> !line.isBlank()).count());
    Path source = Files.writeString(folder.resolve("FirstProgram.java"), program);

    assertEquals("", compile(source, folder));

    assertEquals("Success[value=42]\n", run(folder, "FirstProgram"));
    assertTrue(Files.readString(README).contains("It prints `Success[value=42]`."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README",
        "api",
        "spi",
        "core",
        "examples",
        "coming-from-twisted",
        "rejection-deadlines-stop"
      })
  void page_showsJavaThatTheTestsRun(String page) throws IOException {
    String samples = "";
    for (Path file : SAMPLES) {
      samples += withoutSpace(Files.readString(file));
    }
    for (String block : blocks(ROOT.resolve("docs/" + page + ".md"), "java")) {
      assertTrue(samples.contains(withoutSpace(block)), block);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/README.md",
        "docs/api.md",
        "docs/spi.md",
        "docs/core.md",
        "docs/examples.md",
        "docs/coming-from-twisted.md",
        "docs/rejection-deadlines-stop.md"
      })
  void page_linksToWhatIsThere(String name) throws IOException {
    Path page = ROOT.resolve(name);
    List<String> links = Pattern.compile("\\]\\(([^)\\s]+)\\)")
        .matcher(Files.readString(page))
        .results()
        .map((MatchResult link) -> link.group(1))
        .toList();

    assertFalse(links.isEmpty());
    for (String link : links) {
      String[] parts = link.split("#", 2);
      Path target = page.resolveSibling(parts[0]);
      assertTrue(Files.exists(target), link);
      if (parts.length == 2) {
        assertTrue(anchors(target).contains(parts[1]), link);
      }
    }
  }

  @Test
  void guide_hasAPageForEachPageThatIsThere() throws IOException {
    String index = Files.readString(ROOT.resolve("docs/README.md"));
    try (var pages = Files.list(ROOT.resolve("docs"))) {
      for (Path page : pages.filter(file -> file.toString().endsWith(".md")).toList()) {
        String name = page.getFileName().toString();
        assertTrue(name.equals("README.md") || index.contains("(" + name + ")"), name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/examples.md"})
  void page_namesVersionsProfilesAndProgramsThatExist(String name) throws Exception {
    String page = Files.readString(ROOT.resolve(name));
    String pom = Files.readString(ROOT.resolve("pom.xml"));

    for (String version : found(page, "<version>([^<]+)</version>|bobbin-bom:([^\"]+)\"")) {
      assertTrue(pom.contains(">" + version + "<"), version);
    }
    for (String profile : found(page, "-P(\\w+)")) {
      assertTrue(pom.contains("<id>" + profile + "</id>"), profile);
    }
    for (String program : found(page, "example\\.main=(\\S+)")) {
      assertNotNull(Class.forName(program).getMethod("main", String[].class));
    }
  }

  private static List<String> found(String text, String pattern) {
    List<String> found = Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1) == null ? match.group(2) : match.group(1))
        .toList();
    assertFalse(found.isEmpty(), pattern);
    return found;
  }

  private static List<String> blocks(Path page, String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(page))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  /** Returns the anchors that a heading gets: lower case, hyphens for spaces, little else. */
  private static List<String> anchors(Path page) throws IOException {
    return Pattern.compile("^#+ (.*)$", Pattern.MULTILINE)
        .matcher(Files.readString(page))
        .results()
        .map((MatchResult heading) -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s", "");
  }

  /** Returns what the compiler says. */
  private static String compile(Path source, Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var said = new ByteArrayOutputStream();
    compiler.run(
        null,
        said,
        said,
        "-proc:none",
        "-Xlint:all",
        "-classpath",
        System.getProperty("java.class.path"),
        "-d",
        folder.toString(),
        source.toString());
    return said.toString(StandardCharsets.UTF_8);
  }

  private static String run(Path folder, String name) throws Exception {
    PrintStream before = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Method main = loader.loadClass(name).getMethod("main", String[].class);
      main.setAccessible(true); // the class is not public, which the launcher does not mind
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
