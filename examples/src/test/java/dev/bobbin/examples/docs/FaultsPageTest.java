package dev.bobbin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the page on faults has every line, and names tests that are there. */
class FaultsPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW =
      Pattern.compile("^\\| (\\d+) \\|.*\\|(.*)\\|$", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  /** The text of each test class of all modules, by its simple name. */
  private static Map<String, String> testClasses() throws IOException {
    var found = new HashMap<String, String>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.map(path -> path.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(module)) {
          readInto(found, module);
        }
      }
    }
    assertFalse(found.isEmpty());
    return found;
  }

  private static void readInto(Map<String, String> found, Path tests) throws IOException {
    try (Stream<Path> files = Files.walk(tests)) {
      for (Path file :
          files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        found.merge(name, Files.readString(file), String::concat);
      }
    }
  }

  /** Returns whether the class has a method, or a rule, of this name that is run as a test. */
  private static boolean hasTest(String type, String name) {
    var declared = Pattern.compile("\\b(?:void|ArchRule) " + name + "\\b").matcher(type);
    if (!declared.find()) {
      return false;
    }
    String before = type.substring(0, declared.start());
    String annotations =
        before.substring(Math.max(before.lastIndexOf("}\n"), before.lastIndexOf(";\n")) + 1);
    return annotations.contains("Test");
  }

  private static List<MatchResult> rows(String page) {
    return ROW.matcher(page).results().toList();
  }

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/faults.md"));
  }

  @Test
  void page_hasEveryLineOfTheCatalogue_inItsOrder() throws IOException {
    assertEquals(
        IntStream.rangeClosed(1, 32).boxed().toList(),
        rows(page()).stream().map(row -> Integer.valueOf(row.group(1))).toList());
  }

  @Test
  void page_namesTestsThatExist_forEachLine() throws IOException {
    Map<String, String> types = testClasses();
    var missing = new ArrayList<String>();
    for (MatchResult row : rows(page())) {
      List<MatchResult> names = NAME.matcher(row.group(2)).results().toList();
      assertFalse(names.isEmpty(), () -> "line " + row.group(1) + " names no test");
      for (MatchResult name : names) {
        if (!hasTest(types.getOrDefault(name.group(1), ""), name.group(2))) {
          missing.add(row.group(1) + ": " + name.group(1) + "." + name.group(2));
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void hasTest_tellsTestsFromOtherMethods() {
    String type = "  @Test\n  void real() {\n  }\n\n  void helper() {\n  }\n";
    assertTrue(hasTest(type, "real"));
    assertFalse(hasTest(type, "helper"));
    assertFalse(hasTest(type, "rea"));
    assertFalse(hasTest("", "real"));
  }
}
