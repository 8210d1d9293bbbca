package dev.bobbin.examples.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.bobbin.context.Context;
import dev.bobbin.context.ContextKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * What each task of a request has: its id, in Bobbin's context for code and reports and in the MDC for log
 * lines; and the span that the client has sent with it, in OpenTelemetry's context.
 */
final class RequestContext {
  static final String HEADER = "X-Request-Id";
  static final ContextKey<String> REQUEST = ContextKey.named("request");

  /** Reads the headers of a request. */
  private static final TextMapGetter<Headers> GETTER =
      (headers, key) -> headers == null ? null : headers.getFirst(key);

  /** What is taken from a client; anything else could forge log lines. */
  private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestContext() {}

  /** Runs {@code body} inside the context of the request, and tells the client the id. */
  @SuppressWarnings("try") // it is there to be closed
  static void run(HttpExchange exchange, Runnable body) {
    String id = idOf(exchange);
    exchange.getResponseHeaders().set(HEADER, id);
    try (var field = MDC.putCloseable(REQUEST.name(), id);
        var scope = spanOf(exchange).makeCurrent()) {
      Context.with(REQUEST, id).run(body);
    }
  }

  /** Returns the id of the trace that the calling thread's work is a part of; zeros if of none. */
  static String traceId() {
    return Span.current().getSpanContext().getTraceId();
  }

  /** Returns the context with the span that stands in the header {@code traceparent}, if one does. */
  private static io.opentelemetry.context.Context spanOf(HttpExchange exchange) {
    return W3CTraceContextPropagator.getInstance()
        .extract(io.opentelemetry.context.Context.current(), exchange.getRequestHeaders(), GETTER);
  }

  private static String idOf(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst(HEADER);
    return given != null && ACCEPTABLE.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
  }
}
