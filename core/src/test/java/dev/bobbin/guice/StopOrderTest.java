package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StopOrderTest {
  private static StopOrder order(List<String> declared, Map<String, List<String>> stopsBefore) {
    return new StopOrder(declared, stopsBefore);
  }

  @Test
  void names_reverseTheDeclaration_whenNothingElseIsSaid() {
    assertEquals(List.of("c", "b", "a"), order(List.of("a", "b", "c"), Map.of()).names());
  }

  @Test
  void names_putAPoolBeforeThoseItStopsBefore() {
    var order = order(List.of("web", "cache", "db"), Map.of("web", List.of("db")));

    assertEquals(List.of("cache", "web", "db"), order.names());
  }

  @Test
  void names_followAChain_andKeepTheRestReversed() {
    var order = order(
        List.of("in", "web", "cpu", "db"), Map.of("in", List.of("web"), "web", List.of("db")));

    assertEquals(List.of("cpu", "in", "web", "db"), order.names());
  }

  @Test
  void names_areTheReverse_whenThatIsWhatIsAskedFor() {
    var order = order(List.of("db", "web"), Map.of("web", List.of("db")));

    assertEquals(List.of("web", "db"), order.names());
  }

  @Test
  void circle_isEmpty_whenTwoWaysLeadToOnePool() {
    var order = order(
        List.of("a", "b", "c", "d"),
        Map.of("a", List.of("b", "c"), "b", List.of("d"), "c", List.of("d")));

    assertEquals(List.of(), order.circle());
    assertEquals(List.of("a", "c", "b", "d"), order.names());
  }

  @Test
  void circle_namesItsPools_whenThereIsOne() {
    var order = order(
        List.of("in", "a", "b", "c"),
        Map.of("in", List.of("a"), "a", List.of("b"), "b", List.of("c"), "c", List.of("a")));

    assertEquals(List.of("a", "b", "c", "a"), order.circle());
  }

  @Test
  void circle_ignoresNamesThatAreNotDeclared() {
    assertEquals(List.of(), order(List.of("a"), Map.of("a", List.of("x"))).circle());
  }
}
