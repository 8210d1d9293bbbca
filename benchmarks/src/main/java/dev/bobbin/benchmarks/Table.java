package dev.bobbin.benchmarks;

import java.util.Collections;
import java.util.List;

/** A table in Markdown, row by row. */
final class Table {
  private final StringBuilder text = new StringBuilder();
  private final int columns;

  Table(List<String> headings) {
    columns = headings.size();
    row(headings);
    row(Collections.nCopies(columns, "---"));
  }

  void row(List<String> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException("%d cells, not %d.".formatted(cells.size(), columns));
    }
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
