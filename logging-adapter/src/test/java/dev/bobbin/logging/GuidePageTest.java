package dev.bobbin.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReport.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** That the guide shows what is really written. */
class GuidePageTest {
  private static final Path PAGE = Path.of("../docs/logging-adapter.md");

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  @Test
  void page_showsTheMessage() throws IOException {
    FailureReport report = FailureReport.builder(Kind.TASK, "io", Reports.THROWN)
        .worker("PoolThread-io-3")
        .subject("settle accounts")
        .waited(Duration.ofMillis(12))
        .ran(Duration.ofMillis(345))
        .context(Map.of("tenant", "acme"))
        .build();

    assertEquals(report + "\n", blocks("text").get(0));
  }

  @Test
  void page_showsWhatItsConfigurationWrites() throws Exception {
    String configuration = blocks("xml").get(1);
    String shown = blocks("text").get(1);

    String written = written(configuration, Reports.onlyPool());

    assertTrue(written.startsWith(shown), written);
  }

  /** Returns what Logback, configured so, writes of {@code report} on a thread of a pool. */
  private static String written(String configuration, FailureReport report) throws Exception {
    var context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
    var console = (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("console");
    var out = new ByteArrayOutputStream();
    console.setOutputStream(out);
    var worker =
        new Thread(() -> Slf4j.log(report, context.getLogger(FailureLog.NAME)), "PoolThread-io-3");
    worker.start();
    worker.join();
    context.stop();
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
