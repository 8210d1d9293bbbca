package dev.bobbin.examples.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.guice.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /primes?below=1000}.
 *
 * <p>{@link #handle} runs on a worker of the pool {@code http}. It looks at the request, hands the work
 * to the pool {@code slow}, and is done: its worker is free for the next request. The callback runs on
 * the worker that did the work, inside the context that {@code handle} had, sends the answer, and has the
 * pool {@code audit} take account of it.
 */
final class PrimesHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PrimesHandler.class);
  private static final Pattern QUERY = Pattern.compile("below=(\\d{1,7})");

  private final ThreadPool slow;
  private final ThreadPool audits;
  private final Primes primes;
  private final Audit audit;
  private final Provider<RequestRecord> record;

  @Inject
  PrimesHandler(
      @Pool("slow") ThreadPool slow,
      @Pool("audit") ThreadPool audits,
      Primes primes,
      Audit audit,
      Provider<RequestRecord> record) {
    this.slow = slow;
    this.audits = audits;
    this.primes = primes;
    this.audit = audit;
    this.record = record;
  }

  @Override
  public void handle(HttpExchange exchange) {
    RequestContext.run(exchange, () -> answer(exchange));
  }

  private void answer(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    LOG.info("{} {}, trace {}", exchange.getRequestMethod(), uri, RequestContext.traceId());
    record.get().note("handled " + RequestContext.REQUEST.get());
    Matcher query = QUERY.matcher(uri.getQuery() == null ? "" : uri.getQuery());
    if (!exchange.getRequestMethod().equals("GET")) {
      send(exchange, new Answer(405, "Only GET is answered."));
    } else if (!query.matches()) {
      send(exchange, new Answer(400, "Ask for /primes?below=N, N of at most seven digits."));
    } else {
      count(exchange, Integer.parseInt(query.group(1)));
    }
  }

  private void count(HttpExchange exchange, int limit) {
    try {
      slow.callInThreadWithCallback(outcome -> finish(exchange, limit, answerOf(outcome)), () -> {
        int count = primes.countBelow(limit);
        record.get().note("counted " + RequestContext.REQUEST.get());
        return count;
      });
    } catch (TaskRejectedException stopping) {
      send(exchange, new Answer(503, "The service is stopping."));
    }
  }

  /** Answers, and has the third pool keep account of that. */
  private void finish(HttpExchange exchange, int limit, Answer answer) {
    send(exchange, answer);
    try {
      audits.execute(() -> audit.enter(limit));
    } catch (TaskRejectedException stopping) {
      LOG.warn("not audited", stopping);
    }
  }

  private static Answer answerOf(Outcome<Integer> outcome) {
    return outcome.fold(count -> new Answer(200, count.toString()), failure -> {
      LOG.error("the work failed", failure.cause());
      return new Answer(500, "The work failed.");
    });
  }

  /** Sends the answer. If the client has gone, that is reported by the pool that runs this. */
  private static void send(HttpExchange exchange, Answer answer) {
    byte[] body = (answer.text() + "\n").getBytes(UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException gone) {
      throw new UncheckedIOException("The answer could not be sent", gone);
    }
    LOG.info(
        "{} {}, trace {}", answer.status(), exchange.getRequestURI(), RequestContext.traceId());
  }
}
