package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.Measured.Setting;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws what the peers take where Bobbin takes one, load by load. */
final class Chart {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 500;

  private final Measured measured;

  Chart(Measured measured) {
    this.measured = measured;
    System.setProperty("java.awt.headless", "true");
  }

  /** Writes an SVG of the loads for which a peer and Bobbin have this figure. */
  void write(Path file, Setting setting, Figure figure, String title) throws IOException {
    List<Load> loads = loads(setting, figure);
    CategoryChart chart = new CategoryChartBuilder()
        .width(WIDTH)
        .height(HEIGHT)
        .title(title)
        .yAxisTitle("times Bobbin's; above 1, Bobbin takes less")
        .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setAvailableSpaceFill(0.9);
    for (Subject subject : measured.subjects(setting)) {
      if (subject != Subject.BOBBIN) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Load load : loads) {
          Optional<Spread> ratio = measured.ratio(setting, load, subject, figure);
          values.add(ratio.map(spread -> 1 / spread.median()).orElse(null));
        }
        List<String> names = loads.stream().map(Load::key).toList();
        chart.addSeries(subject.title(), names, values);
      }
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }

  /** Returns the loads for which there is something to draw. */
  List<Load> loads(Setting setting, Figure figure) {
    return measured.loads(setting).stream()
        .filter(load -> measured.subjects(setting).stream()
            .filter(subject -> subject != Subject.BOBBIN)
            .anyMatch(subject -> measured.ratio(setting, load, subject, figure).isPresent()))
        .toList();
  }
}
