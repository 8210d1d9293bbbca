package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.Measured.Setting;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws what the others take where Bobbin takes one, load by load. */
final class Chart {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 500;
  private static final double FILLED = 0.9;

  private final Measured measured;
  private final Setting setting;
  private final Figure figure;

  Chart(Measured measured, Setting setting, Figure figure) {
    this.measured = measured;
    this.setting = setting;
    this.figure = figure;
    System.setProperty("java.awt.headless", "true");
  }

  /** Returns the loads for which there is something to draw. */
  List<Load> loads() {
    return measured.loads(setting).stream()
        .filter(load -> others().stream().anyMatch(subject -> value(load, subject) != null))
        .toList();
  }

  /** Writes an SVG. */
  void write(Path file, String title) throws IOException {
    List<Load> loads = loads();
    CategoryChart chart = new CategoryChartBuilder()
        .width(WIDTH)
        .height(HEIGHT)
        .title(title)
        .yAxisTitle("times Bobbin's; above 1, Bobbin takes less")
        .build();
    List<String> names = loads.stream().map(Load::key).toList();
    double least = 1;
    double most = 1;
    for (Subject subject : others()) {
      List<@Nullable Double> values = new ArrayList<>();
      for (Load load : loads) {
        Double value = value(load, subject);
        values.add(value);
        if (value != null) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
      chart.addSeries(subject.title(), names, values);
    }
    style(chart.getStyler(), least, most);
    ChartEncoder.saveChart(chart, file.toString(), "svg");
  }

  private static void style(CategoryStyler styler, double least, double most) {
    styler.setYAxisLogarithmic(true);
    styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    styler.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(most))));
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setAvailableSpaceFill(FILLED);
    // Of a dashed line, each dash would be drawn by itself, and make most of the file.
    styler.setPlotGridLinesStroke(new BasicStroke());
    styler.setPlotGridLinesColor(Color.LIGHT_GRAY);
  }

  private List<Subject> others() {
    return measured.subjects(setting).stream()
        .filter(subject -> subject != Subject.BOBBIN)
        .toList();
  }

  /** Returns what a bar stands for, or null if there is none: a logarithmic axis has no place for zero. */
  private @Nullable Double value(Load load, Subject subject) {
    return measured
        .ratio(setting, load, subject, figure)
        .map(ratio -> 1 / ratio.median())
        .filter(value -> value > 0 && Double.isFinite(value))
        .orElse(null);
  }
}
