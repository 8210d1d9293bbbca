package dev.bobbin.context;

import dev.bobbin.spi.CapturedContext;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/** The one place that touches SLF4J. Fails to link, at the first call, where SLF4J is absent. */
final class Slf4jMdc implements CapturedContext {
  /** What a submitter with an empty MDC has: captured all the same, so that nothing a task leaves stays. */
  private static final Slf4jMdc EMPTY = new Slf4jMdc(Map.of());

  /** A copy that nobody else has. */
  private final Map<String, String> values;

  private Slf4jMdc(Map<String, String> values) {
    this.values = values;
  }

  static Optional<String> unavailable() {
    Object adapter = MDC.getMDCAdapter();
    return adapter == null || adapter instanceof NOPMDCAdapter
        ? Optional.of(
            "SLF4J's MDC keeps nothing here; add a logging back end that has one, such as Logback")
        : Optional.empty();
  }

  static CapturedContext cleared() {
    return EMPTY;
  }

  static CapturedContext capture() {
    @Nullable Map<String, String> values = MDC.getCopyOfContextMap();
    return values == null || values.isEmpty() ? EMPTY : new Slf4jMdc(values);
  }

  @Override
  public void run(Runnable body) {
    Undo.after(undo -> {
      @Nullable Map<String, String> before = MDC.getCopyOfContextMap();
      undo.note(() -> put(before));
      put(values);
      body.run();
    });
  }

  private static void put(@Nullable Map<String, String> values) {
    if (values == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(values);
    }
  }

  @Override
  public Map<String, String> describe() {
    var texts = new TreeMap<String, String>();
    values.forEach((key, value) -> texts.put(key, SafeText.of(value)));
    return Collections.unmodifiableMap(texts);
  }
}
