package dev.bobbin.examples.http;

import com.sun.net.httpserver.HttpExchange;
import dev.bobbin.context.Context;
import dev.bobbin.context.ContextKey;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/** The id of a request: in Bobbin's context for code and reports, in the MDC for log lines. */
final class RequestContext {
  static final String HEADER = "X-Request-Id";
  static final ContextKey<String> REQUEST = ContextKey.named("request");

  /** What is taken from a client; anything else could forge log lines. */
  private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestContext() {}

  /** Runs {@code body} inside the context of the request, and tells the client the id. */
  @SuppressWarnings("try") // it is there to be closed
  static void run(HttpExchange exchange, Runnable body) {
    String id = idOf(exchange);
    exchange.getResponseHeaders().set(HEADER, id);
    try (var field = MDC.putCloseable(REQUEST.name(), id)) {
      Context.with(REQUEST, id).run(body);
    }
  }

  private static String idOf(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst(HEADER);
    return given != null && ACCEPTABLE.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
  }
}
