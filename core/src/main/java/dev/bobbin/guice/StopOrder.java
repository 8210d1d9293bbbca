package dev.bobbin.guice;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which order pools stop: the reverse of their declaration, save that a pool comes before those
 * that it says it stops before.
 */
final class StopOrder {
  private final List<String> declared;
  private final Map<String, List<String>> stopsBefore;

  /**
   * @param declared the names in the order of declaration
   * @param stopsBefore for each name those it stops before; names that are not declared do not
   *     count
   */
  StopOrder(Collection<String> declared, Map<String, List<String>> stopsBefore) {
    this.declared = List.copyOf(declared);
    this.stopsBefore = stopsBefore;
  }

  /** Returns the names in the order in which to stop. There must be no circle. */
  List<String> names() {
    var left = new ArrayList<>(declared);
    Collections.reverse(left);
    var order = new ArrayList<String>();
    while (!left.isEmpty()) {
      String next = left.stream()
          .filter(name -> left.stream().noneMatch(other -> laterOnes(other).contains(name)))
          .findFirst()
          .orElseThrow();
      left.remove(next);
      order.add(next);
    }
    return order;
  }

  /** Returns the names of one circle, the first again at the end; none if there is no circle. */
  List<String> circle() {
    var harmless = new LinkedHashSet<String>();
    for (String start : declared) {
      List<String> circle = circleFrom(start, new ArrayDeque<>(), harmless);
      if (!circle.isEmpty()) {
        return circle;
      }
    }
    return List.of();
  }

  private List<String> circleFrom(String name, ArrayDeque<String> path, Set<String> harmless) {
    if (path.contains(name)) {
      var circle = new ArrayList<>(path);
      circle.subList(0, circle.indexOf(name)).clear();
      circle.add(name);
      return circle;
    }
    if (harmless.contains(name)) {
      return List.of();
    }
    path.addLast(name);
    for (String later : laterOnes(name)) {
      List<String> circle = circleFrom(later, path, harmless);
      if (!circle.isEmpty()) {
        return circle;
      }
    }
    path.removeLast();
    harmless.add(name);
    return List.of();
  }

  private List<String> laterOnes(String name) {
    return stopsBefore.getOrDefault(name, List.of()).stream()
        .filter(declared::contains)
        .toList();
  }
}
