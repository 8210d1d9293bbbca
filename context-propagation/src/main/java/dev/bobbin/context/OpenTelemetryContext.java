package dev.bobbin.context;

import dev.bobbin.spi.CapturedContext;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The one place that touches OpenTelemetry. Fails to link, at the first call, where it is absent. */
final class OpenTelemetryContext implements CapturedContext {
  private static final OpenTelemetryContext ROOT = new OpenTelemetryContext(Context.root());

  private final Context context;

  private OpenTelemetryContext(Context context) {
    this.context = context;
  }

  /** Returns empty; fails where a part of what is used here is absent. */
  static Optional<String> unavailable() {
    Span.fromContext(Context.current());
    return Optional.empty();
  }

  /** Returns which context is current: it is immutable, but the text of what is in it, of a span, is not. */
  static Map<String, String> present() {
    Context current = Context.current();
    var texts = new LinkedHashMap<>(new OpenTelemetryContext(current).describe());
    texts.put("context", Integer.toHexString(System.identityHashCode(current)));
    return texts;
  }

  static CapturedContext capture() {
    Context current = Context.current();
    return current == Context.root() ? ROOT : new OpenTelemetryContext(current);
  }

  static CapturedContext cleared() {
    return ROOT;
  }

  static CapturedContext detach() {
    Context current = Context.current();
    SpanContext span = Span.fromContext(current).getSpanContext();
    Baggage baggage = Baggage.fromContext(current);
    Context detached = span.isValid() ? Context.root().with(Span.wrap(span)) : Context.root();
    return new OpenTelemetryContext(baggage.isEmpty() ? detached : detached.with(baggage));
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // it is closed in restore, whatever the body throws
  public void run(Runnable body) {
    Context before = Context.current();
    Throwable failure = null;
    Scope scope = context.makeCurrent();
    try {
      body.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    try {
      restore(before, scope);
    } catch (Throwable thrown) {
      failure = Undo.join(failure, thrown);
    }
    Undo.rethrow(failure);
  }

  /** Makes current what was so before. A scope that the body has left open keeps this one's from doing that. */
  private static void restore(Context before, Scope scope) {
    scope.close();
    if (Context.current() != before) {
      leaveCurrent(before);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // it is to stay: the storage is as it was before
  private static void leaveCurrent(Context before) {
    ContextStorage.get().attach(before);
  }

  @Override
  public Map<String, String> describe() {
    SpanContext span = Span.fromContext(context).getSpanContext();
    if (!span.isValid()) {
      return Map.of();
    }
    var ids = new LinkedHashMap<String, String>();
    ids.put("trace_id", span.getTraceId());
    ids.put("span_id", span.getSpanId());
    return Collections.unmodifiableMap(ids);
  }
}
